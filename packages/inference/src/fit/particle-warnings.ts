// What an ensemble of particles says against itself.
import type { FitWarning } from "./fit.ts";

/** Spread of the particles below this share of the Laplace spread is a collapse, not a posterior. */
const smallestSpread = 0.7;
const largestDimension = 10;

/** What the warnings are made from. */
interface ParticleFacts {
  readonly spreadRatios: Float64Array;
  readonly steinDiscrepancy: number;
}

/** PHX832 for particles that have collapsed in some direction, have not settled, or are in too many dimensions. */
export function particleWarnings(
  { spreadRatios, steinDiscrepancy }: ParticleFacts,
  particles: number,
): FitWarning[] {
  const messages: string[] = [];
  const least = spreadRatios.reduce((a, b) => Math.min(a, b), Infinity);
  if (!(least >= smallestSpread)) {
    messages.push(
      `the particles have collapsed: their spread is ${least.toFixed(2)} of the Laplace approximation's in one direction, so their standard deviations and quantiles are not the posterior's`,
    );
  }
  // As many independent draws from the posterior would have about this discrepancy.
  const expected = Math.sqrt(spreadRatios.length / particles);
  if (!(steinDiscrepancy <= expected)) {
    messages.push(
      `the particles have not settled: their Stein discrepancy is ${steinDiscrepancy.toFixed(3)}, above ${expected.toFixed(3)}, that of independent draws`,
    );
  }
  if (spreadRatios.length > largestDimension) {
    messages.push(
      `${particles} particles in ${spreadRatios.length} dimensions: above ${largestDimension} their spread falls short of the posterior's`,
    );
  }
  return messages.map((message) => ({ code: "PHX832", message }));
}
