// Index arithmetic on row-major arrays: strides, strided copies, broadcast shapes. No values, no rules.
import type { DType, Elements } from "../array.ts";
import { allocate, sizeOf } from "../array.ts";

/** Elements from one entry of each axis to the next: row-major. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = repeat(1, shape.length);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/**
 * New elements of shape `shape`, where the entry at index (i₀, i₁, …) is source[offset + Σ iₐ steps[a]].
 * Every rearrangement without arithmetic (broadcast, permute, slice, flip) is such a copy.
 */
export function copyStrided(
  source: Elements,
  dtype: DType,
  shape: readonly number[],
  offset: number,
  steps: readonly number[],
): Elements {
  const result = allocate(dtype, sizeOf(shape));
  forEachRow(shape, offset, steps, (from, to, length, step) => {
    if (step === 1) {
      for (let j = 0; j < length; j++) result[to + j] = source[from + j];
    } else {
      for (let j = 0, at = from; j < length; j++, at += step) result[to + j] = source[at];
    }
  });
  return result;
}

/** The inverse of copyStrided: target[offset + Σ iₐ steps[a]] becomes the entry of `source` at (i₀, i₁, …). */
export function writeStrided(
  target: Elements,
  source: Elements,
  shape: readonly number[],
  offset: number,
  steps: readonly number[],
): void {
  forEachRow(shape, offset, steps, (to, from, length, step) => {
    for (let j = 0, at = to; j < length; j++, at += step) target[at] = source[from + j];
  });
}

/** Calls `row(strided position, dense position, length, step)` for each innermost row of a strided array. */
function forEachRow(
  shape: readonly number[],
  offset: number,
  steps: readonly number[],
  row: (strided: number, dense: number, length: number, step: number) => void,
): void {
  const size = sizeOf(shape);
  if (size === 0) return;
  const last = shape.length - 1;
  if (last < 0) {
    row(offset, 0, 1, 1);
    return;
  }
  const length = shape[last];
  const step = steps[last];
  const index = repeat(0, last);
  let at = offset;
  for (let dense = 0; dense < size; dense += length) {
    row(at, dense, length, step);
    for (let axis = last - 1; axis >= 0; axis--) {
      at += steps[axis];
      if (++index[axis] < shape[axis]) break;
      at -= steps[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

/** NumPy's broadcast of shapes, aligned at the last axis; null where they do not fit. */
export function broadcastShapes(shapes: readonly (readonly number[])[]): number[] | null {
  let rank = 0;
  for (const shape of shapes) rank = Math.max(rank, shape.length);
  const result = repeat(1, rank);
  for (const shape of shapes) {
    const skip = rank - shape.length;
    for (let axis = 0; axis < shape.length; axis++) {
      const length = shape[axis];
      if (length === 1) continue;
      if (result[skip + axis] === 1) result[skip + axis] = length;
      else if (result[skip + axis] !== length) return null;
    }
  }
  return result;
}

/** Steps that read an array of shape `from` as if it had shape `to`, aligned at the last axis. */
export function broadcastSteps(from: readonly number[], to: readonly number[]): number[] {
  const own = stridesOf(from);
  const skip = to.length - from.length;
  return to.map((_, axis) => (axis < skip || from[axis - skip] === 1 ? 0 : own[axis - skip]));
}

/** 0, 1, …, n − 1. */
export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** The axes of a rank that are not in the list. */
export function otherAxes(rank: number, axes: readonly number[]): number[] {
  return range(rank).filter((axis) => !axes.includes(axis));
}

/** A list of one number. */
export function repeat(value: number, count: number): number[] {
  return Array.from({ length: count }, () => value);
}
