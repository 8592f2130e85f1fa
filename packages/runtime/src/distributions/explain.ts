// Results together with how they were found.
import type { Value } from "@phxlang/autodiff";
import { NdArray, PhxError } from "@phxlang/autodiff";
import type { MethodUse } from "../densities/accuracy.ts";
import { reporting } from "../densities/report.ts";
import type { Distribution, Explained, Explanations } from "../model.ts";
import type { ModelStructure } from "./model-structure.ts";

/**
 * Runs a function of a model and tells with its result how densities and probabilities in it were computed. PHX908
 * where the result is being traced: the method is decided by the numbers.
 */
export function explained(compute: () => Value): Explained {
  const { result, used } = reporting(compute);
  if (!(result instanceof NdArray)) {
    throw new PhxError({
      code: "PHX908",
      what: "an explanation of values that are not known yet",
      why: "which method serves is decided by the numbers, and here they are being traced",
      fix: "explain with plain numbers, outside of jit, grad and vmap",
    });
  }
  const methods = merged(used);
  return { value: result, methods, errorEstimate: Math.max(0, ...methods.map(({ error }) => error)) };
}

export function explanationsOf(distribution: Distribution, structure: ModelStructure): Explanations {
  return {
    pdf: (theta, times, options) => explained(() => distribution.pdf(theta, times, options)),
    logPdf: (theta, times, options) => explained(() => distribution.logPdf(theta, times, options)),
    cdf: (theta, times, options) => explained(() => distribution.cdf(theta, times, options)),
    survival: (theta, times, options) => explained(() => distribution.survival(theta, times, options)),
    logSurvival: (theta, times, options) => explained(() => distribution.logSurvival(theta, times, options)),
    hazard: (theta, times, options) => explained(() => distribution.hazard(theta, times, options)),
    pmf: (theta, steps, options) => explained(() => distribution.pmf(theta, steps, options)),
    moments: (theta, count, options) => ({
      value: distribution.moments(theta, count, options),
      methods: [{ method: "elimination", times: 0, work: structure.trace.operationCount, error: 0 }],
      errorEstimate: 0,
    }),
  };
}

/** One entry for each method. */
function merged(used: readonly MethodUse[]): MethodUse[] {
  const byMethod = new Map<string, MethodUse>();
  for (const use of used) {
    const before = byMethod.get(use.method);
    byMethod.set(use.method, {
      ...use,
      times: use.times + (before?.times ?? 0),
      work: use.work + (before?.work ?? 0),
      error: Math.max(use.error, before?.error ?? 0),
    });
  }
  return [...byMethod.values()];
}
