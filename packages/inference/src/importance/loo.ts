// PSIS-LOO: how well a model predicts observations that it has not seen, from one fit.
import { special } from "@phxlang/autodiff";
import { variance } from "../diagnostics/ranks.ts";
import type { FitWarning } from "../fit/fit.ts";
import type { PointwiseLogLikelihood } from "../predict/pointwise.ts";
import { largestParetoK, logSumExp, smoothWeights } from "./psis.ts";

export interface LeaveOneOut {
  /** Expected log predictive density of new data, Σ log p(y_i | y without i). */
  readonly elpd: number;
  readonly standardError: number;
  /** log predictive density of the data themselves minus `elpd`. */
  readonly effectiveParameters: number;
  /** log p(y_i | y without i). */
  readonly pointwise: Float64Array;
  /** Tail shape for each observation: above 0.7 its value cannot be trusted. */
  readonly paretoK: Float64Array;
  readonly rows: Int32Array;
  readonly warnings: readonly FitWarning[];
}

/**
 * Leave-one-out cross-validation by Pareto-smoothed importance sampling (Vehtari, Gelman & Gabry 2017). PHX844 warns of
 * observations that the posterior depends on too much for it.
 */
export function leaveOneOut({ rows, values }: PointwiseLogLikelihood): LeaveOneOut {
  const count = rows.length;
  const drawCount = values.reduce((sum, chain) => sum + chain.length, 0) / count;
  const pointwise = new Float64Array(count);
  const paretoK = new Float64Array(count);
  let fitted = 0;
  for (let i = 0; i < count; i++) {
    const logs = new Float64Array(drawCount);
    let next = 0;
    for (const chain of values) for (let at = i; at < chain.length; at += count) logs[next++] = chain[at];
    const smoothed = smoothWeights(logs.map((log) => -log));
    pointwise[i] = logSumExp(logs.map((log, d) => log + smoothed.logWeights[d]));
    paretoK[i] = smoothed.paretoK;
    fitted += logSumExp(logs) - special.log(drawCount);
  }
  const elpd = pointwise.reduce((a, b) => a + b, 0);
  const doubtful = Array.from(rows).filter((_, i) => !(paretoK[i] < largestParetoK));
  return {
    elpd,
    standardError: Math.sqrt(count * variance(pointwise)),
    effectiveParameters: fitted - elpd,
    pointwise,
    paretoK,
    rows,
    warnings:
      doubtful.length === 0
        ? []
        : [
            {
              code: "PHX844",
              message: `leaving out ${doubtful.length === 1 ? "row" : "rows"} ${doubtful.slice(0, 10).join(", ")} changes the posterior too much to be judged from this fit`,
            },
          ],
  };
}
