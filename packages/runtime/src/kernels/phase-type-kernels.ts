// PhaseTypeKernels: products with the matrix of a pattern, one item at a time; elimination and sweeps run in lanes.
import type { EliminationTrace } from "@phxlang/graph";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";

/** Every function writes into arrays that the caller gives. */
export interface PhaseTypeKernels {
  /** y += A(slots) x, with differences x[column] − x[row] on transitions. */
  addGenerated(pattern: OperatorPattern, slots: Float64Array, x: Float64Array, y: Float64Array): void;
  /** y += A(slots)ᵀ x. */
  addGeneratedTransposed(
    pattern: OperatorPattern,
    slots: Float64Array,
    x: Float64Array,
    y: Float64Array,
  ): void;
  /** slotGradient += scale · ∂(leftᵀ A(slots) right)/∂slots. */
  addEdgeProducts(
    pattern: OperatorPattern,
    left: Float64Array,
    right: Float64Array,
    scale: number,
    slotGradient: Float64Array,
  ): void;
}

/**
 * Length of the factors of a trace: the multipliers f (as lowerColumns), the upper triangle u (as upperColumns), then d
 * and e of each row.
 */
export function factorLength(trace: EliminationTrace): number {
  return trace.lowerColumns.length + trace.upperColumns.length + 2 * trace.rowCount;
}
