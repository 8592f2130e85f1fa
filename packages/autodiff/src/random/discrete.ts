// Random integers, choices and permutations, bit for bit as JAX draws them.
import { sizeOf } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { asValue } from "../as-value.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import { searchsorted, take } from "../numpy/indexing.ts";
import { floatOf } from "../numpy/promote.ts";
import { add, constant, convert, mul, neg, sub, where } from "../primitives/arithmetic.ts";
import { less } from "../primitives/comparison.ts";
import { log } from "../primitives/exponential.ts";
import { range } from "../primitives/layout.ts";
import { argMax, argSort, cumsum } from "../primitives/reductions.ts";
import { rem } from "../primitives/rounding.ts";
import { sliceAxis } from "../primitives/slicing.ts";
import { moveAxis, reshape } from "../primitives/structural.ts";
import { log as specialLog } from "../special/index.ts";
import type { Value } from "../trace.ts";
import { normalizeAxis } from "../numpy/axes.ts";
import { bits, splitList } from "./keys.ts";
import { gumbel, uniform } from "./uniform.ts";

/** Integers (i32) in [lower, upper), both static; nearly unbiased: 64 bits are reduced. */
export function randint(key: ArrayLike, shape: readonly number[], lower: number, upper: number): Value {
  const span = upper - lower;
  if (!(Number.isInteger(lower) && Number.isInteger(upper) && span >= 1 && span <= 4294967295)) {
    throw new PhxError({
      code: "PHX949",
      what: `randint from ${lower} to ${upper}`,
      why: "the bounds are integers, lower < upper, at most 2³² − 1 apart",
      fix: "give such bounds",
    });
  }
  const [keyHigh, keyLow] = splitList(key);
  const divisor = new NdArray(Uint32Array.of(span), [], "u32");
  // 2³² mod span, by which the high word counts
  const root = 65536 % span;
  const multiplier = new NdArray(Uint32Array.of(Math.imul(root, root) >>> 0), [], "u32");
  const high = mul(rem(bits(keyHigh, shape), divisor), rem(multiplier, divisor));
  const offset = rem(add(high, rem(bits(keyLow, shape), divisor)), divisor);
  return add(convert(offset, "i32"), new NdArray(Int32Array.of(lower), [], "i32"));
}

/** true with probability p, broadcast to a shape. */
export function bernoulli(key: ArrayLike, p: ArrayLike = 0.5, shape?: readonly number[]): Value {
  const probability = floatOf(p);
  const dtype = probability.dtype === "f32" ? "f32" : "f64";
  return less(uniform(key, shape ?? probability.shape, { dtype }), probability);
}

/** −1 or 1 (i32), with probability ½ each. */
export function rademacher(key: ArrayLike, shape: readonly number[] = []): Value {
  const drawn = bernoulli(key, 0.5, shape);
  return where(drawn, new NdArray(Int32Array.of(1), [], "i32"), new NdArray(Int32Array.of(-1), [], "i32"));
}

export interface CategoricalOptions {
  /** The axis of the classes. Default −1. */
  readonly axis?: number;
  /** Shape of the result; its last axes are those of the logits without the axis of classes. */
  readonly shape?: readonly number[];
}

/** Class numbers (i32) with probabilities proportional to e^logits: the largest of logits + Gumbel numbers. */
export function categorical(key: ArrayLike, logits: ArrayLike, options: CategoricalOptions = {}): Value {
  const value = floatOf(logits);
  const axis = normalizeAxis(options.axis ?? -1, value.shape.length);
  const last = moveAxis(value, axis, value.shape.length - 1);
  const classes = last.shape[last.shape.length - 1];
  const shape = options.shape ?? last.shape.slice(0, -1);
  const dtype = value.dtype === "f32" ? "f32" : "f64";
  const noisy = add(gumbel(key, [...shape, classes], { dtype }), last);
  return argMax(noisy, noisy.shape.length - 1);
}

/** x, or 0 … x − 1 for a number, in random order along an axis: sorted by random bits, several times for long ones. */
export function permutation(key: ArrayLike, x: number | ArrayLike, axis = 0): Value {
  const value = typeof x === "number" ? counting(x) : asValue(x);
  const at = normalizeAxis(axis, value.shape.length);
  const length = value.shape[at];
  return take(value, shuffled(key, length), at);
}

/** 0 … n − 1 in random order. So many rounds that two equal bit patterns in all of them are improbable. */
function shuffled(key: ArrayLike, length: number): Value {
  const rounds = Math.ceil((3 * specialLog(Math.max(1, length))) / specialLog(4294967295));
  let order: Value = counting(length);
  let current = asValue(key);
  for (let round = 0; round < rounds; round++) {
    const [next, drawn] = splitList(current);
    order = take(order, argSort(bits(drawn, [length]), 0), 0);
    current = next;
  }
  return order;
}

function counting(length: number): NdArray {
  return new NdArray(Int32Array.from(range(length)), [length], "i32");
}

export interface ChoiceOptions {
  /** Whether an entry may be drawn more than once. Default true. */
  readonly replace?: boolean;
  /** Probabilities of the entries; equal by default. */
  readonly p?: ArrayLike;
}

/** Entries of x along axis 0 (of 0 … x − 1 for a number), drawn at random into a shape. */
export function choice(
  key: ArrayLike,
  x: number | ArrayLike,
  shape: readonly number[] = [],
  options: ChoiceOptions = {},
): Value {
  const { replace = true, p } = options;
  const value = typeof x === "number" ? counting(x) : asValue(x);
  const length = value.shape[0];
  const count = sizeOf(shape);
  if (length === 0 || (!replace && count > length)) {
    throw new PhxError({
      code: "PHX949",
      what: `choice of ${count} out of ${length} entries${replace ? "" : " without replacement"}`,
      why: "there are not as many",
      fix: "draw fewer, or with replacement",
    });
  }
  if (p === undefined) {
    const places = replace
      ? randint(key, shape, 0, length)
      : reshape(sliceAxis(shuffled(key, length), 0, 0, count), shape);
    return take(value, places, 0);
  }
  const weights = floatOf(p);
  if (replace) {
    const cumulative = cumsum(weights, 0);
    const total = reshape(sliceAxis(cumulative, 0, length - 1, length), []);
    const u = uniform(key, shape);
    return take(value, searchsorted(cumulative, mul(total, sub(constant(1, u), u))), 0);
  }
  // The places of the largest log p + Gumbel numbers are a draw without replacement.
  const keys = neg(add(gumbel(key, [length]), log(weights)));
  return take(value, reshape(sliceAxis(argSort(keys, 0), 0, 0, count), shape), 0);
}
