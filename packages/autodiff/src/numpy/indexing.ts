// np's functions that take entries at places, put them there, and order them.
import { sizeOf } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { asValue, isValue } from "../as-value.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import { add, constant, convert, where } from "../primitives/arithmetic.ts";
import { less, lessEqual } from "../primitives/comparison.ts";
import * as dynamic from "../primitives/dynamic-slice.ts";
import { gather, scatter } from "../primitives/indexing.ts";
import { range } from "../primitives/layout.ts";
import * as reductions from "../primitives/reductions.ts";
import { slice as staticSlice, sliceAxis } from "../primitives/slicing.ts";
import { broadcastTo, moveAxis, permute, reduceSum, reshape } from "../primitives/structural.ts";
import type { Value } from "../trace.ts";
import { normalizeAxis } from "./axes.ts";
import { promote } from "./promote.ts";

/**
 * Indices as i32 from 0 on: negative ones count from the end. Concrete ones are checked (PHX946); traced ones beyond
 * the end read NaN, and are left out when written, as in JAX.
 */
function placesFrom(indices: ArrayLike, length: number): Value {
  const value = asValue(indices);
  if (value instanceof NdArray) {
    const out = new Int32Array(value.size);
    for (let i = 0; i < out.length; i++) {
      const index = value.elements[i];
      if (!(Number.isInteger(index) && index >= -length && index < length)) {
        throw new PhxError({
          code: "PHX946",
          what: `index ${index} of an axis of length ${length}`,
          why: length === 0 ? "the axis is empty" : `indices are integers from ${-length} to ${length - 1}`,
          fix: "check the bounds, or clip the indices",
        });
      }
      out[i] = index < 0 ? index + length : index;
    }
    return new NdArray(out, value.shape, "i32");
  }
  const places = convert(value, "i32");
  return where(less(places, constant(0, places)), add(places, constant(length, places)), places);
}

/** Entries of x at indices along an axis (the flattened array without one): the axis becomes the axes of the indices. */
export function take(x: ArrayLike, indices: ArrayLike, axis?: number): Value {
  const given = asValue(x);
  const value = axis === undefined ? reshape(given, [given.size]) : given;
  const at = axis === undefined ? 0 : normalizeAxis(axis, value.shape.length);
  const places = placesFrom(indices, value.shape[at]);
  const front = moveAxis(value, at, 0);
  const rest = front.shape.slice(1);
  const rows = gather(
    reshape(front, [1, front.shape[0], sizeOf(rest)]),
    reshape(places, [1, places.size]),
    "fill",
  );
  const taken = reshape(rows, [...places.shape, ...rest]);
  // The axes of the indices go where the axis was.
  const count = places.shape.length;
  const order = [
    ...range(at).map((a) => a + count),
    ...range(count),
    ...range(rest.length - at).map((a) => a + count + at),
  ];
  return permute(taken, order);
}

/** x[…, indices[…, j, …], …]: indices have the rank of x and its lengths but along the axis. */
export function takeAlongAxis(x: ArrayLike, indices: ArrayLike, axis = -1): Value {
  const value = asValue(x);
  const rank = value.shape.length;
  const at = normalizeAxis(axis, rank);
  const given = asValue(indices);
  if (given.shape.length !== rank) {
    throw new PhxError({
      code: "PHX946",
      what: `takeAlongAxis of an array with ${rank} axes at indices with ${given.shape.length}`,
      why: "both must have the same number of axes",
      fix: "insert axes with expandDims",
    });
  }
  const lengths = value.shape.map((length, a) => (a === at ? given.shape[at] : length));
  const places = broadcastTo(placesFrom(given, value.shape[at]), lengths);
  const lines = moveAxis(value, at, rank - 1);
  const lists = sizeOf(lines.shape.slice(0, -1));
  const moved = moveAxis(places, at, rank - 1);
  const rows = gather(
    reshape(lines, [lists, value.shape[at], 1]),
    reshape(moved, [lists, given.shape[at]]),
    "fill",
  );
  return moveAxis(reshape(rows, moved.shape), rank - 1, at);
}

function scatterRows(
  x: ArrayLike,
  indices: ArrayLike,
  updates: ArrayLike,
  axis: number,
  mode: "add" | "set",
): Value {
  const [value, given] = promote([x, updates]);
  const at = normalizeAxis(axis, value.shape.length);
  const places = placesFrom(indices, value.shape[at]);
  const rest = value.shape.filter((_, a) => a !== at);
  const count = places.shape.length;
  // Updates have the axes of the indices where x has the axis.
  const full = broadcastTo(given, [...rest.slice(0, at), ...places.shape, ...rest.slice(at)]);
  const order = [
    ...range(count).map((a) => a + at),
    ...range(at),
    ...range(rest.length - at).map((a) => a + count + at),
  ];
  const front = moveAxis(value, at, 0);
  const result = scatter(
    reshape(front, [1, front.shape[0], sizeOf(rest)]),
    reshape(places, [1, places.size]),
    reshape(permute(full, order), [1, places.size, sizeOf(rest)]),
    mode,
  );
  return moveAxis(reshape(result, front.shape), 0, at);
}

