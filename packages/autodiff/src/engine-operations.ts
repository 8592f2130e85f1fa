// The operations on values that the transforms themselves need, in one place.
import type { ArrayType, DType } from "./array.ts";
import { allocate, sizeOf } from "./array.ts";
import { NdArray } from "./ndarray.ts";
import { add, convert, div, mul, where } from "./primitives/arithmetic.ts";
import { less, lessEqual } from "./primitives/comparison.ts";
import { reduceMax } from "./primitives/reductions.ts";
import { concatenate, sliceAxis } from "./primitives/slicing.ts";
import {
  broadcastInto as broadcast,
  moveAxis as permuteAxis,
  reduceSum,
  reshape,
} from "./primitives/structural.ts";
import type { Value } from "./trace.ts";

/** Sum of two tangents or cotangents of one type. */
export function addTangents(x: Value, y: Value): Value {
  return add(x, y);
}

export function multiply(x: Value, y: Value): Value {
  return mul(x, y);
}

/** An array of one repeated number. */
export function filled(type: ArrayType, value: number): NdArray {
  const elements = allocate(type.dtype, sizeOf(type.shape));
  if (value !== 0) elements.fill(value);
  return new NdArray(elements, type.shape, type.dtype, type.weak);
}

export function zeros(type: ArrayType): NdArray {
  return filled(type, 0);
}

/** x with axis `from` at place `to`, the others in their order. */
export function moveAxis(x: Value, from: number, to: number): Value {
  return from === to ? x : permuteAxis(x, from, to);
}

/** x repeated along a new axis. */
export function broadcastAxis(x: Value, size: number, axis: number): Value {
  const shape = [...x.shape.slice(0, axis), size, ...x.shape.slice(axis)];
  return broadcastInto(
    x,
    shape,
    x.shape.map((_, own) => (own < axis ? own : own + 1)),
  );
}

/** x repeated to a shape, its axis i becoming axis dimensions[i]. */
export function broadcastInto(x: Value, shape: readonly number[], dimensions: readonly number[]): Value {
  return broadcast(x, shape, dimensions);
}

export function sumOverAxis(x: Value, axis: number): Value {
  return reduceSum(x, [axis]);
}

export function maxOverAxis(x: Value, axis: number): Value {
  return reduceMax(x, [axis]);
}

/** onTrue where the condition holds, else onFalse; the condition may lack trailing axes. */
export function selectLeading(condition: Value, onTrue: Value, onFalse: Value): Value {
  const full =
    condition.ndim === onTrue.ndim
      ? condition
      : broadcastInto(
          condition,
          onTrue.shape,
          condition.shape.map((_, axis) => axis),
        );
  return where(full, onTrue, onFalse);
}

/** x in a dtype, not weak. */
export function convertTo(x: Value, dtype: DType): Value {
  return convert(x, dtype);
}

export function reshapeTo(x: Value, shape: readonly number[]): Value {
  return reshape(x, shape);
}

/** x / y for operands of one type. */
export function divide(x: Value, y: Value): Value {
  return div(x, y);
}

/** 0, 1, …, size − 1 as i32. */
export function countingArray(size: number): NdArray {
  return new NdArray(
    Int32Array.from({ length: size }, (_, i) => i),
    [size],
    "i32",
  );
}

export function identityMatrix(size: number, dtype: DType): NdArray {
  const elements = allocate(dtype, size * size);
  for (let i = 0; i < size; i++) elements[i * size + i] = 1;
  return new NdArray(elements, [size, size], dtype);
}

/** Whether each entry of an i32 array is at most a number. */
export function atMost(x: Value, bound: number): Value {
  return lessEqual(x, filled({ dtype: "i32", shape: x.shape }, bound));
}

/** Whether x < y for i32 scalars. */
export function isBelow(x: Value, y: Value): Value {
  return less(x, y);
}

/** Entries start … stop − 1 along axis 0. */
export function sliceLeading(x: Value, start: number, stop: number): Value {
  return sliceAxis(x, 0, start, stop);
}

/** x followed by y along axis 0. */
export function concatenateLeading(x: Value, y: Value): Value {
  return concatenate([x, y], 0);
}

/** Whether any entry of a bool vector is true, as a bool scalar. */
export function anyTrue(x: Value): Value {
  return convert(maxOverAxis(convert(x, "i32"), 0), "bool");
}
