// Primitives along axis 0 that the engine needs until those of this folder are here.
import type { ArrayType } from "../array.ts";
import { allocate, sizeOf } from "../array.ts";
import { bind } from "../bind.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { zerosLike } from "./arithmetic.ts";
import { broadcastInto, moveAxis } from "./structural.ts";

const one = (values: readonly Value[]): Value => values[0];
const zeros = (type: ArrayType): NdArray =>
  new NdArray(allocate(type.dtype, sizeOf(type.shape)), type.shape, type.dtype, type.weak);

interface Reduction extends Parameters {
  readonly axes: readonly number[];
}
export const reduceMaxPrimitive: Primitive<Reduction> = {
  name: "reduceMaxLeading",
  documentation: "maximum of x over axis 0",
  type: ([x]) => [{ dtype: x.dtype, shape: x.shape.slice(1) }],
  evaluate([x], _parameters, [type]) {
    const size = sizeOf(type.shape);
    const elements = allocate(type.dtype, size).fill(-Infinity);
    x.elements.forEach((value, i) => (elements[i % size] = Math.max(elements[i % size], value)));
    return [new NdArray(elements, type.shape, type.dtype)];
  },
  jvp() {
    throw new PhxError({ code: "PHX927", what: "the derivative of a maximum is not here yet" });
  },
  batch: ([x], [axis], parameters) => ({
    results: bind(reduceMaxPrimitive, [moveAxis(x, axis ?? 0, x.ndim - 1)], parameters),
    axes: [x.ndim - 2],
  }),
};

interface Range extends Parameters {
  readonly start: number;
  readonly stop: number;
}
export const slicePrimitive: Primitive<Range> = {
  name: "sliceLeading",
  documentation: "entries start … stop − 1 of x along axis 0",
  type: ([x], { start, stop }) => [{ dtype: x.dtype, shape: [stop - start, ...x.shape.slice(1)] }],
  evaluate: ([x], { start, stop }, [type]) => {
    const size = sizeOf(x.shape.slice(1));
    return [new NdArray(x.elements.slice(start * size, stop * size), type.shape, x.dtype)];
  },
  jvp: ([x], [t], parameters) => ({
    primals: bind(slicePrimitive, [x], parameters),
    tangents: t === null ? [null] : bind(slicePrimitive, [t], parameters),
  }),
  transpose: ([ct], [x], { start, stop }) => {
    if (ct === null) return [null];
    const { shape, dtype } = x.type;
    const before = zeros({ dtype, shape: [start, ...shape.slice(1)] });
    const after = zeros({ dtype, shape: [shape[0] - stop, ...shape.slice(1)] });
    return [concatenate(concatenate(before, ct), after)];
  },
  batch: ([x], [axis], parameters) => ({
    results: bind(slicePrimitive, [moveAxis(x, axis ?? 0, x.ndim - 1)], parameters),
    axes: [x.ndim - 1],
  }),
};

export const concatenatePrimitive: Primitive = {
  name: "concatenateLeading",
  documentation: "x followed by y along axis 0",
  type: ([x, y]) => [{ dtype: x.dtype, shape: [x.shape[0] + y.shape[0], ...x.shape.slice(1)] }],
  evaluate: ([x, y], _parameters, [type]) => {
    const elements = allocate(type.dtype, sizeOf(type.shape));
    (elements as Float64Array).set(x.elements);
    (elements as Float64Array).set(y.elements, x.size);
    return [new NdArray(elements, type.shape, type.dtype)];
  },
  jvp: ([x, y], [tx, ty]) => ({
    primals: [concatenate(x, y)],
    tangents: [concatenate(tx ?? zerosLike(x), ty ?? zerosLike(y))],
  }),
  transpose: ([ct], [x, y]) => {
    if (ct === null) return [null, null];
    const [split, end] = [x.type.shape[0], x.type.shape[0] + y.type.shape[0]];
    const part = (start: number, stop: number): Value => one(bind(slicePrimitive, [ct], { start, stop }));
    return [
      x instanceof LinearOperand ? part(0, split) : null,
      y instanceof LinearOperand ? part(split, end) : null,
    ];
  },
  batch: (operands, axes, _parameters, size) => {
    const aligned = operands.map((x, i) => {
      const axis = axes[i];
      if (axis !== null) return moveAxis(x, axis, x.ndim - 1);
      return broadcastInto(
        x,
        [...x.shape, size],
        x.shape.map((_, a) => a),
      );
    });
    return { results: bind(concatenatePrimitive, aligned), axes: [aligned[0].ndim - 1] };
  },
};

export function concatenate(x: Value, y: Value): Value {
  return one(bind(concatenatePrimitive, [x, y]));
}
