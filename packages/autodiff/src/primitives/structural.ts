// The primitives that only rearrange, repeat and sum: reshape, permute, broadcast, reduceSum. Each is the
// transpose of another, so they live together.
import type { ArrayType } from "../array.ts";
import { sameShape, shapeInWords, sizeOf } from "../array.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import type { LinearOperand } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { apply, batchedFirst, linearJvp, withShape } from "./apply.ts";
import { copyStrided, otherAxes, range, repeat, stridesOf } from "./layout.ts";
import { reduceElements, sumReduction } from "./reduce-elements.ts";

const typeOf = (operand: Value | LinearOperand): ArrayType => operand.type;

export interface ShapeParameters extends Parameters {
  readonly shape: readonly number[];
}

export const reshapePrimitive: Primitive<ShapeParameters> = {
  name: "reshape",
  documentation: "x [any shape] → the same elements, row-major, in `shape`",
  type([x], { shape }) {
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      throw new PhxError({
        code: "PHX929",
        what: `an array of ${shapeInWords(x.shape)} (${sizeOf(x.shape)} elements) cannot be reshaped to [${shape.join(", ")}]`,
        why: `the new shape holds ${sizeOf(shape)} elements`,
        fix: "give a shape of as many elements; −1 stands for the one length that follows from the others",
      });
    }
    return [withShape(x, shape)];
  },
  evaluate: ([x], { shape }) => [new NdArray(x.elements, shape, x.dtype, x.weak)],
  jvp: linearJvp(() => reshapePrimitive),
  transpose: ([ct], [x]) => [ct === null ? null : reshape(ct, typeOf(x).shape)],
  batch([x], [axis], { shape }, size) {
    return batchedFirst(reshape(moveAxis(x, axis ?? 0, 0), [size, ...shape]));
  },
};

export interface AxesParameters extends Parameters {
  readonly axes: readonly number[];
}

export const permutePrimitive: Primitive<AxesParameters> = {
  name: "permute",
  documentation: "x [n₀, n₁, …] → axes reordered: axis i of the result is axis axes[i] of x",
  type: ([x], { axes }) => [
    withShape(
      x,
      axes.map((axis) => x.shape[axis]),
    ),
  ],
  evaluate([x], { axes }, [type]) {
    const own = stridesOf(x.shape);
    const steps = axes.map((axis) => own[axis]);
    return [new NdArray(copyStrided(x.elements, x.dtype, type.shape, 0, steps), type.shape, x.dtype, x.weak)];
  },
  jvp: linearJvp(() => permutePrimitive),
  transpose([ct], _operands, { axes }) {
    const inverse = axes.map((_, axis) => axes.indexOf(axis));
    return [ct === null ? null : permute(ct, inverse)];
  },
  batch([x], [axis], { axes }) {
    const batchAxis = axis ?? 0;
    return batchedFirst(permute(x, [batchAxis, ...axes.map((a) => (a < batchAxis ? a : a + 1))]));
  },
};

export interface BroadcastParameters extends Parameters {
  readonly shape: readonly number[];
  readonly dimensions: readonly number[];
}

export const broadcastPrimitive: Primitive<BroadcastParameters> = {
  name: "broadcast",
  documentation:
    "x → x repeated to `shape`: axis i of x, of length 1 or that of the result, becomes axis dimensions[i]; dimensions ascend",
  type([x], { shape, dimensions }) {
    for (let axis = 0; axis < x.shape.length; axis++) {
      const target = shape[dimensions[axis]];
      if (x.shape[axis] !== 1 && x.shape[axis] !== target) throw broadcastError(x.shape, shape);
    }
    return [withShape(x, shape)];
  },
  evaluate([x], { shape, dimensions }) {
    const own = stridesOf(x.shape);
    const steps = shape.map(() => 0);
    for (let axis = 0; axis < x.shape.length; axis++) {
      if (x.shape[axis] !== 1) steps[dimensions[axis]] = own[axis];
    }
    return [new NdArray(copyStrided(x.elements, x.dtype, shape, 0, steps), shape, x.dtype, x.weak)];
  },
  jvp: linearJvp(() => broadcastPrimitive),
  transpose([ct], [x], { shape, dimensions }) {
    if (ct === null) return [null];
    const own = typeOf(x).shape;
    const repeated = range(shape.length).filter((axis) => {
      const source = dimensions.indexOf(axis);
      return source < 0 || (own[source] === 1 && shape[axis] !== 1);
    });
    return [reshape(reduceSum(ct, repeated), own)];
  },
  batch([x], [axis], { shape, dimensions }, size) {
    const moved = moveAxis(x, axis ?? 0, 0);
    return batchedFirst(
      apply(broadcastPrimitive, [moved], {
        shape: [size, ...shape],
        dimensions: [0, ...dimensions.map((d) => d + 1)],
      }),
    );
  },
};

