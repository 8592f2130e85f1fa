// Tracing: values that stand for arrays while a transform runs, and the levels that keep them apart.
import type { ArrayType, DType } from "./array.ts";
import { ArrayBase } from "./array-methods.ts";
import { concretizationError } from "./concretization.ts";
import type { NdArray } from "./ndarray.ts";
import type { Parameters, Primitive } from "./primitive.ts";

/** Anything an operation accepts and returns. */
export type Value = NdArray | Tracer;

/** One running interpreter (of jvp, vmap, program building …). Inner interpreters have higher levels. */
export interface Trace {
  readonly level: number;
  /** What the user called: `grad`, `vmap`, `jit` …, for messages. */
  readonly transform: string;
  /** False once the transform has ended: its tracers must not be used any more. */
  readonly active: boolean;
  /** Wraps a value of a lower level. */
  lift(value: Value): Tracer;
  process(primitive: Primitive, operands: readonly Tracer[], parameters: Parameters): readonly Value[];
}

/** A stand-in for an array; also has every method of NdArray, from the same operation table. */
export abstract class Tracer extends ArrayBase {
  abstract readonly trace: Trace;
  abstract override readonly type: ArrayType;

  override get dtype(): DType {
    return this.type.dtype;
  }

  override get shape(): readonly number[] {
    return this.type.shape;
  }

  override get weak(): boolean {
    return this.type.weak === true;
  }

  /** A traced value has no number: `Number(x)`, `x > 0`, `x + 1` and `${x}` end here. */
  [Symbol.toPrimitive](hint: string): never {
    throw concretizationError(
      this,
      hint === "string" ? "as text" : hint === "number" ? "as a number" : "by a JavaScript operator",
    );
  }

  /** Always throws: only a concrete array has a value. Type `never` so that it cannot be relied upon. */
  item(): number {
    throw concretizationError(this, "with item()");
  }

  js(): NestedNumbers {
    throw concretizationError(this, "with js()");
  }

  dataSync(): never {
    throw concretizationError(this, "with dataSync()");
  }

  data(): Promise<never> {
    throw concretizationError(this, "with data()");
  }

  toJSON(): never {
    throw concretizationError(this, "as JSON");
  }

  /** What Node prints for a tracer: its type and its transform. */
  override describe(): string {
    return `Tracer<${this.type.dtype}[${this.type.shape.join(",")}] in ${this.trace.transform}>`;
  }
}

/** Numbers nested as deep as the array has axes; booleans for dtype "bool". */
export type NestedNumbers = number | boolean | NestedNumbers[];

let currentLevel = 0;

/**
 * Runs `body` with a level higher than that of every trace now running, and gives the level back whatever
 * happens. Levels are all the global state that tracing has.
 */
export function withLevel<T>(body: (level: number) => T): T {
  currentLevel += 1;
  try {
    return body(currentLevel);
  } finally {
    currentLevel -= 1;
  }
}
