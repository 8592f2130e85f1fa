// Roots, exponentials, logarithms and powers.
import type { Parameters, Primitive } from "../primitive.ts";
import * as special from "../special/index.ts";
import type { Value } from "../trace.ts";
import { add, addTangents, constant, div, mul, neg, scale, sub, where } from "./arithmetic.ts";
import { apply, single } from "./apply.ts";
import { and, equal, isFinite, not } from "./comparison.ts";
import type { UnaryDefinition } from "./elementwise.ts";
import { binary, elementwiseType, floats, numbers, unary } from "./elementwise.ts";
import { allocate } from "../array.ts";
import { NdArray } from "../ndarray.ts";

const none = {};

/** A function of floats from a scalar function of this package, whose bits are the same everywhere. */
export function scalarFunction(
  name: string,
  documentation: string,
  loop: UnaryDefinition["loop"],
  tangent: (t: Value, x: Value, y: Value) => Value,
): Primitive {
  return unary({ name, documentation, accepts: floats, loop, tangent });
}

export const sqrtPrimitive: Primitive = scalarFunction(
  "sqrt",
  "√x; NaN below 0",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(a[i]);
  },
  // d√x = dx / (2 √x), ∞ at 0
  (t, _x, y) => mul(t, div(constant(0.5, y), y)),
);

export const cbrtPrimitive: Primitive = scalarFunction(
  "cbrt",
  "∛x",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.cbrt(a[i]);
  },
  // d∛x = dx / (3 (∛x)²)
  (t, _x, y) => div(t, scale(3, mul(y, y))),
);

export const expPrimitive: Primitive = scalarFunction(
  "exp",
  "e^x",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.exp(a[i]);
  },
  // d e^x = e^x dx
  (t, _x, y) => mul(t, y),
);

export const expm1Primitive: Primitive = scalarFunction(
  "expm1",
  "e^x − 1, accurate near 0",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.expm1(a[i]);
  },
  // d (e^x − 1) = e^x dx
  (t, _x, y) => mul(t, add(y, constant(1, y))),
);

export const logPrimitive: Primitive = scalarFunction(
  "log",
  "natural logarithm; −∞ at 0, NaN below",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.log(a[i]);
  },
  // d log x = dx / x
  (t, x) => div(t, x),
);

export const log1pPrimitive: Primitive = scalarFunction(
  "log1p",
  "log(1 + x), accurate near 0",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.log1p(a[i]);
  },
  // d log(1 + x) = dx / (1 + x)
  (t, x) => div(t, add(constant(1, x), x)),
);

export const log2Primitive: Primitive = scalarFunction(
  "log2",
  "logarithm to the base 2, exact at powers of 2",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.log2(a[i]);
  },
  // d log₂ x = log₂ e dx / x
  (t, x) => scale(Math.LOG2E, div(t, x)),
);

export const log10Primitive: Primitive = scalarFunction(
  "log10",
  "logarithm to the base 10, exact at powers of 10",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.log10(a[i]);
  },
  (t, x) => scale(Math.LOG10E, div(t, x)),
);

export const logisticPrimitive: Primitive = scalarFunction(
  "logistic",
  "1 / (1 + e^(−x)), the sigmoid",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.expit(a[i]);
  },
  // dσ(x) = σ(x) σ(−x) dx
  (t, x, y) => mul(t, mul(y, logistic(neg(x)))),
);

export const entrPrimitive: Primitive = scalarFunction(
  "entr",
  "−x log x; 0 at 0 and −∞ below",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.entr(a[i]);
  },
  // d (−x log x) = −(log x + 1) dx
  (t, x) => neg(mul(t, add(log(x), constant(1, x)))),
);

export const powPrimitive: Primitive = binary({
  name: "pow",
  documentation: "x^y for floats; x^0 = 1^y = 1; NaN for x < 0 and fractional y",
  accepts: floats,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = special.pow(a[p], b[q]);
  },
  // d x^y = y x^(y−1) dx + x^y log x dy, with log 0 taken as 0 (the product is 0 there for y > 0)
  tangent([tx, ty], x, y, z) {
    const one = constant(1, x);
    const ofX = tx && mul(tx, mul(y, pow(x, sub(y, one))));
    const ofY = ty && mul(ty, mul(log(where(equal(x, constant(0, x)), one, x)), z));
    return addTangents(ofX, ofY);
  },
});

export interface IntegerPowParameters extends Parameters {
  readonly exponent: number;
}

