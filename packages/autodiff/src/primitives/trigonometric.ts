// Trigonometric and hyperbolic functions and their inverses, and the length of a plane vector.
import type { Primitive } from "../primitive.ts";
import * as special from "../special/index.ts";
import type { Value } from "../trace.ts";
import { add, addTangents, constant, div, mul, neg, sub } from "./arithmetic.ts";
import { apply } from "./apply.ts";
import { binary, floats } from "./elementwise.ts";
import { scalarFunction, sqrt } from "./exponential.ts";

const none = {};

const onePlus = (x: Value): Value => add(constant(1, x), x);
const oneMinus = (x: Value): Value => sub(constant(1, x), x);

export const sinPrimitive: Primitive = scalarFunction(
  "sin",
  "sine of x radians",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.sin(a[i]);
  },
  // d sin x = cos x dx
  (t, x) => mul(t, cos(x)),
);

export const cosPrimitive: Primitive = scalarFunction(
  "cos",
  "cosine of x radians",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.cos(a[i]);
  },
  // d cos x = −sin x dx
  (t, x) => neg(mul(t, sin(x))),
);

export const tanPrimitive: Primitive = scalarFunction(
  "tan",
  "tangent of x radians",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.tan(a[i]);
  },
  // d tan x = (1 + tan² x) dx
  (t, _x, y) => mul(t, onePlus(mul(y, y))),
);

export const asinPrimitive: Primitive = scalarFunction(
  "asin",
  "inverse sine, radians in [−π/2, π/2]",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.asin(a[i]);
  },
  // d asin x = dx / √(1 − x²)
  (t, x) => div(t, sqrt(mul(oneMinus(x), onePlus(x)))),
);

export const acosPrimitive: Primitive = scalarFunction(
  "acos",
  "inverse cosine, radians in [0, π]",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.acos(a[i]);
  },
  // d acos x = −dx / √(1 − x²)
  (t, x) => neg(div(t, sqrt(mul(oneMinus(x), onePlus(x))))),
);

export const atanPrimitive: Primitive = scalarFunction(
  "atan",
  "inverse tangent, radians in (−π/2, π/2)",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.atan(a[i]);
  },
  // d atan x = dx / (1 + x²)
  (t, x) => div(t, onePlus(mul(x, x))),
);

export const atan2Primitive: Primitive = binary({
  name: "atan2",
  documentation: "angle in [−π, π] of the point with ordinate y (first operand) and abscissa x (second)",
  accepts: floats,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = special.atan2(a[p], b[q]);
  },
  // d atan2(y, x) = (x dy − y dx) / (x² + y²)
  tangent([ty, tx], y, x) {
    const square = add(mul(x, x), mul(y, y));
    return addTangents(ty && mul(ty, div(x, square)), tx && neg(mul(tx, div(y, square))));
  },
});

export const hypotPrimitive: Primitive = binary({
  name: "hypot",
  documentation: "√(x² + y²) without overflow",
  accepts: floats,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = special.hypot(a[p], b[q]);
  },
  // d = (x dx + y dy) / hypot; NaN at the origin
  tangent: ([tx, ty], x, y, z) => addTangents(tx && mul(tx, div(x, z)), ty && mul(ty, div(y, z))),
});

export const sinhPrimitive: Primitive = scalarFunction(
  "sinh",
  "hyperbolic sine",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.sinh(a[i]);
  },
  // d sinh x = cosh x dx
  (t, x) => mul(t, cosh(x)),
);

export const coshPrimitive: Primitive = scalarFunction(
  "cosh",
  "hyperbolic cosine",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.cosh(a[i]);
  },
  // d cosh x = sinh x dx
  (t, x) => mul(t, sinh(x)),
);

export const tanhPrimitive: Primitive = scalarFunction(
  "tanh",
  "hyperbolic tangent",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.tanh(a[i]);
  },
  // d tanh x = (1 − tanh² x) dx
  (t, _x, y) => mul(t, mul(oneMinus(y), onePlus(y))),
);

export const asinhPrimitive: Primitive = scalarFunction(
  "asinh",
  "inverse hyperbolic sine",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.asinh(a[i]);
  },
  // d asinh x = dx / √(1 + x²)
  (t, x) => div(t, hypot(x, constant(1, x))),
);

export const acoshPrimitive: Primitive = scalarFunction(
  "acosh",
  "inverse hyperbolic cosine; NaN below 1",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.acosh(a[i]);
  },
  // d acosh x = dx / √(x² − 1)
  (t, x) => div(t, sqrt(mul(sub(x, constant(1, x)), onePlus(x)))),
);

export const atanhPrimitive: Primitive = scalarFunction(
  "atanh",
  "inverse hyperbolic tangent; ±∞ at ±1, NaN beyond",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.atanh(a[i]);
  },
  // d atanh x = dx / (1 − x²)
  (t, x) => div(t, mul(oneMinus(x), onePlus(x))),
);

export const sin = (x: Value): Value => apply(sinPrimitive, [x], none);
export const cos = (x: Value): Value => apply(cosPrimitive, [x], none);
export const tan = (x: Value): Value => apply(tanPrimitive, [x], none);
export const asin = (x: Value): Value => apply(asinPrimitive, [x], none);
export const acos = (x: Value): Value => apply(acosPrimitive, [x], none);
export const atan = (x: Value): Value => apply(atanPrimitive, [x], none);
export const atan2 = (y: Value, x: Value): Value => apply(atan2Primitive, [y, x], none);
export const hypot = (x: Value, y: Value): Value => apply(hypotPrimitive, [x, y], none);
export const sinh = (x: Value): Value => apply(sinhPrimitive, [x], none);
export const cosh = (x: Value): Value => apply(coshPrimitive, [x], none);
export const tanh = (x: Value): Value => apply(tanhPrimitive, [x], none);
export const asinh = (x: Value): Value => apply(asinhPrimitive, [x], none);
export const acosh = (x: Value): Value => apply(acoshPrimitive, [x], none);
export const atanh = (x: Value): Value => apply(atanhPrimitive, [x], none);
