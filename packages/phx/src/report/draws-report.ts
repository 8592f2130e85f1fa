// The report of draws: summary, model over data, densities, chains, pairs, diagnostics.
import type { Observations } from "@phxlang/graph";
import { diagnose, thetaOfDraw } from "@phxlang/inference";
import type { Fit, LeaveOneOut, SummaryRow } from "@phxlang/inference";
import { readableNumber } from "../output/numbers.ts";
import { page } from "../plots/palette.ts";
import type { Panel } from "../plots/panel.ts";
import { densityPanel, pairPanel, rankPanel, tracePanel } from "../plots/posterior-panels.ts";
import type { Session } from "../session.ts";
import { dataPanels } from "./data-panels.ts";
import { key, note, panels, renderReport, section, table } from "./html.ts";
import type { Fact, TableColumn } from "./html.ts";
import type { Reproduction } from "./reproduce.ts";

/** Pictures of more parameters than this would make a page that nobody reads; the table has all of them. */
const mostParameters = 12;
const mostPaired = 5;

const methodNames: Readonly<Record<string, string>> = {
  nuts: "the No-U-Turn sampler",
  pathfinder: "Pathfinder with importance resampling",
  svgd: "Stein variational gradient descent",
  laplace: "a normal approximation at the mode",
};

export async function reportOfDraws(
  { model }: Session,
  data: readonly Observations[],
  fit: Fit,
  leaveOneOut: LeaveOneOut | null,
  reproduction: Reproduction,
): Promise<string> {
  const { method, draws, summary, chains, parameterNames } = fit;
  const isChains = method === "nuts";
  const drawCount = draws[0].reduce((sum, chain) => sum + chain.length, 0);
  const thetas = draws[0].flatMap((chain, c) => Array.from(chain, (_, i) => thetaOfDraw(fit, c, i)));
  const shown = parameterNames.slice(0, mostParameters);
  const omitted =
    shown.length < parameterNames.length
      ? `The first ${shown.length} of ${parameterNames.length} parameters; the table has all of them.`
      : "";
  const overData = await dataPanels(page, model, data, thetas);
  const densities = await Promise.all(shown.map((name, p) => densityPanel(page, name, draws[p])));
  const traces = isChains ? await Promise.all(shown.map((name, p) => tracePanel(page, name, draws[p]))) : [];
  const ranks =
    isChains && chains.length > 1
      ? await Promise.all(shown.map((name, p) => rankPanel(page, name, draws[p])))
      : [];
  const chainNames = chains.length > 1 ? chains.map((_, c) => `chain ${c + 1}`) : [];
  const warnings = [...fit.warnings, ...(leaveOneOut?.warnings ?? [])];
  return renderReport({
    title: model.name,
    lead: `${fit.isPosterior ? "Posterior" : "Draws"} by ${methodNames[method]}`,
    facts: factsOf(fit, drawCount, data, leaveOneOut),
    verdict: isChains
      ? "The chains agree, no transition diverged, and there are enough effective draws."
      : "No diagnostic of the method speaks against these draws.",
    warnings,
    sections: [
      section(
        "Parameters",
        table(summaryTable(summary, isChains)) +
          note("5 % and 95 % are quantiles: between them lie 90 % of the draws."),
      ),
      section(
        "The model over the data",
        overData.panels.length === 0 && overData.omissions.length === 0
          ? ""
          : key(overData.groups) +
              panels(overData.panels, "large") +
              note(
                (overData.panels.length === 0 ? "" : "Shaded: 90 % of the draws. ") +
                  (overData.omissions.length === 0 ? "" : `Not drawn: ${overData.omissions.join("; ")}.`),
              ),
      ),
      section("Densities of the parameters", panels(densities) + note(omitted)),
      section("Traces", traces.length === 0 ? "" : key(chainNames) + panels(traces)),
      section(
        "Ranks",
        ranks.length === 0
          ? ""
          : panels(ranks) + note("Where the chains agree, all bars reach about to the dashed line."),
      ),
      section("Pairs", await pairsOf(fit)),
      section("Diagnostics of the chains", isChains ? chainTable(fit) : ""),
    ],
    reproduction,
  });
}

