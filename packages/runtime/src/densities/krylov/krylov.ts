// Shift-and-invert Arnoldi as a TimeMethod: one factorization and some tens of solves serve all times.
import { largestRate } from "../../kernels/operator.ts";
import type { EstimatedMethod, TimeProblem, TimeValues } from "../time-method.ts";
import type { Accuracy } from "../accuracy.ts";
import type { KrylovSpace } from "./krylov-space.ts";
import { krylovSpace } from "./krylov-space.ts";
import { eliminationOf } from "./pattern-elimination.ts";
import { ProjectedCurve } from "./projected-curve.ts";

/** Spaces are enlarged through these dimensions until the bound is small enough. */
export const dimensions = [30, 40, 50, 60, 70, 80];

export function krylovValues(problem: TimeProblem, tolerance: number, dims = dimensions): TimeValues & { curve: ProjectedCurve | null; bounds: Float64Array } {
  const { pattern, slots, left, leftCount, right, times, leftOfTime } = problem;
  const elimination = eliminationOf(pattern);
  const shift = shiftOf(times);
  const rows = pattern.rowCount;
  let found: ReturnType<typeof evaluate> = null;
  const evaluate = (space: KrylovSpace) => {
    const curve = ProjectedCurve.of(space, times);
    if (curve === null) return null;
    const m = space.dimension;
    const values = new Float64Array(times.length);
    const bounds = new Float64Array(times.length);
    let largestNext = 0;
    for (const x of space.next) largestNext = Math.max(largestNext, Math.abs(x));
    for (let k = 0; k < leftCount; k++) {
      const projected = new Float64Array(m);
      let sum = 0;
      for (let r = 0; r < rows; r++) {
        const x = left[k * rows + r];
        if (x === 0) continue;
        sum += x;
        for (let j = 0; j < m; j++) projected[j] += x * space.basis[j * rows + elimination.traceRows[r]];
      }
      for (let n = 0; n < times.length; n++) {
        if (leftOfTime[n] !== k) continue;
        for (let j = 0; j < m; j++) values[n] += projected[j] * curve.rows[n * m + j];
        bounds[n] = sum * largestNext * curve.residuals[n];
      }
    }
    return { curve, values, bounds };
  };
  krylovSpace({ elimination, slots, start: right, side: "right", shift }, dims, (space) => {
    found = evaluate(space);
    return found !== null && Math.max(...found.bounds) <= tolerance * Math.max(...found.values);
  });
  return found as never;
}

export function shiftOf(times: Float64Array): number {
  const positive = times.filter((time) => time > 0).toSorted();
  return positive.length === 0 ? 1 : 10 / positive[positive.length >> 1];
}
