// The compiled kernels of each lane count.
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

/** Functions of addresses of lane arrays; what they do stands where they are exported. */
const names = [
  "factor",
  "solve",
  "solveTransposed",
  "reverseSolve",
  "addGenerated",
  "addGeneratedTransposed",
  "addEdgeProducts",
  "outRates",
  "extremes",
  "forms",
  "addFormsTransposed",
  "addFeatureGradient",
  "addPayments",
  "addPaymentGradient",
  "addPaymentsTransposed",
] as const;

export type LaneKernels = Readonly<Record<(typeof names)[number], (...args: number[]) => void>>;

const made = new Map<string, LaneKernels>();

/**
 * The kernels of one lane count, made when first used on this thread. The guarded ones give the same values where all
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

function makeKernels(lanes: LaneCount, guarded: boolean): LaneKernels {
  const module = new ModuleBuilder();
  const kernel = new LaneKernel(lanes, guarded);
  exportFactor(module, kernel);
  exportSolve(module, kernel);
  exportSolveTransposed(module, kernel);
  exportReverseSolve(module, kernel);
  exportAddGenerated(module, kernel);
  exportAddGeneratedTransposed(module, kernel);
  exportAddEdgeProducts(module, kernel);
  exportOutRates(module, kernel);
  exportExtremes(module, kernel);
  exportForms(module, kernel);
  exportAddFormsTransposed(module, kernel);
  exportAddFeatureGradient(module, kernel);
  exportAddPayments(module, kernel);
  exportAddPaymentGradient(module, kernel);
  exportAddPaymentsTransposed(module, kernel);
  return pick(kernelHost().build(module), names);
}

export interface VectorKernels {
  readonly addScaled: (count: number, factor: number, x: number, target: number) => void;
  readonly addScaledProduct: (count: number, factor: number, x: number, y: number, target: number) => void;
}

let vectors: VectorKernels | null = null;

export function vectorKernels(): VectorKernels {
  vectors ??= pick(kernelHost().build(vectorModule()), ["addScaled", "addScaledProduct"]);
  return vectors;
}

function pick<const N extends string>(
  exports: WasmExports,
  wanted: readonly N[],
): Readonly<Record<N, WasmExports[string]>> {
  const entries = wanted.map((name) => [name, exports[name]] as const);
  return Object.fromEntries(entries) as Record<N, WasmExports[string]>;
}
