// Reading and writing rows at places that are data: gather and scatter on stacks [b, n, m].
import type { DType } from "@phxlang/autodiff";
import type { Expression, FunctionBuilder, Local } from "../../wasm/index.ts";
import { i32 } from "../../wasm/index.ts";
import { arithmetic } from "../arithmetic.ts";
import type { Kernel, KernelOperand } from "../lowering.ts";
import { constantPack, elementBytes, loadScalar, storePack } from "../pack.ts";
import { emitStridedCopy, repeat } from "./strided-copy.ts";

/** What gather reads outside: NaN, the lowest i32, the highest u32, true. */
function fillValue(dtype: DType): number {
  return dtype === "i32" ? -2147483648 : dtype === "u32" ? 4294967295 : dtype === "bool" ? 1 : NaN;
}

/**
 * For every list of the stack and every index: the pointer to the list, to the row that belongs to the index in
 * the dense array of rows, and the index.
 */
function eachIndex(
  f: FunctionBuilder,
  stack: number,
  lists: KernelOperand,
  indices: KernelOperand,
  rows: KernelOperand,
  body: (list: Local<"i32">, row: Local<"i32">, index: Local<"i32">) => void,
): void {
  const [, n, m] = lists.type.shape;
  const [c, k] = indices.type.shape;
  const bytes = elementBytes[lists.type.dtype];
  f.scope(() => {
    const list = f.let(lists.address);
    const row = f.let(rows.address);
    const place = f.let(indices.address);
    repeat(f, stack, () => {
      repeat(f, k, () => {
        const index = f.let(i32.load(place));
        body(list, row, index);
        f.set(row, i32.add(row, m * bytes));
        f.set(place, i32.add(place, 4));
      });
      if (lists.type.shape[0] !== 1) f.set(list, i32.add(list, n * m * bytes));
      if (c === 1) f.set(place, i32.sub(place, 4 * k));
    });
  });
}

const dense = (address: Expression<"i32">): { address: Expression<"i32">; strides: readonly number[] } => ({
  address,
  strides: [1],
});

export const gather: Kernel = {
  kind: "kernel",
  emit({ f }, [x, indices], [result], parameters) {
    const { dtype } = x.type;
    const [, n, m] = x.type.shape;
    const rowBytes = m * elementBytes[dtype];
    const filler = parameters["outside"] === "zero" ? 0 : fillValue(dtype);
    eachIndex(f, result.type.shape[0], x, indices, result, (list, row, index) => {
      f.if(
        i32.ltU(index, n),
        () => {
          const source = f.let(i32.add(list, i32.mul(index, rowBytes)));
          emitStridedCopy(f, dtype, [m], dense(row), dense(source));
        },
        () => {
          const target = f.let(row);
          repeat(f, m, () => {
            storePack(f, "scalar", constantPack("scalar", dtype, filler), target, 0);
            f.set(target, i32.add(target, elementBytes[dtype]));
          });
        },
      );
    });
  },
};

export const scatter: Kernel = {
  kind: "kernel",
  emit({ f }, [x, indices, updates], [result], parameters) {
    const { dtype, shape } = x.type;
    const [stack, n, m] = shape;
    const bytes = elementBytes[dtype];
    f.copyMemory(result.address, x.address, stack * n * m * bytes);
    eachIndex(f, stack, result, indices, updates, (list, row, index) => {
      f.if(i32.ltU(index, n), () => {
        const target = f.let(i32.add(list, i32.mul(index, m * bytes)));
        if (parameters["mode"] === "set") emitStridedCopy(f, dtype, [m], dense(target), dense(row));
        else {
          const source = f.let(row);
          repeat(f, m, () => {
            const sum = arithmetic(
              "scalar",
              "add",
              loadScalar(dtype, target, 0),
              loadScalar(dtype, source, 0),
            );
            storePack(f, "scalar", sum, target, 0);
            f.set(target, i32.add(target, bytes));
            f.set(source, i32.add(source, bytes));
          });
        }
      });
    });
  },
};
