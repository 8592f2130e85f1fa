// Largest and smallest entries, their places, running sums and orders, along axes.
import type { ArrayType, DType, Elements } from "../array.ts";
import { allocate, sizeOf } from "../array.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { convert, div, where, constant } from "./arithmetic.ts";
import { apply, linearJvp, single, withShape } from "./apply.ts";
import { equal } from "./comparison.ts";
import { otherAxes } from "./layout.ts";
import type { Reduction } from "./reduce-elements.ts";
import { reduceElements } from "./reduce-elements.ts";
import type { AxesParameters } from "./structural.ts";
import { batchedAxes, broadcastInto, reduceSum } from "./structural.ts";

export interface AxisParameters extends Parameters {
  readonly axis: number;
}

export interface CumulativeParameters extends Parameters {
  readonly axis: number;
  readonly reverse: boolean;
}

const lowest = (dtype: DType): number =>
  dtype === "i32" ? -2147483648 : dtype === "f64" || dtype === "f32" ? -Infinity : 0;
const highest = (dtype: DType): number =>
  dtype === "i32" ? 2147483647 : dtype === "u32" ? 4294967295 : dtype === "bool" ? 1 : Infinity;

function extremum(combine: (a: number, b: number) => number, initial: (dtype: DType) => number): Reduction {
  return {
    initial,
    combine,
    run(elements, start, count) {
      let result = elements[start];
      for (let i = start + 1; i < start + count; i++) result = combine(result, elements[i]);
      return result;
    },
  };
}

function extremumPrimitive(
  name: string,
  documentation: string,
  reduction: Reduction,
): Primitive<AxesParameters> {
  const primitive: Primitive<AxesParameters> = {
    name,
    documentation,
    type: ([x], { axes }) => [
      withShape(
        x,
        otherAxes(x.shape.length, axes).map((axis) => x.shape[axis]),
      ),
    ],
    evaluate([x], { axes }, [type]) {
      const elements = reduceElements(x.elements, x.dtype, x.shape, axes, reduction);
      return [new NdArray(elements, type.shape, x.dtype, x.weak)];
    },
    // The tangents of the entries that attain the extremum, averaged.
    jvp([x], [t], { axes }) {
      const y = apply(primitive, [x], { axes });
      if (t === null) return single(y, null);
      const attained = equal(x, broadcastInto(y, x.shape, otherAxes(x.shape.length, axes)));
      const count = reduceSum(convert(attained, x.dtype), axes);
      return single(y, div(reduceSum(where(attained, t, constant(0, t)), axes), count));
    },
    batch([x], [axis], { axes }) {
      const { inner, result } = batchedAxes(axes, axis ?? 0);
      return { results: [apply(primitive, [x], { axes: inner })], axes: [result] };
    },
  };
  return primitive;
}

export const reduceMaxPrimitive: Primitive<AxesParameters> = extremumPrimitive(
  "reduceMax",
  "x → its largest entry over `axes` (ascending), which disappear; NaN if there is one; bools: any",
  extremum(Math.max, lowest),
);

export const reduceMinPrimitive: Primitive<AxesParameters> = extremumPrimitive(
  "reduceMin",
  "x → its smallest entry over `axes` (ascending), which disappear; NaN if there is one; bools: all",
  extremum(Math.min, highest),
);

export const reduceMax = (x: Value, axes: readonly number[]): Value =>
  axes.length === 0 ? x : apply(reduceMaxPrimitive, [x], { axes });
export const reduceMin = (x: Value, axes: readonly number[]): Value =>
  axes.length === 0 ? x : apply(reduceMinPrimitive, [x], { axes });

/** Calls `line(start, step, line number)` for each line of an array along an axis. */
function forEachLine(
  shape: readonly number[],
  axis: number,
  line: (start: number, step: number, index: number) => void,
): void {
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  let index = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) line(o * inner * shape[axis] + i, inner, index++);
  }
}

