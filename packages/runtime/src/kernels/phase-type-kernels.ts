// PhaseTypeKernels: the loops under every distribution, as an interface that several machines can fulfil.
import type { EliminationTrace } from "@phxlang/graph";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";

/**
 * Every function writes into arrays that the caller gives. Results of the reference implementation are the oracle:
 * another one may differ by rounding only.
 *
 * `factors` of a trace: the multipliers f (as lowerColumns), the upper triangle u (as upperColumns), then d and e
 * of each row: `factorLength(trace)` numbers.
 */
export interface PhaseTypeKernels {
  readonly name: string;
  /** GTH factorization of diag(killing) − S without subtraction; killing [rows] ≥ 0 or null for none. */
  factor(
    trace: EliminationTrace,
    slots: Float64Array,
    killing: Float64Array | null,
    factors: Float64Array,
  ): void;
  /** x = (diag(killing) − S)⁻¹ b for nonnegative b; Infinity where time is infinite. */
  solve(
    trace: EliminationTrace,
    slots: Float64Array,
    factors: Float64Array,
    right: Float64Array,
    result: Float64Array,
  ): void;
  /** z = (diag(killing) − S)⁻ᵀ a. */
  solveTransposed(
    trace: EliminationTrace,
    slots: Float64Array,
    factors: Float64Array,
    left: Float64Array,
    result: Float64Array,
  ): void;
  /**
   * Reverse mode through factor and solve together (reverse-GTH): adds the derivatives of leftᵀ solve(right)
   * with respect to slots and killing. `solution` is solve(right).
   */
  reverseSolve(
    trace: EliminationTrace,
    slots: Float64Array,
    factors: Float64Array,
    right: Float64Array,
    solution: Float64Array,
    left: Float64Array,
    slotGradient: Float64Array,
    killingGradient: Float64Array | null,
  ): void;

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

/** Length of the factors of a trace. */
export function factorLength(trace: EliminationTrace): number {
  return trace.lowerColumns.length + trace.upperColumns.length + 2 * trace.rowCount;
}
