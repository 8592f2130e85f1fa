// What the law table says of a primitive: a function that uses it, and points at which the laws are tried.
import type { Value } from "../../src/index.ts";
import { NdArray } from "../../src/index.ts";

export interface LawCase {
  /** Name of the primitive that the case is about. */
  readonly primitive: string;
  /** A function of arrays; derivatives are taken in its float operands. */
  readonly f: (...operands: readonly Value[]) => Value;
  readonly operands: readonly NdArray[];
  /** Operands that are constants to the derivatives although they are floats. */
  readonly constant?: readonly number[];
  /** Whether jvp is a derivative of the value at fixed randomness. Default true. */
  readonly forward?: boolean;
  /** Whether second derivatives exist by rule. Default true. */
  readonly second?: boolean;
  /** Relative tolerance of differences. Default 1e-7. */
  readonly tolerance?: number;
  /** Relative tolerance of ⟨vjp(ct), t⟩ = ⟨ct, jvp(t)⟩. Default 1e-11. */
  readonly transposeTolerance?: number;
  /** Relative tolerance of f32 against f64. Default 1e-5, ten times that for derivatives. */
  readonly singleTolerance?: number;
  /** Largest difference between vmap and a loop. Default 1e-13 relative. */
  readonly batchTolerance?: number;
}

/** f64 array from numbers. */
export function real(values: readonly number[], shape: readonly number[] = [values.length]): NdArray {
  return new NdArray(Float64Array.from(values), shape, "f64");
}

export function int(values: readonly number[], shape: readonly number[] = [values.length]): NdArray {
  return new NdArray(Int32Array.from(values), shape, "i32");
}

export function unsigned(values: readonly number[], shape: readonly number[] = [values.length]): NdArray {
  return new NdArray(Uint32Array.from(values), shape, "u32");
}

export function bool(values: readonly number[], shape: readonly number[] = [values.length]): NdArray {
  return new NdArray(Uint8Array.from(values), shape, "bool");
}

/** Irregular numbers around `center`, different for every seed, the same in every run. */
export function spread(shape: readonly number[], seed = 1, center = 0, width = 1): NdArray {
  const size = shape.reduce((a, b) => a * b, 1);
  return real(
    Array.from({ length: size }, (_, i) => center + width * Math.sin(12.9898 * (i + 1) + 78.233 * seed)),
    shape,
  );
}
