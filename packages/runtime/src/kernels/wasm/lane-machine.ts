// The kernels of each lane count, compiled when first used on this thread.
import { kernelHost, ModuleBuilder } from "../../wasm/index.ts";
import type { WasmExports } from "../../wasm/index.ts";
import type { LaneCount } from "../lane-arrays.ts";
import {
  exportAddEdgeProducts,
  exportAddGenerated,
  exportAddGeneratedTransposed,
  exportExtremes,
  exportOutRates,
} from "./edge-module.ts";
import { exportAddFeatureGradient, exportAddFormsTransposed, exportForms } from "./forms-module.ts";
import { exportFactor, exportSolve, exportSolveTransposed } from "./gth-module.ts";
import { LaneKernel } from "./lane-kernel.ts";
import {
  exportAddPaymentGradient,
  exportAddPayments,
  exportAddPaymentsTransposed,
} from "./payment-module.ts";
import { exportReverseSolve } from "./reverse-gth-module.ts";
import { vectorModule } from "./vector-module.ts";

type Kernel = WasmExports[string];

type KernelName =
  | "factor"
  | "solve"
  | "solveTransposed"
  | "reverseSolve"
  | "addGenerated"
  | "addGeneratedTransposed"
  | "addEdgeProducts"
  | "outRates"
  | "extremes"
  | "forms"
  | "addFormsTransposed"
  | "addFeatureGradient"
  | "addPayments"
  | "addPaymentGradient"
  | "addPaymentsTransposed";

/** What writes each kernel into a module. Kernels are functions of addresses of lane arrays; see where they are written. */
const writers: Readonly<Record<KernelName, (module: ModuleBuilder, kernel: LaneKernel) => void>> = {
  factor: exportFactor,
  solve: exportSolve,
  solveTransposed: exportSolveTransposed,
  reverseSolve: exportReverseSolve,
  addGenerated: exportAddGenerated,
  addGeneratedTransposed: exportAddGeneratedTransposed,
  addEdgeProducts: exportAddEdgeProducts,
  outRates: exportOutRates,
  extremes: exportExtremes,
  forms: exportForms,
  addFormsTransposed: exportAddFormsTransposed,
  addFeatureGradient: exportAddFeatureGradient,
  addPayments: exportAddPayments,
  addPaymentGradient: exportAddPaymentGradient,
  addPaymentsTransposed: exportAddPaymentsTransposed,
};

export type LaneKernels = Readonly<Record<KernelName, Kernel>>;

const made = new Map<string, LaneKernels>();

/**
 * The kernels of one lane count. The guarded ones give the same values where all
 * pivots are positive and finite, and the right ones where a pivot is 0: they guard zeros against infinities.
 */
export function laneKernels(lanes: LaneCount, guarded: boolean): LaneKernels {
  const key = `${lanes} ${guarded}`;
  let kernels = made.get(key);
  if (kernels === undefined) {
    kernels = makeKernels(lanes, guarded);
    made.set(key, kernels);
  }
  return kernels;
}

/** Each kernel is a module of its own, compiled at its first use: most programs need few of them. */
function makeKernels(lanes: LaneCount, guarded: boolean): LaneKernels {
  const kernels: Partial<Record<string, Kernel>> = {};
  for (const [name, write] of Object.entries(writers)) {
    let compiled: Kernel | undefined;
    Object.defineProperty(kernels, name, {
      get(): Kernel {
        if (compiled === undefined) {
          const module = new ModuleBuilder();
          write(module, new LaneKernel(lanes, guarded));
          compiled = kernelHost().build(module)[name];
        }
        return compiled;
      },
    });
  }
  return kernels as LaneKernels;
}

export interface VectorKernels {
  readonly addScaled: (count: number, factor: number, x: number, target: number) => void;
  readonly addScaledProduct: (count: number, factor: number, x: number, y: number, target: number) => void;
}

let vectors: VectorKernels | null = null;

export function vectorKernels(): VectorKernels {
  if (vectors === null) {
    const { addScaled, addScaledProduct } = kernelHost().build(vectorModule());
    vectors = { addScaled, addScaledProduct };
  }
  return vectors;
}
