// np's functions that make arrays from nothing.
import type { DType } from "../array.ts";
import { allocate, sizeOf } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { asValue } from "../as-value.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import { add, constant, convert, div, mul, sub, where } from "../primitives/arithmetic.ts";
import { equal, less } from "../primitives/comparison.ts";
import { broadcastTo, insertAxes, moveAxis } from "../primitives/structural.ts";
import type { Value } from "../trace.ts";
import { normalizeAxis } from "./axes.ts";
import { promoteFloat } from "./promote.ts";

export type ShapeArgument = number | readonly number[];

export function shapeOf(shape: ShapeArgument): readonly number[] {
  const lengths = typeof shape === "number" ? [shape] : shape;
  if (lengths.every((length) => Number.isInteger(length) && length >= 0)) return lengths;
  throw new PhxError({
    code: "PHX949",
    what: `an array of shape [${lengths.join(", ")}]`,
    why: "lengths are integers from 0 on",
    fix: "give a shape of such numbers; they are static, never traced",
  });
}

/** An array of one repeated number. */
export function full(shape: ShapeArgument, value: number, dtype: DType = "f64"): NdArray {
  const lengths = shapeOf(shape);
  return new NdArray(allocate(dtype, sizeOf(lengths)).fill(value), lengths, dtype);
}

export function zeros(shape: ShapeArgument, dtype: DType = "f64"): NdArray {
  return full(shape, 0, dtype);
}

export function ones(shape: ShapeArgument, dtype: DType = "f64"): NdArray {
  return full(shape, 1, dtype);
}

/** start, start + step, … below stop (or above it for a negative step); `arange(stop)` starts at 0. f64 by default. */
export function arange(start: number, stop?: number, step = 1, dtype: DType = "f64"): NdArray {
  const from = stop === undefined ? 0 : start;
  const to = stop ?? start;
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (!Number.isFinite(count)) {
    throw new PhxError({
      code: "PHX949",
      what: `arange from ${from} to ${to} in steps of ${step}`,
      why: "the number of steps must be finite",
      fix: "give a step other than 0 and finite ends",
    });
  }
  const elements = allocate(dtype, count);
  for (let i = 0; i < count; i++) elements[i] = from + i * step;
  return new NdArray(elements, [count], dtype);
}

/** count numbers evenly spaced from start to stop, both included; the ends may be traced arrays. */
export function linspace(start: ArrayLike, stop: ArrayLike, count = 50): Value {
  const [a, b] = promoteFloat([start, stop]);
  const rank = Math.max(a.shape.length, b.shape.length);
  const weights = convert(arange(count), a.dtype);
  const fraction = insertAxes(weights, 1, rank);
  const step = div(sub(b, a), constant(Math.max(1, count - 1), a));
  const inner = add(a, mul(step, fraction));
  // The last one is exactly stop.
  const isLast = less(constant(count - 1.5, a), fraction);
  return count > 1 ? where(isLast, b, inner) : inner;
}

/** The n × m matrix with ones on diagonal k (0 is the main one, positive above). */
export function eye(n: number, m: number = n, k = 0, dtype: DType = "f64"): NdArray {
  const elements = allocate(dtype, n * m);
  for (let i = Math.max(0, -k); i < n && i + k < m; i++) elements[i * m + i + k] = 1;
  return new NdArray(elements, [n, m], dtype);
}

/** A bool matrix that is true where column − row ≤ k. */
function lowerMask(n: number, m: number, k: number): NdArray {
  const elements = new Uint8Array(n * m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m && j - i <= k; j++) elements[i * m + j] = 1;
  return new NdArray(elements, [n, m], "bool");
}

/** The last two axes with zeros above diagonal k. */
export function tril(x: ArrayLike, k = 0): Value {
  const value = asValue(x);
  const [n, m] = matrixSides(value, "tril");
  return where(lowerMask(n, m, k), value, constant(0, value));
}

/** The last two axes with zeros below diagonal k. */
export function triu(x: ArrayLike, k = 0): Value {
  const value = asValue(x);
  const [n, m] = matrixSides(value, "triu");
  return where(lowerMask(n, m, k - 1), constant(0, value), value);
}

function matrixSides(x: Value, name: string): readonly [number, number] {
  const rank = x.shape.length;
  if (rank >= 2) return [x.shape[rank - 2], x.shape[rank - 1]];
  throw new PhxError({
    code: "PHX948",
    what: `${name} of an array with ${rank} axes`,
    why: "it works on the last two axes",
    fix: "reshape to a matrix",
  });
}

/** Index grids: for vectors of lengths n, m, … arrays of shape [n, m, …] that vary along one axis each ("ij"). */
export function meshgrid(...vectors: readonly ArrayLike[]): Value[] {
  const values = vectors.map((vector) => asValue(vector));
  const shape = values.map((value) => value.size);
  return values.map((value, i) => broadcastTo(insertAxes(value, 1, shape.length - 1 - i), shape));
}

/** One-hot rows: integers [..] → [.., classes] with 1 at each class; all zeros outside 0 … classes − 1. */
export function oneHot(x: ArrayLike, classes: number, axis = -1, dtype: DType = "f64"): Value {
  const value = asValue(x);
  const index = insertAxes(value, value.shape.length, 1);
  const counting = convert(arange(classes, undefined, 1, "i32"), value.dtype);
  const hits = convert(equal(index, counting), dtype);
  const last = hits.shape.length - 1;
  return moveAxis(hits, last, normalizeAxis(axis, hits.shape.length));
}
