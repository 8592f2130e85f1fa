// Comparisons, logic and bits: primitives without derivatives.
import type { Primitive } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { apply } from "./apply.ts";
import type { BinaryLoop } from "./elementwise.ts";
import { allDtypes, binary, bits, floats, integers, unary } from "./elementwise.ts";

function comparison(name: string, documentation: string, loop: BinaryLoop): Primitive {
  return binary({ name, documentation, accepts: allDtypes, result: "bool", loop, tangent: null });
}

export const equalPrimitive: Primitive = comparison(
  "equal",
  "x = y; NaN equals nothing",
  (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] === b[q] ? 1 : 0;
  },
);
export const notEqualPrimitive: Primitive = comparison(
  "notEqual",
  "x ≠ y; true for NaN",
  (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] === b[q] ? 0 : 1;
  },
);
export const lessPrimitive: Primitive = comparison("less", "x < y; false for NaN", (out, a, b, sa, sb) => {
  for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] < b[q] ? 1 : 0;
});
export const lessEqualPrimitive: Primitive = comparison(
  "lessEqual",
  "x ≤ y; false for NaN",
  (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] <= b[q] ? 1 : 0;
  },
);

export const isFinitePrimitive: Primitive = unary({
  name: "isFinite",
  documentation: "x is neither infinite nor NaN",
  accepts: floats,
  result: "bool",
  loop: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] - a[i] === 0 ? 1 : 0;
  },
  tangent: null,
});

export const andPrimitive: Primitive = binary({
  name: "and",
  documentation: "x ∧ y, bit by bit for integers",
  accepts: bits,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] & b[q];
  },
  tangent: null,
});
export const orPrimitive: Primitive = binary({
  name: "or",
  documentation: "x ∨ y, bit by bit for integers",
  accepts: bits,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] | b[q];
  },
  tangent: null,
});
export const xorPrimitive: Primitive = binary({
  name: "xor",
  documentation: "x ≠ y for bools, exclusive or of the bits for integers",
  accepts: bits,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] ^ b[q];
  },
  tangent: null,
});
export const notPrimitive: Primitive = unary({
  name: "not",
  documentation: "¬x for bools, all bits inverted for integers",
  accepts: bits,
  loop: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] === 0 ? 1 : 0;
  },
  integerLoop: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = ~a[i];
  },
  tangent: null,
});

export const shiftLeftPrimitive: Primitive = binary({
  name: "shiftLeft",
  documentation: "x · 2^y modulo 2³²; 0 for y outside 0 … 31",
  accepts: integers,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) {
      out[i] = b[q] >= 0 && b[q] < 32 ? a[p] << b[q] : 0;
    }
  },
  tangent: null,
});
export const shiftRightPrimitive: Primitive = binary({
  name: "shiftRight",
  documentation: "bits of x moved y places down, zeros from above; 0 for y outside 0 … 31",
  accepts: integers,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) {
      out[i] = b[q] >= 0 && b[q] < 32 ? a[p] >>> b[q] : 0;
    }
  },
  tangent: null,
});

const none = {};
export const equal = (x: Value, y: Value): Value => apply(equalPrimitive, [x, y], none);
export const notEqual = (x: Value, y: Value): Value => apply(notEqualPrimitive, [x, y], none);
export const less = (x: Value, y: Value): Value => apply(lessPrimitive, [x, y], none);
export const lessEqual = (x: Value, y: Value): Value => apply(lessEqualPrimitive, [x, y], none);
export const greater = (x: Value, y: Value): Value => less(y, x);
export const greaterEqual = (x: Value, y: Value): Value => lessEqual(y, x);
export const isFinite = (x: Value): Value => apply(isFinitePrimitive, [x], none);
export const and = (x: Value, y: Value): Value => apply(andPrimitive, [x, y], none);
export const or = (x: Value, y: Value): Value => apply(orPrimitive, [x, y], none);
export const xor = (x: Value, y: Value): Value => apply(xorPrimitive, [x, y], none);
export const not = (x: Value): Value => apply(notPrimitive, [x], none);
export const shiftLeft = (x: Value, y: Value): Value => apply(shiftLeftPrimitive, [x, y], none);
export const shiftRight = (x: Value, y: Value): Value => apply(shiftRightPrimitive, [x, y], none);
