// Reading and writing at places that are data: gather, and scatter, its transpose.
//
// Both work on stacks: x [b, n, m] is b lists of n rows of m entries, and indices [c, k] (i32) name k rows of each
// list, where b or c may be 1 to serve all. Every NumPy-style index is lowered to this form.
import { allocate, sizeOf, typeText } from "../array.ts";
import type { ArrayType, DType } from "../array.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { constant, where, zerosLike } from "./arithmetic.ts";
import { apply, batchedFirst, isLinearOperand, single, withShape } from "./apply.ts";
import { equal } from "./comparison.ts";
import { range } from "./layout.ts";
import { broadcastInto, insertAxes, moveAxis, reduceSum, reshape } from "./structural.ts";

export interface GatherParameters extends Parameters {
  /** What an index outside 0 … n − 1 reads: zeros, or JAX's "fill" (NaN; for integers the extreme; true). */
  readonly outside: "zero" | "fill";
}

export interface ScatterParameters extends Parameters {
  /** Whether updates are added to what is there or replace it; of several at one place the last one stays. */
  readonly mode: "add" | "set";
}

/** JAX's fill value: NaN, the lowest i32, the highest u32, true. */
function fillValue(dtype: DType): number {
  return dtype === "i32" ? -2147483648 : dtype === "u32" ? 4294967295 : dtype === "bool" ? 1 : NaN;
}

export const gatherPrimitive: Primitive<GatherParameters> = {
  name: "gather",
  documentation:
    "x [b, n, m], indices i32 [c, k] → rows x[i, indices[i, j]] as [max(b, c), k, m]; b or c may be 1 and serve all",
  type([x, indices]) {
    const [b, , m] = x.shape;
    const [c, k] = indices.shape;
    if (!stacksFit([x], indices)) throw indexingError("gather", [x, indices]);
    return [withShape(x, [b === 1 ? c : b, k, m])];
  },
  evaluate([x, indices], { outside }, [type]) {
    const [stack, k, m] = type.shape;
    const n = x.shape[1];
    const out = allocate(x.dtype, sizeOf(type.shape));
    const filler = outside === "zero" ? 0 : fillValue(x.dtype);
    for (let s = 0; s < stack; s++) {
      const from = x.shape[0] === 1 ? 0 : s * n * m;
      const place = indices.shape[0] === 1 ? 0 : s * k;
      for (let j = 0; j < k; j++) {
        const index = indices.elements[place + j];
        const to = (s * k + j) * m;
        const inside = index >= 0 && index < n;
        for (let l = 0; l < m; l++) out[to + l] = inside ? x.elements[from + index * m + l] : filler;
      }
    }
    return [new NdArray(out, type.shape, x.dtype, x.weak)];
  },
  jvp: ([x, indices], [t], { outside }) =>
    single(gather(x, indices, outside), t && gather(t, indices, "zero")),
  transpose([ct], [x, indices]) {
    if (ct === null || !isLinearOperand(x) || isLinearOperand(indices)) return [null, null];
    const [b, n, m] = x.type.shape;
    const back = scatter(zerosOf([ct.shape[0], n, m], ct.dtype), indices, ct, "add");
    return [b === 1 && ct.shape[0] !== 1 ? reshape(reduceSum(back, [0]), x.type.shape) : back, null];
  },
  batch([x, indices], [xAxis, indexAxis], { outside }, size) {
    const [b, n, m] = x.shape.filter((_, axis) => axis !== xAxis);
    const [c, k] = indices.shape.filter((_, axis) => axis !== indexAxis);
    const stack = Math.max(b, c);
    const places = indexAxis === null && c === 1 ? indices : mergeBatch(indices, indexAxis, size, [stack, k]);
    const lists = xAxis === null && b === 1 ? x : mergeBatch(x, xAxis, size, [stack, n, m]);
    return batchedFirst(reshape(gather(lists, places, outside), [size, stack, k, m]));
  },
};

