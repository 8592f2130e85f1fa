// Results together with how they were found.
import type { Value } from "@phxlang/autodiff";
import { asValue, NdArray } from "@phxlang/autodiff";
import type { Distribution, EvaluationOptions, Explained, Explanations, Theta } from "../model.ts";
import type { Evaluation } from "./evaluation.ts";
import type { ModelStructure } from "./model-structure.ts";

/** The tail that a sweep leaves out, relative to the value. */
const truncation = 2e-19;

export function explanationsOf(
  distribution: Distribution,
  structure: ModelStructure,
  evaluate: (theta: Theta, options?: EvaluationOptions) => Evaluation,
): Explanations {
  const swept = (value: Value, theta: Theta, times: Value, options?: EvaluationOptions): Explained => {
    const isContinuous = structure.graph.kind === "continuous";
    return {
      value,
      method: isContinuous ? "uniformization" : "powers",
      work: sweepSteps(evaluate(theta, options), times),
      errorBound: isContinuous ? truncation : 0,
    };
  };
  return {
    pdf: (theta, times, options) =>
      swept(distribution.pdf(theta, times, options), theta, asValue(times), options),
    logPdf: (theta, times, options) =>
      swept(distribution.logPdf(theta, times, options), theta, asValue(times), options),
    cdf: (theta, times, options) =>
      swept(distribution.cdf(theta, times, options), theta, asValue(times), options),
    survival: (theta, times, options) =>
      swept(distribution.survival(theta, times, options), theta, asValue(times), options),
    pmf: (theta, steps, options) =>
      swept(distribution.pmf(theta, steps, options), theta, asValue(steps), options),
    moments: (theta, count, options) => ({
      value: distribution.moments(theta, count, options),
      method: "elimination",
      work: structure.trace.operationCount,
      errorBound: 0,
    }),
  };
}

/** Expected number of products with the operator: q t + 8 √(q t) + 20, or the number of steps. */
function sweepSteps(evaluation: Evaluation, times: Value): number {
  const slots = evaluation.slots(evaluation.epochCount - 1);
  if (!(slots instanceof NdArray) || !(times instanceof NdArray)) return Number.NaN;
  let longest = 0;
  for (const time of times.elements) longest = Math.max(longest, time);
  const { pattern } = evaluation.last;
  if (pattern.law === "discrete") return longest;
  const rates = new Float64Array(pattern.rowCount);
  for (const [s, source] of pattern.sources.entries()) {
    if (pattern.targets[s] !== source) rates[source] += slots.elements[s];
  }
  const mean = rates.reduce((most, rate) => Math.max(most, rate), 0) * longest;
  return Math.ceil(mean + 8 * Math.sqrt(mean) + 20);
}
