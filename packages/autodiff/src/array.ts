// Array types and concrete arrays: what a program computes with.

/** Element types. "u32" carries random keys and bits; arithmetic on it wraps. */
export type DType = "f64" | "f32" | "i32" | "u32" | "bool";

/** Elements in row-major order; "bool" is one byte, 0 or 1. */
export type Elements = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** What is known of an array before it has a value. */
export interface ArrayType {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** True for values that came from plain numbers: they give way to the other operand's dtype, as in JAX. */
  readonly weak?: boolean;
}
