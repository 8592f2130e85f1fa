// What the energy of time-dependent quantities is made of, and what a request for its gradient asks for.
import type { Accuracy } from "../densities/accuracy.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import type { TimeLaw } from "../uniformization/mixing-law.ts";
import type { Arena } from "../wasm/index.ts";
import type { GradientRequest } from "./energy.ts";

export type ExponentialParameters = Accuracy & {
  readonly pattern: OperatorPattern;
  /** "discrete": powers A^time instead of exp(A time); times are then whole numbers and not differentiated. */
  readonly law: TimeLaw;
};

/** Positions of the items; left is [M, rows], right [rows], times and weights [N]. */
export const exponentialItems = { slots: 0, left: 1, right: 2, times: 3, weights: 4 } as const;
/**
 * Positions of the constants: log scales [N]; left row of each time [N]; for left and right, 1 where an entry may be
 * other than 0 at other parameters, shaped as they are: a 0 there still has derivatives.
 */
export const exponentialConstants = { scales: 0, leftOfTime: 1, leftMask: 2, rightMask: 3 } as const;

export type ExponentialRequest = GradientRequest<ExponentialParameters> & {
  /** For whatever is needed on the way; given back when the gradient is there. */
  readonly arena: Arena;
};

export function wantsItem(request: ExponentialRequest, item: number): boolean {
  const size = 1 << request.order;
  return request.wanted.slice(item * size, (item + 1) * size).some(Boolean);
}

/** A left item of shape [rows] is one row vector. */
export function leftCountOf(request: ExponentialRequest): number {
  return sizeOfShape(request.shapes[exponentialItems.left]) / request.parameters.pattern.rowCount;
}

export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
