// The array operations that models are written with: NumPy's, and products with constant sparse matrices.
import type { CsrMatrix, Value } from "@phxlang/autodiff";
import { csrLinear, csrMatrix, NdArray, np, stopGradient } from "@phxlang/autodiff";
import { Memo } from "./memo.ts";

export const add: typeof np.add = np.add;
export const concatenate: typeof np.concatenate = np.concatenate;
export const div: typeof np.div = np.div;
export const equal: typeof np.equal = np.equal;
export const exp: typeof np.exp = np.exp;
export const expm1: typeof np.expm1 = np.expm1;
export const less: typeof np.less = np.less;
export const log: typeof np.log = np.log;
export const log1p: typeof np.log1p = np.log1p;
export const mul: typeof np.mul = np.mul;
export const neg: typeof np.neg = np.neg;
export const reshape: typeof np.reshape = np.reshape;
export const sqrt: typeof np.sqrt = np.sqrt;
export const stack: typeof np.stack = np.stack;
export const sub: typeof np.sub = np.sub;
export const where: typeof np.where = np.where;

/** Sum of all entries: a scalar. */
export const sum = (x: Value): Value => np.sum(x);

/** Sum over the first axis. */
export const sumLeading = (x: Value): Value => np.sum(x, 0);

/** Σ x y over the last axis. */
export const dot = (x: Value, y: Value): Value => np.sum(np.mul(x, y), -1);

export const moveAxis = (x: Value, from: number, to: number): Value =>
  from === to ? x : np.moveaxis(x, from, to);

/** x repeated `size` times along a new first axis. */
export const broadcastLeading = (x: Value, size: number): Value => np.broadcastTo(x, [size, ...x.shape]);

/** x as f64, not weak. */
export const toF64 = (x: Value): Value => (x.dtype === "f64" && !x.weak ? x : np.astype(x, "f64"));

/** x, constant to every derivative. */
export const constantOf = (x: Value): Value => stopGradient(x);

/** A concrete f64 vector. The elements must not change afterwards. */
export function vector(elements: Float64Array): NdArray {
  return new NdArray(elements, [elements.length], "f64");
}

export function filled(length: number, number: number): NdArray {
  return vector(new Float64Array(length).fill(number));
}

const selections = new Memo<Int32Array, number, CsrMatrix>();

/**
 * The matrix that picks entries: row i of its product with x is x[indices[i]], 0 where indices[i] < 0. Made once
 * for each array of indices, which must not change.
 */
function selectionMatrix(indices: Int32Array, columnCount: number): CsrMatrix {
  return selections.get(indices, columnCount, () => {
    const rowOffsets = new Int32Array(indices.length + 1);
    for (let i = 0; i < indices.length; i++) rowOffsets[i + 1] = rowOffsets[i] + (indices[i] >= 0 ? 1 : 0);
    const columns = indices.every((index) => index >= 0) ? indices : indices.filter((index) => index >= 0);
    const coefficients = new Float64Array(columns.length).fill(1);
    return csrMatrix({ rowOffsets, columns, columnCount, coefficients });
  });
}

/** x[indices] along the last axis of a vector or matrix; 0 where an index is negative. */
export function take(x: Value, indices: Int32Array | readonly number[]): Value {
  const fixed = indices instanceof Int32Array ? indices : Int32Array.from(indices);
  return csrLinear(selectionMatrix(fixed, x.shape[x.shape.length - 1]), x);
}

/** The first entries along the last axis of a vector or matrix. */
export function firstEntries(x: Value, count: number): Value {
  if (x.shape[x.shape.length - 1] === count) return x;
  return x.shape.length === 1 ? np.slice(x, [0, count]) : np.slice(x, [], [0, count]);
}

/** The last entries along the last axis of a vector or matrix. */
export function lastEntries(x: Value, count: number): Value {
  const first = x.shape[x.shape.length - 1] - count;
  return x.shape.length === 1 ? np.slice(x, [first, null]) : np.slice(x, [], [first, null]);
}
