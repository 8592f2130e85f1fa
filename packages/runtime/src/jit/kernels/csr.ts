// Sparse products, lane by lane, row by row, entries in order, as the references; f32 rows are summed in doubles.
import type { CsrMatrix, CsrPattern, DType } from "@phxlang/autodiff";
import type { Expression, FunctionBuilder, Local } from "../../wasm/index.ts";
import { f32, f64, i32 } from "../../wasm/index.ts";
import type { Kernel, KernelContext, KernelOperand } from "../lowering.ts";
import { elementBytes, storePack } from "../pack.ts";
import { repeat } from "./strided-copy.ts";

type Pattern = Pick<CsrPattern, "rowCount" | "columnCount" | "entryCount" | "rowOffsets" | "columns">;

function loadDouble(dtype: DType, address: Expression<"i32">): Expression<"f64"> {
  return dtype === "f64" ? f64.load(address) : f64.promoteF32(f32.load(address));
}

function storeDouble(
  f: FunctionBuilder,
  dtype: DType,
  address: Expression<"i32">,
  value: Expression<"f64">,
): void {
  const parts = [dtype === "f64" ? value : f32.demoteF64(value)];
  storePack(f, "scalar", { dtype, parts }, address, 0);
}

/** Bytes from lane to lane; 0 for an operand without lanes. */
function laneBytes({ type }: KernelOperand): number {
  return type.shape.length === 2 ? type.shape[1] * elementBytes[type.dtype] : 0;
}

/** Runs the body for every lane, with pointers that move from lane to lane. */
function eachLane(
  f: FunctionBuilder,
  result: KernelOperand,
  operands: readonly KernelOperand[],
  body: (pointers: readonly Local<"i32">[]) => void,
): void {
  const all = [result, ...operands];
  f.scope(() => {
    const pointers = all.map(({ address }) => f.let(address));
    repeat(f, result.type.shape.length === 2 ? result.type.shape[0] : 1, () => {
      body(pointers);
      pointers.forEach((pointer, i) => {
        const bytes = laneBytes(all[i]);
        if (bytes !== 0) f.set(pointer, i32.add(pointer, bytes));
      });
    });
  });
}

/** Runs the body for every row; inside, `entries` runs a body for each entry with its column. */
function eachRow(
  { f, place }: KernelContext,
  { rowCount, rowOffsets, columns }: Pattern,
  body: (
    row: Local<"i32">,
    entries: (each: (column: Expression<"i32">, entry: Local<"i32">) => void) => void,
  ) => void,
): void {
  const offsets = place(rowOffsets);
  const columnsAt = place(columns);
  f.scope(() => {
    const entry = f.let(i32.const(0));
    f.forRange(0, rowCount, (row) => {
      const end = f.let(i32.load(i32.shl(row, 2), offsets + 4));
      body(row, (each) => {
        f.if(i32.ltS(entry, end), () => {
          f.loop((again) => {
            each(i32.load(i32.shl(entry, 2), columnsAt), entry);
            f.set(entry, i32.add(entry, 1));
            f.branchIf(again, i32.ltS(entry, end));
          });
        });
      });
    });
  });
}

/** A x, or Aᵀ x; `value` loads an entry of A as a double. */
function multiply(
  context: KernelContext,
  pattern: Pattern,
  transposed: boolean,
  out: Local<"i32">,
  x: Local<"i32">,
  dtype: DType,
  value: (entry: Local<"i32">) => Expression<"f64">,
): void {
  const { f } = context;
  const scale = dtype === "f64" ? 3 : 2;
  const element = (base: Local<"i32">, index: Expression<"i32">): Expression<"i32"> =>
    i32.add(base, i32.shl(index, scale));
  if (transposed) {
    f.fillMemory(out, 0, pattern.columnCount * elementBytes[dtype]);
    eachRow(context, pattern, (row, entries) => {
      const factor = f.let(loadDouble(dtype, element(x, row)));
      entries((column, entry) => {
        const target = f.let(element(out, column));
        const product = f64.mul(value(entry), factor);
        storeDouble(f, dtype, target, f64.add(loadDouble(dtype, target), product));
      });
    });
    return;
  }
  eachRow(context, pattern, (row, entries) => {
    const sum = f.let(f64.const(0));
    entries((column, entry) => {
      f.set(sum, f64.add(sum, f64.mul(value(entry), loadDouble(dtype, element(x, column)))));
    });
    storeDouble(f, dtype, element(out, row), sum);
  });
}

export const csrMatvec: Kernel = {
  kind: "kernel",
  emit(context, [values, x], [result], parameters) {
    const { dtype } = result.type;
    const scale = dtype === "f64" ? 3 : 2;
    eachLane(context.f, result, [values, x], ([out, valuesAt, xAt]) => {
      multiply(
        context,
        parameters["pattern"] as CsrPattern,
        parameters["transposed"] as boolean,
        out,
        xAt,
        dtype,
        (entry) => loadDouble(dtype, i32.add(valuesAt, i32.shl(entry, scale))),
      );
    });
  },
};

export const csrLinear: Kernel = {
  kind: "kernel",
  emit(context, [x], [result], parameters) {
    const matrix = parameters["matrix"] as CsrMatrix;
    const coefficients = context.place(matrix.coefficients);
    eachLane(context.f, result, [x], ([out, xAt]) => {
      multiply(context, matrix, parameters["transposed"] as boolean, out, xAt, result.type.dtype, (entry) =>
        f64.load(i32.shl(entry, 3), coefficients),
      );
    });
  },
};

export const csrOuter: Kernel = {
  kind: "kernel",
  emit(context, [u, v], [result], parameters) {
    const { f } = context;
    const { dtype } = result.type;
    const scale = dtype === "f64" ? 3 : 2;
    eachLane(f, result, [u, v], ([out, uAt, vAt]) => {
      eachRow(context, parameters["pattern"] as CsrPattern, (row, entries) => {
        const factor = f.let(loadDouble(dtype, i32.add(uAt, i32.shl(row, scale))));
        entries((column, entry) => {
          const product = f64.mul(factor, loadDouble(dtype, i32.add(vAt, i32.shl(column, scale))));
          storeDouble(f, dtype, i32.add(out, i32.shl(entry, scale)), product);
        });
      });
    });
  },
};
