// Kernels that place arrays in others: concatenate, pad, dynamicSlice, dynamicUpdateSlice.
import type { Parameters } from "@phxlang/autodiff";
import type { Expression, FunctionBuilder } from "../../wasm/index.ts";
import { i32, select } from "../../wasm/index.ts";
import type { Kernel, KernelOperand } from "../lowering.ts";
import { elementBytes, loadScalar } from "../pack.ts";
import { rowMajorStrides } from "../view.ts";
import { emitFill, emitStridedCopy } from "./strided-copy.ts";

const list = (parameters: Parameters, name: string): readonly number[] =>
  parameters[name] as readonly number[];

function moved({ address, type }: KernelOperand, elements: number): Expression<"i32"> {
  return elements === 0 ? address : i32.add(address, elements * elementBytes[type.dtype]);
}

export const concatenate: Kernel = {
  kind: "kernel",
  strided: (operands) => operands.map(() => true),
  emit({ f }, operands, [result], parameters) {
    const axis = parameters["axis"] as number;
    const strides = rowMajorStrides(result.type.shape);
    let at = 0;
    for (const operand of operands) {
      const target = { address: moved(result, at * strides[axis]), strides };
      emitStridedCopy(f, operand.type.dtype, operand.type.shape, target, operand);
      at += operand.type.shape[axis];
    }
  },
};

export const pad: Kernel = {
  kind: "kernel",
  strided: () => [true, false],
  emit({ f }, [operand, value], [result], parameters) {
    const strides = rowMajorStrides(result.type.shape);
    const low = list(parameters, "low");
    const interior = list(parameters, "interior");
    emitFill(f, result, loadScalar(result.type.dtype, value.address, 0));
    const offset = strides.reduce((sum, stride, axis) => sum + stride * low[axis], 0);
    const target = {
      address: moved(result, offset),
      strides: strides.map((stride, axis) => stride * (interior[axis] + 1)),
    };
    emitStridedCopy(f, operand.type.dtype, operand.type.shape, target, operand);
  },
};

/** Address of the block of `sizes` that begins at `starts`, moved inwards where it would stick out. */
function blockAddress(
  f: FunctionBuilder,
  { address, type }: Pick<KernelOperand, "address" | "type">,
  strides: readonly number[],
  starts: KernelOperand,
  sizes: readonly number[],
): Expression<"i32"> {
  const result = f.let(address);
  type.shape.forEach((length, axis) => {
    const last = length - sizes[axis];
    if (last === 0) return;
    const start = f.let(i32.load(starts.address, 4 * axis));
    f.set(start, select("i32", i32.ltS(start, last), start, last));
    f.set(start, select("i32", i32.gtS(start, 0), start, 0));
    f.set(result, i32.add(result, i32.mul(start, strides[axis] * elementBytes[type.dtype])));
  });
  return result;
}

export const dynamicSlice: Kernel = {
  kind: "kernel",
  strided: () => [true, false],
  emit({ f }, [operand, starts], [result]) {
    const { shape, dtype } = result.type;
    const address = blockAddress(f, operand, operand.strides, starts, shape);
    const target = { address: result.address, strides: rowMajorStrides(shape) };
    emitStridedCopy(f, dtype, shape, target, { address, strides: operand.strides });
  },
};

export const dynamicUpdateSlice: Kernel = {
  kind: "kernel",
  strided: () => [true, true, false],
  emit({ f }, [operand, update, starts], [result]) {
    const { shape, dtype } = result.type;
    const strides = rowMajorStrides(shape);
    emitStridedCopy(f, dtype, shape, { address: result.address, strides }, operand);
    const address = blockAddress(f, result, strides, starts, update.type.shape);
    emitStridedCopy(f, dtype, update.type.shape, { address, strides }, update);
  },
};
