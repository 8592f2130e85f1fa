// np's functions that work entry by entry, with NumPy's broadcasting and JAX's promotion of dtypes.
import type { DType } from "../array.ts";
import { isFloat } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { asValue } from "../as-value.ts";
import { NdArray } from "../ndarray.ts";
import * as arithmetic from "../primitives/arithmetic.ts";
import * as comparison from "../primitives/comparison.ts";
import * as exponential from "../primitives/exponential.ts";
import * as rounding from "../primitives/rounding.ts";
import * as trigonometric from "../primitives/trigonometric.ts";
import type { Value } from "../trace.ts";
import { floatOf, isInteger, numberOf, promote, promoteFloat, promoteNumber } from "./promote.ts";

const { constant, convert } = arithmetic;

type Binary = (x: Value, y: Value) => Value;

function onNumbers(f: Binary, x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promoteNumber([x, y]);
  return f(a, b);
}
function onFloats(f: Binary, x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promoteFloat([x, y]);
  return f(a, b);
}
function onAny(f: Binary, x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promote([x, y]);
  return f(a, b);
}

// Arithmetic

export const add = (x: ArrayLike, y: ArrayLike): Value => onNumbers(arithmetic.add, x, y);
export const sub = (x: ArrayLike, y: ArrayLike): Value => onNumbers(arithmetic.sub, x, y);
export const mul = (x: ArrayLike, y: ArrayLike): Value => onNumbers(arithmetic.mul, x, y);
/** True division: integers become f64. */
export const div = (x: ArrayLike, y: ArrayLike): Value => onFloats(arithmetic.div, x, y);
export const neg = (x: ArrayLike): Value => arithmetic.neg(numberOf(x));
export const reciprocal = (x: ArrayLike): Value => div(1, x);
export const square = (x: ArrayLike): Value => {
  const value = numberOf(x);
  return arithmetic.mul(value, value);
};
/** ⌊x / y⌋ */
export function floorDivide(x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promoteNumber([x, y]);
  if (isFloat(a.dtype)) return rounding.floor(arithmetic.div(a, b));
  const quotient = arithmetic.div(a, b);
  const inexact = comparison.notEqual(arithmetic.mul(quotient, b), a);
  const negative = comparison.less(arithmetic.mul(rounding.sign(a), rounding.sign(b)), constant(0, a));
  return arithmetic.sub(quotient, convert(comparison.and(inexact, negative), a.dtype));
}
/** x − ⌊x / y⌋ y: the remainder with the sign of y, as `%` in Python. */
export function mod(x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promoteNumber([x, y]);
  const r = rounding.rem(a, b);
  const zero = constant(0, a);
  const differs = comparison.notEqual(comparison.less(r, zero), comparison.less(b, zero));
  return arithmetic.where(comparison.and(comparison.notEqual(r, zero), differs), arithmetic.add(r, b), r);
}
/** The remainder with the sign of x, as `%` in JavaScript. */
export const rem = (x: ArrayLike, y: ArrayLike): Value => onNumbers(rounding.rem, x, y);
/** x^y. A plain integer y is a static exponent: repeated multiplication, x^0 = 1 with derivative 0. */
export function pow(x: ArrayLike, y: ArrayLike): Value {
  if (typeof y === "number" && Number.isInteger(y) && Math.abs(y) <= 1024) {
    const value = numberOf(x);
    return exponential.integerPow(y < 0 ? floatOf(value) : value, y);
  }
  const exponent = asValue(y);
  if (isInteger(exponent.dtype)) {
    // An exponent 0 is exact whatever the base.
    const [base, e] = promoteFloat([x, exponent]);
    const isZero = comparison.equal(exponent, constant(0, exponent));
    return exponential.pow(arithmetic.where(isZero, constant(1, base), base), e);
  }
  return onFloats(exponential.pow, x, exponent);
}
export const maximum = (x: ArrayLike, y: ArrayLike): Value => onAny(rounding.maximum, x, y);
export const minimum = (x: ArrayLike, y: ArrayLike): Value => onAny(rounding.minimum, x, y);
/** min(upper, max(lower, x)); null for no bound. At a bound the derivative is ½, as in JAX. */
export function clip(x: ArrayLike, lower: ArrayLike | null, upper: ArrayLike | null): Value {
  const raised = lower === null ? asValue(x) : maximum(lower, x);
  return upper === null ? raised : minimum(upper, raised);
}

