// The kernels that the primitives run on.
import type { PhaseTypeKernels } from "./phase-type-kernels.ts";
import { wasmKernels } from "./wasm/wasm-kernels.ts";

export const kernels: PhaseTypeKernels = wasmKernels();
