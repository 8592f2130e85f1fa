// Products of dense matrices of doubles in WebAssembly SIMD, by the blocked kernel of compiled programs.
import { defineMatmul, matmulScratchBytes } from "../../jit/kernels/matmul-code.ts";
import type { WasmExports } from "../../wasm/index.ts";
import { kernelHost, ModuleBuilder } from "../../wasm/index.ts";

/** A matrix of `rows` × `columns` numbers, row after row; `transposed`: the transpose of what is stored. */
export interface MatrixOperand {
  readonly numbers: Float64Array;
  readonly transposed: boolean;
}

type Product = (...numbers: number[]) => void;

let built: WasmExports | undefined;

/** The kernel on this thread's host, compiled at the first product. */
function product(): Product {
  if (built === undefined) {
    const module = new ModuleBuilder();
    module.exportFunction("product", defineMatmul(module, "f64"));
    built = kernelHost().build(module);
  }
  return built["product"];
}

/** sum [rows, columns] += scale · left [rows, inner] · right [inner, columns]. */
export function addProduct(
  sum: Float64Array,
  left: MatrixOperand,
  right: MatrixOperand,
  [rows, inner, columns]: readonly [number, number, number],
  scale: number,
): void {
  const kernel = product();
  const host = kernelHost();
  const arena = host.arena();
  try {
    const target = arena.allocate(8 * rows * columns);
    const a = arena.place(left.numbers);
    const b = right.numbers === left.numbers ? a : arena.place(right.numbers);
    const scratch = arena.allocate(matmulScratchBytes("f64", rows, columns, inner));
    const [aRow, aColumn] = left.transposed ? [8, 8 * rows] : [8 * inner, 8];
    const [bRow, bColumn] = right.transposed ? [8, 8 * inner] : [8 * columns, 8];
    kernel(target, 8 * columns, a, aRow, aColumn, b, bRow, bColumn, rows, columns, inner, scratch);
    const product = host.f64.subarray(target / 8, target / 8 + rows * columns);
    for (let i = 0; i < product.length; i++) sum[i] += scale * product[i];
  } finally {
    arena.release();
  }
}