/** x with updates added at indices along an axis; an index named several times gets several updates. */
export function scatterAdd(x: ArrayLike, indices: ArrayLike, updates: ArrayLike, axis = 0): Value {
  return scatterRows(x, indices, updates, axis, "add");
}

/** x with updates put at indices along an axis; of several at one place the last one stays. */
export function scatterSet(x: ArrayLike, indices: ArrayLike, updates: ArrayLike, axis = 0): Value {
  return scatterRows(x, indices, updates, axis, "set");
}

/**
 * One entry of an index: a number takes that place and drops the axis; `[start, stop]` or `[start, stop, step]` with
 * null for open ends is a stretch, `[]` the whole axis; an array of integers takes those places.
 */
export type IndexArgument = number | readonly (number | null)[] | Value;

/** x.slice(i, [1, -1], …): one index for each leading axis, as x[i, 1:-1] in Python. */
export function slice(x: ArrayLike, ...indices: IndexArgument[]): Value {
  let value = asValue(x);
  if (indices.length > value.shape.length) {
    throw new PhxError({
      code: "PHX946",
      what: `${indices.length} indices for an array with ${value.shape.length} axes`,
      why: "there is at most one index for each axis",
      fix: "leave out indices",
    });
  }
  let axis = 0;
  for (const index of indices) {
    if (isValue(index)) {
      value = take(value, index, axis);
      axis += index.shape.length;
    } else if (typeof index === "number") {
      value = entry(value, axis, index);
    } else {
      value = stretch(value, axis, index);
      axis += 1;
    }
  }
  return value;
}

/** The entries at one static index; the axis disappears. */
function entry(x: Value, axis: number, index: number): Value {
  const place = placesFrom(index, x.shape[axis]) as NdArray;
  const at = place.item();
  return reshape(
    sliceAxis(x, axis, at, at + 1),
    x.shape.filter((_, a) => a !== axis),
  );
}

function stretch(x: Value, axis: number, [start, stop, step]: readonly (number | null)[]): Value {
  const length = x.shape[axis];
  const bound = (value: number | null | undefined, open: number): number =>
    Math.max(
      0,
      Math.min(length, value === null || value === undefined ? open : value < 0 ? value + length : value),
    );
  const from = bound(start, 0);
  const to = Math.max(from, bound(stop, length));
  return staticSlice(
    x,
    x.shape.map((_, a) => (a === axis ? from : 0)),
    x.shape.map((n, a) => (a === axis ? to : n)),
    x.shape.map((_, a) => (a === axis ? (step ?? 1) : 1)),
  );
}

/** The block of static sizes that begins at traced starts, moved inwards where it would stick out. */
export function dynamicSlice(x: ArrayLike, starts: ArrayLike, sizes: readonly number[]): Value {
  return dynamic.dynamicSlice(asValue(x), convert(asValue(starts), "i32"), sizes);
}

/** x with the block that begins at traced starts replaced. */
export function dynamicUpdateSlice(x: ArrayLike, update: ArrayLike, starts: ArrayLike): Value {
  const [value, block] = promote([x, update]);
  return dynamic.dynamicUpdateSlice(value, block, convert(asValue(starts), "i32"));
}

/** Places (i32) that sort x along an axis (default the last), ascending and stable; NaN comes last. */
export function argsort(x: ArrayLike, axis = -1): Value {
  const value = asValue(x);
  return reductions.argSort(value, normalizeAxis(axis, value.shape.length));
}

/** x sorted along an axis (default the last), ascending and stable; NaN comes last. */
export function sort(x: ArrayLike, axis = -1): Value {
  const value = asValue(x);
  const at = normalizeAxis(axis, value.shape.length);
  return takeAlongAxis(value, reductions.argSort(value, at), at);
}

/** For each query q, how many entries of the sorted vector x are < q ("left") or ≤ q ("right"). */
export function searchsorted(x: ArrayLike, queries: ArrayLike, side: "left" | "right" = "left"): Value {
  const [sorted, q] = promote([x, queries]);
  const each = reshape(q, [...q.shape, 1]);
  const before = side === "left" ? less(sorted, each) : lessEqual(sorted, each);
  return reduceSum(convert(before, "i32"), [q.shape.length]);
}
