// What the chains of a sampler say against themselves.
import { energyFraction } from "../diagnostics/energy.ts";
import type { Fit, FitWarning } from "./fit.ts";

/** R-hat above this says that chains disagree; fewer effective draws than this say little about quantiles. */
const largestRhat = 1.01;
const fewestDraws = 100;
const smallestEnergyFraction = 0.3;

/** PHX833 for divergences, disagreement, few effective draws, and a momentum that does not reach all energies. */
export function chainWarnings({ chains, summary }: Fit): FitWarning[] {
  const messages: string[] = [];
  const diverging = chains.map(({ statistics, warmup }) => statistics["diverging"].subarray(warmup));
  const total = diverging.reduce((sum, chain) => sum + chain.length, 0);
  const divergences = diverging.reduce((sum, chain) => sum + chain.reduce((a, b) => a + b, 0), 0);
  if (divergences > 0) messages.push(`${divergences} of ${total} transitions diverged`);
  const disagreeing = summary.filter((row) => (row.rhat ?? 1) > largestRhat);
  if (disagreeing.length > 0) {
    const worst = disagreeing.map((row) => `${row.name}: ${row.rhat?.toFixed(3)}`).join(", ");
    messages.push(`the chains do not agree (R-hat ${worst})`);
  }
  const thin = summary.filter((row) => Math.min(row.essBulk ?? total, row.essTail ?? total) < fewestDraws);
  if (thin.length > 0) {
    messages.push(`fewer than ${fewestDraws} effective draws of ${thin.map((row) => row.name).join(", ")}`);
  }
  const fractions = chains.map(({ statistics, warmup }) =>
    energyFraction(statistics["energy"].subarray(warmup)),
  );
  const smallest = Math.min(...fractions);
  if (smallest < smallestEnergyFraction) {
    messages.push(
      `the energy fraction of missing information is ${smallest.toFixed(2)}, below ${smallestEnergyFraction}`,
    );
  }
  return messages.map((message) => ({ code: "PHX833", message }));
}
