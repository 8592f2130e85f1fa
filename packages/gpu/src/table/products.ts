// Products: matrices, and sparse matrices with entries that are values or constants.
import type { CsrMatrix, CsrPattern } from "@phxlang/autodiff";
import { sizeOf } from "@phxlang/autodiff";
import type { Kernel, MemoryArray } from "../program/lowering.ts";
import { operate, unravel } from "./indices.ts";

const matmul: Kernel = {
  kind: "kernel",
  emit({ scalars, each }, [x, y], [result], parameters) {
    const { shape, dtype } = result.type;
    const scalar = scalars(dtype);
    const left = parameters["transposeLeft"] === true;
    const right = parameters["transposeRight"] === true;
    const inner = x.type.shape[left ? 1 : 2];
    each(sizeOf(shape), (code, i) => {
      const [s, row, column] = unravel(i, shape);
      const ofX = x.type.shape[0] === 1 ? "0u" : s;
      const ofY = y.type.shape[0] === 1 ? "0u" : s;
      const sum = code.variable(scalar.literal(0));
      code.for("0u", `${inner}u`, (k) => {
        const a = code.let(x.at(left ? [ofX, k, row] : [ofX, row, k]));
        const b = code.let(y.at(right ? [ofY, column, k] : [ofY, k, column]));
        code.set(sum, operate(scalar, "add", sum, code.let(operate(scalar, "mul", a, b))));
      });
      code.add(result.store(i, sum));
    });
  },
};

/** Entries grouped by the rows of a product: those of row r at offsets[r] … offsets[r + 1). */
interface Grouped {
  readonly offsets: Int32Array;
  /** The entry of the matrix. */
  readonly entries: Int32Array;
  /** The entry of the vector that it meets. */
  readonly partners: Int32Array;
}

type Sparse = Pick<CsrPattern, "rowCount" | "columnCount" | "entryCount" | "rowOffsets" | "columns">;

function rowsOf({ rowCount, rowOffsets, entryCount }: Sparse): Int32Array {
  const rows = new Int32Array(entryCount);
  for (let r = 0; r < rowCount; r++) rows.fill(r, rowOffsets[r], rowOffsets[r + 1]);
  return rows;
}

/** For the transposed matrix entries are sorted by their column, in their order within it. */
function group(matrix: Sparse, transposed: boolean): Grouped {
  const { columnCount, rowOffsets, columns, entryCount } = matrix;
  if (!transposed) {
    return { offsets: rowOffsets, entries: Int32Array.from(columns, (_, e) => e), partners: columns };
  }
  const offsets = new Int32Array(columnCount + 1);
  for (const column of columns) offsets[column + 1] += 1;
  for (let c = 0; c < columnCount; c++) offsets[c + 1] += offsets[c];
  const next = offsets.slice();
  const entries = new Int32Array(entryCount);
  columns.forEach((column, e) => (entries[next[column]++] = e));
  const rows = rowsOf(matrix);
  return { offsets, entries, partners: entries.map((e) => rows[e]) };
}

/** An element of an operand that may have a leading axis of lanes. */
function inLane(operand: MemoryArray, lane: string, index: string): string {
  return operand.type.shape.length === 2 ? operand.at([lane, index]) : operand.at([index]);
}

/** A x or Aᵀ x; `entry` is the value of an entry of A in a lane. */
function multiply(
  context: Parameters<Kernel["emit"]>[0],
  matrix: Sparse,
  transposed: boolean,
  x: MemoryArray,
  result: MemoryArray,
  entry: (lane: string, e: string) => string,
): void {
  const scalar = context.scalars(result.type.dtype);
  const grouped = group(matrix, transposed);
  const offsets = context.constant(grouped.offsets);
  const entries = context.constant(grouped.entries);
  const partners = context.constant(grouped.partners);
  const length = result.type.shape[result.type.shape.length - 1];
  const lanes = result.type.shape.length === 2 ? result.type.shape[0] : 1;
  context.each(sizeOf(result.type.shape), (code, i) => {
    const [lane, r] = unravel(i, [lanes, length]);
    const sum = code.variable(scalar.literal(0));
    code.for(`u32(${offsets.load(r)})`, `u32(${offsets.load(`(${r} + 1u)`)})`, (p) => {
      const e = code.let(`u32(${entries.load(p)})`);
      const value = code.let(entry(lane, e));
      const partner = code.let(inLane(x, lane, code.let(`u32(${partners.load(p)})`)));
      code.set(sum, operate(scalar, "add", sum, code.let(operate(scalar, "mul", value, partner))));
    });
    code.add(result.store(i, sum));
  });
}

const csrMatvec: Kernel = {
  kind: "kernel",
  emit(context, [values, x], [result], parameters) {
    const pattern = parameters["pattern"] as CsrPattern;
    multiply(context, pattern, parameters["transposed"] === true, x, result, (lane, e) =>
      inLane(values, lane, e),
    );
  },
};

const csrLinear: Kernel = {
  kind: "kernel",
  emit(context, [x], [result], parameters) {
    const matrix = parameters["matrix"] as CsrMatrix;
    const coefficients = context.constant(matrix.coefficients, x.type.dtype);
    multiply(context, matrix, parameters["transposed"] === true, x, result, (_lane, e) =>
      coefficients.load(e),
    );
  },
};

const csrOuter: Kernel = {
  kind: "kernel",
  emit({ scalars, constant, each }, [u, v], [result], parameters) {
    const pattern = parameters["pattern"] as CsrPattern;
    const scalar = scalars(result.type.dtype);
    const rows = constant(rowsOf(pattern));
    const columns = constant(pattern.columns);
    const lanes = result.type.shape.length === 2 ? result.type.shape[0] : 1;
    each(sizeOf(result.type.shape), (code, i) => {
      const [lane, e] = unravel(i, [lanes, pattern.entryCount]);
      const a = code.let(inLane(u, lane, code.let(`u32(${rows.load(e)})`)));
      const b = code.let(inLane(v, lane, code.let(`u32(${columns.load(e)})`)));
      code.add(result.store(i, code.let(operate(scalar, "mul", a, b))));
    });
  },
};

export const productTable: Readonly<Record<string, Kernel>> = { matmul, csrMatvec, csrLinear, csrOuter };
