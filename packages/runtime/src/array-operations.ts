// The array operations that models are written with: one name each, on concrete and traced values alike.
import type { CsrMatrix, Parameters, Primitive, Value } from "@phxlang/autodiff";
import { bind, csrLinear, csrMatrix, internalError, NdArray, primitives } from "@phxlang/autodiff";

const byName = new Map(primitives.map((primitive) => [primitive.name, primitive]));

function operation(name: string): (operands: readonly Value[], parameters?: Parameters) => Value {
  const primitive: Primitive | undefined = byName.get(name);
  if (primitive === undefined) throw internalError(`autodiff has no primitive ${name}`);
  return (operands, parameters = {}) => bind(primitive, operands, parameters)[0];
}

const operations = {
  add: operation("add"),
  sub: operation("sub"),
  mul: operation("mul"),
  div: operation("div"),
  neg: operation("neg"),
  exp: operation("exp"),
  expm1: operation("expm1"),
  log: operation("log"),
  log1p: operation("log1p"),
  sqrt: operation("sqrt"),
  where: operation("where"),
  less: operation("less"),
  lessEqual: operation("lessEqual"),
  equal: operation("equal"),
  convert: operation("convert"),
  stopGradient: operation("stop_gradient"),
  reshape: operation("reshape"),
  permute: operation("permute"),
  broadcast: operation("broadcast"),
  reduceSum: operation("reduceSum"),
};

/** An operand: a number stands for a scalar. Shapes broadcast as in NumPy. */
export type Operand = Value | number;

export function value(x: Operand): Value {
  return typeof x === "number" ? new NdArray(Float64Array.of(x), [], "f64", true) : x;
}

export const add = (x: Operand, y: Operand): Value => operations.add([value(x), value(y)]);
export const sub = (x: Operand, y: Operand): Value => operations.sub([value(x), value(y)]);
export const mul = (x: Operand, y: Operand): Value => operations.mul([value(x), value(y)]);
export const div = (x: Operand, y: Operand): Value => operations.div([value(x), value(y)]);
export const neg = (x: Value): Value => operations.neg([x]);
export const exp = (x: Value): Value => operations.exp([x]);
export const expm1 = (x: Value): Value => operations.expm1([x]);
export const log = (x: Value): Value => operations.log([x]);
export const log1p = (x: Value): Value => operations.log1p([x]);
export const sqrt = (x: Value): Value => operations.sqrt([x]);
export const less = (x: Operand, y: Operand): Value => operations.less([value(x), value(y)]);
export const lessEqual = (x: Operand, y: Operand): Value => operations.lessEqual([value(x), value(y)]);
export const equal = (x: Operand, y: Operand): Value => operations.equal([value(x), value(y)]);
export const where = (condition: Value, x: Operand, y: Operand): Value =>
  operations.where([condition, value(x), value(y)]);
/** x as f64, not weak. */
export const toF64 = (x: Value): Value =>
  x.dtype === "f64" && !x.weak ? x : operations.convert([x], { dtype: "f64" });
/** x, constant to every derivative. */
export const constantOf = (x: Value): Value => operations.stopGradient([x]);

export function reshape(x: Value, shape: readonly number[]): Value {
  const same = x.shape.length === shape.length && x.shape.every((length, axis) => length === shape[axis]);
  return same ? x : operations.reshape([x], { shape });
}

export function moveAxis(x: Value, from: number, to: number): Value {
  if (from === to) return x;
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== from);
  axes.splice(to, 0, from);
  return operations.permute([x], { axes });
}

/** x repeated `size` times along a new first axis. */
export function broadcastLeading(x: Value, size: number): Value {
  const dimensions = x.shape.map((_, axis) => axis + 1);
  return operations.broadcast([x], { shape: [size, ...x.shape], dimensions });
}

export const sumLeading = (x: Value): Value => operations.reduceSum([x], { axes: [0] });

/** Sum of all entries: a scalar. */
export const sum = (x: Value): Value => operations.reduceSum([x], { axes: x.shape.map((_, axis) => axis) });

/** Σ x y over the last axis. */
export function dot(x: Value, y: Value): Value {
  const product = mul(x, y);
  return operations.reduceSum([product], { axes: [product.shape.length - 1] });
}

/** A concrete f64 vector. The elements must not change afterwards. */
export function vector(elements: Float64Array): NdArray {
  return new NdArray(elements, [elements.length], "f64");
}

export function filled(length: number, number: number): NdArray {
  return vector(new Float64Array(length).fill(number));
}

/** The matrix that picks entries: row i of its product with x is x[indices[i]], 0 where indices[i] < 0. */
export function selectionMatrix(indices: ArrayLike<number>, columnCount: number): CsrMatrix {
  const rowOffsets = new Int32Array(indices.length + 1);
  const columns: number[] = [];
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] >= 0) columns.push(indices[i]);
    rowOffsets[i + 1] = columns.length;
  }
  return csrMatrix({
    rowOffsets,
    columns: Int32Array.from(columns),
    columnCount,
    coefficients: new Float64Array(columns.length).fill(1),
  });
}

/** x[indices], for a vector x; 0 where an index is negative. */
export function take(x: Value, indices: ArrayLike<number>): Value {
  return csrLinear(selectionMatrix(indices, x.shape[0]), x);
}

/** Vectors end to end. */
export function concatenate(vectors: readonly Value[]): Value {
  const length = vectors.reduce((total, part) => total + part.shape[0], 0);
  let result: Value | null = null;
  let start = 0;
  for (const part of vectors) {
    const size = part.shape[0];
    const indices = Int32Array.from({ length }, (_, i) => (i >= start && i < start + size ? i - start : -1));
    const placed = take(part, indices);
    result = result === null ? placed : add(result, placed);
    start += size;
  }
  return result ?? filled(0, 0);
}

/** Equal vectors as the rows of a matrix. */
export function stack(vectors: readonly Value[]): Value {
  const length = vectors[0]?.shape[0] ?? 0;
  return reshape(concatenate(vectors), [vectors.length, length]);
}

/** Whole numbers of any dtype as f64. */
export const convertToF64 = (x: Value): Value => operations.convert([x], { dtype: "f64" });
