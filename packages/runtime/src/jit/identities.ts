// What combining with changes nothing.
import type { DType } from "@phxlang/autodiff";
import { allocate, NdArray } from "@phxlang/autodiff";
import type { ArrayType } from "@phxlang/autodiff";
import type { Combination, Reduction } from "./lowering.ts";

/** The exact identity: −0 for sums of floats, since 0 would turn −0 into 0. */
export function identityOf(combination: Combination, dtype: DType): number {
  const float = dtype === "f64" || dtype === "f32";
  switch (combination) {
    case "sum":
      return float ? -0 : 0;
    case "product":
      return 1;
    case "max":
      return float ? -Infinity : dtype === "i32" ? -(2 ** 31) : 0;
    case "min":
      return float ? Infinity : dtype === "i32" ? 2 ** 31 - 1 : dtype === "u32" ? 2 ** 32 - 1 : 1;
    case "any":
      return 0;
    case "all":
      return 1;
  }
}

/** The result of reducing no elements, as a scalar: a sum of nothing is 0. */
export function emptyReduction({ combination }: Reduction, { dtype }: ArrayType): NdArray {
  const elements = allocate(dtype, 1).fill(identityOf(combination, dtype) + 0);
  return new NdArray(elements, [], dtype);
}
