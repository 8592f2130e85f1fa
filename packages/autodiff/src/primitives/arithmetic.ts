// The arithmetic primitives that other rules are written with: neg, add, sub, mul, div, where, convert.
import type { DType } from "../array.ts";
import { allocate, isFloat, sizeOf } from "../array.ts";
import { convertElements } from "../as-value.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { LinearOperand, Parameters, Primitive, Tangent } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { apply, batchedFirst, isLinearOperand, single } from "./apply.ts";
import {
  alignBatch,
  allDtypes,
  binary,
  commonShape,
  expandOperand,
  floats,
  numbers,
  stepOf,
  unary,
} from "./elementwise.ts";
import { broadcastTo, sumTo } from "./structural.ts";

const none = {};

export const neg = (x: Value): Value => apply(negPrimitive, [x], none);
export const add = (x: Value, y: Value): Value => apply(addPrimitive, [x, y], none);
export const sub = (x: Value, y: Value): Value => apply(subPrimitive, [x, y], none);
export const mul = (x: Value, y: Value): Value => apply(mulPrimitive, [x, y], none);
export const div = (x: Value, y: Value): Value => apply(divPrimitive, [x, y], none);
export const where = (condition: Value, x: Value, y: Value): Value =>
  apply(wherePrimitive, [condition, x, y], none);

/** A weak scalar of the dtype of `like`. */
export function constant(value: number, like: Value): NdArray {
  return new NdArray(allocate(like.dtype, 1).fill(value), [], like.dtype, true);
}

export const scale = (factor: number, x: Value): Value => mul(constant(factor, x), x);

/** Zeros of the type of `like`. */
export function zerosLike(like: Value): NdArray {
  return new NdArray(allocate(like.dtype, like.size), like.shape, like.dtype, like.weak);
}

/** Sum of tangents; null is zero. */
export function addTangents(x: Tangent, y: Tangent): Tangent {
  return x === null ? y : y === null ? x : add(x, y);
}

/** The cotangent of an operand that may have been broadcast; null for operands that are not linear. */
function back(operand: Value | LinearOperand, ct: () => Value): Tangent {
  return isLinearOperand(operand) ? sumTo(ct(), operand.type.shape) : null;
}

export const negPrimitive: Primitive = unary({
  name: "neg",
  documentation: "−x",
  accepts: numbers,
  loop: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = -a[i];
  },
  tangent: (t) => neg(t),
  transpose: (ct) => neg(ct),
});

export const addPrimitive: Primitive = binary({
  name: "add",
  documentation: "x + y",
  accepts: numbers,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] + b[q];
  },
  tangent: ([tx, ty]) => addTangents(tx, ty),
  transpose: (ct, [x, y]) => [back(x, () => ct), back(y, () => ct)],
});

export const subPrimitive: Primitive = binary({
  name: "sub",
  documentation: "x − y",
  accepts: numbers,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] - b[q];
  },
  tangent: ([tx, ty]) => (ty === null ? tx : tx === null ? neg(ty) : sub(tx, ty)),
  transpose: (ct, [x, y]) => [back(x, () => ct), back(y, () => neg(ct))],
});

export const mulPrimitive: Primitive = binary({
  name: "mul",
  documentation: "x · y",
  accepts: numbers,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] * b[q];
  },
  integerLoop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = Math.imul(a[p], b[q]);
  },
  // d(x y) = dx y + x dy
  tangent: ([tx, ty], x, y) => addTangents(tx && mul(tx, y), ty && mul(x, ty)),
  transpose: (ct, [x, y]) => [back(x, () => mul(ct, y as Value)), back(y, () => mul(x as Value, ct))],
});

export const divPrimitive: Primitive = binary({
  name: "div",
  documentation: "x / y; integers truncate towards zero, and division of an integer by 0 gives 0",
  accepts: numbers,
  loop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) out[i] = a[p] / b[q];
  },
  integerLoop: (out, a, b, sa, sb) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++, p += sa, q += sb) {
      out[i] = b[q] === 0 ? 0 : Math.trunc(a[p] / b[q]);
    }
  },
  // d(x / y) = dx / y − z dy / y, with z = x / y
  tangent: ([tx, ty], _x, y, z) => {
    const ofX = tx && div(tx, y);
    const ofY = ty && div(mul(z, ty), y);
    return ofY === null ? ofX : ofX === null ? neg(ofY) : sub(ofX, ofY);
  },
  transpose: (ct, [x, y]) => [back(x, () => div(ct, y as Value)), null],
});

