// Chains as TimeProblems, for tests of the methods under densities and probabilities, with the truth beside them.
import type { TimeProblem } from "../../src/densities/time-method.ts";
import { kernels } from "../../src/kernels/index.ts";
import { PatternBuilder } from "../../src/patterns/pattern-builder.ts";
import { add, dd, exponential, multiply } from "./double-double.ts";
import type { RandomChain } from "./random-chains.ts";
import { negativeGenerator } from "./random-chains.ts";

/** A transition; −1 stops. */
export type Rate = readonly [from: number, to: number, rate: number];

/** The density of stopping: from state 0 (or `left`), at times. */
export function densityProblem(
  rowCount: number,
  rates: readonly Rate[],
  times: ArrayLike<number>,
  left: Float64Array = unit(rowCount, 0),
): TimeProblem {
  const builder = new PatternBuilder(rowCount, rates.length);
  const right = new Float64Array(rowCount);
  for (const [slot, [from, to, rate]] of rates.entries()) {
    if (to >= 0) builder.transition(from, to, slot);
    else {
      builder.exit(from, slot);
      right[from] += rate;
    }
  }
  return {
    kernels,
    pattern: builder.finish(),
    law: "continuous",
    slots: Float64Array.from(rates, ([, , rate]) => rate),
    left,
    leftCount: 1,
    right,
    times: Float64Array.from(times),
    leftOfTime: new Float64Array(times.length),
  };
}

export function unit(length: number, place: number): Float64Array {
  const vector = new Float64Array(length);
  vector[place] = 1;
  return vector;
}

/** Up at rate `up`, down at rate `down`, out of the last state at rate `exit`. */
export function birthDeathRates(count: number, up: number, down: number, exit: number): Rate[] {
  return Array.from({ length: count }, (_, i): Rate[] => [
    i + 1 < count ? [i, i + 1, up] : [i, -1, exit],
    ...(i > 0 && down > 0 ? [[i, i - 1, down] as const] : []),
  ]).flat();
}

/** Around a circle at rate 1, out of the last state at rate `exit`. */
export function ringRates(count: number, exit: number): Rate[] {
  return [...Array.from({ length: count }, (_, i): Rate => [i, (i + 1) % count, 1]), [count - 1, -1, exit]];
}

/** Lineages on two islands, half of them on each at the start, until one is left. */
export function islandProblem(lineages: number, times: ArrayLike<number>): TimeProblem {
  const numbers = new Map<string, number>();
  const states: (readonly [number, number])[] = [];
  const rates: Rate[] = [];
  const numberOf = (here: number, there: number): number => {
    const key = `${here},${there}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, states.length);
    states.push([here, there]);
    return states.length - 1;
  };
  numberOf(lineages / 2, lineages / 2);
  for (let i = 0; i < states.length; i++) {
    const [here, there] = states[i];
    const isLast = here + there === 2;
    const pairs = (count: number): number => (count * (count - 1)) / 2;
    if (here > 1) rates.push([i, isLast ? -1 : numberOf(here - 1, there), pairs(here)]);
    if (there > 1) rates.push([i, isLast ? -1 : numberOf(here, there - 1), pairs(there)]);
    if (here > 0) rates.push([i, numberOf(here - 1, there + 1), 1.5 * here]);
    if (there > 0) rates.push([i, numberOf(here + 1, there - 1), 1.5 * there]);
  }
  return densityProblem(states.length, rates, times);
}

export function ratesOf({ edges, theta }: RandomChain): Rate[] {
  return edges.map(({ from, to, base, coefficients }) => [
    from,
    to,
    coefficients.reduce((sum, c, p) => sum + c * theta[p], base),
  ]);
}

/** The density at a time to twice the precision. */
export function trueDensity(chain: RandomChain, time: number): number {
  const theta = chain.theta.map((x) => dd(x));
  const scaled = negativeGenerator(chain, theta).map((row) => row.map((x) => multiply(x, dd(-time))));
  const moved = exponential(scaled);
  const right = new Float64Array(chain.stateCount);
  for (const [from, to, rate] of ratesOf(chain)) if (to < 0) right[from] += rate;
  let sum = dd(0);
  for (let i = 0; i < chain.stateCount; i++) {
    for (let j = 0; j < chain.stateCount; j++) {
      sum = add(sum, multiply(dd(chain.alpha[i]), multiply(moved[i][j], dd(right[j]))));
    }
  }
  return sum.hi;
}
