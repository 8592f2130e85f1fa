// The kernels in plain typed-array loops: the oracle that every other implementation must reproduce.
import { factor, solve, solveTransposed } from "./gth.ts";
import {
  addApplied,
  addAppliedTransposed,
  addEdgeProducts,
  addGenerated,
  addGeneratedTransposed,
  gather,
} from "./operator.ts";
import type { PhaseTypeKernels } from "./phase-type-kernels.ts";
import { reverseSolve } from "./reverse-gth.ts";
import { sweep, sweepAdjoint } from "./sweep.ts";

export const referenceKernels: PhaseTypeKernels = {
  name: "reference",
  allocate: (length) => new Float64Array(length),
  factor,
  solve,
  solveTransposed,
  reverseSolve,
  addGenerated,
  addGeneratedTransposed,
  addEdgeProducts,
  gather,
  addApplied,
  addAppliedTransposed,
  sweep,
  sweepAdjoint,
};
