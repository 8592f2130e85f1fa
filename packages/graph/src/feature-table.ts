// Hash-consed scalar expressions of the parameters, lowered once to a Program.
import type { Program } from "@phxlang/autodiff";

/** Operations of features: names of autodiff's elementwise primitives. */
export type FeatureOperation =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "pow"
  | "neg"
  | "exp"
  | "log"
  | "sqrt"
  | "abs"
  | "min"
  | "max"
  | "floor"
  | "ceil"
  | "less"
  | "lessEqual"
  | "equal"
  | "where";

/**
 * Expressions over z = (θ, covariates), each distinct one stored once. An expression is a number; a *feature* is an
 * expression that was asked for as a column of LinearForms. Feature 0 is the constant 1.
 */
export interface FeatureTable {
  readonly parameterCount: number;
  readonly covariateCount: number;
  readonly featureCount: number;
  /** Expression of a constant. */
  constant(value: number): number;
  /** Expression of the i-th entry of z. */
  input(index: number): number;
  apply(operation: FeatureOperation, ...operands: readonly number[]): number;
  /** The value if the expression is constant, else undefined. */
  constantValue(expression: number): number | undefined;
  /** Feature number of an expression, made if new. Constants have no feature of their own: use feature 0. */
  feature(expression: number): number;
  /** Expands sums, differences and constant multiples: expression = Σ coefficients[j] φ[features[j]], sorted, merged. */
  linearForm(expression: number): {
    readonly features: readonly number[];
    readonly coefficients: readonly number[];
  };
  /** z f64[parameterCount + covariateCount] → φ f64[featureCount]. */
  toProgram(): Program;
  /** Canonical prefix code of each feature (commutative operands sorted), for hashing; names do not occur in it. */
  canonicalCode(feature: number): Uint8Array;
}
