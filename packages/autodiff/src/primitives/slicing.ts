// Stretches of arrays: slice and pad (each other's transposes), reverse, concatenate.
import { allocate, sizeOf, typeText } from "../array.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { constant, sub, where, zerosLike } from "./arithmetic.ts";
import { apply, batchedFirst, isLinearOperand, linearJvp, single, withShape } from "./apply.ts";
import { copyStrided, range, repeat, stridesOf, writeStrided } from "./layout.ts";
import type { AxesParameters } from "./structural.ts";
import { batchedAxes, broadcastInto, insertAxes, moveAxis, reduceSum } from "./structural.ts";

export interface SliceParameters extends Parameters {
  readonly starts: readonly number[];
  readonly limits: readonly number[];
  readonly strides: readonly number[];
}

export const slicePrimitive: Primitive<SliceParameters> = {
  name: "slice",
  documentation: "x → its entries starts[a], starts[a] + strides[a], … below limits[a] along each axis a",
  type([x], { starts, limits, strides }) {
    const shape = x.shape.map((length, a) => {
      if (!(starts[a] >= 0 && limits[a] <= length && starts[a] <= limits[a] && strides[a] >= 1)) {
        throw new PhxError({
          code: "PHX946",
          what: `a slice from ${starts[a]} to ${limits[a]} in steps of ${strides[a]} along axis ${a} of ${typeText(x)}`,
          why: `it must lie between 0 and ${length}, with a step of at least 1`,
          fix: "clip the bounds; flip the axis for a negative step",
        });
      }
      return Math.ceil((limits[a] - starts[a]) / strides[a]);
    });
    return [withShape(x, shape)];
  },
  evaluate([x], { starts, strides }, [type]) {
    const own = stridesOf(x.shape);
    let offset = 0;
    for (let a = 0; a < own.length; a++) offset += starts[a] * own[a];
    const steps = own.map((step, a) => step * strides[a]);
    return [
      new NdArray(copyStrided(x.elements, x.dtype, type.shape, offset, steps), type.shape, x.dtype, x.weak),
    ];
  },
  jvp: linearJvp(() => slicePrimitive),
  // Entries that were not taken get 0.
  transpose([ct], [x], { starts, strides }) {
    if (ct === null) return [null];
    const { shape } = x.type;
    const high = shape.map((length, a) => {
      const count = ct.shape[a];
      return length - starts[a] - (count === 0 ? 0 : (count - 1) * strides[a] + 1);
    });
    return [
      pad(
        ct,
        constant(0, ct),
        starts,
        high,
        strides.map((s) => s - 1),
      ),
    ];
  },
  batch([x], [axis], { starts, limits, strides }, size) {
    const moved = moveAxis(x, axis ?? 0, 0);
    return batchedFirst(slice(moved, [0, ...starts], [size, ...limits], [1, ...strides]));
  },
};

export interface PadParameters extends Parameters {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
}

export const padPrimitive: Primitive<PadParameters> = {
  name: "pad",
  documentation:
    "x and a scalar → x with low[a] copies of the scalar before, high[a] after and interior[a] between its entries along each axis a; counts ≥ 0",
  type([x, value], { low, high, interior }) {
    if (
      x.dtype !== value.dtype ||
      value.shape.length > 0 ||
      [...low, ...high, ...interior].some((n) => n < 0)
    ) {
      throw new PhxError({
        code: "PHX946",
        what: `pad of ${typeText(x)} with ${typeText(value)} by ${JSON.stringify({ low, high, interior })}`,
        why: "the padding is a scalar of the same dtype, and counts are not negative",
        fix: "slice to shorten an array",
      });
    }
    const shape = x.shape.map(
      (length, a) => low[a] + high[a] + length + Math.max(0, length - 1) * interior[a],
    );
    return [withShape(x, shape)];
  },
  evaluate([x, value], { low, interior }, [type]) {
    const out = allocate(x.dtype, sizeOf(type.shape)).fill(value.elements[0]);
    const own = stridesOf(type.shape);
    let offset = 0;
    for (let a = 0; a < own.length; a++) offset += low[a] * own[a];
    const steps = own.map((step, a) => step * (interior[a] + 1));
    writeStrided(out, x.elements, x.shape, offset, steps);
    return [new NdArray(out, type.shape, x.dtype, x.weak)];
  },
  jvp([x, value], [tx, tv], { low, high, interior }) {
    const primal = pad(x, value, low, high, interior);
    if (tx === null && tv === null) return single(primal, null);
    return single(primal, pad(tx ?? zerosLike(x), tv ?? zerosLike(value), low, high, interior));
  },
  transpose([ct], [x, value], { low, interior }) {
    if (ct === null) return [null, null];
    const { shape } = isLinearOperand(x) ? x.type : x;
    const own = slice(
      ct,
      low,
      shape.map((length, a) => (length === 0 ? low[a] : low[a] + (length - 1) * (interior[a] + 1) + 1)),
      interior.map((n) => n + 1),
    );
    const all = (v: Value): Value => reduceSum(v, range(v.shape.length));
    return [isLinearOperand(x) ? own : null, isLinearOperand(value) ? sub(all(ct), all(own)) : null];
  },
  batch([x, value], [xAxis, valueAxis], { low, high, interior }, size) {
    const full =
      xAxis === null
        ? broadcastInto(
            x,
            [size, ...x.shape],
            range(x.shape.length).map((a) => a + 1),
          )
        : moveAxis(x, xAxis, 0);
    const padFull = (v: Value, filler: Value): Value =>
      pad(v, filler, [0, ...low], [0, ...high], [0, ...interior]);
    if (valueAxis === null) return batchedFirst(padFull(full, value));
    // A padding of its own for each member: pad with anything, then put the paddings in place.
    const padded = padFull(full, constant(0, x));
    const own = full.shape.slice(1);
    const inside = pad(
      new NdArray(new Uint8Array(sizeOf(own)).fill(1), own, "bool"),
      new NdArray(Uint8Array.of(0), [], "bool"),
      low,
      high,
      interior,
    );
    const values = insertAxes(value, 1, padded.shape.length - 1);
    return batchedFirst(where(inside, padded, values));
  },
};

