// Uniform numbers, and what is a monotone function of one of them.
import type { ArrayLike } from "../as-value.ts";
import { asValue } from "../as-value.ts";
import { NdArray } from "../ndarray.ts";
import { floatOf } from "../numpy/promote.ts";
import { add, constant, convert, div, mul, neg, sub, where } from "../primitives/arithmetic.ts";
import { less, shiftRight } from "../primitives/comparison.ts";
import { exp, log, log1p, pow, sqrt } from "../primitives/exponential.ts";
import { maximum, minimum } from "../primitives/rounding.ts";
import { erf, erfinv } from "../primitives/special-functions.ts";
import { tan } from "../primitives/trigonometric.ts";
import type { Value } from "../trace.ts";
import type { FloatDType } from "./keys.ts";
import { bits, wordPairs } from "./keys.ts";

export interface DrawOptions {
  /** Default "f64". */
  readonly dtype?: FloatDType;
}

export interface UniformOptions extends DrawOptions {
  /** Default 0. */
  readonly lower?: ArrayLike;
  /** Default 1. */
  readonly upper?: ArrayLike;
}

/** Numbers in [0, 1): multiples of 2⁻⁵² (of 2⁻²³ for f32), the leading bits of a block, as in JAX. */
function unit(key: ArrayLike, shape: readonly number[], dtype: FloatDType): Value {
  const shift = (by: number): NdArray => new NdArray(Uint32Array.of(by), [], "u32");
  if (dtype === "f32") {
    const leading = convert(shiftRight(bits(key, shape), shift(9)), "f32");
    return mul(leading, constant(1 / 8388608, leading));
  }
  const [high, low] = wordPairs(key, shape);
  const leading = convert(high, "f64");
  const trailing = convert(shiftRight(low, shift(12)), "f64");
  return mul(
    add(mul(leading, constant(1048576, leading)), trailing),
    constant(1 / 4503599627370496, leading),
  );
}

/** Numbers in [lower, upper), which may be traced and broadcast to the shape. */
export function uniform(key: ArrayLike, shape: readonly number[] = [], options: UniformOptions = {}): Value {
  const draw = unit(key, shape, options.dtype ?? "f64");
  if (options.lower === undefined && options.upper === undefined) return draw;
  const lower = convert(asValue(options.lower ?? 0), draw.dtype);
  const upper = convert(asValue(options.upper ?? 1), draw.dtype);
  // Rounding must not fall below the lower end.
  return maximum(lower, add(mul(draw, sub(upper, lower)), lower));
}

/** Standard normal numbers: √2 erfinv of a uniform number in (−1, 1), the inverse of the distribution function. */
export function normal(key: ArrayLike, shape: readonly number[] = [], options: DrawOptions = {}): Value {
  const dtype = options.dtype ?? "f64";
  // The smallest number above −1.
  const lower = dtype === "f64" ? -0.9999999999999999 : -0.9999999403953552;
  const draw = uniform(key, shape, { lower, upper: 1, dtype });
  return mul(constant(Math.SQRT2, draw), erfinv(draw));
}

/** Standard normal numbers between two bounds. The tails beyond 6 are as coarse as erf is near 1. */
export function truncatedNormal(
  key: ArrayLike,
  lower: ArrayLike,
  upper: ArrayLike,
  shape: readonly number[] = [],
): Value {
  const [low, high] = [floatOf(lower), floatOf(upper)];
  const half = constant(Math.SQRT1_2, low);
  const draw = uniform(key, shape, { lower: erf(mul(low, half)), upper: erf(mul(high, half)) });
  return minimum(maximum(mul(constant(Math.SQRT2, draw), erfinv(draw)), low), high);
}

/** Exponential numbers of rate 1: −log(1 − u). */
export function exponential(key: ArrayLike, shape: readonly number[] = [], options: DrawOptions = {}): Value {
  return neg(log1p(neg(unit(key, shape, options.dtype ?? "f64"))));
}

/** Standard Gumbel numbers: −log(−log u). */
export function gumbel(key: ArrayLike, shape: readonly number[] = [], options: DrawOptions = {}): Value {
  const dtype = options.dtype ?? "f64";
  const tiny = dtype === "f64" ? 2.2250738585072014e-308 : 1.1754943508222875e-38;
  return neg(log(neg(log(uniform(key, shape, { lower: tiny, upper: 1, dtype })))));
}

/** Standard logistic numbers: log(u / (1 − u)). */
export function logistic(key: ArrayLike, shape: readonly number[] = [], options: DrawOptions = {}): Value {
  const dtype = options.dtype ?? "f64";
  const draw = uniform(key, shape, { lower: dtype === "f64" ? 2 ** -53 : 2 ** -24, upper: 1, dtype });
  return log(div(draw, sub(constant(1, draw), draw)));
}

/** Standard Laplace numbers: sign(u) log(1 − |u|) for u uniform in (−1, 1). */
export function laplace(key: ArrayLike, shape: readonly number[] = [], options: DrawOptions = {}): Value {
  const dtype = options.dtype ?? "f64";
  const lower = dtype === "f64" ? -0.9999999999999999 : -0.9999999403953552;
  const draw = uniform(key, shape, { lower, upper: 1, dtype });
  const zero = constant(0, draw);
  return where(less(draw, zero), neg(log1p(draw)), log1p(neg(draw)));
}

/** Standard Cauchy numbers: tan(π (u − ½)). */
export function cauchy(key: ArrayLike, shape: readonly number[] = [], options: DrawOptions = {}): Value {
  const dtype = options.dtype ?? "f64";
  const draw = uniform(key, shape, { lower: dtype === "f64" ? 2 ** -52 : 2 ** -23, upper: 1, dtype });
  return tan(mul(constant(Math.PI, draw), sub(draw, constant(0.5, draw))));
}

/** e^(σ z) with z standard normal. */
export function lognormal(key: ArrayLike, sigma: ArrayLike = 1, shape: readonly number[] = []): Value {
  const draw = normal(key, shape);
  return exp(mul(convert(asValue(sigma), draw.dtype), draw));
}

/** Pareto numbers of shape b on [1, ∞): e^(x/b) with x exponential. */
export function pareto(key: ArrayLike, b: ArrayLike, shape: readonly number[] = []): Value {
  const draw = exponential(key, shape);
  return exp(div(draw, convert(asValue(b), draw.dtype)));
}

/** Weibull numbers of scale and concentration: scale · x^(1/concentration) with x exponential. */
export function weibull(
  key: ArrayLike,
  scale: ArrayLike,
  concentration: ArrayLike,
  shape: readonly number[] = [],
): Value {
  const draw = exponential(key, shape);
  const power = div(constant(1, draw), convert(asValue(concentration), draw.dtype));
  return mul(convert(asValue(scale), draw.dtype), pow(draw, power));
}

/** Rayleigh numbers of a scale: scale √(2 x) with x exponential. */
export function rayleigh(key: ArrayLike, scale: ArrayLike = 1, shape: readonly number[] = []): Value {
  const draw = exponential(key, shape);
  return mul(convert(asValue(scale), draw.dtype), sqrt(mul(constant(2, draw), draw)));
}
