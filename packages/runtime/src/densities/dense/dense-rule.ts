// When dense squaring serves a problem, and what it costs.
import { largestRate } from "../../kernels/operator.ts";
import type { TimeProblem } from "../time-method.ts";
import { shortSeries, stepOf } from "./step-matrix.ts";
import { levelCountOf } from "./step-walk.ts";

export const largestDenseSize = 256;
const largestJumpCount = 2 ** 40;

/** Why dense squaring cannot serve a problem, or null. */
export function denseRefusal({ pattern, slots, times }: TimeProblem): string | null {
  const { rowCount, rowOffsets, closingEnds } = pattern;
  if (rowCount > largestDenseSize) return `${rowCount} rows, more than ${largestDenseSize}`;
  for (let r = 0; r < rowCount; r++) {
    if (closingEnds[r] !== rowOffsets[r + 1]) return "the operator is not a generator";
  }
  const jumps = largestRate(pattern, slots) * largestOf(times);
  if (!(jumps <= largestJumpCount)) return `about ${jumps.toExponential(1)} jumps, more than 2^40`;
  return null;
}

/**
 * A step follows at most `shortSeries.terms` jumps. With steps enough for every row, no path of weight takes more in one of
 * them: a value of many steps is exact however far in the left tail.
 */
export function isLong({ pattern, slots }: TimeProblem, time: number): boolean {
  const rate = largestRate(pattern, slots);
  return rate > 0 && time >= 4 * pattern.rowCount * stepOf({ rate, series: shortSeries });
}

/** Products of matrices, and of the rows of all times with them. */
export function denseNanoseconds({ pattern, slots, times }: TimeProblem): number {
  const size = pattern.rowCount;
  const rate = largestRate(pattern, slots);
  const levels = rate > 0 ? levelCountOf({ rate, series: shortSeries }, largestOf(times)) : 1;
  const perProduct = 5e3 + 0.09 * size ** 3;
  return (shortSeries.terms + levels) * perProduct + (levels / 2) * (5e3 + times.length * size * size * 0.09);
}

function largestOf(times: Float64Array): number {
  return times.reduce((largest, time) => Math.max(largest, time), 0);
}
