// Shift-and-invert Arnoldi as a TimeMethod: one factorization and some tens of solves serve all times.
import { PhxError, special } from "@phxlang/autodiff";
import type { ExponentialRequest } from "../../jets/exponential-request.ts";
import { exponentialItems, wantsItem } from "../../jets/exponential-request.ts";
import type { Jet } from "../../jets/subsets.ts";
import { factorLength } from "../../kernels/phase-type-kernels.ts";
import type { Accuracy } from "../accuracy.ts";
import type { EstimatedMethod, TimeProblem, TimeValues } from "../time-method.ts";
import { krylovChannels } from "./krylov-channels.ts";
import { eliminationOf } from "./pattern-elimination.ts";
import { krylovUnit, spaceCurve } from "./space-curves.ts";

export const krylov: EstimatedMethod = {
  name: "krylov",
  bestTolerance: 1e-11,
  refusal,
  nanoseconds,
  suits: () => true,
  differentiates,
  values,
  channels: krylovChannels,
};

/** With derivatives the spaces of the left vectors must be as good as that of the right one. */
function values(problem: TimeProblem, { method, tolerance }: Accuracy, withDerivatives: boolean): TimeValues {
  const { pattern, slots, left, right, times, leftOfTime } = problem;
  const relativeTo = krylovUnit(method);
  const forward = {
    pattern,
    slots,
    side: "right",
    start: right,
    others: left,
    otherOfTime: leftOfTime,
    relativeTo,
  } as const;
  const own = spaceCurve({ ...forward, times, tolerance, companion: null });
  const errors = own.errors.slice();
  let work = own.curve.space.dimension;
  if (withDerivatives) {
    for (let m = 0; m < problem.leftCount; m++) {
      const places = Int32Array.from(times.keys()).filter((n) => leftOfTime[n] === m);
      if (places.length === 0) continue;
      const start = left.subarray(m * pattern.rowCount, (m + 1) * pattern.rowCount);
      const back = spaceCurve({
        pattern,
        slots,
        side: "left",
        start,
        others: right,
        otherOfTime: new Float64Array(places.length),
        times: Float64Array.from(places, (n) => times[n]),
        tolerance,
        relativeTo,
        companion: {
          values: Float64Array.from(places, (n) => own.values[n]),
          errors: Float64Array.from(places, (n) => own.errors[n]),
        },
      });
      places.forEach((n, i) => {
        errors[n] = Math.max(errors[n], back.errors[i]);
      });
      work += back.curve.space.dimension;
    }
  }
  const logValues = own.values.map((value) => (value > 0 ? special.log(value) : -Infinity));
  const largest = own.values.reduce((most, value) => Math.max(most, value), 0);
  const relative = errors.map((error, n) => {
    const unit = relativeTo === "largest" ? largest : own.values[n];
    return unit > 0 ? error / unit : Infinity;
  });
  const error = relative.reduce((most, x) => Math.max(most, x), 0);
  return { logValues, errors: relative, used: [{ method: "krylov", times: times.length, work, error }] };
}

/** Why Krylov spaces cannot serve a problem, or null. */
function refusal({ pattern, left, right }: TimeProblem): string | null {
  const { rowCount, rowOffsets, closingEnds } = pattern;
  for (let r = 0; r < rowCount; r++) {
    if (closingEnds[r] !== rowOffsets[r + 1]) return "the operator is not a generator";
  }
  if (!right.some((x) => x !== 0) || !left.some((x) => x !== 0)) return "the values are 0";
  try {
    eliminationOf(pattern);
    return null;
  } catch (error) {
    if (error instanceof PhxError && error.code === "PHX950") return "the factors are too large";
    throw error;
  }
}

/**
 * A factorization, 40 solves and projections, and the exponential in the space. Small problems are not worth the
 * record of an elimination: they end below the first, constant part.
 */
function nanoseconds(problem: TimeProblem, limit: number): number {
  const { pattern, times } = problem;
  const fixed = 2e6 + 5e3 * times.length;
  if (fixed >= limit || refusal(problem) !== null) return fixed;
  const { trace } = eliminationOf(pattern);
  const solve = 0.6 * (factorLength(trace) + trace.slotCount);
  return fixed + 0.6 * trace.operationCount + 40 * solve + 2 * 40 ** 2 * pattern.rowCount * 0.3;
}

/**
 * Gradients, and derivatives along one direction. Second derivatives of the projected problem would need spaces for
 * every pair of directions.
 */
function differentiates(request: ExponentialRequest): boolean {
  const { items, order } = request;
  const goesBack = [exponentialItems.slots, exponentialItems.left, exponentialItems.right].some((item) =>
    wantsItem(request, item),
  );
  const isPlain = (jet: Jet): boolean => jet[0] !== null && jet.every((part, a) => a === 0 || part === null);
  const slots = items[exponentialItems.slots];
  const left = items[exponentialItems.left];
  const right = items[exponentialItems.right];
  if (goesBack) return isPlain(slots) && isPlain(left) && isPlain(right);
  return order <= 1 && slots[0] !== null && left[0] !== null && right[0] !== null;
}