export const scatterPrimitive: Primitive<ScatterParameters> = {
  name: "scatter",
  documentation:
    "x [b, n, m], indices i32 [c, k], updates [b, k, m] → x with updates[i, j] added to (or set at) row indices[i, j]; c may be 1; places outside 0 … n − 1 are left out",
  type([x, indices, updates]) {
    const [b, , m] = x.shape;
    const [, k] = indices.shape;
    const fits =
      stacksFit([x], indices) &&
      indices.shape[0] <= b &&
      updates.dtype === x.dtype &&
      updates.shape.length === 3 &&
      updates.shape[0] === b &&
      updates.shape[1] === k &&
      updates.shape[2] === m;
    if (!fits) throw indexingError("scatter", [x, indices, updates]);
    return [withShape(x, x.shape)];
  },
  evaluate([x, indices, updates], { mode }) {
    const [stack, n, m] = x.shape;
    const k = indices.shape[1];
    const out = x.elements.slice();
    for (let s = 0; s < stack; s++) {
      const place = indices.shape[0] === 1 ? 0 : s * k;
      for (let j = 0; j < k; j++) {
        const index = indices.elements[place + j];
        if (!(index >= 0 && index < n)) continue;
        const to = (s * n + index) * m;
        const from = (s * k + j) * m;
        if (mode === "add") for (let l = 0; l < m; l++) out[to + l] += updates.elements[from + l];
        else for (let l = 0; l < m; l++) out[to + l] = updates.elements[from + l];
      }
    }
    return [new NdArray(out, x.shape, x.dtype, x.weak)];
  },
  // Linear in x and updates together.
  jvp([x, indices, updates], [tx, , tu], { mode }) {
    const y = scatter(x, indices, updates, mode);
    if (tx === null && tu === null) return single(y, null);
    if (tu === null && mode === "add") return single(y, tx);
    return single(y, scatter(tx ?? zerosLike(x), indices, tu ?? zerosLike(updates), mode));
  },
  transpose([ct], [x, indices, updates], { mode }) {
    if (ct === null || isLinearOperand(indices)) return [null, null, null];
    const updatesType = isLinearOperand(updates) ? updates.type : updates;
    const ofUpdates = (): Value => {
      const taken = gather(ct, indices, "zero");
      if (mode === "add") return taken;
      // Only the last update at each place is seen.
      const [stack, k] = updatesType.shape;
      const numbers = new NdArray(
        Int32Array.from({ length: k }, (_, j) => j),
        [1, k, 1],
        "i32",
      );
      const each = broadcastInto(numbers, [stack, k, 1], [0, 1, 2]);
      const nobody = new NdArray(
        new Int32Array(stack * ct.shape[1]).fill(-1),
        [stack, ct.shape[1], 1],
        "i32",
      );
      const last = gather(scatter(nobody, indices, each, "set"), indices, "zero");
      return where(equal(last, each), taken, constant(0, taken));
    };
    const cleared = (): Value =>
      mode === "add" ? ct : scatter(ct, indices, zerosOf(updatesType.shape, ct.dtype), "set");
    return [isLinearOperand(x) ? cleared() : null, null, isLinearOperand(updates) ? ofUpdates() : null];
  },
  batch([x, indices, updates], [xAxis, indexAxis, updatesAxis], { mode }, size) {
    const shape = x.shape.filter((_, axis) => axis !== xAxis);
    const [b, n, m] = shape;
    const [c, k] = indices.shape.filter((_, axis) => axis !== indexAxis);
    const places = indexAxis === null && c === 1 ? indices : mergeBatch(indices, indexAxis, size, [b, k]);
    const result = scatter(
      mergeBatch(x, xAxis, size, [b, n, m]),
      places,
      mergeBatch(updates, updatesAxis, size, [b, k, m]),
      mode,
    );
    return batchedFirst(reshape(result, [size, ...shape]));
  },
};

/** [size, own, …] repeated to [size, stack, …] and then as [size · stack, …]. */
function mergeBatch(x: Value, axis: number | null, size: number, shape: readonly number[]): Value {
  const full = [size, ...shape];
  const moved = axis === null ? insertAxes(x, 0, 1) : moveAxis(x, axis, 0);
  return reshape(broadcastInto(moved, full, range(full.length)), [size * shape[0], ...shape.slice(1)]);
}

function zerosOf(shape: readonly number[], dtype: DType): NdArray {
  return new NdArray(allocate(dtype, sizeOf(shape)), shape, dtype);
}

function stacksFit([x]: readonly ArrayType[], indices: ArrayType): boolean {
  if (x.shape.length !== 3 || indices.shape.length !== 2 || indices.dtype !== "i32") return false;
  const [b] = x.shape;
  const [c] = indices.shape;
  return b === c || b === 1 || c === 1;
}

function indexingError(name: string, operands: readonly ArrayType[]): PhxError {
  return new PhxError({
    code: "PHX946",
    what: `${name} of ${operands.map(typeText).join(", ")}`,
    why: "it takes stacks x [b, n, m] and i32 indices [c, k], and scatter updates [b, k, m]",
    fix: "use np.take, np.takeAlongAxis or x.at, which bring arrays to this form",
  });
}

export function gather(x: Value, indices: Value, outside: "zero" | "fill"): Value {
  return apply(gatherPrimitive, [x, indices], { outside });
}

export function scatter(x: Value, indices: Value, updates: Value, mode: "add" | "set"): Value {
  return apply(scatterPrimitive, [x, indices, updates], { mode });
}
