// The few primitives that the engine itself needs, without broadcasting: all operands of one shape.
import type { ArrayType, DType } from "../array.ts";
import { allocate, isFloat, sameShape, sizeOf, typeText } from "../array.ts";
import { convertElements } from "../as-value.ts";
import { bind } from "../bind.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Value } from "../trace.ts";

const one = (values: readonly Value[]): Value => values[0];

/** Operands brought to batch axis 0, broadcast where they have none. */
function alignBatch(operands: readonly Value[], axes: readonly (number | null)[], size: number): Value[] {
  return operands.map((operand, i) => {
    const axis = axes[i];
    if (axis !== null) return moveAxis(operand, axis, 0);
    const dimensions = operand.shape.map((_, d) => d + 1);
    return one(bind(broadcastPrimitive, [operand], { shape: [size, ...operand.shape], dimensions }));
  });
}

function sameTypes(name: string, operands: readonly ArrayType[]): ArrayType {
  const [first] = operands;
  for (const operand of operands) {
    if (!sameShape(first.shape, operand.shape) || first.dtype !== operand.dtype) {
      throw new PhxError({
        code: "PHX927",
        what: `${name} of ${operands.map(typeText).join(" and ")}`,
        why: "its operands must have one type",
      });
    }
  }
  const strong = operands.find((operand) => operand.weak !== true);
  return strong ?? first;
}

function elementwise(
  name: string,
  documentation: string,
  compute: (...x: number[]) => number,
  rules: Pick<Primitive, "jvp"> & Partial<Pick<Primitive, "transpose">>,
): Primitive {
  const primitive: Primitive = {
    name,
    documentation,
    type: (operands) => [sameTypes(name, operands)],
    evaluate(operands, _parameters, [type]) {
      const elements = allocate(type.dtype, sizeOf(type.shape));
      const [x, y] = operands.map((operand) => operand.elements);
      for (let i = 0; i < elements.length; i++)
        elements[i] = y === undefined ? compute(x[i]) : compute(x[i], y[i]);
      return [new NdArray(elements, type.shape, type.dtype, type.weak)];
    },
    batch: (operands, axes, _parameters, size) => ({
      results: bind(primitive, alignBatch(operands, axes, size)),
      axes: [0],
    }),
    ...rules,
  };
  return primitive;
}

export const addPrimitive: Primitive = elementwise("add", "x + y", (x, y) => x + y, {
  jvp([x, y], [tx, ty]) {
    const tangent = tx === null ? ty : ty === null ? tx : add(tx, ty);
    return { primals: [add(x, y)], tangents: [tangent] };
  },
  transpose: ([ct], operands) => operands.map((operand) => (operand instanceof LinearOperand ? ct : null)),
});
export const mulPrimitive: Primitive = elementwise("mul", "x y", (x, y) => x * y, {
  jvp([x, y], [tx, ty]) {
    const left = tx === null ? null : mul(tx, y);
    const right = ty === null ? null : mul(x, ty);
    const tangent = left === null ? right : right === null ? left : add(left, right);
    return { primals: [mul(x, y)], tangents: [tangent] };
  },
  transpose([ct], [x, y]) {
    if (ct === null) return [null, null];
    if (x instanceof LinearOperand) return [mul(ct, y as Value), null];
    return [null, mul(x, ct)];
  },
});
export const negPrimitive: Primitive = elementwise("neg", "−x", (x) => -x, {
  jvp: ([x], [t]) => ({ primals: [neg(x)], tangents: [t === null ? null : neg(t)] }),
  transpose: ([ct]) => [ct === null ? null : neg(ct)],
});
export const sinPrimitive: Primitive = elementwise("sin", "sine of x in radians", Math.sin, {
  jvp: ([x], [t]) => ({ primals: [sin(x)], tangents: [t === null ? null : mul(t, cos(x))] }),
});
export const cosPrimitive: Primitive = elementwise("cos", "cosine of x in radians", Math.cos, {
  jvp: ([x], [t]) => ({ primals: [cos(x)], tangents: [t === null ? null : mul(t, neg(sin(x)))] }),
});

export const add = (x: Value, y: Value): Value => one(bind(addPrimitive, [x, y]));
export const mul = (x: Value, y: Value): Value => one(bind(mulPrimitive, [x, y]));
export const neg = (x: Value): Value => one(bind(negPrimitive, [x]));
export const sin = (x: Value): Value => one(bind(sinPrimitive, [x]));
export const cos = (x: Value): Value => one(bind(cosPrimitive, [x]));

