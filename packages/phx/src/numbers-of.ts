// The elements of results that no transform is tracing.
import { internalError, NdArray } from "@phxlang/autodiff";

export function numbersOf(value: unknown): Float64Array {
  if (value instanceof NdArray) return Float64Array.from(value.elements);
  throw internalError("a traced value reached the command line");
}