export const reversePrimitive: Primitive<AxesParameters> = {
  name: "reverse",
  documentation: "x with the order of its entries reversed along `axes`",
  type: ([x]) => [withShape(x, x.shape)],
  evaluate([x], { axes }) {
    const own = stridesOf(x.shape);
    let offset = 0;
    for (const axis of axes) offset += own[axis] * (x.shape[axis] - 1);
    const steps = own.map((step, axis) => (axes.includes(axis) ? -step : step));
    const elements = copyStrided(x.elements, x.dtype, x.shape, offset, steps);
    return [new NdArray(elements, x.shape, x.dtype, x.weak)];
  },
  jvp: linearJvp(() => reversePrimitive),
  transpose: ([ct], _operands, { axes }) => [ct === null ? null : reverse(ct, axes)],
  batch([x], [axis], { axes }) {
    const { inner } = batchedAxes(axes, axis ?? 0);
    return { results: [reverse(x, inner)], axes: [axis] };
  },
};

export interface ConcatenateParameters extends Parameters {
  readonly axis: number;
}

export const concatenatePrimitive: Primitive<ConcatenateParameters> = {
  name: "concatenate",
  documentation:
    "x, y, … of one dtype, equal in all lengths but that of `axis` → one after the other along it",
  type(operands, { axis }) {
    const [first] = operands;
    let length = 0;
    for (const operand of operands) {
      const fits =
        operand.dtype === first.dtype &&
        operand.shape.length === first.shape.length &&
        operand.shape.every((n, a) => a === axis || n === first.shape[a]);
      if (!fits) {
        throw new PhxError({
          code: "PHX928",
          what: `concatenate of ${operands.map(typeText).join(", ")} along axis ${axis}`,
          why: "the arrays must agree in dtype and in every length but that one",
          fix: "reshape or pad the arrays",
        });
      }
      length += operand.shape[axis];
    }
    const shape = first.shape.map((n, a) => (a === axis ? length : n));
    return [withShape({ ...first, shape, weak: operands.every((operand) => operand.weak === true) }, shape)];
  },
  evaluate(operands, { axis }, [type]) {
    const out = allocate(type.dtype, sizeOf(type.shape));
    const own = stridesOf(type.shape);
    let offset = 0;
    for (const operand of operands) {
      writeStrided(out, operand.elements, operand.shape, offset, own);
      offset += operand.shape[axis] * own[axis];
    }
    return [new NdArray(out, type.shape, type.dtype, type.weak)];
  },
  jvp: (primals, tangents, { axis }) =>
    single(
      concatenate(primals, axis),
      concatenate(
        tangents.map((t, i) => t ?? zerosLike(primals[i])),
        axis,
      ),
    ),
  transpose([ct], operands, { axis }) {
    let at = 0;
    return operands.map((operand) => {
      const { shape } = isLinearOperand(operand) ? operand.type : operand;
      const start = at;
      at += shape[axis];
      return ct !== null && isLinearOperand(operand) ? sliceAxis(ct, axis, start, at) : null;
    });
  },
  batch(operands, axes, { axis }, size) {
    const full = operands.map((operand, i) => {
      const own = axes[i];
      if (own !== null) return moveAxis(operand, own, 0);
      return broadcastInto(
        operand,
        [size, ...operand.shape],
        range(operand.shape.length).map((a) => a + 1),
      );
    });
    return batchedFirst(concatenate(full, axis + 1));
  },
};

export function slice(
  x: Value,
  starts: readonly number[],
  limits: readonly number[],
  strides: readonly number[],
): Value {
  const whole = starts.every((s, a) => s === 0 && limits[a] === x.shape[a] && strides[a] === 1);
  return whole ? x : apply(slicePrimitive, [x], { starts, limits, strides });
}

/** x from `start` to `limit` along one axis. */
export function sliceAxis(x: Value, axis: number, start: number, limit: number): Value {
  const rank = x.shape.length;
  return slice(
    x,
    range(rank).map((a) => (a === axis ? start : 0)),
    x.shape.map((length, a) => (a === axis ? limit : length)),
    repeat(1, rank),
  );
}

export function pad(
  x: Value,
  value: Value,
  low: readonly number[],
  high: readonly number[],
  interior: readonly number[],
): Value {
  const none = [...low, ...high, ...interior].every((n) => n === 0);
  return none ? x : apply(padPrimitive, [x, value], { low, high, interior });
}

export function reverse(x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : apply(reversePrimitive, [x], { axes });
}

export function concatenate(values: readonly Value[], axis: number): Value {
  return values.length === 1 ? values[0] : apply(concatenatePrimitive, values, { axis });
}
