// np's functions that fold axes: sums, products, extrema, statistics, logsumexp, and running versions of them.
import { isFloat } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { asValue } from "../as-value.ts";
import { PhxError } from "../errors.ts";
import * as arithmetic from "../primitives/arithmetic.ts";
import * as comparison from "../primitives/comparison.ts";
import * as exponential from "../primitives/exponential.ts";
import { otherAxes } from "../primitives/layout.ts";
import * as reductions from "../primitives/reductions.ts";
import * as rounding from "../primitives/rounding.ts";
import { concatenate, reverse, sliceAxis } from "../primitives/slicing.ts";
import { permute, reduceSum, reshape } from "../primitives/structural.ts";
import type { Value } from "../trace.ts";
import type { AxisArgument, ReductionArgument } from "./axes.ts";
import { normalizeAxes, normalizeAxis, reductionOptions } from "./axes.ts";
import { where } from "./elementwise.ts";
import { floatOf, numberOf } from "./promote.ts";

const { constant, convert } = arithmetic;

/** Runs a reduction over the axes of an argument, with masked entries replaced by a neutral number. */
function reduce(
  x: Value,
  argument: ReductionArgument | undefined,
  neutral: number,
  fold: (x: Value, axes: readonly number[]) => Value,
): Value {
  const options = reductionOptions(argument);
  const masked = options.where === undefined ? x : where(options.where, x, constant(neutral, x));
  const axes = normalizeAxes(options.axis, masked.shape.length);
  return keepAxes(fold(masked, axes), masked.shape, axes, options.keepdims);
}

function keepAxes(
  y: Value,
  shape: readonly number[],
  axes: readonly number[],
  keepdims: boolean | undefined,
): Value {
  if (keepdims !== true) return y;
  return reshape(
    y,
    shape.map((length, axis) => (axes.includes(axis) ? 1 : length)),
  );
}

/** The sum over axes; bools count as 0 and 1. */
export function sum(x: ArrayLike, argument?: ReductionArgument): Value {
  return reduce(numberOf(x), argument, 0, reduceSum);
}

/** The product over axes. Zeros do no harm to its derivative: it is multiplied out as a tree. */
export function prod(x: ArrayLike, argument?: ReductionArgument): Value {
  return reduce(numberOf(x), argument, 1, (value, axes) => {
    const kept = otherAxes(value.shape.length, axes);
    const keptShape = kept.map((axis) => value.shape[axis]);
    let level = reshape(permute(value, [...kept, ...axes]), [...keptShape, countAt(value, axes)]);
    const axis = kept.length;
    if (level.shape[axis] === 0) return arithmetic.add(reduceSum(level, [axis]), constant(1, level));
    while (level.shape[axis] > 1) {
      const length = level.shape[axis];
      const half = Math.floor(length / 2);
      const pairs = arithmetic.mul(sliceAxis(level, axis, 0, half), sliceAxis(level, axis, half, 2 * half));
      level = length % 2 === 0 ? pairs : concatenate([pairs, sliceAxis(level, axis, 2 * half, length)], axis);
    }
    return reshape(level, keptShape);
  });
}

function countAt(x: Value, axes: readonly number[]): number {
  let count = 1;
  for (const axis of axes) count *= x.shape[axis];
  return count;
}

/** The largest entry over axes; its derivative is shared equally among ties. */
export function max(x: ArrayLike, argument?: ReductionArgument): Value {
  const value = asValue(x);
  return reduce(
    value,
    argument,
    value.dtype === "i32" ? -2147483648 : isFloat(value.dtype) ? -Infinity : 0,
    (v, axes) => reductions.reduceMax(nonEmpty(v, axes, "max"), axes),
  );
}

/** The smallest entry over axes; its derivative is shared equally among ties. */
export function min(x: ArrayLike, argument?: ReductionArgument): Value {
  const value = asValue(x);
  const highest = value.dtype === "i32" ? 2147483647 : value.dtype === "u32" ? 4294967295 : Infinity;
  return reduce(value, argument, value.dtype === "bool" ? 1 : highest, (v, axes) =>
    reductions.reduceMin(nonEmpty(v, axes, "min"), axes),
  );
}

