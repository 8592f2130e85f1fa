// Effective sample sizes and Monte-Carlo standard errors.
import { special } from "@phxlang/autodiff";
import { mean, normalScores, splitChains, variance } from "./ranks.ts";
import type { Chains } from "./ranks.ts";

/** Effective sample size for the centre of the distribution: of the rank-normalised draws. */
export function bulkEss(chains: Chains): number {
  return plainEss(normalScores(splitChains(chains)));
}

/** The smaller effective sample size of the 5 % and 95 % quantiles. */
export function tailEss(chains: Chains): number {
  const sorted = Float64Array.from(chains.flatMap((chain) => Array.from(chain))).sort();
  const ofQuantile = (p: number): number => {
    const limit = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
    return plainEss(splitChains(chains.map((chain) => chain.map((x) => (x <= limit ? 1 : 0)))));
  };
  return Math.min(ofQuantile(0.05), ofQuantile(0.95));
}

/** Effective sample size of the mean of the draws as they are. */
export function meanEss(chains: Chains): number {
  return plainEss(splitChains(chains));
}

/** Standard error of the mean of the draws. */
export function monteCarloError(chains: Chains): number {
  const pooled = Float64Array.from(chains.flatMap((chain) => Array.from(chain)));
  return Math.sqrt(variance(pooled) / meanEss(chains));
}

/** Geyer's initial monotone sequence over several chains (Vehtari et al. 2021, equations 10 to 13). */
function plainEss(chains: Chains): number {
  const length = chains[0].length;
  const count = chains.length;
  const total = length * count;
  const means = Float64Array.from(chains, mean);
  const within = mean(Float64Array.from(chains, variance));
  const pooledVariance = ((length - 1) / length) * within + (count > 1 ? variance(means) : 0);
  if (!(pooledVariance > 0)) return total;
  const autocorrelation = (lag: number): number => {
    let sum = 0;
    for (let c = 0; c < count; c++) sum += autocovariance(chains[c], means[c], lag);
    return 1 - (within - ((sum / count) * length) / (length - 1)) / pooledVariance;
  };
  let time = -1;
  let previous = Infinity;
  for (let lag = 0; lag + 1 < length; lag += 2) {
    const pair = (lag === 0 ? 1 : autocorrelation(lag)) + autocorrelation(lag + 1);
    if (!(pair > 0)) break;
    previous = Math.min(previous, pair);
    time += 2 * previous;
  }
  return Math.min(total / Math.max(time, 1 / special.log10(total)), total * special.log10(total));
}

/** Biased autocovariance: divided by the length. */
function autocovariance(chain: Float64Array, center: number, lag: number): number {
  let sum = 0;
  for (let i = 0; i + lag < chain.length; i++) sum += (chain[i] - center) * (chain[i + lag] - center);
  return sum / chain.length;
}
