// LogDensity: what estimators and samplers see of a model, a smooth function on unconstrained space.

/** A value and its gradient at a point. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
}

/**
 * A log density on ℝ^dimension, up to a constant. Where it is −Infinity or not a number the gradient is ignored.
 * Evaluations are pure: the same point gives the same bits.
 */
export interface LogDensity {
  readonly dimension: number;
  evaluate(point: Float64Array): Evaluation;
  /** Many points at once. What one point gives does not depend on the others. */
  evaluateAll(points: readonly Float64Array[]): readonly Evaluation[];
  /** Values alone, for many points: cheaper than with gradients. */
  valuesOfAll(points: readonly Float64Array[]): Float64Array;
  /** Negative Hessian, row-major dimension × dimension: the observed information. */
  information(point: Float64Array): Float64Array;
  /** How many points the model refused so far, by the code of the refusal: they counted as density 0. */
  readonly refusals: ReadonlyMap<string, number>;
}
