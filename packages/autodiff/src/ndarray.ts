// NdArray, the concrete immutable array: elements in row-major order with a shape and a dtype.
import type { ArrayType, DType, Elements } from "./array.ts";
import { PhxError } from "./errors.ts";

/** An immutable row-major array on the host. Nobody writes to `elements` after construction. */
export class NdArray implements ArrayType {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly weak: boolean;
  readonly elements: Elements;

  constructor(elements: Elements, shape: readonly number[], dtype: DType, weak = false) {
    let size = 1;
    for (const length of shape) size *= length;
    if (size !== elements.length) {
      throw new PhxError({
        code: "PHX920",
        what: `${elements.length} elements cannot have shape [${shape.join(", ")}]`,
        why: `that shape holds ${size} elements`,
        fix: "give as many elements as the product of the shape",
      });
    }
    this.elements = elements;
    this.shape = shape;
    this.dtype = dtype;
    this.weak = weak;
  }
}
