// Arithmetic: how numbers of one precision are written in WGSL.
import type { Precision } from "./precision.ts";

export interface Arithmetic {
  readonly precision: Precision;
  /** The WGSL type of a value. */
  readonly type: string;
  /** Words of 32 bits that one number takes in memory. */
  readonly wordsPerElement: 1 | 2;
  /** WGSL functions that the expressions call; they may use `phx_zero`, a uniform 0u. */
  readonly prelude: string;
  constant(value: number): string;
  /** By the name of the primitive; undefined where this precision lacks it. */
  unary(name: string, x: string): string | undefined;
  binary(name: string, x: string, y: string): string | undefined;
  /** A WGSL bool: equal, notEqual, less, lessEqual. */
  compare(name: string, x: string, y: string): string;
  fromInteger(x: string): string;
  toInteger(x: string): string;
  pack(values: Float64Array): Float32Array;
  unpack(words: Float32Array): Float64Array;
}
