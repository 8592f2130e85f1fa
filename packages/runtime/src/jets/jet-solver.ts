// JetSolver: (diag(killing) − S)⁻¹ over jets, in lanes, and the way back through it.
import { allocateVector, ones, zeroLanes } from "../kernels/lane-arrays.ts";
import type { LaneCount } from "../kernels/lane-arrays.ts";
import type { LaneGenerator } from "../kernels/lane-generator.ts";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import type { LaneJet } from "./energy.ts";

/** Slots and killing as jets; the generator is that of their components without ε. */
export interface JetOperator {
  readonly generator: LaneGenerator;
  /** Where solutions are allocated. */
  readonly arena: Arena;
  readonly order: number;
  readonly slots: LaneJet;
  readonly killing: LaneJet;
}

/** Receives what solutions mean for the operator, by component. */
export interface OperatorGradient {
  wants(component: number): boolean;
  /** Add the derivatives of leftᵀ (S − diag(killing)) right. */
  addEdges(component: number, left: number, right: number): void;
  /** Add derivatives with respect to slots [slots] and killing [rows] as they are. */
  addSlots(component: number, slots: number, killing: number): void;
}

export interface JetSolver {
  /**
   * x with (diag(killing) − S) x = right, [rows], followed by one 0 in memory: the value where the chain stops. A
   * component of the right side may be `ones`.
   */
  solve(right: LaneJet): LaneJet;
  /** From the adjoint of a solution to that of its right side. */
  back(right: LaneJet, solution: LaneJet, adjoint: LaneJet): LaneJet;
  /** Ends the way back: the gradient is complete. */
  finish(): void;
}

/** A copy of a vector, or the vector that `ones` or null (zeros) stands for. */
export function copyVector(arena: Arena, lanes: LaneCount, source: number | null, rows: number): number {
  if (source === null) return zeroLanes(arena, lanes, rows + 1);
  const address = allocateVector(arena, lanes, rows);
  const { f64 } = kernelHost();
  const start = address / 8;
  if (source === ones) f64.fill(1, start, start + lanes * rows);
  else f64.copyWithin(start, source / 8, source / 8 + lanes * rows);
  return address;
}
