// PhaseTypeKernels: the loops under every distribution, as an interface that several machines can fulfil.
import type { EliminationTrace } from "@phxlang/graph";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";

/**
 * The matrix P = identity·I + scale·A(slots) of a pattern, gathered for repeated products: one value per entry
 * of the pattern and the diagonal without couplings, in two parts: a product adds diagonal[r] · x[r] to the entries'
 * terms, and diagonal[rows + r] · x[r] (a factor of 0 or 1) last. Where 1 − d is near 1 the parts are −d and 1: a
 * rounded 1 − d would be wrong in the same direction at each of a million steps, a rounded sum is not.
 */
export interface Operator {
  readonly pattern: OperatorPattern;
  readonly values: Float64Array;
  /** Length 2 · rows. */
  readonly diagonal: Float64Array;
}

/**
 * The vectors u_0, u_1 = P u_0, … of a sweep. Row k of `vectors` (length rows × capacity) is u_k · 2^−exponents[k]:
 * a power of two is taken out whenever the largest entry leaves [2^−200, 2^200]. `peaks[k]` is the largest
 * magnitude in row k as stored.
 */
export interface SweepTape {
  readonly vectors: Float64Array;
  readonly exponents: Int32Array;
  readonly peaks: Float64Array;
}

/**
 * Every function writes into arrays that the caller gives. Arrays come from `allocate`, so that an
 * implementation may keep them in memory of its own. Results of the reference implementation are the oracle:
 * another one may differ by rounding only.
 *
 * `factors` of a trace: the multipliers f (as lowerColumns), the upper triangle u (as upperColumns), then d and e
 * of each row: `factorLength(trace)` numbers.
 */
export interface PhaseTypeKernels {
  readonly name: string;
  allocate(length: number): Float64Array;

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

  /** Gathers identity·I + scale·A(slots) into `operator`. */
  gather(operator: Operator, slots: Float64Array, scale: number, identity: number): void;
  /** y += P x. */
  addApplied(operator: Operator, x: Float64Array, y: Float64Array): void;
  /** y += Pᵀ x. */
  addAppliedTransposed(operator: Operator, x: Float64Array, y: Float64Array): void;
  /** Extends a sweep: rows from + 1 … from + steps of the tape; row `from` is there. */
  sweep(operator: Operator, tape: SweepTape, from: number, steps: number): void;
  /**
   * The backward sweep over rows last … first of a tape: with weights g (row-major (last − first + 1) × leftCount,
   * row 0 belongs to k = first) and left vectors (leftCount × rows),
   *   cotangent ← Pᵀ cotangent + Σ_m g_k^m left_m   for k = last, …, first,
   * adding cotangent_{k+1}[row] · (u_k[column] − u_k[row]) to entryGradient (u_k[column] alone on couplings),
   * −cotangent_{k+1}[row] · u_k[row] to rowGradient (one number a row, for its exits), and g_k^m u_k to leftGradient.
   * Weights and cotangents are scaled as the vectors they meet: stored = true · 2^exponents[k]. On entry
   * `cotangent` is that of k = last + 1 in the scale of row `last`; on return that of `first` in its own scale.
   */
  sweepAdjoint(
    operator: Operator,
    tape: SweepTape,
    first: number,
    last: number,
    weights: Float64Array,
    left: Float64Array,
    leftCount: number,
    cotangent: Float64Array,
    entryGradient: Float64Array,
    rowGradient: Float64Array,
    leftGradient: Float64Array | null,
  ): void;
}

/** Length of the factors of a trace. */
export function factorLength(trace: EliminationTrace): number {
  return trace.lowerColumns.length + trace.upperColumns.length + 2 * trace.rowCount;
}
