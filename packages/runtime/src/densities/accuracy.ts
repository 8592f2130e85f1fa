// How densities are computed and how accurate they must be: what a user asks for.

/**
 * "auto" takes the cheapest method whose error estimate meets the tolerance at every time; the others are taken by
 * name, or refused.
 */
export type DensityMethod = "auto" | "uniformization" | "krylov" | "dense";

export const densityMethods: readonly DensityMethod[] = ["auto", "uniformization", "krylov", "dense"];

export type Accuracy = {
  readonly method: DensityMethod;
  /** Largest relative error of each value; of "krylov" by name, relative to the largest value among the times. */
  readonly tolerance: number;
};

export const defaultAccuracy: Accuracy = { method: "auto", tolerance: 1e-12 };

export type MethodName =
  | "uniformization"
  | "powers"
  | "quasi-stationary"
  | "krylov"
  | "dense"
  | "panels"
  | "elimination";

/** What one method did for a result. "panels" interpolate between times that other methods serve. */
export interface MethodUse {
  readonly method: MethodName;
  /** How many times it served; 0 where there are none. */
  readonly times: number;
  /**
   * Products of a sweep with a vector, products of matrices in squaring, solves, also those of the search for a limiting
   * distribution; nodes of panels; multiply-adds of an elimination.
   */
  readonly work: number;
  /**
   * Estimate of the largest relative error: what a sweep leaves out, the rounding of squarings, what a
   * Krylov space cannot see (with "krylov" by name, relative to the largest value). The rounding of a sweep's sums of
   * positive terms comes on top.
   */
  readonly error: number;
}
