// R-hat: whether chains agree.
import { foldChains, mean, normalScores, splitChains, variance } from "./ranks.ts";
import type { Chains } from "./ranks.ts";

/**
 * The larger of the rank-normalised split R-hat and its folded version (Vehtari, Gelman, Simpson, Carpenter & Bürkner
 * 2021). 1 for chains that agree; 1.01 is the usual limit. NaN for constant draws.
 */
export function rhat(chains: Chains): number {
  const split = splitChains(chains);
  return Math.max(plainRhat(normalScores(split)), plainRhat(normalScores(foldChains(split))));
}

function plainRhat(chains: Chains): number {
  const length = chains[0].length;
  const within = mean(Float64Array.from(chains, variance));
  const between = length * variance(Float64Array.from(chains, mean));
  return Math.sqrt((((length - 1) / length) * within + between / length) / within);
}
