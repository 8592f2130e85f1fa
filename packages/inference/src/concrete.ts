// Between arrays of the engine that are known to be concrete and plain numbers: estimation runs outside of transforms.
import type { Value } from "@phxlang/autodiff";
import { internalError, NdArray } from "@phxlang/autodiff";

/** A copy of the elements of a concrete array, in row-major order. */
export function numbersOf(value: Value): Float64Array {
  if (!(value instanceof NdArray)) throw internalError("a fit ran inside a transform");
  return Float64Array.from(value.elements);
}

/** Points of equal length one after another, as an array of that shape. */
export function stacked(points: readonly Float64Array[], shape: readonly number[]): NdArray {
  const dimension = shape[shape.length - 1];
  const elements = new Float64Array(points.length * dimension);
  points.forEach((point, i) => elements.set(point, i * dimension));
  return new NdArray(elements, shape, "f64");
}
