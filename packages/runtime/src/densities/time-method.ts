// TimeMethod: a way to compute left exp(A t) right at many times, with an estimate of its error.
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
  readonly leftOfTime: ArrayLike<number>;
}

export interface TimeValues {
  /** log F_n, −Infinity where F_n = 0. */
  readonly logValues: Float64Array;
  /** Estimates of the relative errors; Infinity where a method cannot say. */
  readonly errors: Float64Array;
  /** Products of the operator with a vector, or what a method counts in their place. */
  readonly work: number;
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
  readonly name: "uniformization" | "powers" | "krylov" | "dense";
  /** `keepsSweep`: a derivative will be asked for, and may take work over. */
  values(problem: TimeProblem, keepsSweep: boolean): TimeValues;
  /**
   * Channels of a request whose times count as plain numbers: their ε-parts are the caller's. Channel j starts from
   * Aʲ right.
   */
  channels(request: ExponentialRequest): (start: Jet, channel: number) => TimeChannel;
}