function nonEmpty(x: Value, axes: readonly number[], name: string): Value {
  if (x.size > 0 || countAt(x, axes) > 0) return x;
  throw new PhxError({
    code: "PHX949",
    what: `${name} of no entries: shape [${x.shape.join(", ")}] over axes [${axes.join(", ")}]`,
    why: "an extremum needs at least one entry",
    fix: "check the length first",
  });
}

/** Whether any entry is non-zero. */
export function any(x: ArrayLike, argument?: ReductionArgument): Value {
  return reduce(convert(asValue(x), "bool"), argument, 0, reductions.reduceMax);
}

/** Whether all entries are non-zero. */
export function all(x: ArrayLike, argument?: ReductionArgument): Value {
  return reduce(convert(asValue(x), "bool"), argument, 1, reductions.reduceMin);
}

/** How many entries count, as a number of the dtype of x, in the shape of the reduction. */
function countOf(x: Value, argument: ReductionArgument | undefined): Value {
  const options = reductionOptions(argument);
  if (options.where === undefined) {
    return constant(countAt(x, normalizeAxes(options.axis, x.shape.length)), x);
  }
  const counted = where(options.where, constant(1, x), arithmetic.zerosLike(x));
  return sum(counted, { axis: options.axis ?? null, keepdims: options.keepdims === true });
}

/** The arithmetic mean over axes. */
export function mean(x: ArrayLike, argument?: ReductionArgument): Value {
  const value = floatOf(x);
  return arithmetic.div(sum(value, argument), countOf(value, argument));
}

export type VarianceArgument =
  | AxisArgument
  | (Exclude<ReductionArgument, AxisArgument> & {
      /** Divides by count − ddof. Default 0. */
      readonly ddof?: number;
    });

/** The mean squared deviation from the mean over axes. */
export function variance(x: ArrayLike, argument?: VarianceArgument): Value {
  const value = floatOf(x);
  const options = reductionOptions(argument);
  const ddof =
    typeof argument === "object" && argument !== null && "ddof" in argument ? (argument.ddof ?? 0) : 0;
  const deviation = arithmetic.sub(value, mean(value, { ...options, keepdims: true }));
  const total = sum(arithmetic.mul(deviation, deviation), options);
  return arithmetic.div(total, arithmetic.sub(countOf(value, options), constant(ddof, value)));
}

/** The square root of the variance. */
export function std(x: ArrayLike, argument?: VarianceArgument): Value {
  return exponential.sqrt(variance(x, argument));
}

/** The place (i32) of the first largest entry along an axis, of the flattened array without one. */
export function argmax(x: ArrayLike, axis?: number | null): Value {
  const [value, at] = alongAxis(x, axis);
  return reductions.argMax(value, at);
}

/** The place (i32) of the first smallest entry along an axis, of the flattened array without one. */
export function argmin(x: ArrayLike, axis?: number | null): Value {
  const [value, at] = alongAxis(x, axis);
  return reductions.argMin(value, at);
}

/** The array and axis of a one-axis function: flattened if no axis is given. */
function alongAxis(x: ArrayLike, axis: number | null | undefined): readonly [Value, number] {
  const value = asValue(x);
  if (axis === undefined || axis === null) return [reshape(value, [value.size]), 0];
  return [value, normalizeAxis(axis, value.shape.length)];
}

/** log Σ exp x over axes, without overflow. Where every entry is −∞ it is −∞ with derivative 0 (in JAX: NaN). */
export function logsumexp(x: ArrayLike, argument?: ReductionArgument): Value {
  const { keepdims, ...options } = reductionOptions(argument);
  const given = floatOf(x);
  const value = options.where === undefined ? given : where(options.where, given, constant(-Infinity, given));
  const axes = normalizeAxes(options.axis, value.shape.length);
  const top = arithmetic.stopGradient(reductions.reduceMax(value, axes));
  const zero = constant(0, value);
  const shift = arithmetic.where(comparison.isFinite(top), top, zero);
  const terms = exponential.exp(arithmetic.sub(value, keepAxes(shift, value.shape, axes, true)));
  const total = reduceSum(terms, axes);
  const empty = comparison.equal(total, zero);
  const logarithm = exponential.log(arithmetic.where(empty, constant(1, value), total));
  const result = arithmetic.where(empty, constant(-Infinity, value), arithmetic.add(logarithm, shift));
  return keepAxes(result, value.shape, axes, keepdims);
}