// Rounding and signs; integers are their own rounding

const rounded =
  (f: (x: Value) => Value) =>
  (x: ArrayLike): Value => {
    const value = numberOf(x);
    return isFloat(value.dtype) ? f(value) : value;
  };
export const floor: (x: ArrayLike) => Value = rounded(rounding.floor);
export const ceil: (x: ArrayLike) => Value = rounded(rounding.ceil);
/** Ties go to the even neighbour. */
export const round: (x: ArrayLike) => Value = rounded(rounding.round);
export const trunc: (x: ArrayLike) => Value = rounded((x) =>
  arithmetic.where(comparison.less(x, constant(0, x)), rounding.ceil(x), rounding.floor(x)),
);
export const sign = (x: ArrayLike): Value => rounding.sign(numberOf(x));
export const abs = (x: ArrayLike): Value => rounding.abs(numberOf(x));

// Roots, exponentials and logarithms

export const sqrt = (x: ArrayLike): Value => exponential.sqrt(floatOf(x));
export const rsqrt = (x: ArrayLike): Value => div(1, sqrt(x));
export const cbrt = (x: ArrayLike): Value => exponential.cbrt(floatOf(x));
export const exp = (x: ArrayLike): Value => exponential.exp(floatOf(x));
export const exp2 = (x: ArrayLike): Value => onFloats(exponential.pow, 2, floatOf(x));
export const expm1 = (x: ArrayLike): Value => exponential.expm1(floatOf(x));
export const log = (x: ArrayLike): Value => exponential.log(floatOf(x));
export const log1p = (x: ArrayLike): Value => exponential.log1p(floatOf(x));
export const log2 = (x: ArrayLike): Value => exponential.log2(floatOf(x));
export const log10 = (x: ArrayLike): Value => exponential.log10(floatOf(x));
/** log(e^x + e^y) */
export const logaddexp = (x: ArrayLike, y: ArrayLike): Value => onFloats(exponential.logaddexp, x, y);
/** x log y, 0 at x = 0. */
export const xlogy = (x: ArrayLike, y: ArrayLike): Value => onFloats(exponential.xlogy, x, y);
/** x log(1 + y), 0 at x = 0. */
export const xlog1py = (x: ArrayLike, y: ArrayLike): Value => onFloats(exponential.xlog1py, x, y);
/** −x log x */
export const entr = (x: ArrayLike): Value => exponential.entr(floatOf(x));

// Trigonometric and hyperbolic functions

export const sin = (x: ArrayLike): Value => trigonometric.sin(floatOf(x));
export const cos = (x: ArrayLike): Value => trigonometric.cos(floatOf(x));
export const tan = (x: ArrayLike): Value => trigonometric.tan(floatOf(x));
export const asin = (x: ArrayLike): Value => trigonometric.asin(floatOf(x));
export const acos = (x: ArrayLike): Value => trigonometric.acos(floatOf(x));
export const atan = (x: ArrayLike): Value => trigonometric.atan(floatOf(x));
/** Angle of the point (x, y); the ordinate y comes first. */
export const atan2 = (y: ArrayLike, x: ArrayLike): Value => onFloats(trigonometric.atan2, y, x);
export const hypot = (x: ArrayLike, y: ArrayLike): Value => onFloats(trigonometric.hypot, x, y);
export const sinh = (x: ArrayLike): Value => trigonometric.sinh(floatOf(x));
export const cosh = (x: ArrayLike): Value => trigonometric.cosh(floatOf(x));
export const tanh = (x: ArrayLike): Value => trigonometric.tanh(floatOf(x));
export const asinh = (x: ArrayLike): Value => trigonometric.asinh(floatOf(x));
export const acosh = (x: ArrayLike): Value => trigonometric.acosh(floatOf(x));
export const atanh = (x: ArrayLike): Value => trigonometric.atanh(floatOf(x));

