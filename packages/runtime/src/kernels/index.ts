// The kernels that the primitives run on.
import { addEdgeProducts, addGenerated, addGeneratedTransposed } from "./operator.ts";
import type { PhaseTypeKernels } from "./phase-type-kernels.ts";
import type { SweepKernels } from "./sweep-kernels.ts";
import { wasmSweeps } from "./wasm/wasm-sweeps.ts";

export const kernels: PhaseTypeKernels = { addGenerated, addGeneratedTransposed, addEdgeProducts };
export const sweepKernels: SweepKernels = wasmSweeps;
