// The error codes of this package: what `phx explain` says about each.
import type { CodeExplanation } from "@phxlang/autodiff";
import { modelCodes } from "./model-codes.ts";
import { workerCodes } from "./workers/codes.ts";

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
  ...workerCodes,
  ...modelCodes,
];