/** x^n by squaring, from the lowest bit of |n| up; 1 / x^|n| for negative n. */
function integerPower(x: number, exponent: number, multiply: (a: number, b: number) => number): number {
  let power = 1;
  let square = x;
  for (let n = Math.abs(exponent); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) power = multiply(power, square);
    square = multiply(square, square);
  }
  return exponent < 0 ? 1 / power : power;
}

export const integerPowPrimitive: Primitive<IntegerPowParameters> = {
  name: "integerPow",
  documentation: "x^exponent for a static integer exponent, by repeated squaring; x^0 = 1 with derivative 0",
  type: ([x]) => [elementwiseType({ name: "integerPow", documentation: "", accepts: numbers }, [x])],
  evaluate([x], { exponent }, [type]) {
    const out = allocate(type.dtype, x.elements.length);
    const isInteger = x.dtype === "i32" || x.dtype === "u32";
    const multiply = isInteger ? Math.imul : (a: number, b: number) => a * b;
    for (let i = 0; i < out.length; i++) out[i] = integerPower(x.elements[i], exponent, multiply);
    return [new NdArray(out, type.shape, type.dtype, type.weak)];
  },
  // d x^n = n x^(n−1) dx
  jvp([x], [t], { exponent }) {
    const y = integerPow(x, exponent);
    if (t === null || exponent === 0) return single(y, null);
    if (exponent === 1) return single(y, t);
    return single(y, mul(t, scale(exponent, integerPow(x, exponent - 1))));
  },
  batch: ([x], axes, { exponent }) => ({ results: [integerPow(x, exponent)], axes }),
};

export const logaddexpPrimitive: Primitive = binary({
  name: "logaddexp",
  documentation: "log(e^x + e^y) without overflow; where both are −∞ the value is −∞ with derivative 0",
  accepts: floats,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) {
      out[i] = special.logaddexp(a[p], b[q]);
    }
  },
  // d = σ(x − y) dx + σ(y − x) dy; both weights are 0 where x and y are the same infinity
  tangent([tx, ty], x, y) {
    const zero = constant(0, x);
    const same = and(equal(x, y), not(isFinite(x)));
    const difference = where(same, zero, sub(x, y));
    return addTangents(
      tx && mul(tx, where(same, zero, logistic(difference))),
      ty && mul(ty, where(same, zero, logistic(neg(difference)))),
    );
  },
});

export const xlogyPrimitive: Primitive = binary({
  name: "xlogy",
  documentation: "x log y; 0 where x = 0 unless y is NaN",
  accepts: floats,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) {
      out[i] = special.xlogy(a[p], b[q]);
    }
  },
  // d x log y = log y dx + x / y dy
  tangent: ([tx, ty], x, y) => addTangents(tx && mul(tx, log(y)), ty && mul(ty, div(x, y))),
});

export const xlog1pyPrimitive: Primitive = binary({
  name: "xlog1py",
  documentation: "x log(1 + y); 0 where x = 0 unless y is NaN",
  accepts: floats,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) {
      out[i] = special.xlog1py(a[p], b[q]);
    }
  },
  // d x log(1 + y) = log(1 + y) dx + x / (1 + y) dy
  tangent: ([tx, ty], x, y) =>
    addTangents(tx && mul(tx, log1p(y)), ty && mul(ty, div(x, add(constant(1, y), y)))),
});

export const sqrt = (x: Value): Value => apply(sqrtPrimitive, [x], none);
export const cbrt = (x: Value): Value => apply(cbrtPrimitive, [x], none);
export const exp = (x: Value): Value => apply(expPrimitive, [x], none);
export const expm1 = (x: Value): Value => apply(expm1Primitive, [x], none);
export const log = (x: Value): Value => apply(logPrimitive, [x], none);
export const log1p = (x: Value): Value => apply(log1pPrimitive, [x], none);
export const log2 = (x: Value): Value => apply(log2Primitive, [x], none);
export const log10 = (x: Value): Value => apply(log10Primitive, [x], none);
export const logistic = (x: Value): Value => apply(logisticPrimitive, [x], none);
export const entr = (x: Value): Value => apply(entrPrimitive, [x], none);
export const pow = (x: Value, y: Value): Value => apply(powPrimitive, [x, y], none);
export const logaddexp = (x: Value, y: Value): Value => apply(logaddexpPrimitive, [x, y], none);
export const xlogy = (x: Value, y: Value): Value => apply(xlogyPrimitive, [x, y], none);
export const xlog1py = (x: Value, y: Value): Value => apply(xlog1pyPrimitive, [x, y], none);
export const integerPow = (x: Value, exponent: number): Value =>
  apply(integerPowPrimitive, [x], { exponent });
