// Stretches whose beginning is data: dynamicSlice, and dynamicUpdateSlice, its transpose.
import { allocate, sizeOf, typeText } from "../array.ts";
import type { ArrayType } from "../array.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { add, mul, zerosLike } from "./arithmetic.ts";
import { apply, batchedFirst, isLinearOperand, single, withShape } from "./apply.ts";
import { gather, scatter } from "./indexing.ts";
import { copyStrided, range, stridesOf, writeStrided } from "./layout.ts";
import { maximum, minimum } from "./rounding.ts";
import { concatenate } from "./slicing.ts";
import { broadcastInto, moveAxis, reduceSum, reshape } from "./structural.ts";

export interface DynamicSliceParameters extends Parameters {
  readonly sizes: readonly number[];
}

/** Starts are moved so that the stretch lies within the array, as in JAX. */
function clampStart(start: number, size: number, length: number): number {
  return Math.max(0, Math.min(start, length - size));
}

function offsetOf(starts: NdArray, sizes: readonly number[], shape: readonly number[]): number {
  const own = stridesOf(shape);
  let offset = 0;
  for (let a = 0; a < shape.length; a++) {
    offset += clampStart(starts.elements[a], sizes[a], shape[a]) * own[a];
  }
  return offset;
}

function checkStarts(name: string, x: ArrayType, starts: ArrayType, sizes: readonly number[]): void {
  const fits =
    starts.dtype === "i32" &&
    starts.shape.length === 1 &&
    starts.shape[0] === x.shape.length &&
    sizes.length === x.shape.length &&
    sizes.every((size, a) => size >= 0 && size <= x.shape[a]);
  if (fits) return;
  throw new PhxError({
    code: "PHX946",
    what: `${name} of ${typeText(x)} with starts ${typeText(starts)} and sizes [${sizes.join(", ")}]`,
    why: "there is one i32 start and one size for each axis, and no size exceeds its length",
    fix: "give starts as an i32 vector, with astype if need be",
  });
}

export const dynamicSlicePrimitive: Primitive<DynamicSliceParameters> = {
  name: "dynamicSlice",
  documentation:
    "x, starts i32 [rank] → the block of `sizes` that begins at starts, moved inwards where it would stick out",
  type([x, starts], { sizes }) {
    checkStarts("dynamicSlice", x, starts, sizes);
    return [withShape(x, sizes)];
  },
  evaluate([x, starts], { sizes }) {
    const elements = copyStrided(
      x.elements,
      x.dtype,
      sizes,
      offsetOf(starts, sizes, x.shape),
      stridesOf(x.shape),
    );
    return [new NdArray(elements, sizes, x.dtype, x.weak)];
  },
  jvp: ([x, starts], [t], { sizes }) =>
    single(dynamicSlice(x, starts, sizes), t && dynamicSlice(t, starts, sizes)),
  transpose([ct], [x, starts]) {
    if (ct === null || !isLinearOperand(x) || isLinearOperand(starts)) return [null, null];
    const { shape } = x.type;
    const zeros = new NdArray(allocate(ct.dtype, sizeOf(shape)), shape, ct.dtype);
    return [dynamicUpdateSlice(zeros, ct, starts), null];
  },
  batch([x, starts], [xAxis, startAxis], { sizes }, size) {
    if (startAxis === null) {
      const moved = moveAxis(x, xAxis ?? 0, 0);
      return batchedFirst(dynamicSlice(moved, withLeadingZero(starts), [size, ...sizes]));
    }
    const shape = x.shape.filter((_, axis) => axis !== xAxis);
    const length = sizeOf(shape);
    const lists =
      xAxis === null ? reshape(x, [1, length, 1]) : reshape(moveAxis(x, xAxis, 0), [size, length, 1]);
    const places = flatPlaces(moveAxis(starts, startAxis, 0), sizes, shape, size);
    return batchedFirst(reshape(gather(lists, places, "zero"), [size, ...sizes]));
  },
};