/** A primitive that is linear in its only operand: its jvp is itself. */
function linear<P extends Parameters>(
  rules: Omit<Primitive<P>, "jvp"> & Required<Pick<Primitive<P>, "transpose">>,
): Primitive<P> {
  const primitive: Primitive<P> = {
    ...rules,
    jvp: ([x], [t], parameters) => ({
      primals: bind(primitive as Primitive, [x], parameters),
      tangents: t === null ? [null] : bind(primitive as Primitive, [t], parameters),
    }),
  };
  return primitive;
}

function strides(shape: readonly number[]): number[] {
  const result = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) result[axis] = result[axis + 1] * shape[axis + 1];
  return result;
}

/** Copies elements by index arithmetic: result index → source index through per-axis strides. */
function gatherStrided(x: NdArray, type: ArrayType, offset: number, steps: readonly number[]): NdArray {
  const elements = allocate(type.dtype, sizeOf(type.shape));
  const index = type.shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < elements.length; i++) {
    elements[i] = x.elements[at];
    for (let axis = index.length - 1; axis >= 0; axis--) {
      at += steps[axis];
      if (++index[axis] < type.shape[axis]) break;
      at -= steps[axis] * type.shape[axis];
      index[axis] = 0;
    }
  }
  return new NdArray(elements, type.shape, type.dtype, type.weak);
}

interface Permutation extends Parameters {
  readonly axes: readonly number[];
}
export const permutePrimitive: Primitive<Permutation> = linear<Permutation>({
  name: "permute",
  documentation: "x with axes reordered: result axis i is operand axis axes[i]",
  type: ([x], { axes }) => [{ ...plain(x), shape: axes.map((axis) => x.shape[axis]) }],
  evaluate: ([x], { axes }, [type]) => [
    gatherStrided(
      x,
      type,
      0,
      axes.map((axis) => strides(x.shape)[axis]),
    ),
  ],
  transpose: ([ct], _operands, { axes }) => {
    const inverse = axes.map((_, i) => axes.indexOf(i));
    return [ct === null ? null : one(bind(permutePrimitive, [ct], { axes: inverse }))];
  },
  batch: ([x], [axis], { axes }) => {
    const moved = moveAxis(x, axis ?? 0, 0);
    return { results: bind(permutePrimitive, [moved], { axes: [0, ...axes.map((a) => a + 1)] }), axes: [0] };
  },
});

interface Broadcast extends Parameters {
  readonly shape: readonly number[];
  readonly dimensions: readonly number[];
}
export const broadcastPrimitive: Primitive<Broadcast> = linear<Broadcast>({
  name: "broadcast",
  documentation: "x repeated to a shape: operand axis i becomes result axis dimensions[i]",
  type: ([x], { shape }) => [{ ...plain(x), shape }],
  evaluate: ([x], { shape, dimensions }, [type]) => {
    const own = strides(x.shape);
    const steps = shape.map((_, axis) => {
      const source = dimensions.indexOf(axis);
      return source < 0 || x.shape[source] === 1 ? 0 : own[source];
    });
    return [gatherStrided(x, type, 0, steps)];
  },
  transpose: ([ct], [x], { shape, dimensions }) => {
    if (ct === null) return [null];
    const added = shape.map((_, axis) => axis).filter((axis) => !dimensions.includes(axis));
    return [reshape(one(bind(reduceSumPrimitive, [ct], { axes: added })), x.type.shape)];
  },
  batch: ([x], [axis], { shape, dimensions }) => {
    const moved = moveAxis(x, axis ?? 0, 0);
    const parameters = {
      shape: [moved.shape[0], ...shape],
      dimensions: [0, ...dimensions.map((d) => d + 1)],
    };
    return { results: bind(broadcastPrimitive, [moved], parameters), axes: [0] };
  },
});

