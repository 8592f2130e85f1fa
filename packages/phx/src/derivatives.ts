// Values with their derivatives in θ, for the commands that have --grad and --hessian.
import { hessian, jacfwd } from "@phxlang/autodiff";
import type { Value } from "@phxlang/autodiff";
import { numbersOf } from "./numbers-of.ts";

export type OfTheta = (theta: Value | Float64Array) => Value;

/** Row-major [N, P]: the derivative of entry n in parameter p. */
export function jacobianOf(f: OfTheta, theta: Float64Array): Float64Array {
  return theta.length === 0 ? new Float64Array(0) : numbersOf(jacfwd(f)(theta));
}

/** Row-major [P, P] of a scalar. */
export function hessianOf(f: OfTheta, theta: Float64Array): Float64Array {
  return theta.length === 0 ? new Float64Array(0) : numbersOf(hessian(f)(theta));
}

/** Rows of a row-major matrix. */
export function rowsOf(matrix: Float64Array, width: number): number[][] {
  const count = width === 0 ? 0 : matrix.length / width;
  return Array.from({ length: count }, (_, row) =>
    Array.from(matrix.subarray(row * width, (row + 1) * width)),
  );
}