export const wherePrimitive: Primitive = {
  name: "where",
  documentation: "condition ? x : y; the condition is bool, x and y have one dtype; all broadcast",
  type(operands) {
    const [condition, x, y] = operands;
    if (condition.dtype !== "bool" || x.dtype !== y.dtype) {
      throw new PhxError({
        code: "PHX927",
        what: `where of a ${condition.dtype} condition, ${x.dtype} and ${y.dtype}`,
        why: "the condition must be bool and the two choices must have one dtype",
        fix: "compare to make a condition, and convert a choice with astype",
      });
    }
    const shape = commonShape("where", operands);
    const weak = x.weak === true && y.weak === true;
    return [weak ? { dtype: x.dtype, shape, weak } : { dtype: x.dtype, shape }];
  },
  evaluate(operands, _parameters, [type]) {
    const out = allocate(type.dtype, sizeOf(type.shape));
    const [c, a, b] = operands.map((operand) => expandOperand(operand, type.shape));
    const [sc, sa, sb] = [stepOf(c), stepOf(a), stepOf(b)];
    for (let i = 0; i < out.length; i++) out[i] = c[i * sc] === 0 ? b[i * sb] : a[i * sa];
    return [new NdArray(out, type.shape, type.dtype, type.weak)];
  },
  jvp([condition, x, y], [, tx, ty]) {
    const primal = where(condition, x, y);
    if (tx === null && ty === null) return single(primal, null);
    const zero = constant(0, primal);
    return single(primal, broadcastTo(where(condition, tx ?? zero, ty ?? zero), primal.shape));
  },
  transpose([ct], [condition, x, y]) {
    if (ct === null) return [null, null, null];
    const zero = constant(0, ct);
    return [
      null,
      back(x, () => where(condition as Value, ct, zero)),
      back(y, () => where(condition as Value, zero, ct)),
    ];
  },
  batch: (operands, axes) => {
    const [condition, x, y] = alignBatch(operands, axes);
    return batchedFirst(where(condition, x, y));
  },
};

export interface ConvertParameters extends Parameters {
  readonly dtype: DType;
  readonly weak: boolean;
}

export const convertPrimitive: Primitive<ConvertParameters> = {
  name: "convert",
  documentation:
    "x in another dtype: to integers truncates and wraps, to bool is x ≠ 0, to f32 rounds to nearest",
  type: ([x], { dtype, weak }) => [weak ? { dtype, shape: x.shape, weak } : { dtype, shape: x.shape }],
  evaluate([x], { dtype, weak }) {
    const elements = dtype === x.dtype ? x.elements : convertElements(x.elements, dtype);
    return [new NdArray(elements, x.shape, dtype, weak)];
  },
  // Linear between floats; constant into and out of the others.
  jvp: ([x], [t], { dtype, weak }) =>
    single(convert(x, dtype, weak), t === null || !isFloat(dtype) ? null : convert(t, dtype, weak)),
  transpose: ([ct], [x]) => [ct === null ? null : convert(ct, x.type.dtype, x.type.weak === true)],
  batch: ([x], axes, { dtype, weak }) => ({ results: [convert(x, dtype, weak)], axes }),
};

/** x in a dtype, by default not weak. */
export function convert(x: Value, dtype: DType, weak = false): Value {
  return x.dtype === dtype && x.weak === weak ? x : apply(convertPrimitive, [x], { dtype, weak });
}

/** Identity whose derivative is zero. */
export const stopGradientPrimitive: Primitive = unary({
  name: "stop_gradient",
  documentation: "x, as a constant for every derivative",
  accepts: allDtypes,
  loop: (out, a) => out.set(a),
  tangent: null,
});

export const stopGradient = (x: Value): Value =>
  floats.includes(x.dtype) ? apply(stopGradientPrimitive, [x], none) : x;