interface Reduction extends Parameters {
  readonly axes: readonly number[];
}
function reduction(
  name: string,
  documentation: string,
  initial: number,
  combine: (a: number, b: number) => number,
): Omit<Primitive<Reduction>, "jvp" | "batch"> {
  return {
    name,
    documentation,
    type: ([x], { axes }) => [{ ...plain(x), shape: x.shape.filter((_, axis) => !axes.includes(axis)) }],
    evaluate: ([x], { axes }, [type]) => {
      const elements = allocate(type.dtype, sizeOf(type.shape)).fill(initial);
      const kept = strides(type.shape);
      let next = 0;
      const steps = x.shape.map((_, axis) => (axes.includes(axis) ? 0 : kept[next++]));
      const own = strides(x.shape);
      for (let i = 0; i < x.elements.length; i++) {
        let at = 0;
        for (let axis = 0; axis < steps.length; axis++) {
          at += steps[axis] * (Math.floor(i / own[axis]) % x.shape[axis]);
        }
        elements[at] = combine(elements[at], x.elements[i]);
      }
      return [new NdArray(elements, type.shape, type.dtype, type.weak)];
    },
  };
}
export const reduceSumPrimitive: Primitive<Reduction> = linear<Reduction>({
  ...reduction("reduce_sum", "sum of x over axes", 0, (a, b) => a + b),
  transpose: ([ct], [x], { axes }) => {
    if (ct === null) return [null];
    const shape = x.type.shape;
    const dimensions = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    return [one(bind(broadcastPrimitive, [ct], { shape, dimensions }))];
  },
  batch: ([x], [axis], { axes }) => {
    const moved = moveAxis(x, axis ?? 0, 0);
    return { results: bind(reduceSumPrimitive, [moved], { axes: axes.map((a) => a + 1) }), axes: [0] };
  },
});
export const reduceMaxPrimitive: Primitive<Reduction> = {
  ...reduction("reduce_max", "maximum of x over axes", -Infinity, Math.max),
  jvp() {
    throw new PhxError({ code: "PHX927", what: "the derivative of reduce_max is not here yet" });
  },
  batch: ([x], [axis], { axes }) => {
    const moved = moveAxis(x, axis ?? 0, 0);
    return { results: bind(reduceMaxPrimitive, [moved], { axes: axes.map((a) => a + 1) }), axes: [0] };
  },
};

interface Shape extends Parameters {
  readonly shape: readonly number[];
}
export const reshapePrimitive: Primitive<Shape> = linear<Shape>({
  name: "reshape",
  documentation: "x with the same elements in another shape",
  type: ([x], { shape }) => [{ ...plain(x), shape }],
  evaluate: ([x], { shape }) => [new NdArray(x.elements, shape, x.dtype, x.weak)],
  transpose: ([ct], [x]) => [ct === null ? null : reshape(ct, x.type.shape)],
  batch: ([x], [axis], { shape }) => {
    const moved = moveAxis(x, axis ?? 0, 0);
    return { results: [reshape(moved, [moved.shape[0], ...shape])], axes: [0] };
  },
});

interface Conversion extends Parameters {
  readonly dtype: DType;
}
export const convertPrimitive: Primitive<Conversion> = {
  name: "convert",
  documentation: "x in another dtype, not weak",
  type: ([x], { dtype }) => [{ dtype, shape: x.shape }],
  evaluate: ([x], { dtype }) => [new NdArray(convertElements(x.elements, dtype), x.shape, dtype)],
  jvp: ([x], [t], { dtype }) => ({
    primals: [convert(x, dtype)],
    tangents: [t === null || !isFloat(dtype) ? null : convert(t, dtype)],
  }),
  transpose: ([ct], [x]) => [ct === null ? null : convert(ct, x.type.dtype)],
  batch: ([x], [axis], { dtype }) => ({ results: [convert(x, dtype)], axes: [axis] }),
};

