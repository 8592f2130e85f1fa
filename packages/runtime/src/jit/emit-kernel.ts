// Kernel and library steps: calls of loops that were written by hand, and of the primitives' own evaluate.
import type { ArrayType } from "@phxlang/autodiff";
import { NdArray, sizeOf } from "@phxlang/autodiff";
import type { HostFunction, ModuleBuilder } from "../wasm/index.ts";
import { i32, kernelHost } from "../wasm/index.ts";
import type { EmitContext } from "./emit-context.ts";
import type { KernelOperand } from "./lowering.ts";
import { readElements, writeElements } from "./memory-elements.ts";
import { elementBytes } from "./pack.ts";
import type { KernelStep, LibraryStep, PlanVariable } from "./plan.ts";

export function emitKernel(context: EmitContext, module: ModuleBuilder, step: KernelStep): void {
  context.scope(() => {
    const { f, frame } = context;
    const place = ({ type, buffer, view }: PlanVariable): KernelOperand => ({
      type,
      address: f.let(context.address(buffer, view.offset * elementBytes[buffer.type.dtype])),
      strides: view.strides,
    });
    const scratch = f.let(i32.add(frame, step.scratch.offset));
    step.lowering.emit(
      {
        f,
        scratch,
        math: context.module.math,
        place: (elements) => context.module.place(elements),
        call: (kernel, ...args) => {
          const parameters = args.map(() => "i32" as const);
          f.run(module.importFunction(kernel as HostFunction, parameters, "none"), ...args);
        },
      },
      step.operands.map(place),
      step.results.map(place),
      step.parameters,
    );
  });
}

/** The operands are copied out of the memory and the results into it; addresses are the call's arguments. */
export function emitLibrary(context: EmitContext, module: ModuleBuilder, step: LibraryStep): void {
  const { primitive, parameters } = step;
  const operandTypes = step.operands.map(({ type }) => plainType(type));
  const resultTypes = step.results.map(({ type }) => plainType(type));
  const evaluate: HostFunction = (...addresses) => {
    const host = kernelHost();
    const arrays = operandTypes.map(
      (type, i) =>
        new NdArray(readElements(host, addresses[i], type.dtype, sizeOf(type.shape)), type.shape, type.dtype),
    );
    const results = primitive.evaluate(arrays, parameters, resultTypes);
    results.forEach((result, i) => {
      writeElements(kernelHost(), addresses[operandTypes.length + i], result.elements);
    });
  };
  context.scope(() => {
    const args = [...step.operands, ...step.results].map(({ buffer }) => context.address(buffer));
    const imported = module.importFunction(
      evaluate,
      args.map(() => "i32" as const),
      "none",
    );
    context.f.run(imported, ...args);
  });
}

function plainType({ dtype, shape }: ArrayType): ArrayType {
  return { dtype, shape };
}
