// Checks of values that are known only at run time: the identity, with an error where the values are wrong.
import type { Primitive, Structure, Value } from "@phxlang/autodiff";
import { bind, internalError } from "@phxlang/autodiff";
import { moveAxis } from "../array-operations.ts";

/** What a check knows; equal hashes promise equal checks. */
export interface ValueCheck extends Structure {
  readonly structureKind: "value-check";
  /** Whether every array of numbers in [0, ∞) passes: then it need not be looked at one by one. */
  readonly allowsRates: boolean;
  /** Throws a PhxError if the elements are not as they must be. */
  check(elements: Float64Array): void;
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
