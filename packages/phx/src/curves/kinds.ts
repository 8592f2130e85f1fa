// The functions of a distribution that can be tabulated and drawn: density, cdf, survival, hazard, probabilities.
import { PhxError } from "@phxlang/autodiff";
import type { Value } from "@phxlang/autodiff";
import type { Distribution, Theta, TimeOptions } from "@phxlang/runtime";

type Evaluate = (variable: Distribution, theta: Theta, times: Float64Array, options: TimeOptions) => Value;

export interface CurveKind {
  /** The command's name. */
  readonly name: "pdf" | "pmf" | "cdf" | "survival" | "hazard";
  readonly summary: string;
  /** What an axis or a column calls it. */
  readonly title: string;
  /** True where the values are per unit of the variable. */
  readonly isPerUnit: boolean;
  /** Only for this kind of time; absent: for both. */
  readonly only?: "continuous" | "discrete";
  readonly takesCause: boolean;
  readonly evaluate: Evaluate;
  /** Natural logarithm, accurate where the value itself underflows. */
  readonly evaluateLog: Evaluate;
}

export const pdfKind: CurveKind = {
  name: "pdf",
  summary: "probability density at given times",
  title: "density",
  isPerUnit: true,
  only: "continuous",
  takesCause: true,
  evaluate: (variable, theta, times, options) => variable.pdf(theta, times, options),
  evaluateLog: (variable, theta, times, options) => variable.logPdf(theta, times, options),
};

export const pmfKind: CurveKind = {
  name: "pmf",
  summary: "probabilities of numbers of steps (discrete models)",
  title: "probability",
  isPerUnit: false,
  only: "discrete",
  takesCause: true,
  evaluate: (variable, theta, times, options) => variable.pmf(theta, times, options),
  evaluateLog: (variable, theta, times, options) => variable.logPmf(theta, times, options),
};

export const cdfKind: CurveKind = {
  name: "cdf",
  summary: "probability of having stopped by given times",
  title: "P(T ≤ t)",
  isPerUnit: false,
  takesCause: true,
  evaluate: (variable, theta, times, options) => variable.cdf(theta, times, options),
  evaluateLog: (variable, theta, times, options) => variable.cdf(theta, times, options).log(),
};

export const survivalKind: CurveKind = {
  name: "survival",
  summary: "probability of not having stopped by given times",
  title: "P(T > t)",
  isPerUnit: false,
  takesCause: false,
  evaluate: (variable, theta, times, options) => variable.survival(theta, times, options),
  evaluateLog: (variable, theta, times, options) => variable.logSurvival(theta, times, options),
};

export const hazardKind: CurveKind = {
  name: "hazard",
  summary: "rate of stopping at given times, given survival so far",
  title: "hazard",
  isPerUnit: true,
  takesCause: true,
  evaluate: (variable, theta, times, options) => variable.hazard(theta, times, options),
  evaluateLog: (variable, theta, times, options) => variable.hazard(theta, times, options).log(),
};

/** PHX995 where the kind of time does not fit. */
export function checkKind(kind: CurveKind, variable: Distribution, modelName: string): void {
  if (kind.only === undefined || kind.only === variable.kind) return;
  const other = kind.name === "pdf" ? "pmf" : "pdf";
  throw new PhxError({
    code: "PHX995",
    what: `${modelName} has no ${kind.title === "density" ? "density" : "probabilities of single values"}`,
    why: `its time is ${variable.kind}`,
    fix: `phx ${other} …`,
  });
}
