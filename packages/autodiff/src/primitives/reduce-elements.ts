// Reductions of typed arrays over axes, in a fixed order of operations.
//
// The order is part of the meaning, because it fixes the bits. Neighbouring axes of one kind (kept, reduced) are
// merged. Then, row by row of the last merged axis in memory order:
// - last axis reduced: the row is folded by `run`, and its value into the result (the first value is taken as it is);
// - last axis kept: the row is folded entry by entry into the row of results (the first row is taken as it is).
import type { DType, Elements } from "../array.ts";
import { allocate, sizeOf } from "../array.ts";
import { repeat } from "./layout.ts";

export interface Reduction {
  /** The result of reducing nothing. */
  initial(dtype: DType): number;
  /** Folds count ≥ 1 entries from `start` on. */
  run(elements: Elements, start: number, count: number): number;
  combine(a: number, b: number): number;
}

export function reduceElements(
  elements: Elements,
  dtype: DType,
  shape: readonly number[],
  axes: readonly number[],
  reduction: Reduction,
): Elements {
  const kept = shape.filter((_, axis) => !axes.includes(axis));
  const result = allocate(dtype, sizeOf(kept));
  if (elements.length === 0) return result.fill(reduction.initial(dtype));
  const { lengths, reduced } = mergeAxes(shape, axes);
  const last = lengths.length - 1;
  if (last < 0) {
    result[0] = elements[0];
    return result;
  }
  const rowLength = lengths[last];
  const steps = resultSteps(lengths, reduced);
  const index = repeat(0, last);
  // Rows whose reduced indices are all 0 come first for their results: they start them.
  let reducedNonZero = 0;
  let to = 0;
  for (let from = 0; from < elements.length; from += rowLength) {
    const fresh = reducedNonZero === 0;
    if (reduced[last]) {
      const value = reduction.run(elements, from, rowLength);
      result[to] = fresh ? value : reduction.combine(result[to], value);
    } else if (fresh) {
      for (let j = 0; j < rowLength; j++) result[to + j] = elements[from + j];
    } else {
      for (let j = 0; j < rowLength; j++)
        result[to + j] = reduction.combine(result[to + j], elements[from + j]);
    }
    for (let axis = last - 1; axis >= 0; axis--) {
      to += steps[axis];
      if (reduced[axis] && index[axis] === 0) reducedNonZero += 1;
      if (++index[axis] < lengths[axis]) break;
      to -= steps[axis] * lengths[axis];
      index[axis] = 0;
      if (reduced[axis]) reducedNonZero -= 1;
    }
  }
  return result;
}

/** Lengths of the merged axes and whether each is reduced; axes of length 1 are dropped. */
function mergeAxes(
  shape: readonly number[],
  axes: readonly number[],
): { readonly lengths: number[]; readonly reduced: boolean[] } {
  const lengths: number[] = [];
  const reduced: boolean[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] === 1) continue;
    const isReduced = axes.includes(axis);
    const last = lengths.length - 1;
    if (last >= 0 && reduced[last] === isReduced) lengths[last] *= shape[axis];
    else {
      lengths.push(shape[axis]);
      reduced.push(isReduced);
    }
  }
  return { lengths, reduced };
}

/** Step in the result for each merged axis: 0 along reduced ones. */
function resultSteps(lengths: readonly number[], reduced: readonly boolean[]): number[] {
  const steps = lengths.map(() => 0);
  let stride = 1;
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    if (reduced[axis]) continue;
    steps[axis] = stride;
    stride *= lengths[axis];
  }
  return steps;
}

/**
 * Eight interleaved partial sums, entry i in partial i mod 8, combined as
 * ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)); then the last count mod 8 entries one by one.
 */
export const sumReduction: Reduction = {
  initial: () => 0,
  run(elements, start, count) {
    const whole = start + count - (count % 8);
    let sum = 0;
    if (count >= 8) {
      let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let i = start; i < whole; i += 8) {
        s0 += elements[i];
        s1 += elements[i + 1];
        s2 += elements[i + 2];
        s3 += elements[i + 3];
        s4 += elements[i + 4];
        s5 += elements[i + 5];
        s6 += elements[i + 6];
        s7 += elements[i + 7];
      }
      sum = s0 + s4 + (s2 + s6) + (s1 + s5 + (s3 + s7));
    }
    for (let i = whole; i < start + count; i++) sum += elements[i];
    return sum;
  },
  combine: (a, b) => a + b,
};
