// Values with their derivatives in θ, for the commands that have --grad and --hessian.
import type { Device, Value } from "@phxlang/autodiff";
import { grad, internalError, jvp, makeJit, makePmap, NdArray, np, vmap } from "@phxlang/autodiff";
import { isWebGpu } from "@phxlang/gpu";
import { explained } from "@phxlang/runtime";
import type { Explained } from "@phxlang/runtime";
import { numbersOf } from "./numbers-of.ts";

export type OfTheta = (theta: Value | Float64Array) => Value;

/** f(θ), computed on the device; its elements may be under way. */
export function valueOn(f: OfTheta, theta: Float64Array, device: Device): Value {
  // Values are evaluated here where the device computes with doubles of this machine: the bits are the same.
  return device.synchronous ? f(theta) : makeJit(device)((at: Value) => f(at))(np.array(theta));
}

/** Relative errors that WebGPU promises for densities: those of its numbers, after up to 2,000 steps. */
const promisedErrors = { f32: 1e-4, f64x: 1e-11 } as const;

/** f(θ) of a model, and how it was computed: other devices than CPUs have one method, and promise an error. */
export function explainedOn(f: OfTheta, theta: Float64Array, device: Device): Explained {
  if (device.synchronous) return explained(() => f(theta));
  const value = valueOn(f, theta, device);
  if (!(value instanceof NdArray)) throw internalError("a traced value reached the command line");
  const error = promisedErrors[(isWebGpu(device) ? device.precision : null) ?? "f64x"];
  const methods = [{ method: "uniformization", times: value.size, work: 0, error } as const];
  return { value, methods, errorEstimate: error };
}

/** Row-major [N, P]: the derivative of entry n in parameter p. The device spreads the parameters. */
export async function jacobianOf(f: OfTheta, theta: Float64Array, device: Device): Promise<Float64Array> {
  if (theta.length === 0) return new Float64Array(0);
  const along = (direction: Value): Value => jvp(f, [np.array(theta)], [direction])[1];
  const every = device.synchronous
    ? makePmap(device)(along, { outAxes: -1 })
    : makeJit(device)(vmap(along, { outAxes: -1 }));
  return awaited(every(np.eye(theta.length)));
}

/** Row-major [P, P] of a scalar. */
export function hessianOf(f: OfTheta, theta: Float64Array, device: Device): Promise<Float64Array> {
  return jacobianOf((at) => grad(f)(at), theta, device);
}

/** The elements of a result that may be under way. */
export async function awaited(value: Value): Promise<Float64Array> {
  if (value instanceof NdArray) await value.data();
  return numbersOf(value);
}

/** Rows of a row-major matrix. */
export function rowsOf(matrix: Float64Array, width: number): number[][] {
  const count = width === 0 ? 0 : matrix.length / width;
  return Array.from({ length: count }, (_, row) =>
    Array.from(matrix.subarray(row * width, (row + 1) * width)),
  );
}
