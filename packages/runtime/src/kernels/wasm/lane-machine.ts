// LaneMachine: the compiled kernels of one lane count, made when first used on this thread.
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
import { exportFactor, exportSolve, exportSolveTransposed } from "./gth-module.ts";
import { LaneKernel } from "./lane-kernel.ts";
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
] as const;

export type TraceKernels = Readonly<Record<(typeof names)[number], (...addresses: number[]) => void>>;

export interface LaneMachine {
  /** For factors whose pivots are all positive and finite. */
  readonly plain: TraceKernels;
  /** The same values there, and the right ones where a pivot is 0: zeros are guarded against infinities. */
  readonly guarded: TraceKernels;
}

const machines = new Map<LaneCount, LaneMachine>();

export function laneMachine(lanes: LaneCount): LaneMachine {
  let machine = machines.get(lanes);
  if (machine === undefined) {
    machine = { plain: traceKernels(lanes, false), guarded: traceKernels(lanes, true) };
    machines.set(lanes, machine);
  }
  return machine;
}

function traceKernels(lanes: LaneCount, guarded: boolean): TraceKernels {
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
