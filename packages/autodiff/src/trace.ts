// Tracing: values that stand for arrays while a transform runs, and how an operation finds its interpreter.
import type { ArrayType } from "./array.ts";
import type { NdArray } from "./ndarray.ts";
import type { Parameters, Primitive } from "./primitive.ts";

/** Anything an operation accepts and returns. */
export type Value = NdArray | Tracer;

/** One running interpreter (of jvp, vmap, program building …). Inner interpreters have higher levels. */
export interface Trace {
  readonly level: number;
  /** Wraps a value of a lower level. */
  lift(value: Value): Tracer;
  process(primitive: Primitive, operands: readonly Tracer[], parameters: Parameters): readonly Value[];
}

/** A stand-in for an array; also has every method of NdArray, from the same operation table. */
export interface Tracer {
  readonly trace: Trace;
  readonly type: ArrayType;
}