function placePrimitive(
  name: string,
  documentation: string,
  better: (a: number, b: number) => boolean,
): Primitive<AxisParameters> {
  const primitive: Primitive<AxisParameters> = {
    name,
    documentation,
    type: ([x], { axis }) => [{ dtype: "i32", shape: x.shape.filter((_, a) => a !== axis) }],
    evaluate([x], { axis }, [type]) {
      const out = new Int32Array(sizeOf(type.shape));
      const { elements } = x;
      forEachLine(x.shape, axis, (start, step, index) => {
        let best = 0;
        let value = elements[start];
        for (let i = 1; i < x.shape[axis] && value === value; i++) {
          const candidate = elements[start + i * step];
          if (better(candidate, value) || candidate !== candidate) {
            best = i;
            value = candidate;
          }
        }
        out[index] = best;
      });
      return [new NdArray(out, type.shape, "i32")];
    },
    jvp: ([x], _tangents, { axis }) => single(apply(primitive, [x], { axis }), null),
    batch([x], [batchAxis], { axis }) {
      const { inner, result } = batchedAxes([axis], batchAxis ?? 0);
      return { results: [apply(primitive, [x], { axis: inner[0] })], axes: [result] };
    },
  };
  return primitive;
}

export const argMaxPrimitive: Primitive<AxisParameters> = placePrimitive(
  "argMax",
  "x → place (i32) of the first largest entry along `axis`, which disappears; of the first NaN if there is one",
  (a, b) => a > b,
);

export const argMinPrimitive: Primitive<AxisParameters> = placePrimitive(
  "argMin",
  "x → place (i32) of the first smallest entry along `axis`, which disappears; of the first NaN if there is one",
  (a, b) => a < b,
);

export const argMax = (x: Value, axis: number): Value => apply(argMaxPrimitive, [x], { axis });
export const argMin = (x: Value, axis: number): Value => apply(argMinPrimitive, [x], { axis });

const sameType = ([x]: readonly ArrayType[]): readonly ArrayType[] => [withShape(x, x.shape)];

export const cumsumPrimitive: Primitive<CumulativeParameters> = {
  name: "cumsum",
  documentation: "x → running sums along `axis`, each with its own entry; from the end if `reverse`",
  type: sameType,
  evaluate([x], { axis, reverse }) {
    const out: Elements = allocate(x.dtype, x.elements.length);
    const length = x.shape[axis];
    forEachLine(x.shape, axis, (start, step) => {
      let sum = 0;
      for (let i = 0; i < length; i++) {
        const at = start + (reverse ? length - 1 - i : i) * step;
        sum += x.elements[at];
        out[at] = sum;
      }
    });
    return [new NdArray(out, x.shape, x.dtype, x.weak)];
  },
  jvp: linearJvp(() => cumsumPrimitive),
  transpose: ([ct], _operands, { axis, reverse }) => [ct === null ? null : cumsum(ct, axis, !reverse)],
  batch([x], [batchAxis], { axis, reverse }) {
    const { inner } = batchedAxes([axis], batchAxis ?? 0);
    return { results: [cumsum(x, inner[0], reverse)], axes: [batchAxis] };
  },
};

export function cumsum(x: Value, axis: number, reverse = false): Value {
  return apply(cumsumPrimitive, [x], { axis, reverse });
}

export const argSortPrimitive: Primitive<AxisParameters> = {
  name: "argSort",
  documentation:
    "x → places (i32) that sort it along `axis`, ascending; equal entries keep their order, NaN comes last",
  type: ([x]) => [{ dtype: "i32", shape: x.shape }],
  evaluate([x], { axis }) {
    const { elements } = x;
    const out = new Int32Array(elements.length);
    const length = x.shape[axis];
    forEachLine(x.shape, axis, (start, step) => {
      const order = Int32Array.from({ length }, (_, i) => i);
      order.sort((i, j) => compare(elements[start + i * step], elements[start + j * step]) || i - j);
      for (let i = 0; i < length; i++) out[start + i * step] = order[i];
    });
    return [new NdArray(out, x.shape, "i32")];
  },
  jvp: ([x], _tangents, { axis }) => single(argSort(x, axis), null),
  batch([x], [batchAxis], { axis }) {
    const { inner } = batchedAxes([axis], batchAxis ?? 0);
    return { results: [argSort(x, inner[0])], axes: [batchAxis] };
  },
};

export const argSort = (x: Value, axis: number): Value => apply(argSortPrimitive, [x], { axis });

function compare(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  const aIsNaN = a !== a;
  return aIsNaN === (b !== b) ? 0 : aIsNaN ? 1 : -1;
}
