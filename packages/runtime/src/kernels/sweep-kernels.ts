// SweepKernels: powers of sparse matrices on vectors, for several matrices of one pattern side by side in lanes.
import type { LaneCount } from "./lane-arrays.ts";

/**
 * An operator block holds the matrices P_l of its lanes, which share one pattern. Its frame is a list of i32 in the
 * memory of the kernels: counts, then addresses of Int32Arrays and of lane arrays (element i of lane l at
 * 8 (i · lanes + l) bytes):
 *
 * - `values` [entries], `diagonal` [2 · rows]: row r of P is diagonal[r] on the diagonal, the entries of the pattern,
 *   then diagonal[rows + r] on the diagonal again (they stay apart where 1 − d is near 1), added in this order;
 * - `columnOffsets` [rows + 1], `sourceRows` and `transposedValues` [entries]: the same entries by columns.
 */
export const operatorFrame = {
  rowCount: 0,
  rowOffsets: 1,
  closingEnds: 2,
  columns: 3,
  values: 4,
  diagonal: 5,
  columnOffsets: 6,
  sourceRows: 7,
  transposedValues: 8,
} as const;

/**
 * Left vectors by their entries: of vector m those from offsets[m] to offsets[m + 1], in rows `rows` [entries], with
 * the values of each lane.
 */
export const leftFrame = { count: 0, offsets: 1, rows: 2, values: 3 } as const;

/** Where the largest entry of a vector leaves [smallest, largest], `rescaledBits` are put in or taken out. */
export const smallestPeak: number = 2 ** -200;
export const largestPeak: number = 2 ** 200;
export const rescaledBits = 200;
/**
 * Entries of cotangents below it become 0 after every block of steps. They are nothing beside those of the states with
 * weight, and as subnormal numbers, at which they would come to rest, they slow every product down a hundredfold.
 */
export const leastWeight: number = 2 ** -960;
/** Steps that the backward sweep takes together. */
export const blockSteps = 4;

/**
 * Loops over lane arrays in the memory of a host; every argument is an address in bytes or a count. Each lane has the
 * bits that it has alone, whatever the number of lanes. The implementation in typed arrays is the oracle.
 */
export interface SweepFunctions {
  /**
   * u ← P u for so many steps, from the vector at `source`. The next vectors follow each other from `target` on if
   * `advances` is 1; if it is 0 they alternate between target and source, and after an even number of steps the last
   * one is at `source`. Vector k is stored times 2^−exponents[k]; `exponents` [steps + 1] i32 per lane, of which the first is
   * given; `peak` receives the largest magnitudes of the last vector. sums [steps, left vectors]: left_m · u as stored.
   */
  sweep(
    operator: number,
    left: number,
    source: number,
    target: number,
    advances: number,
    steps: number,
    exponents: number,
    peak: number,
    sums: number,
  ): void;
  /**
   * The backward sweep over rows k = 4 blocks − 1, …, 0 of the vectors u, with weights g [4 blocks, left vectors]:
   *   c_k = Pᵀ (factors[k] c_{k+1}) + Σ_m g_k^m left_m,
   * adding factors[k] c_{k+1}[row] · (u_k[column] − u_k[row]) to entryGradient [entries] (u_k[column] alone on
   * couplings), minus c[row] · u_k[row] to rowGradient [rows], and g_k^m u_k to leftGradient [left vectors, rows] unless
   * it is 0. Four steps are added as (s₀ + s₂) + (s₁ + s₃). `cotangents` has room for 5 vectors: c_{4 blocks} is the last
   * of them on entry, c_0 on return. Between blocks entries below `leastWeight` become 0. `scratch` has room for 4 vectors.
   */
  sweepBack(
    operator: number,
    left: number,
    vectors: number,
    weights: number,
    factors: number,
    blocks: number,
    cotangents: number,
    scratch: number,
    entryGradient: number,
    rowGradient: number,
    leftGradient: number,
  ): void;
  /** y += P x. */
  addApplied(operator: number, x: number, y: number): void;
  /** y += Pᵀ x. */
  addAppliedTransposed(operator: number, x: number, y: number): void;
  /** The gradients of `sweepBack` for one step: c is the cotangent, u the vector. */
  addEdgeProducts(
    operator: number,
    cotangent: number,
    vector: number,
    entryGradient: number,
    rowGradient: number,
  ): void;
}

/** The functions for so many lanes. */
export type SweepKernels = (lanes: LaneCount) => SweepFunctions;
