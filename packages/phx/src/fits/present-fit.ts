// The results of a fit as tables and documents.
import type { Fit, Interval, LeaveOneOut, MaximumLikelihood, SummaryRow } from "@phxlang/inference";
import type { Json } from "../output/json.ts";
import { readableNumber } from "../output/numbers.ts";
import type { Style } from "../output/style.ts";
import type { Column } from "../output/table.ts";
import { renderTable } from "../output/table.ts";
import { heading } from "../present.ts";
import type { Presentation } from "../present.ts";
import type { Session } from "../session.ts";
import type { Profiles } from "./profiles.ts";

/** `profiles` is null where none were asked for. */
export function presentEstimate(
  session: Session,
  result: MaximumLikelihood,
  profiles: Profiles | null,
): Presentation {
  const { estimate, standardErrors, parameterNames, warnings } = result;
  const deviation = (i: number): number => 1.959963984540054 * standardErrors[i];
  return {
    json: () => ({
      model: session.model.name,
      file: session.file,
      method: result.method,
      rows: result.observationCount,
      logLikelihood: result.logLikelihood,
      aic: result.aic,
      bic: result.bic,
      parameters: parameterNames.map((name, i) => ({
        name,
        estimate: estimate[i],
        standardError: finite(standardErrors[i]),
        ...(profiles === null ? {} : { profile: intervalDocument(profiles[i]) }),
      })),
      warnings: warnings.map((warning) => ({ ...warning })),
    }),
    text: (style) =>
      heading(style, `${session.model.name}: maximum likelihood`, `${result.observationCount} observations`) +
      renderTable(
        [
          { title: "", cells: parameterNames },
          { title: "estimate", cells: Array.from(estimate) },
          { title: "std. error", cells: Array.from(standardErrors) },
          { title: "2.5 %", cells: Array.from(estimate, (x, i) => x - deviation(i)) },
          { title: "97.5 %", cells: Array.from(estimate, (x, i) => x + deviation(i)) },
          ...(profiles === null
            ? []
            : [
                { title: "profile 2.5 %", cells: profiles.map((profile) => profile?.lower ?? "—") },
                { title: "profile 97.5 %", cells: profiles.map((profile) => profile?.upper ?? "—") },
              ]),
        ],
        style,
      ) +
      `\nlog-likelihood ${readableNumber(result.logLikelihood, 10)}   AIC ${readableNumber(result.aic)}   BIC ${readableNumber(result.bic)}\n` +
      shownWarnings(warnings, style),
  };
}

/** An end that is a bound of the parameter may be infinite. */
function intervalDocument(interval: Interval | null): Json {
  return interval === null ? null : { lower: interval.lower, upper: interval.upper };
}

export function presentDraws(
  session: Session,
  seed: number,
  result: Fit,
  leaveOneOut: LeaveOneOut | null,
): Presentation {
  const { summary } = result;
  const warnings = [...result.warnings, ...(leaveOneOut?.warnings ?? [])];
  return {
    json: (): Json => ({
      model: session.model.name,
      file: session.file,
      method: result.method,
      seed,
      isPosterior: result.isPosterior,
      parameters: summary.map(summaryDocument),
      leaveOneOut: leaveOneOut === null ? null : leaveOneOutDocument(leaveOneOut),
      warnings: warnings.map((warning) => ({ ...warning })),
    }),
    text: (style) =>
      heading(
        style,
        `${session.model.name}: ${result.isPosterior ? "posterior" : "draws"} by ${result.method}`,
        `${result.draws[0]?.reduce((sum, chain) => sum + chain.length, 0) ?? 0} draws`,
      ) +
      renderTable(summaryColumns(summary, result.method === "nuts"), style) +
      (leaveOneOut === null ? "" : `\n${leaveOneOutLine(leaveOneOut)}\n`) +
      shownWarnings(warnings, style),
  };
}

export function summaryColumns(summary: readonly SummaryRow[], isMarkov: boolean): Column[] {
  return [
    { title: "", cells: summary.map((row) => row.name) },
    { title: "mean", cells: summary.map((row) => row.mean) },
    { title: "sd", cells: summary.map((row) => row.sd) },
    { title: "5 %", cells: summary.map((row) => row.quantile5) },
    { title: "median", cells: summary.map((row) => row.median) },
    { title: "95 %", cells: summary.map((row) => row.quantile95) },
    ...(isMarkov
      ? [
          { title: "R-hat", cells: summary.map((row) => row.rhat ?? Number.NaN) },
          { title: "ESS bulk", cells: summary.map((row) => Math.round(row.essBulk ?? Number.NaN)) },
          { title: "ESS tail", cells: summary.map((row) => Math.round(row.essTail ?? Number.NaN)) },
        ]
      : []),
  ];
}

export function summaryDocument(row: SummaryRow): Json {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === "number" ? finite(value) : value]),
  );
}

export function leaveOneOutDocument({
  elpd,
  standardError,
  effectiveParameters,
  paretoK,
}: LeaveOneOut): Json {
  return {
    elpd: finite(elpd),
    standardError: finite(standardError),
    effectiveParameters: finite(effectiveParameters),
    largestParetoK: finite(paretoK.reduce((a, b) => Math.max(a, b), -Infinity)),
  };
}

/** `LOO: elpd −110.3 ± 5.2, 2.1 effective parameters`. */
export function leaveOneOutLine({ elpd, standardError, effectiveParameters }: LeaveOneOut): string {
  return (
    `leave-one-out: elpd ${readableNumber(elpd, 5)} ± ${readableNumber(standardError, 3)}, ` +
    `${readableNumber(effectiveParameters, 3)} effective parameters`
  );
}

/** JSON has no NaN: what does not exist is null. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export function shownWarnings(
  warnings: readonly { readonly code: string; readonly message: string }[],
  style: Style,
): string {
  return warnings
    .map(({ code, message }) => `\n${style("yellow", `warning[${code}]`)}: ${message}\n`)
    .join("");
}