export const dynamicUpdateSlicePrimitive: Primitive = {
  name: "dynamicUpdateSlice",
  documentation:
    "x, update, starts i32 [rank] → x with the block that begins at starts replaced by update, moved inwards where it would stick out",
  type([x, update, starts]) {
    checkStarts("dynamicUpdateSlice", x, starts, update.shape);
    if (update.dtype !== x.dtype) {
      throw new PhxError({
        code: "PHX927",
        what: `dynamicUpdateSlice of ${typeText(x)} with an update ${typeText(update)}`,
        why: "its operands must have one dtype",
        fix: "convert the update with astype",
      });
    }
    return [withShape(x, x.shape)];
  },
  evaluate([x, update, starts]) {
    const out = x.elements.slice();
    writeStrided(
      out,
      update.elements,
      update.shape,
      offsetOf(starts, update.shape, x.shape),
      stridesOf(x.shape),
    );
    return [new NdArray(out, x.shape, x.dtype, x.weak)];
  },
  jvp([x, update, starts], [tx, tu]) {
    const y = dynamicUpdateSlice(x, update, starts);
    if (tx === null && tu === null) return single(y, null);
    return single(y, dynamicUpdateSlice(tx ?? zerosLike(x), tu ?? zerosLike(update), starts));
  },
  transpose([ct], [x, update, starts]) {
    if (ct === null || isLinearOperand(starts)) return [null, null, null];
    const { shape } = isLinearOperand(update) ? update.type : update;
    const zeros = new NdArray(allocate(ct.dtype, sizeOf(shape)), shape, ct.dtype);
    return [
      isLinearOperand(x) ? dynamicUpdateSlice(ct, zeros, starts) : null,
      isLinearOperand(update) ? dynamicSlice(ct, starts, shape) : null,
      null,
    ];
  },
  batch([x, update, starts], [xAxis, updateAxis, startAxis], _parameters, size) {
    const full = (v: Value, axis: number | null): Value =>
      axis === null
        ? broadcastInto(
            v,
            [size, ...v.shape],
            range(v.shape.length).map((a) => a + 1),
          )
        : moveAxis(v, axis, 0);
    const fullX = full(x, xAxis);
    const fullUpdate = full(update, updateAxis);
    if (startAxis === null)
      return batchedFirst(dynamicUpdateSlice(fullX, fullUpdate, withLeadingZero(starts)));
    const shape = fullX.shape.slice(1);
    const sizes = fullUpdate.shape.slice(1);
    const places = flatPlaces(moveAxis(starts, startAxis, 0), sizes, shape, size);
    const result = scatter(
      reshape(fullX, [size, sizeOf(shape), 1]),
      places,
      reshape(fullUpdate, [size, sizeOf(sizes), 1]),
      "set",
    );
    return batchedFirst(reshape(result, fullX.shape));
  },
};

function withLeadingZero(starts: Value): Value {
  return concatenate([new NdArray(Int32Array.of(0), [1], "i32"), starts], 0);
}

/** Flat places [size, number of entries] of the blocks that begin at starts [size, rank]. */
function flatPlaces(starts: Value, sizes: readonly number[], shape: readonly number[], size: number): Value {
  const vector = (values: readonly number[]): NdArray =>
    new NdArray(Int32Array.from(values), [values.length], "i32");
  const last = vector(shape.map((length, a) => length - sizes[a]));
  const clamped = maximum(minimum(starts, last), new NdArray(new Int32Array(1), [], "i32"));
  const offsets = reduceSum(mul(clamped, vector(stridesOf(shape))), [1]);
  const counting = Float64Array.from({ length: sizeOf(shape) }, (_, i) => i);
  const block = Int32Array.from(copyStrided(counting, "f64", sizes, 0, stridesOf(shape)));
  return add(reshape(offsets, [size, 1]), new NdArray(block, [1, block.length], "i32"));
}

export function dynamicSlice(x: Value, starts: Value, sizes: readonly number[]): Value {
  return apply(dynamicSlicePrimitive, [x, starts], { sizes });
}

export function dynamicUpdateSlice(x: Value, update: Value, starts: Value): Value {
  return apply(dynamicUpdateSlicePrimitive, [x, update, starts], {});
}