function factsOf(
  { summary, chains, method }: Fit,
  drawCount: number,
  data: readonly Observations[],
  leaveOneOut: LeaveOneOut | null,
): Fact[] {
  const rows = data.reduce((sum, { count }) => sum + count, 0);
  const worst = summary.reduce((most, row) => Math.max(most, row.rhat ?? 1), 1);
  const thinnest = summary.reduce(
    (least, row) => Math.min(least, row.essBulk ?? Infinity, row.essTail ?? Infinity),
    Infinity,
  );
  return [
    {
      name: method === "svgd" ? "particles" : "draws",
      value: String(drawCount),
      ...(chains.length > 1 ? { detail: `in ${chains.length} chains` } : {}),
    },
    { name: "observations", value: String(rows) },
    ...(method === "nuts"
      ? [
          { name: "largest R-hat", value: worst.toFixed(3) },
          { name: "fewest effective draws", value: String(Math.round(thinnest)) },
        ]
      : []),
    ...(leaveOneOut === null
      ? []
      : [
          {
            name: "elpd (leave-one-out)",
            value: readableNumber(leaveOneOut.elpd, 5),
            detail: `± ${readableNumber(leaveOneOut.standardError, 2)}`,
          },
        ]),
  ];
}

function summaryTable(summary: readonly SummaryRow[], isChains: boolean): TableColumn[] {
  return [
    { title: "", cells: summary.map(({ name }) => name) },
    { title: "mean", cells: summary.map(({ mean }) => mean) },
    { title: "sd", cells: summary.map(({ sd }) => sd) },
    { title: "5 %", cells: summary.map(({ quantile5 }) => quantile5) },
    { title: "median", cells: summary.map(({ median }) => median) },
    { title: "95 %", cells: summary.map(({ quantile95 }) => quantile95) },
    ...(isChains
      ? [
          { title: "MCSE", cells: summary.map(({ mcse }) => readableNumber(mcse ?? Number.NaN, 2)) },
          {
            title: "R-hat",
            cells: summary.map(({ rhat }) => rhat?.toFixed(3) ?? ""),
            doubtful: (row: number) => !((summary[row].rhat ?? 1) <= 1.01),
          },
          {
            title: "ESS bulk",
            cells: summary.map(({ essBulk }) => Math.round(essBulk ?? Number.NaN)),
            doubtful: (row: number) => (summary[row].essBulk ?? Infinity) < 100,
          },
          {
            title: "ESS tail",
            cells: summary.map(({ essTail }) => Math.round(essTail ?? Number.NaN)),
            doubtful: (row: number) => (summary[row].essTail ?? Infinity) < 100,
          },
        ]
      : []),
  ];
}

async function pairsOf({ parameterNames, draws, chains }: Fit): Promise<string> {
  const shown = parameterNames.slice(0, mostPaired);
  const diverging = chains.map(({ statistics, warmup }) =>
    (statistics["diverging"] ?? new Float64Array(0)).subarray(warmup),
  );
  const figures: Promise<Panel>[] = [];
  for (let j = 1; j < shown.length; j++) {
    for (let i = 0; i < j; i++) {
      figures.push(pairPanel(page, [shown[i], shown[j]], [draws[i], draws[j]], diverging));
    }
  }
  if (figures.length === 0) return "";
  const omitted = shown.length < parameterNames.length ? `Of the first ${shown.length} parameters.` : "";
  return panels(await Promise.all(figures), "small") + note(omitted);
}

function chainTable(fit: Fit): string {
  const { energyFractions, divergences } = diagnose({
    model: fit.model,
    method: fit.method,
    parameterNames: fit.parameterNames,
    draws: fit.draws,
    chains: fit.chains.map(({ parameters, statistics, warmup }) => ({
      warmup: 0,
      parameters: parameters.map((values) => values.subarray(warmup)),
      statistics: Object.fromEntries(
        Object.entries(statistics).map(([name, values]) => [name, values.subarray(warmup)]),
      ),
    })),
    logLikelihood: null,
  });
  const averages = (name: string): (string | number)[] =>
    fit.chains.map(({ statistics, warmup }) => {
      const values = statistics[name]?.subarray(warmup);
      return values === undefined ? "" : values.reduce((a, b) => a + b, 0) / values.length;
    });
  return table([
    { title: "chain", cells: fit.chains.map((_, c) => String(c + 1)) },
    { title: "divergent", cells: divergences, doubtful: (c) => divergences[c] > 0 },
    { title: "E-BFMI", cells: energyFractions, doubtful: (c) => !(energyFractions[c] >= 0.3) },
    { title: "mean acceptance", cells: averages("acceptance_rate") },
    { title: "mean step size", cells: averages("step_size") },
    { title: "mean tree depth", cells: averages("tree_depth") },
  ]);
}
