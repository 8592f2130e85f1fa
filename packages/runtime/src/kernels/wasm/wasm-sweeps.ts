// The sweeps in WebAssembly, on the memory of this thread.
import { kernelHost } from "../../wasm/index.ts";
import type { LaneCount } from "../lane-arrays.ts";
import type { SweepFunctions, SweepKernels } from "../sweep-kernels.ts";
import { sweepModule } from "./sweep-module.ts";

const made = new Map<LaneCount, SweepFunctions>();

/** Compiled, a few kilobytes for each number of lanes, when first used. */
export const wasmSweeps: SweepKernels = (lanes) => {
  let functions = made.get(lanes);
  if (functions === undefined) {
    functions = kernelHost().build(sweepModule(lanes)) as unknown as SweepFunctions;
    made.set(lanes, functions);
  }
  return functions;
};
