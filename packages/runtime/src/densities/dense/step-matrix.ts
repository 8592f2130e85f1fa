// StepMatrix: a dense matrix A of jets with a step of time so short that a few terms of its series are exact.
import { special } from "@phxlang/autodiff";
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
  readonly series: StepSeries;
}

/** The series of one step: so many terms serve as long as rate · step is at most `reach`. */
export interface StepSeries {
  readonly terms: number;
  readonly reach: number;
}

/** Short steps for nonnegative matrices: the first term left out is below 2⁻⁹⁰ even where all terms are needed. */
export const shortSeries: StepSeries = { terms: 14, reach: 1 / 16 };
/** Long steps for general matrices, whose rounding errors double with each squaring. */
export const longSeries: StepSeries = { terms: 20, reach: 1 };

/** The step, a power of two: whole numbers of steps are then exact, and so is what remains of a time. */
export function stepOf({ rate, series }: Pick<StepMatrix, "rate" | "series">): number {
  let step = 2 ** Math.floor(special.log2(series.reach / rate));
  while (step * rate > series.reach) step /= 2;
  return step;
}

/** e^(−shift · rate · time) (rate · time)ʲ / j! for all terms of the series, into `weights` from `offset` on. */
export function fillSeriesWeights(
  { rate, shift, series }: StepMatrix,
  time: number,
  weights: Float64Array,
  offset: number,
): void {
  const mean = rate * time;
  let weight = shift === 1 ? special.exp(-mean) : 1;
  for (let j = 0; j < series.terms; j++) {
    weights[offset + j] = weight;
    weight *= mean / (j + 1);
  }
}
