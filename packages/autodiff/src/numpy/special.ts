// np's special functions and the activation functions of neural networks.
import type { ArrayLike } from "../as-value.ts";
import { PhxError } from "../errors.ts";
import { constant, sub, where } from "../primitives/arithmetic.ts";
import * as comparison from "../primitives/comparison.ts";
import * as exponential from "../primitives/exponential.ts";
import * as incomplete from "../primitives/incomplete.ts";
import * as functions from "../primitives/special-functions.ts";
import type { Value } from "../trace.ts";
import { add, div, log, mul, neg } from "./elementwise.ts";
import { floatOf, promoteFloat } from "./promote.ts";

export const erf = (x: ArrayLike): Value => functions.erf(floatOf(x));
/** 1 − erf x, accurate in the tail. */
export const erfc = (x: ArrayLike): Value => functions.erfc(floatOf(x));
export const erfinv = (x: ArrayLike): Value => functions.erfinv(floatOf(x));
/** log |Γ(x)| */
export const lgamma = (x: ArrayLike): Value => functions.lgamma(floatOf(x));
/** The derivative of log Γ. */
export const digamma = (x: ArrayLike): Value => functions.polygamma(0, floatOf(x));
/** The derivative of digamma of a static order. */
export function polygamma(order: number, x: ArrayLike): Value {
  if (Number.isInteger(order) && order >= 0) return functions.polygamma(order, floatOf(x));
  throw new PhxError({
    code: "PHX949",
    what: `polygamma of order ${order}`,
    why: "the order is a static integer from 0 (digamma) on",
    fix: "give such a number",
  });
}
/** The regularized lower incomplete gamma function P(a, x). */
export const gammainc = (a: ArrayLike, x: ArrayLike): Value => {
  const [shape, value] = promoteFloat([a, x]);
  return incomplete.gammainc(shape, value);
};
/** 1 − P(a, x), accurate in the tail. */
export const gammaincc = (a: ArrayLike, x: ArrayLike): Value => {
  const [shape, value] = promoteFloat([a, x]);
  return incomplete.gammaincc(shape, value);
};
/** The regularized incomplete beta function I_x(a, b). */
export const betainc = (a: ArrayLike, b: ArrayLike, x: ArrayLike): Value => {
  const [first, second, value] = promoteFloat([a, b, x]);
  return incomplete.betainc(first, second, value);
};
/** log B(a, b) */
export const betaln = (a: ArrayLike, b: ArrayLike): Value => {
  const [x, y] = [floatOf(a), floatOf(b)];
  return sub(functions.lgamma(x), sub(lgamma(add(x, y)), functions.lgamma(y)));
};
/** The distribution function of the standard normal distribution. */
export const ndtr = (x: ArrayLike): Value => mul(0.5, erfc(mul(-Math.SQRT1_2, floatOf(x))));

/** 1 / (1 + e^(−x)) */
export const sigmoid = (x: ArrayLike): Value => exponential.logistic(floatOf(x));
/** log(p / (1 − p)) */
export const logit = (p: ArrayLike): Value => {
  const value = floatOf(p);
  return log(div(value, sub(constant(1, value), value)));
};
/** log(1 + e^x), accurate for large |x|. */
export const softplus = (x: ArrayLike): Value => {
  const value = floatOf(x);
  return exponential.logaddexp(value, constant(0, value));
};
/** log sigmoid(x) */
export const logSigmoid = (x: ArrayLike): Value => neg(softplus(neg(x)));
/** max(x, 0); its derivative at 0 is 0. */
export const relu = (x: ArrayLike): Value => {
  const value = floatOf(x);
  const zero = constant(0, value);
  return where(comparison.less(zero, value), value, zero);
};
/** min(max(x, 0), 6); its derivative at 0 and at 6 is 0. */
export const relu6 = (x: ArrayLike): Value => {
  const value = floatOf(x);
  const six = constant(6, value);
  const positive = relu(value);
  return where(comparison.less(value, six), positive, six);
};
/** x where x > 0, else slope · x. */
export const leakyRelu = (x: ArrayLike, slope = 0.01): Value => {
  const value = floatOf(x);
  return where(comparison.lessEqual(constant(0, value), value), value, mul(slope, value));
};
/** x where x > 0, else α (e^x − 1). */
export const elu = (x: ArrayLike, alpha = 1): Value => {
  const value = floatOf(x);
  const zero = constant(0, value);
  const positive = comparison.less(zero, value);
  // The branch not taken sees 0, so that it cannot overflow.
  return where(positive, value, mul(alpha, exponential.expm1(where(positive, zero, value))));
};
/** x · sigmoid(x) */
export const silu = (x: ArrayLike): Value => mul(x, sigmoid(x));
/** x Φ(x), with Φ the normal distribution function. */
export const gelu = (x: ArrayLike): Value => mul(x, ndtr(x));
