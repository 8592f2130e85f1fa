// StepMatrix: a dense matrix A of jets with a step of time so short that a few terms of its series are exact.
import type { Parts } from "./matrix-jets.ts";

/** A = rate (product − shift I). */
export interface StepMatrix {
  readonly size: number;
  /** Row-major size × size. */
  readonly product: Parts;
  /** Bounds the entries of a row of A in sum, up to a small factor. */
  readonly rate: number;
  /** 1 where `product` is nonnegative and the identity was added for that; else 0. */
  readonly shift: 0 | 1;
  /**
   * For a nonnegative product of row sums at most 1: what is missing of each row sum, to full relative accuracy. Row
   * sums of powers are then kept consistent with it. null for a general matrix.
   */
  readonly exits: Float64Array | null;
}

/** Terms of the series in one step: the first one left out is below 2⁻⁹⁰. */
export const seriesLength = 14;
/** Largest mean number of jumps in one step. */
const largestMean = 1 / 16;

/** The step, a power of two: whole numbers of steps are then exact, and so is what remains of a time. */
export function stepOf(rate: number): number {
  let step = 2 ** Math.floor(Math.log2(largestMean / rate));
  while (step * rate > largestMean) step /= 2;
  return step;
}

/** e^(−shift · mean) meanʲ / j! for j = 0 … seriesLength − 1, into `weights` from `offset` on. */
export function fillSeriesWeights(mean: number, shift: 0 | 1, weights: Float64Array, offset: number): void {
  let weight = shift === 1 ? Math.exp(-mean) : 1;
  for (let j = 0; j < seriesLength; j++) {
    weights[offset + j] = weight;
    weight *= mean / (j + 1);
  }
}