export const selectPrimitive: Primitive = {
  name: "select",
  documentation: "onTrue where the condition (bool, same shape) holds, else onFalse",
  type: ([condition, ...cases]) => {
    const type = sameTypes("select", cases);
    sameTypes("select", [{ ...type, dtype: "bool" }, condition]);
    return [plain(type)];
  },
  evaluate: ([condition, onTrue, onFalse], _parameters, [type]) => {
    const elements = allocate(type.dtype, sizeOf(type.shape));
    for (let i = 0; i < elements.length; i++) {
      elements[i] = condition.elements[i] === 0 ? onFalse.elements[i] : onTrue.elements[i];
    }
    return [new NdArray(elements, type.shape, type.dtype, type.weak)];
  },
  jvp([condition, x, y], [, tx, ty]) {
    const zero = zeros(x.type);
    return {
      primals: [select(condition, x, y)],
      tangents: [tx === null && ty === null ? null : select(condition, tx ?? zero, ty ?? zero)],
    };
  },
  transpose([ct], [condition, x, y]) {
    if (ct === null) return [null, null, null];
    const zero = zeros(ct.type);
    const back = [
      x instanceof LinearOperand ? select(condition as Value, ct, zero) : null,
      y instanceof LinearOperand ? select(condition as Value, zero, ct) : null,
    ];
    return [null, ...back];
  },
  batch: (operands, axes, _parameters, size) => ({
    results: bind(selectPrimitive, alignBatch(operands, axes, size)),
    axes: [0],
  }),
};

export const lessEqualPrimitive: Primitive = {
  name: "less_equal",
  documentation: "x ≤ y as bool",
  type: (operands) => [{ dtype: "bool", shape: sameTypes("less_equal", operands).shape }],
  evaluate: ([x, y], _parameters, [type]) => [
    new NdArray(
      Uint8Array.from(x.elements, (element, i) => (element <= y.elements[i] ? 1 : 0)),
      type.shape,
      "bool",
    ),
  ],
  jvp: (primals) => ({ primals: bind(lessEqualPrimitive, primals), tangents: [null] }),
  batch: (operands, axes, _parameters, size) => ({
    results: bind(lessEqualPrimitive, alignBatch(operands, axes, size)),
    axes: [0],
  }),
};

interface Range extends Parameters {
  readonly start: number;
  readonly stop: number;
}
export const slicePrimitive: Primitive<Range> = linear<Range>({
  name: "slice",
  documentation: "entries start … stop − 1 of x along axis 0",
  type: ([x], { start, stop }) => [{ ...plain(x), shape: [stop - start, ...x.shape.slice(1)] }],
  evaluate: ([x], { start, stop }, [type]) => {
    const size = sizeOf(x.shape.slice(1));
    return [new NdArray(x.elements.slice(start * size, stop * size), type.shape, x.dtype, x.weak)];
  },
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
});
export const concatenatePrimitive: Primitive = {
  name: "concatenate",
  documentation: "x followed by y along axis 0",
  type: ([x, y]) => [{ ...plain(x), shape: [x.shape[0] + y.shape[0], ...x.shape.slice(1)] }],
  evaluate: ([x, y], _parameters, [type]) => {
    const elements = allocate(type.dtype, sizeOf(type.shape));
    (elements as Float64Array).set(x.elements);
    (elements as Float64Array).set(y.elements, x.size);
    return [new NdArray(elements, type.shape, type.dtype, type.weak)];
  },
  jvp: ([x, y], [tx, ty]) => ({
    primals: [concatenate(x, y)],
    tangents: [concatenate(tx ?? zeros(x.type), ty ?? zeros(y.type))],
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
    const aligned = alignBatch(operands, axes, size).map((x) => moveAxis(x, 0, x.ndim - 1));
    return { results: bind(concatenatePrimitive, aligned), axes: [aligned[0].ndim - 1] };
  },
};
export const concatenate = (x: Value, y: Value): Value => one(bind(concatenatePrimitive, [x, y]));
export const lessEqual = (x: Value, y: Value): Value => one(bind(lessEqualPrimitive, [x, y]));
export const select = (condition: Value, x: Value, y: Value): Value =>
  one(bind(selectPrimitive, [condition, x, y]));
export const convert = (x: Value, dtype: DType): Value => one(bind(convertPrimitive, [x], { dtype }));
export const reshape = (x: Value, shape: readonly number[]): Value =>
  sameShape(x.shape, shape) ? x : one(bind(reshapePrimitive, [x], { shape }));

export function zeros(type: ArrayType): NdArray {
  return new NdArray(allocate(type.dtype, sizeOf(type.shape)), type.shape, type.dtype, type.weak);
}

export function moveAxis(x: Value, from: number, to: number): Value {
  if (from === to) return x;
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== from);
  axes.splice(to, 0, from);
  return one(bind(permutePrimitive, [x], { axes }));
}

function plain(type: ArrayType): ArrayType {
  return { dtype: type.dtype, shape: type.shape, weak: type.weak === true };
}
