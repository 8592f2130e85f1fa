// Hash-consed scalar expressions of the parameters, lowered once to a Program.
import type { Program } from "@phxlang/autodiff";
import type { FeatureOperation } from "./feature-operations.ts";

/** A linear combination of features: Σ coefficients[j] φ[features[j]], features ascending and distinct. */
export interface LinearForm {
  readonly features: readonly number[];
  readonly coefficients: readonly number[];
}

/**
 * Expressions over z = (θ, covariates), each distinct one stored once. An expression is a number; a *feature* is an
 * expression that was asked for as a column of LinearForms. Feature 0 is the constant 1.
 */
export interface FeatureTable {
  readonly parameterCount: number;
  readonly covariateCount: number;
  readonly featureCount: number;
  /** Expression of a constant. −0 is 0. */
  constant(value: number): number;
  /** Expression of the i-th entry of z. */
  input(index: number): number;
  /**
   * Expression of an operation. Constants are folded, a factor that is structurally zero makes zero, and
   * constant factors of products and quotients are gathered in front: `leave / 2 * x` is 0.5 · (leave * x).
   */
  apply(operation: FeatureOperation, ...operands: readonly number[]): number;
  /** The value if the expression is constant, else undefined. */
  constantValue(expression: number): number | undefined;
  /** Feature number of an expression, made if new. Constants have no feature of their own: use feature 0. */
  feature(expression: number): number;
  /**
   * Expands sums, differences and constant multiples: expression = Σ coefficients[j] φ[features[j]], sorted, merged.
   * A difference under a factor that would round, as in 3 · (1 − p), stays one feature: expanding it would lose
   * the relative accuracy of 1 − p near p = 1.
   */
  linearForm(expression: number): LinearForm;
  /** z f64[parameterCount + covariateCount] → φ f64[featureCount]. */
  toProgram(): Program;
  /** φ at z, on the host, for checks of structure at a few points. */
  evaluate(z: ArrayLike<number>): Float64Array;
  /** A feature as people read it, with names for the entries of z: `rate * exp(-effect * treated)`. */
  describe(feature: number, inputNames: readonly string[]): string;
  /**
   * A digest (32 bytes) of a feature's expression, independent of names and of the order of creation: equal for
   * two features if and only if their expressions are equal up to the order of commutative operands.
   */
  canonicalCode(feature: number): Uint8Array;
}
