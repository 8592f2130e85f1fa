// The kernels that the primitives run on.
import type { PhaseTypeKernels } from "./phase-type-kernels.ts";
import type { SweepKernels } from "./sweep-kernels.ts";
import { wasmKernels } from "./wasm/wasm-kernels.ts";
import { wasmSweeps } from "./wasm/wasm-sweeps.ts";

export const kernels: PhaseTypeKernels = wasmKernels();
export const sweepKernels: SweepKernels = wasmSweeps;
