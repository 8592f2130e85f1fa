// The error codes of this package: what `phx explain` says about each.
import type { CodeExplanation } from "@phxlang/autodiff";
import { modelCodes } from "./model-codes.ts";

export const runtimeCodes: readonly CodeExplanation[] = [
  {
    code: "PHX970",
    severity: "error",
    title: "the page's main thread refuses to compile a large kernel at once",
    explanation:
      "Some browsers compile only small WebAssembly modules synchronously on the main thread of a page. " +
      "The kernel that was asked for is larger.",
    repair: "run phx in a worker, where compiling at once is always allowed.",
  },
  {
    code: "PHX971",
    severity: "error",
    title: "the memory of the kernels cannot grow far enough",
    explanation:
      "Kernels work in one WebAssembly memory per thread, which ends at 4 GiB or at what the machine has.",
    repair: "work in smaller batches, on fewer observations at a time, or on a smaller model.",
  },
  {
    code: "PHX972",
    severity: "error",
    title: "the CPU device cannot compile an operation",
    explanation:
      "jit compiles the operations of an explicit table and never interprets the rest. " +
      "The message names the equation and its operands.",
    repair: "call the function without jit, or move the operation out of the compiled part.",
  },
  ...modelCodes,
];
