// np's functions that rearrange, join and cut arrays.
import { sizeOf } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { asValue } from "../as-value.ts";
import { PhxError } from "../errors.ts";
import { constant } from "../primitives/arithmetic.ts";
import { broadcastShapes, range, repeat as repeated } from "../primitives/layout.ts";
import * as slicing from "../primitives/slicing.ts";
import * as structural from "../primitives/structural.ts";
import type { Value } from "../trace.ts";
import type { AxisArgument } from "./axes.ts";
import { normalizeAxes, normalizeAxis } from "./axes.ts";
import type { ShapeArgument } from "./creation.ts";
import { promote } from "./promote.ts";

/** The same elements, row-major, in another shape; one length may be −1 and follows from the others. */
export function reshape(x: ArrayLike, shape: ShapeArgument): Value {
  const value = asValue(x);
  const lengths = typeof shape === "number" ? [shape] : shape;
  const open = lengths.indexOf(-1);
  if (open < 0) return structural.reshape(value, lengths);
  const known = sizeOf(lengths.filter((_, i) => i !== open));
  return structural.reshape(
    value,
    lengths.map((length, i) => (i === open ? (known === 0 ? 0 : value.size / known) : length)),
  );
}

/** All elements in one axis. */
export function ravel(x: ArrayLike): Value {
  const value = asValue(x);
  return structural.reshape(value, [value.size]);
}

/** Axes reordered: axis i of the result is axes[i] of x; reversed without a list. */
export function transpose(x: ArrayLike, axes?: readonly number[]): Value {
  const value = asValue(x);
  const rank = value.shape.length;
  const order = axes?.map((axis) => normalizeAxis(axis, rank)) ?? range(rank).reverse();
  if (normalizeAxes(order, rank).length !== rank) {
    throw new PhxError({
      code: "PHX945",
      what: `transpose of an array with ${rank} axes to [${order.join(", ")}]`,
      why: "every axis must be named once",
      fix: "name all axes, or use moveaxis",
    });
  }
  return structural.permute(value, order);
}

/** x with the axis `from` at place `to`. */
export function moveaxis(x: ArrayLike, from: number, to: number): Value {
  const value = asValue(x);
  const rank = value.shape.length;
  return structural.moveAxis(value, normalizeAxis(from, rank), normalizeAxis(to, rank));
}

/** x with two axes exchanged. */
export function swapaxes(x: ArrayLike, first: number, second: number): Value {
  const value = asValue(x);
  const rank = value.shape.length;
  const order = range(rank);
  const [a, b] = [normalizeAxis(first, rank), normalizeAxis(second, rank)];
  [order[a], order[b]] = [b, a];
  return structural.permute(value, order);
}

/** x repeated to a shape that it broadcasts to. */
export function broadcastTo(x: ArrayLike, shape: readonly number[]): Value {
  return structural.broadcastTo(asValue(x), shape);
}

/** Arrays repeated to their common broadcast shape. */
export function broadcastArrays(...arrays: readonly ArrayLike[]): Value[] {
  const values = arrays.map((array) => asValue(array));
  const shape = broadcastShapes(values.map((value) => value.shape));
  if (shape === null) {
    throw new PhxError({
      code: "PHX928",
      what: `shapes ${values.map((value) => `[${value.shape.join(", ")}]`).join(" and ")} do not broadcast`,
      why: "aligned at the last axis, two lengths must agree unless one of them is 1",
      fix: "insert axes of length 1 with expandDims",
    });
  }
  return values.map((value) => structural.broadcastTo(value, shape));
}

/** x with new axes of length 1 at the given places of the result. */
export function expandDims(x: ArrayLike, axis: number | readonly number[]): Value {
  const value = asValue(x);
  const list = typeof axis === "number" ? [axis] : axis;
  const axes = normalizeAxes(list, value.shape.length + list.length);
  const shape = [...value.shape];
  for (const at of axes) shape.splice(at, 0, 1);
  return structural.reshape(value, shape);
}

