// The kernels in plain typed-array loops: the oracle that every other implementation must reproduce.
import { factor, solve, solveTransposed } from "./gth.ts";
import { addEdgeProducts, addGenerated, addGeneratedTransposed } from "./operator.ts";
import type { PhaseTypeKernels } from "./phase-type-kernels.ts";
import { reverseSolve } from "./reverse-gth.ts";

export const referenceKernels: PhaseTypeKernels = {
  name: "reference",
  factor,
  solve,
  solveTransposed,
  reverseSolve,
  addGenerated,
  addGeneratedTransposed,
  addEdgeProducts,
};
