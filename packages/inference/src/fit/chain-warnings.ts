// What the chains of a sampler say against themselves.
import { energyFraction } from "../diagnostics/energy.ts";
import type { Fit, FitChain, FitWarning } from "./fit.ts";

/** R-hat above this says that chains disagree; fewer effective draws than this say little about quantiles. */
const largestRhat = 1.01;
const fewestDraws = 100;
const smallestEnergyFraction = 0.3;

/** PHX833 for divergences, disagreement, few effective draws, and a momentum that does not reach all energies. */
export function chainWarnings({ chains, summary }: Pick<Fit, "chains" | "summary">): FitWarning[] {
  const messages: string[] = [];
  const diverging = statisticOf(chains, "diverging");
  const total = chains.reduce((sum, { parameters, warmup }) => sum + parameters[0].length - warmup, 0);
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
  const fractions = statisticOf(chains, "energy").map(energyFraction);
  const smallest = Math.min(...fractions);
  if (smallest < smallestEnergyFraction) {
    messages.push(
      `the energy fraction of missing information is ${smallest.toFixed(2)}, below ${smallestEnergyFraction}`,
    );
  }
  return messages.map((message) => ({ code: "PHX833", message }));
}

/** A statistic of each chain after warm-up; nothing where it was not recorded. */
export function statisticOf(chains: readonly FitChain[], name: string): readonly Float64Array[] {
  return chains.flatMap(({ statistics, warmup }) =>
    statistics[name] === undefined ? [] : [statistics[name].subarray(warmup)],
  );
}
