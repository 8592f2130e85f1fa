// Numbers made of gamma numbers, and counts.
import { sizeOf } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { asValue } from "../as-value.ts";
import { floatOf, promoteFloat } from "../numpy/promote.ts";
import { matmul } from "../numpy/contraction.ts";
import { logsumexp } from "../numpy/reductions.ts";
import { add, constant, div, mul, sub } from "../primitives/arithmetic.ts";
import { exp, logaddexp, sqrt } from "../primitives/exponential.ts";
import { broadcastShapes } from "../primitives/layout.ts";
import { cholesky } from "../numpy/linalg.ts";
import { broadcastTo, reshape } from "../primitives/structural.ts";
import type { Value } from "../trace.ts";
import { splitList, wordsOf } from "./keys.ts";
import { randomLogGamma, randomPoisson } from "../primitives/random-rejection.ts";
import { normal } from "./uniform.ts";

/** One draw for each entry of a parameter, broadcast to a shape. */
function drawEach(
  key: ArrayLike,
  parameter: Value,
  shape: readonly number[] | undefined,
  run: (keys: Value, parameters: Value) => Value,
): Value {
  wordsOf(key);
  const full = broadcastTo(parameter, shape ?? parameter.shape);
  const drawn = run(reshape(asValue(key), [1, 2]), reshape(full, [1, sizeOf(full.shape)]));
  return reshape(drawn, full.shape);
}

/** Logarithms of gamma numbers of shape a and rate 1: no underflow for small a. Differentiable in a. */
export function loggamma(key: ArrayLike, a: ArrayLike, shape?: readonly number[]): Value {
  return drawEach(key, floatOf(a), shape, randomLogGamma);
}

/** Gamma numbers of shape a and rate 1, differentiable in a (implicit reparameterization). */
export function gamma(key: ArrayLike, a: ArrayLike, shape?: readonly number[]): Value {
  return exp(loggamma(key, a, shape));
}

/** Beta numbers, differentiable in a and b. */
export function beta(key: ArrayLike, a: ArrayLike, b: ArrayLike, shape?: readonly number[]): Value {
  const [first, second] = promoteFloat([a, b]);
  const common = shape ?? broadcastShapes([first.shape, second.shape]) ?? first.shape;
  const [keyA, keyB] = splitList(key);
  const logA = loggamma(keyA, first, common);
  const logB = loggamma(keyB, second, common);
  return exp(sub(logA, logaddexp(logA, logB)));
}

/** Dirichlet vectors along a new meaning of the last axis of alpha [..., k], differentiable in alpha. */
export function dirichlet(key: ArrayLike, alpha: ArrayLike, shape?: readonly number[]): Value {
  const value = floatOf(alpha);
  const k = value.shape[value.shape.length - 1];
  const logs = loggamma(key, value, shape === undefined ? undefined : [...shape, k]);
  return exp(sub(logs, logsumexp(logs, { axis: -1, keepdims: true })));
}

/** Chi-square numbers: twice a gamma number of shape df/2. */
export function chisquare(key: ArrayLike, df: ArrayLike, shape?: readonly number[]): Value {
  const half = mul(constant(0.5, floatOf(df)), floatOf(df));
  const draw = gamma(key, half, shape);
  return mul(constant(2, draw), draw);
}

/** Student's t numbers: normal √(df / chi-square). */
export function studentT(key: ArrayLike, df: ArrayLike, shape?: readonly number[]): Value {
  const value = floatOf(df);
  const [keyN, keyG] = splitList(key);
  const half = mul(constant(0.5, value), value);
  const g = gamma(keyG, half, shape);
  return mul(normal(keyN, g.shape), sqrt(div(broadcastTo(half, g.shape), g)));
}

/** Poisson numbers (i32) of given means. */
export function poisson(key: ArrayLike, mean: ArrayLike, shape?: readonly number[]): Value {
  return drawEach(key, floatOf(mean), shape, randomPoisson);
}

/** Normal vectors [...shape, k] of a mean [k] and covariance [k, k], by Cholesky. */
export function multivariateNormal(
  key: ArrayLike,
  mean: ArrayLike,
  covariance: ArrayLike,
  shape: readonly number[] = [],
): Value {
  const [center, matrix] = promoteFloat([mean, covariance]);
  const k = center.shape[center.shape.length - 1];
  const factor = cholesky(matrix);
  const draws = normal(key, [...shape, k]);
  return add(center, reshape(matmul(factor, reshape(draws, [...shape, k, 1])), [...shape, k]));
}
