// Rounding, signs, and the choice of the larger or smaller of two numbers.
import type { Primitive } from "../primitive.ts";
import { roundHalfEven } from "../special/index.ts";
import type { Value } from "../trace.ts";
import { addTangents, constant, div, mul, neg, sub, where } from "./arithmetic.ts";
import { apply } from "./apply.ts";
import { equal, less, lessEqual } from "./comparison.ts";
import { binary, floats, numbers, unary } from "./elementwise.ts";

const none = {};

export const floorPrimitive: Primitive = unary({
  name: "floor",
  documentation: "the largest integer ≤ x",
  accepts: floats,
  loop: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.floor(a[i]);
  },
  tangent: null,
});

export const ceilPrimitive: Primitive = unary({
  name: "ceil",
  documentation: "the smallest integer ≥ x",
  accepts: floats,
  loop: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.ceil(a[i]);
  },
  tangent: null,
});

export const roundPrimitive: Primitive = unary({
  name: "round",
  documentation: "the nearest integer, ties to the even one",
  accepts: floats,
  loop: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = roundHalfEven(a[i]);
  },
  tangent: null,
});

export const signPrimitive: Primitive = unary({
  name: "sign",
  documentation: "−1, 0 or 1; NaN stays NaN",
  accepts: numbers,
  loop: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] > 0 ? 1 : a[i] < 0 ? -1 : a[i];
  },
  tangent: null,
});

export const absPrimitive: Primitive = unary({
  name: "abs",
  documentation: "|x|",
  accepts: numbers,
  loop: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(a[i]);
  },
  // d|x| = dx for x ≥ 0, −dx below: +1 at 0, as JAX
  tangent: (t, x) => where(lessEqual(constant(0, x), x), t, neg(t)),
});

/** JavaScript's Math.max and Math.min: NaN wins, −0 < 0. */
export const maxPrimitive: Primitive = binary({
  name: "max",
  documentation: "the larger of x and y; NaN if either is",
  accepts: [...numbers, "bool"],
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = Math.max(a[p], b[q]);
  },
  // The derivative goes to the larger, half to each at a tie.
  tangent: ([tx, ty], x, y) => choose(tx, ty, share(y, x)),
});

export const minPrimitive: Primitive = binary({
  name: "min",
  documentation: "the smaller of x and y; NaN if either is",
  accepts: [...numbers, "bool"],
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = Math.min(a[p], b[q]);
  },
  tangent: ([tx, ty], x, y) => choose(tx, ty, share(x, y)),
});

/** 1 where x < y, ½ where they are equal, else 0. */
function share(x: Value, y: Value): Value {
  const one = constant(1, x);
  return where(less(x, y), one, where(equal(x, y), constant(0.5, x), constant(0, x)));
}

/** w tx + (1 − w) ty */
function choose(tx: Value | null, ty: Value | null, w: Value): Value | null {
  return addTangents(tx && mul(tx, w), ty && mul(ty, sub(constant(1, w), w)));
}

export const remPrimitive: Primitive = binary({
  name: "rem",
  documentation: "x − trunc(x / y) y, exactly; it has the sign of x; 0 for integers where y = 0",
  accepts: numbers,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] % b[q];
  },
  // d rem = dx − trunc(x / y) dy
  tangent: ([tx, ty], x, y, z) =>
    addTangents(tx, ty && neg(mul(apply(roundPrimitive, [div(sub(x, z), y)], none), ty))),
});

export const floor = (x: Value): Value => apply(floorPrimitive, [x], none);
export const ceil = (x: Value): Value => apply(ceilPrimitive, [x], none);
export const round = (x: Value): Value => apply(roundPrimitive, [x], none);
export const sign = (x: Value): Value => apply(signPrimitive, [x], none);
export const abs = (x: Value): Value => apply(absPrimitive, [x], none);
export const maximum = (x: Value, y: Value): Value => apply(maxPrimitive, [x, y], none);
export const minimum = (x: Value, y: Value): Value => apply(minPrimitive, [x, y], none);
export const rem = (x: Value, y: Value): Value => apply(remPrimitive, [x, y], none);