// Comparisons

export const equal = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.equal, x, y);
export const notEqual = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.notEqual, x, y);
export const less = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.less, x, y);
export const lessEqual = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.lessEqual, x, y);
export const greater = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.greater, x, y);
export const greaterEqual = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.greaterEqual, x, y);
export const isnan = (x: ArrayLike): Value => {
  const value = asValue(x);
  return comparison.notEqual(value, value);
};
export const isfinite = (x: ArrayLike): Value => comparison.isFinite(floatOf(x));
export const isinf = (x: ArrayLike): Value => comparison.not(comparison.or(isfinite(x), isnan(floatOf(x))));

// Logic and bits

/** x as a condition: itself if bool, else x ≠ 0. */
const truth = (x: ArrayLike): Value => convert(asValue(x), "bool");
export const logicalAnd = (x: ArrayLike, y: ArrayLike): Value => comparison.and(truth(x), truth(y));
export const logicalOr = (x: ArrayLike, y: ArrayLike): Value => comparison.or(truth(x), truth(y));
export const logicalXor = (x: ArrayLike, y: ArrayLike): Value => comparison.xor(truth(x), truth(y));
export const logicalNot = (x: ArrayLike): Value => comparison.not(truth(x));
export const bitwiseAnd = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.and, x, y);
export const bitwiseOr = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.or, x, y);
export const bitwiseXor = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.xor, x, y);
export const bitwiseNot = (x: ArrayLike): Value => comparison.not(asValue(x));
export const leftShift = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.shiftLeft, x, y);
/** Zeros come in from above. */
export const rightShift = (x: ArrayLike, y: ArrayLike): Value => onAny(comparison.shiftRight, x, y);

// Choice and conversion

/** x where the condition holds, else y. The derivative of the branch not taken is 0 times its own: guard it too. */
export function where(condition: ArrayLike, x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promote([x, y]);
  return arithmetic.where(truth(condition), a, b);
}
/** The list's array number which[i] at each place i, as numbers 0 to n − 1; the last one beyond. */
export function select(which: ArrayLike, choices: readonly ArrayLike[]): Value {
  const index = asValue(which);
  const values = promote(choices);
  let result = values[values.length - 1];
  for (let i = values.length - 2; i >= 0; i--) {
    result = arithmetic.where(comparison.equal(index, constant(i, index)), values[i], result);
  }
  return result;
}
/** x in a dtype: integers truncate and wrap, bool is x ≠ 0. */
export const astype = (x: ArrayLike, dtype: DType): Value => convert(asValue(x), dtype);
export const nanToNum = (x: ArrayLike, replacement = 0): Value => {
  const value = floatOf(x);
  return arithmetic.where(isnan(value), constant(replacement, value), value);
};
/** Whether entries differ by at most atol + rtol |y|. */
export function isclose(x: ArrayLike, y: ArrayLike, rtol = 1e-5, atol = 1e-8): Value {
  const [a, b] = promoteFloat([x, y]);
  const near = lessEqual(abs(sub(a, b)), add(mul(rtol, abs(b)), atol));
  return logicalOr(equal(a, b), logicalAnd(near, isfinite(b)));
}
/** A copy of the same array type filled with one number. */
export function fullLike(x: ArrayLike, value: number): NdArray {
  const like = asValue(x);
  const elements = arithmetic.zerosLike(like).elements.fill(value);
  return new NdArray(elements, like.shape, like.dtype);
}
export const zerosLike = (x: ArrayLike): NdArray => fullLike(x, 0);
export const onesLike = (x: ArrayLike): NdArray => fullLike(x, 1);
