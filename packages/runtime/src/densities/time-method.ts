// TimeMethod: a way to compute left exp(A t) right at many times, with an estimate of its error.
import type { Accuracy, MethodName, MethodUse } from "./accuracy.ts";
import type { ExponentialRequest } from "../jets/exponential-request.ts";
import type { Jet } from "../jets/subsets.ts";
import type { PhaseTypeKernels } from "../kernels/phase-type-kernels.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import type { TimeLaw } from "../uniformization/mixing-law.ts";

/** F_n = left_mᵀ exp(A t_n) right (continuous) or left_mᵀ Aᵗ right (discrete), m = leftOfTime[n]. */
export interface TimeProblem {
  readonly kernels: PhaseTypeKernels;
  readonly pattern: OperatorPattern;
  readonly law: TimeLaw;
  readonly slots: Float64Array;
  /** Row-major leftCount × rows; nonnegative. */
  readonly left: Float64Array;
  readonly leftCount: number;
  /** [rows], nonnegative. */
  readonly right: Float64Array;
  readonly times: Float64Array;
  /** Left row that each time belongs to. */
  readonly leftOfTime: Float64Array;
}

export interface TimeValues {
  /** log F_n, −Infinity where F_n = 0. */
  readonly logValues: Float64Array;
  /**
   * Estimates of the errors relative to each value, of "krylov" by name relative to the largest; Infinity where a
   * method cannot say.
   */
  readonly errors: Float64Array;
  readonly used: readonly MethodUse[];
}

/** A right-hand side of one request: e^−scale_n left_mᵀ exp(A t_n) start as jets, and the way back. */
export interface TimeChannel {
  /** [N]; computed where values or times are wanted. */
  values(): Jet;
  /** From weights of the terms [N] to derivatives: adds to the parts, returns the derivative in `start`. */
  adjoint(
    weights: Jet,
    slotParts: readonly (Float64Array | null)[],
    leftParts: readonly (Float64Array | null)[],
  ): Jet;
}

export interface TimeMethod {
  readonly name: MethodName;
  /**
   * Channels of a request whose times count as plain numbers: their ε-parts are the caller's. Channel j starts from
   * Aʲ right.
   */
  channels(request: ExponentialRequest): (start: Jet, channel: number) => TimeChannel;
}

/** A method beside uniformization: it serves what it can, and says what it cannot. */
export interface EstimatedMethod extends TimeMethod {
  /** Relative errors that it can be expected to reach. */
  readonly bestTolerance: number;
  /** Why it cannot serve a problem at all, or null. */
  refusal(problem: TimeProblem): string | null;
  /** About how long values take; anything above `limit` will do where it is more than that. */
  nanoseconds(problem: TimeProblem, limit: number): number;
  /** Whether a time is worth trying: the first few jumps belong to the series that uniformization sums. */
  suits(problem: TimeProblem, time: number): boolean;
  /** Whether its channels can answer a request. */
  differentiates(request: ExponentialRequest): boolean;
  /**
   * Values with the errors that could be reached. `withDerivatives`: the estimates must hold for the gradient too.
   */
  values(problem: TimeProblem, accuracy: Accuracy, withDerivatives: boolean): TimeValues;
}
