// matmul: stacks of matrix products, by the kernel that fits their sizes.
import type { ArrayType, Parameters } from "@phxlang/autodiff";
import type { Expression, WasmExports } from "../../wasm/index.ts";
import { i32, kernelHost, ModuleBuilder } from "../../wasm/index.ts";
import type { Kernel, KernelContext, KernelOperand } from "../lowering.ts";
import { elementBytes } from "../pack.ts";
import { defineMatmul, matmulScratchBytes } from "./matmul-code.ts";
import { defineSmallMatmul } from "./small-matmul-code.ts";
import { repeat } from "./strided-copy.ts";

let built: WasmExports | undefined;

/** The kernels on this thread's host, compiled at the first product. */
function kernels(): WasmExports {
  if (built === undefined) {
    const module = new ModuleBuilder();
    for (const dtype of ["f64", "f32"] as const) {
      module.exportFunction(`blocked ${dtype}`, defineMatmul(module, dtype));
    }
    for (const dtype of ["f64", "f32", "i32"] as const) {
      module.exportFunction(`small ${dtype}`, defineSmallMatmul(module, dtype));
    }
    built = kernelHost().build(module);
  }
  return built;
}

/** One operand of a product as rows and columns; strides in bytes. */
interface Matrix {
  readonly address: Expression<"i32">;
  readonly rowStride: number;
  readonly columnStride: number;
}

interface Sizes {
  readonly stack: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** All vectors y of the stack meet one matrix x: one product of their rows with xᵀ. */
  readonly vectorsAsRows: boolean;
  /** All matrices x of the stack meet one y: their rows are the rows of one tall matrix. */
  readonly tall: boolean;
}

function sizesOf([x, y]: readonly ArrayType[], parameters: Parameters): Sizes {
  const [, xRows, xColumns] = x.shape;
  const [m, k] = parameters["transposeLeft"] === true ? [xColumns, xRows] : [xRows, xColumns];
  const n = parameters["transposeRight"] === true ? y.shape[1] : y.shape[2];
  const stack = Math.max(x.shape[0], y.shape[0]);
  return {
    stack: x.shape[0] === 0 || y.shape[0] === 0 ? 0 : stack,
    m,
    n,
    k,
    vectorsAsRows: x.shape[0] === 1 && y.shape[0] > 1 && n === 1,
    tall: y.shape[0] === 1 && x.shape[0] > 1 && parameters["transposeLeft"] !== true,
  };
}

function matrixOf(operand: KernelOperand, transposed: boolean): Matrix {
  const bytes = elementBytes[operand.type.dtype];
  const [, row, column] = operand.strides.map((stride) => stride * bytes);
  return transposed
    ? { address: operand.address, rowStride: column, columnStride: row }
    : { address: operand.address, rowStride: row, columnStride: column };
}

const transposedMatrix = ({ address, rowStride, columnStride }: Matrix): Matrix => ({
  address,
  rowStride: columnStride,
  columnStride: rowStride,
});

/** Below this many multiplications packing costs more than it saves. */
const smallProduct = 4096;

function isSmall(dtype: string, m: number, n: number, k: number): boolean {
  return (dtype !== "f64" && dtype !== "f32") || m * n * k <= smallProduct || n < 4 || m < 4;
}

function emitProduct(
  context: KernelContext,
  dtype: string,
  c: Expression<"i32">,
  cRow: number,
  a: Matrix,
  b: Matrix,
  [m, n, k]: readonly [number, number, number],
): void {
  const small = isSmall(dtype, m, n, k);
  const name = `${small ? "small" : "blocked"} ${dtype === "u32" ? "i32" : dtype}`;
  const args = [
    c,
    cRow,
    a.address,
    a.rowStride,
    a.columnStride,
    b.address,
    b.rowStride,
    b.columnStride,
    m,
    n,
    k,
  ];
  const target = kernels()[name] as (...args: number[]) => number;
  if (small) context.call(target, ...args);
  else context.call(target, ...args, context.scratch);
}

export const matmul: Kernel = {
  kind: "kernel",
  strided: () => [true, true],
  scratchBytes(operands, parameters) {
    const { dtype } = operands[0];
    if (dtype !== "f64" && dtype !== "f32") return 0;
    const { stack, m, n, k, vectorsAsRows, tall } = sizesOf(operands, parameters);
    if (vectorsAsRows) return matmulScratchBytes(dtype, stack, m, k);
    return matmulScratchBytes(dtype, tall ? stack * m : m, n, k);
  },
  emit(context, [x, y], [result], parameters) {
    const { f } = context;
    const { dtype } = result.type;
    const bytes = elementBytes[dtype];
    const { stack, m, n, k, vectorsAsRows, tall } = sizesOf([x.type, y.type], parameters);
    if (stack * m * n === 0) return;
    const left = matrixOf(x, parameters["transposeLeft"] === true);
    const right = matrixOf(y, parameters["transposeRight"] === true);
    if (vectorsAsRows) {
      // y's vectors as rows [stack, k]: the product's bits do not depend on the order of its two factors.
      const rows: Matrix = {
        address: y.address,
        rowStride: y.strides[0] * bytes,
        columnStride: right.rowStride,
      };
      emitProduct(context, dtype, result.address, m * bytes, rows, transposedMatrix(left), [stack, m, k]);
      return;
    }
    const stackStride = x.strides[0] * bytes;
    if (tall && stackStride === left.rowStride * m) {
      emitProduct(context, dtype, result.address, n * bytes, left, right, [stack * m, n, k]);
      return;
    }
    const c = f.let(result.address);
    const a = f.let(x.address);
    const b = f.let(y.address);
    repeat(f, stack, () => {
      emitProduct(context, dtype, c, n * bytes, { ...left, address: a }, { ...right, address: b }, [m, n, k]);
      f.set(c, i32.add(c, m * n * bytes));
      if (x.type.shape[0] !== 1) f.set(a, i32.add(a, stackStride));
      if (y.type.shape[0] !== 1) f.set(b, i32.add(b, y.strides[0] * bytes));
    });
  },
};
