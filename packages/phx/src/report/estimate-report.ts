// The report of a maximum-likelihood estimate: intervals, the model over the data, searches.
import type { Observations } from "@phxlang/graph";
import type { Interval, MaximumLikelihood } from "@phxlang/inference";
import type { Profiles } from "../fits/profiles.ts";
import { readableNumber } from "../output/numbers.ts";
import { page } from "../plots/palette.ts";
import { drawPanel } from "../plots/panel.ts";
import type { Panel } from "../plots/panel.ts";
import type { Session } from "../session.ts";
import { dataPanels } from "./data-panels.ts";
import { key, note, panels, renderReport, section, table } from "./html.ts";
import type { Reproduction } from "./reproduce.ts";

const deviation95 = 1.959963984540054;

export async function reportOfEstimate(
  { model }: Session,
  data: readonly Observations[],
  result: MaximumLikelihood,
  profiles: Profiles,
  reproduction: Reproduction,
): Promise<string> {
  const { estimate, standardErrors, parameterNames, warnings, searches } = result;
  const wald = (i: number, sign: number): number => estimate[i] + sign * deviation95 * standardErrors[i];
  const overData = await dataPanels(page, model, data, [estimate]);
  const intervals = await Promise.all(
    parameterNames.flatMap((name, i) =>
      Number.isFinite(standardErrors[i])
        ? [intervalPanel(name, estimate[i], { lower: wald(i, -1), upper: wald(i, 1) }, profiles[i])]
        : [],
    ),
  );
  const isProfiled = profiles.some((profile) => profile !== null);
  return renderReport({
    title: model.name,
    lead: "Parameters by maximum likelihood",
    facts: [
      { name: "observations", value: readableNumber(result.observationCount) },
      { name: "log-likelihood", value: readableNumber(result.logLikelihood, 8) },
      { name: "AIC", value: readableNumber(result.aic) },
      { name: "BIC", value: readableNumber(result.bic) },
    ],
    verdict: "The data determine every parameter, and the maximum lies within the bounds.",
    warnings,
    sections: [
      section(
        "Parameters",
        table([
          { title: "", cells: parameterNames },
          { title: "estimate", cells: Array.from(estimate) },
          {
            title: "std. error",
            cells: Array.from(standardErrors),
            doubtful: (row) => !Number.isFinite(standardErrors[row]),
          },
          { title: "2.5 %", cells: Array.from(estimate, (_, i) => wald(i, -1)) },
          { title: "97.5 %", cells: Array.from(estimate, (_, i) => wald(i, 1)) },
          ...(isProfiled
            ? [
                { title: "profile 2.5 %", cells: profiles.map((profile) => profile?.lower ?? "") },
                { title: "profile 97.5 %", cells: profiles.map((profile) => profile?.upper ?? "") },
              ]
            : []),
        ]) +
          note(
            "Standard errors and the intervals beside them suppose a normal distribution of the estimate; profile-likelihood intervals do not.",
          ),
      ),
      section(
        "Intervals",
        intervals.length === 0
          ? ""
          : panels(intervals) + note("95 %. Where the two differ, believe the profile."),
      ),
      section(
        "The model over the data",
        overData.panels.length === 0 && overData.omissions.length === 0
          ? ""
          : key(overData.groups) +
              panels(overData.panels, "large") +
              note(overData.omissions.length === 0 ? "" : `Not drawn: ${overData.omissions.join("; ")}.`),
      ),
      section(
        "Searches",
        table([
          { title: "start", cells: searches.map((_, s) => String(s + 1)) },
          {
            title: "log-likelihood",
            cells: searches.map(({ logLikelihood }) => readableNumber(logLikelihood, 10)),
          },
          { title: "ended", cells: searches.map(({ outcome }) => outcome) },
        ]) +
          note("Several starts that end at different heights are several local maxima; the highest counts."),
      ),
    ],
    reproduction,
  });
}

async function intervalPanel(
  name: string,
  estimate: number,
  wald: Interval,
  profile: Interval | null,
): Promise<Panel> {
  const rows = [
    { kind: "normal", ...wald, colour: page.muted },
    ...(profile === null ? [] : [{ kind: "profile", ...profile, colour: page.accent }]),
  ].filter(({ lower, upper }) => Number.isFinite(lower) && Number.isFinite(upper));
  return drawPanel(
    page,
    {
      title: name,
      note: `estimate ${readableNumber(estimate, 5)}`,
      height: 120,
      margins: { left: 58 },
      plot: { x: { inset: 10 }, y: { domain: ["normal", "profile"], label: null } },
    },
    (plot) => [
      plot.ruleX([estimate], { stroke: page.faint, strokeDasharray: "3,3" }),
      plot.ruleY(rows, {
        y: "kind",
        x1: "lower",
        x2: "upper",
        stroke: (row: { readonly colour: string }) => row.colour,
        strokeWidth: 3,
      }),
      plot.dot(rows, {
        y: "kind",
        x: estimate,
        r: 4,
        fill: (row: { readonly colour: string }) => row.colour,
      }),
    ],
  );
}
