// The table of a fit: one row for each parameter.
import { bulkEss, monteCarloError, tailEss } from "../diagnostics/ess.ts";
import type { Chains } from "../diagnostics/ranks.ts";
import { mean, variance } from "../diagnostics/ranks.ts";
import { rhat } from "../diagnostics/rhat.ts";

export interface SummaryRow {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
  readonly quantile5: number;
  readonly median: number;
  readonly quantile95: number;
  /** Of Markov chains only. */
  readonly rhat?: number;
  readonly essBulk?: number;
  readonly essTail?: number;
  /** Standard error of the mean. */
  readonly mcse?: number;
}

/** Draws of every parameter as chains; `isMarkov` adds what only chains have. */
export function summarize(
  names: readonly string[],
  draws: readonly Chains[],
  isMarkov: boolean,
): SummaryRow[] {
  return names.map((name, p) => {
    const chains = draws[p];
    const pooled = Float64Array.from(chains.flatMap((chain) => Array.from(chain))).sort();
    const row = {
      name,
      mean: mean(pooled),
      sd: Math.sqrt(variance(pooled)),
      quantile5: quantileOf(pooled, 0.05),
      median: quantileOf(pooled, 0.5),
      quantile95: quantileOf(pooled, 0.95),
    };
    if (!isMarkov) return row;
    return {
      ...row,
      rhat: rhat(chains),
      essBulk: bulkEss(chains),
      essTail: tailEss(chains),
      mcse: monteCarloError(chains),
    };
  });
}

/** Linear interpolation between order statistics (Hyndman & Fan's type 7, the default of NumPy and R). */
export function quantileOf(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (position - low) * (sorted[high] - sorted[low]);
}