/** exp x / Σ exp x along axes (default the last). */
export function softmax(x: ArrayLike, argument: ReductionArgument = -1): Value {
  const { where: condition, axis } = reductionOptions(argument);
  const value = floatOf(x);
  const masked = condition === undefined ? value : where(condition, value, constant(-Infinity, value));
  const top = arithmetic.stopGradient(max(masked, { axis: axis ?? null, keepdims: true }));
  const terms = exponential.exp(arithmetic.sub(masked, top));
  return arithmetic.div(terms, sum(terms, { axis: axis ?? null, keepdims: true }));
}

/** x − logsumexp x along axes (default the last). */
export function logSoftmax(x: ArrayLike, argument: ReductionArgument = -1): Value {
  const { where: condition, axis } = reductionOptions(argument);
  const value = floatOf(x);
  const masked = condition === undefined ? value : where(condition, value, constant(-Infinity, value));
  const top = arithmetic.stopGradient(max(masked, { axis: axis ?? null, keepdims: true }));
  const shifted = arithmetic.sub(masked, top);
  return arithmetic.sub(
    shifted,
    exponential.log(sum(exponential.exp(shifted), { axis: axis ?? null, keepdims: true })),
  );
}

export interface CumulativeOptions {
  /** Along this axis; the flattened array by default. */
  readonly axis?: number | null;
  /** From the end backwards. */
  readonly reverse?: boolean;
}

function cumulative(
  x: Value,
  argument: number | null | CumulativeOptions | undefined,
  run: (x: Value, axis: number, reverse: boolean) => Value,
): Value {
  const options = typeof argument === "object" && argument !== null ? argument : { axis: argument ?? null };
  const [value, axis] = alongAxis(x, options.axis);
  return run(value, axis, options.reverse === true);
}

/** Running folds by doubling: after step k every entry covers the 2ᵏ entries up to it. */
function scanByDoubling(combine: (earlier: Value, later: Value) => Value) {
  return (x: Value, axis: number, backwards: boolean): Value => {
    let value = backwards ? reverse(x, [axis]) : x;
    const length = value.shape[axis];
    for (let k = 1; k < length; k *= 2) {
      const later = sliceAxis(value, axis, k, length);
      const combined = combine(sliceAxis(value, axis, 0, length - k), later);
      value = concatenate([sliceAxis(value, axis, 0, k), combined], axis);
    }
    return backwards ? reverse(value, [axis]) : value;
  };
}

type CumulativeArgument = number | null | CumulativeOptions;

/** Running sums along an axis. */
export function cumsum(x: ArrayLike, argument?: CumulativeArgument): Value {
  return cumulative(numberOf(x), argument, reductions.cumsum);
}
/** Running products along an axis; zeros do no harm to the derivative. */
export function cumprod(x: ArrayLike, argument?: CumulativeArgument): Value {
  return cumulative(numberOf(x), argument, scanByDoubling(arithmetic.mul));
}
/** Running maxima along an axis. */
export function cummax(x: ArrayLike, argument?: CumulativeArgument): Value {
  return cumulative(asValue(x), argument, scanByDoubling(rounding.maximum));
}
/** Running minima along an axis. */
export function cummin(x: ArrayLike, argument?: CumulativeArgument): Value {
  return cumulative(asValue(x), argument, scanByDoubling(rounding.minimum));
}
/** Running logsumexp along an axis. */
export function cumlogsumexp(x: ArrayLike, argument?: CumulativeArgument): Value {
  return cumulative(floatOf(x), argument, scanByDoubling(exponential.logaddexp));
}

/** Differences of neighbours along an axis (default the last). */
export function diff(x: ArrayLike, axis = -1): Value {
  const value = numberOf(x);
  const at = normalizeAxis(axis, value.shape.length);
  const length = value.shape[at];
  return arithmetic.sub(
    sliceAxis(value, at, Math.min(1, length), length),
    sliceAxis(value, at, 0, Math.max(0, length - 1)),
  );
}

/** How many entries are not 0. */
export function countNonzero(x: ArrayLike, argument?: ReductionArgument): Value {
  return sum(convert(asValue(x), "bool"), argument);
}