export const reduceSumPrimitive: Primitive<AxesParameters> = {
  name: "reduceSum",
  documentation:
    "x → its sum over `axes` (ascending), which disappear; integers wrap, bools must be converted",
  type: ([x], { axes }) => [
    withShape(
      x,
      otherAxes(x.shape.length, axes).map((axis) => x.shape[axis]),
    ),
  ],
  evaluate([x], { axes }, [type]) {
    const elements = reduceElements(x.elements, x.dtype, x.shape, axes, sumReduction);
    return [new NdArray(elements, type.shape, x.dtype, x.weak)];
  },
  jvp: linearJvp(() => reduceSumPrimitive),
  transpose([ct], [x], { axes }) {
    const { shape } = typeOf(x);
    return [ct === null ? null : broadcastInto(ct, shape, otherAxes(shape.length, axes))];
  },
  batch: ([x], [axis], { axes }) => {
    const { inner, result } = batchedAxes(axes, axis ?? 0);
    return { results: [reduceSum(x, inner)], axes: [result] };
  },
};

/** Axes of the unbatched operand as axes of the batched one, and where the batch ends up once they are gone. */
export function batchedAxes(
  axes: readonly number[],
  batchAxis: number,
): { readonly inner: readonly number[]; readonly result: number } {
  const inner = axes.map((axis) => (axis < batchAxis ? axis : axis + 1));
  return { inner, result: batchAxis - inner.filter((axis) => axis < batchAxis).length };
}

export function reshape(x: Value, shape: readonly number[]): Value {
  return sameShape(x.shape, shape) ? x : apply(reshapePrimitive, [x], { shape });
}

export function permute(x: Value, axes: readonly number[]): Value {
  return axes.every((axis, i) => axis === i) ? x : apply(permutePrimitive, [x], { axes });
}

/** x with axis `from` at place `to`, the others in their order. */
export function moveAxis(x: Value, from: number, to: number): Value {
  if (from === to) return x;
  const axes = otherAxes(x.shape.length, [from]);
  axes.splice(to, 0, from);
  return permute(x, axes);
}

export function broadcastInto(x: Value, shape: readonly number[], dimensions: readonly number[]): Value {
  return sameShape(x.shape, shape) ? x : apply(broadcastPrimitive, [x], { shape, dimensions });
}

/** NumPy's broadcast: aligned at the last axis. */
export function broadcastTo(x: Value, shape: readonly number[]): Value {
  const skip = shape.length - x.shape.length;
  if (skip < 0) throw broadcastError(x.shape, shape);
  return broadcastInto(
    x,
    shape,
    x.shape.map((_, axis) => axis + skip),
  );
}

export function reduceSum(x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : apply(reduceSumPrimitive, [x], { axes });
}

/** The transpose of broadcastTo: x summed down to `shape`. */
export function sumTo(x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  const skip = x.shape.length - shape.length;
  const axes = range(x.shape.length).filter(
    (axis) => axis < skip || (shape[axis - skip] === 1 && x.shape[axis] !== 1),
  );
  return reshape(reduceSum(x, axes), shape);
}

/** x with axes of length 1 inserted before its own axes from `at` on. */
export function insertAxes(x: Value, at: number, count: number): Value {
  if (count === 0) return x;
  return reshape(x, [...x.shape.slice(0, at), ...repeat(1, count), ...x.shape.slice(at)]);
}

export function broadcastError(from: readonly number[], to: readonly number[]): PhxError {
  return new PhxError({
    code: "PHX928",
    what: `an array of ${shapeInWords(from)} cannot be broadcast to [${to.join(", ")}]`,
    why: "aligned at the last axis, each of its lengths must be 1 or that of the target",
    fix: "insert axes of length 1 with expandDims, or reshape",
  });
}