/** x without axes of length 1: all of them, or the given ones. */
export function squeeze(x: ArrayLike, axis?: AxisArgument): Value {
  const value = asValue(x);
  const dropped =
    axis === undefined || axis === null
      ? range(value.shape.length).filter((a) => value.shape[a] === 1)
      : normalizeAxes(axis, value.shape.length);
  for (const a of dropped) {
    if (value.shape[a] !== 1) {
      throw new PhxError({
        code: "PHX945",
        what: `squeeze of axis ${a} with length ${value.shape[a]}`,
        why: "only axes of length 1 can be dropped",
        fix: "reduce the axis, or take one index of it",
      });
    }
  }
  return structural.reshape(
    value,
    value.shape.filter((_, a) => !dropped.includes(a)),
  );
}

/** x with the order of entries reversed along axes (all by default). */
export function flip(x: ArrayLike, axis?: AxisArgument): Value {
  const value = asValue(x);
  return slicing.reverse(value, normalizeAxes(axis, value.shape.length));
}

/** x with entries moved by `shift` places along an axis, the last ones coming in at the front; flattened without one. */
export function roll(x: ArrayLike, shift: number, axis?: number): Value {
  const value = asValue(x);
  if (axis === undefined) return structural.reshape(roll(ravel(value), shift, 0), value.shape);
  const at = normalizeAxis(axis, value.shape.length);
  const length = value.shape[at];
  if (length === 0) return value;
  const cut = ((-shift % length) + length) % length;
  if (cut === 0) return value;
  return slicing.concatenate(
    [slicing.sliceAxis(value, at, cut, length), slicing.sliceAxis(value, at, 0, cut)],
    at,
  );
}

/** Arrays one after the other along an axis (default 0). */
export function concatenate(arrays: readonly ArrayLike[], axis = 0): Value {
  const values = promote(nonEmpty(arrays, "concatenate"));
  return slicing.concatenate(values, normalizeAxis(axis, values[0].shape.length));
}

/** Arrays of one shape along a new axis (default 0). */
export function stack(arrays: readonly ArrayLike[], axis = 0): Value {
  const values = promote(nonEmpty(arrays, "stack"));
  const at = normalizeAxis(axis, values[0].shape.length + 1);
  return slicing.concatenate(
    values.map((value) => expandDims(value, at)),
    at,
  );
}

/** Rows below each other: vectors count as rows. */
export function vstack(arrays: readonly ArrayLike[]): Value {
  return concatenate(arrays.map((x) => atLeast2d(x)));
}

/** Columns side by side; vectors end to end. */
export function hstack(arrays: readonly ArrayLike[]): Value {
  const values = arrays.map((x) => asValue(x)).map((x) => (x.shape.length === 0 ? ravel(x) : x));
  return concatenate(values, values[0]?.shape.length === 1 ? 0 : 1);
}

function atLeast2d(x: ArrayLike): Value {
  const value = asValue(x);
  return value.shape.length >= 2 ? value : structural.reshape(value, [1, value.size]);
}

function nonEmpty(arrays: readonly ArrayLike[], name: string): readonly ArrayLike[] {
  if (arrays.length > 0) return arrays;
  throw new PhxError({
    code: "PHX949",
    what: `${name} of no arrays`,
    why: "the result would have no dtype and no shape",
    fix: "give at least one array",
  });
}

/** Cut along an axis into a number of equal parts, or before each of the given places. */
export function split(x: ArrayLike, where: number | readonly number[], axis = 0): Value[] {
  const value = asValue(x);
  const at = normalizeAxis(axis, value.shape.length);
  const length = value.shape[at];
  if (typeof where === "number" && length % where !== 0) {
    throw new PhxError({
      code: "PHX949",
      what: `split of an axis of length ${length} into ${where} equal parts`,
      why: "the length is not a multiple of it",
      fix: "give the places to cut at as a list",
    });
  }
  const cuts = typeof where === "number" ? range(where).map((i) => (i * length) / where) : [0, ...where];
  return cuts.map((start, i) => slicing.sliceAxis(value, at, start, cuts[i + 1] ?? length));
}

