// Draws of several chains as normal scores of their ranks.
import { special } from "@phxlang/autodiff";

/** Draws of one quantity: chains × draws, chains of equal length. */
export type Chains = readonly Float64Array[];

/** Each chain in two halves (the middle draw of an odd number is left out). */
export function splitChains(chains: Chains): Chains {
  return chains.flatMap((chain) => {
    const half = Math.floor(chain.length / 2);
    return [chain.subarray(0, half), chain.subarray(chain.length - half)];
  });
}

/** Rank of each draw among all draws of all chains, from 1; draws that are equal share their average. */
export function pooledRanks(chains: Chains): Chains {
  const length = chains[0].length;
  const pooled = Float64Array.from(chains.flatMap((chain) => Array.from(chain)));
  const order = Uint32Array.from(pooled.keys()).sort((a, b) => pooled[a] - pooled[b] || a - b);
  const ranks = new Float64Array(pooled.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && pooled[order[end]] === pooled[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2;
    start = end;
  }
  return chains.map((_, c) => ranks.subarray(c * length, (c + 1) * length));
}

/** Ranks turned into normal quantiles (Vehtari et al. 2021, equation 14). */
export function normalScores(chains: Chains): Chains {
  const total = chains.reduce((sum, chain) => sum + chain.length, 0);
  return pooledRanks(chains).map((ranks) =>
    ranks.map((rank) => special.normalQuantile((rank - 3 / 8) / (total + 1 / 4))),
  );
}

/** Distance from the pooled median: what the folded R-hat ranks. */
export function foldChains(chains: Chains): Chains {
  const sorted = Float64Array.from(chains.flatMap((chain) => Array.from(chain))).sort();
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return chains.map((chain) => chain.map((x) => Math.abs(x - median)));
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Unbiased variance. */
export function variance(values: Float64Array): number {
  const center = mean(values);
  return values.reduce((sum, x) => sum + (x - center) ** 2, 0) / (values.length - 1);
}
