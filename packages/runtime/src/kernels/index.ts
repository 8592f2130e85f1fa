// The kernels that the primitives run on.
import type { PhaseTypeKernels } from "./phase-type-kernels.ts";
import { referenceKernels } from "./reference-kernels.ts";

export const kernels: PhaseTypeKernels = referenceKernels;
