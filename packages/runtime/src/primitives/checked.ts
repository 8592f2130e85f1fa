// Checks of values that are known only at run time: the identity, with an error where the values are wrong.
import type { Primitive, Structure, Value } from "@phxlang/autodiff";
import { bind, internalError } from "@phxlang/autodiff";
import { ArrayReader, arraysToBytes } from "../array-bytes.ts";
import { moveAxis } from "../array-operations.ts";
import type { ValueTest } from "./value-test.ts";
import { passes, valueTestFromBytes, valueTestToBytes } from "./value-test.ts";

/**
 * A test, and the error for values that fail it. The error needs the model, which does not travel: where a check was
 * read from bytes, it only says that the values fail (`UnexplainedFailure`).
 */
export class ValueCheck implements Structure {
  readonly structureKind = "value-check";
  /** Names the test and whose states the error speaks of. */
  readonly contentHash: string;
  readonly test: ValueTest;
  readonly #explain: (elements: Float64Array) => Error;

  constructor(contentHash: string, test: ValueTest, explain: (elements: Float64Array) => Error) {
    this.contentHash = contentHash;
    this.test = test;
    this.#explain = explain;
  }

  /** Whether every array of numbers in [0, ∞) passes: then it need not be looked at one by one. */
  get allowsRates(): boolean {
    return !this.test.mustBePositive && this.test.groups === null;
  }

  /** Throws a PhxError if the elements are not as they must be. */
  check(elements: Float64Array): void {
    if (!passes(this.test, elements)) throw this.#explain(elements);
  }

  /** The hash, then the test. */
  toBytes(): Uint8Array {
    return arraysToBytes([new TextEncoder().encode(this.contentHash), valueTestToBytes(this.test)]);
  }
}

/** The values fail a check whose model is elsewhere: there the same computation throws the error itself. */
export class UnexplainedFailure extends Error {
  override readonly name = "UnexplainedFailure";
  /** Of the check. */
  readonly hash: string;
  readonly values: Float64Array;

  constructor(hash: string, values: Float64Array) {
    super(`values fail the check ${hash}`);
    this.hash = hash;
    this.values = values;
  }
}

/** The inverse of toBytes, but for the explanation. */
export function valueCheckFromBytes(bytes: Uint8Array): ValueCheck {
  const reader = new ArrayReader(bytes);
  const contentHash = new TextDecoder().decode(reader.bytes());
  const test = valueTestFromBytes(reader.bytes());
  return new ValueCheck(contentHash, test, (values) => new UnexplainedFailure(contentHash, values.slice()));
}

export const checkedPrimitive: Primitive<{ readonly check: ValueCheck }> = {
  name: "checked",
  documentation: "x unchanged; an error where its last axis does not pass a check",
  type: ([x]) => [{ dtype: x.dtype, shape: x.shape }],
  evaluate([x], { check }) {
    const { elements } = x;
    if (!(elements instanceof Float64Array)) throw internalError(`a checked value of dtype ${x.dtype}`);
    const length = x.shape[x.shape.length - 1] ?? 1;
    for (let start = 0; start < elements.length; start += length) {
      check.check(elements.subarray(start, start + length));
    }
    return [x];
  },
  jvp: (primals, tangents, parameters) => ({
    primals: bind(checkedPrimitive, primals, parameters),
    tangents,
  }),
  batch([x], [axis], parameters) {
    return { results: bind(checkedPrimitive, [moveAxis(x, axis ?? 0, 0)], parameters), axes: [0] };
  },
};

export function checked(x: Value, check: ValueCheck): Value {
  return bind(checkedPrimitive, [x], { check })[0];
}