/** x laid out `counts[a]` times along each axis; counts are aligned at the last axis. */
export function tile(x: ArrayLike, counts: number | readonly number[]): Value {
  const value = asValue(x);
  const list = typeof counts === "number" ? [counts] : counts;
  const rank = Math.max(list.length, value.shape.length);
  const own = [...repeated(1, rank - value.shape.length), ...value.shape];
  const times = [...repeated(1, rank - list.length), ...list];
  const interleaved = own.flatMap((length, a) => [times[a], length]);
  const wide = structural.broadcastInto(
    structural.reshape(value, own),
    interleaved,
    own.map((_, a) => 2 * a + 1),
  );
  return structural.reshape(
    wide,
    own.map((length, a) => length * times[a]),
  );
}

/** Each entry `count` times in a row along an axis (the flattened array without one). */
export function repeat(x: ArrayLike, count: number, axis?: number): Value {
  const value = axis === undefined ? ravel(x) : asValue(x);
  const at = axis === undefined ? 0 : normalizeAxis(axis, value.shape.length);
  const { shape } = value;
  const wide = structural.broadcastInto(
    value,
    [...shape.slice(0, at + 1), count, ...shape.slice(at + 1)],
    shape.map((_, a) => (a <= at ? a : a + 1)),
  );
  return structural.reshape(
    wide,
    shape.map((length, a) => (a === at ? length * count : length)),
  );
}

/** x with `[before, after]` entries of a constant around each axis; one pair, or a number, serves all axes. */
export function pad(
  x: ArrayLike,
  widths: number | readonly [number, number] | readonly (readonly [number, number])[],
  value = 0,
): Value {
  const array = asValue(x);
  const pairs = array.shape.map((_, axis): readonly [number, number] => {
    if (typeof widths === "number") return [widths, widths];
    const entry = widths[0];
    if (typeof entry === "number") return widths as readonly [number, number];
    return (widths as readonly (readonly [number, number])[])[axis];
  });
  return slicing.pad(
    array,
    constant(value, array),
    pairs.map(([before]) => before),
    pairs.map(([, after]) => after),
    pairs.map(() => 0),
  );
}

/** The diagonal k of the last two axes. */
export function diagonal(x: ArrayLike, k = 0): Value {
  const value = asValue(x);
  const rank = value.shape.length;
  if (rank < 2) {
    throw new PhxError({
      code: "PHX948",
      what: `diagonal of an array with ${rank} axes`,
      why: "it needs at least two axes",
      fix: "use np.diag to make a matrix from a vector",
    });
  }
  const [n, m] = value.shape.slice(-2);
  const count = Math.max(0, k >= 0 ? Math.min(n, m - k) : Math.min(n + k, m));
  const start = k >= 0 ? k : -k * m;
  // Row-major, neighbours on a diagonal are m + 1 apart.
  const flat = structural.reshape(value, [...value.shape.slice(0, -2), n * m]);
  const limit = count === 0 ? start : start + (count - 1) * (m + 1) + 1;
  const leading = value.shape.slice(0, -2);
  return slicing.slice(
    flat,
    [...leading.map(() => 0), Math.min(start, n * m)],
    [...leading, Math.min(limit, n * m)],
    [...leading.map(() => 1), m + 1],
  );
}

/** A vector on the diagonal k of a square matrix, or the diagonal k of a matrix. */
export function diag(x: ArrayLike, k = 0): Value {
  const value = asValue(x);
  if (value.shape.length !== 1) return diagonal(value, k);
  const n = value.shape[0];
  const side = n + Math.abs(k);
  if (n === 0) return structural.broadcastTo(constant(0, value), [side, side]);
  // Entries with side zeros between them, from the place of the first on, fill a matrix row by row.
  const start = k >= 0 ? k : -k * side;
  const length = (n - 1) * (side + 1) + 1;
  const flat = slicing.pad(value, constant(0, value), [start], [side * side - start - length], [side]);
  return structural.reshape(flat, [side, side]);
}

/** The sum of the diagonal k of the last two axes. */
export function trace(x: ArrayLike, k = 0): Value {
  const entries = diagonal(x, k);
  return structural.reduceSum(entries, [entries.shape.length - 1]);
}
