// From tangents with nulls to arrays of zeros, for users and for programs with fixed inputs.
import type { ArrayType } from "../array.ts";
import { isFloat } from "../array.ts";
import { zeros } from "../engine-operations.ts";
import type { Tangent } from "../primitive.ts";
import type { Value } from "../trace.ts";

/**
 * Tangents as arrays: null becomes zeros of the primal's type. The tangent of an integer or boolean is an f64
 * array of zeros (JAX has a dtype float0 for it).
 */
export function instantiate(primals: readonly Value[], tangents: readonly Tangent[]): Value[] {
  return primals.map((primal, i) => instantiateOne(primal, tangents[i] ?? null));
}

export function instantiateOne(primal: { readonly type: Value["type"] }, tangent: Tangent): Value {
  return tangent ?? zeros(tangentTypeOf(primal.type));
}

/** The type of an array of tangents: f64 for integers and booleans, else the primal's. */
export function tangentTypeOf({ dtype, shape, weak }: ArrayType): ArrayType {
  return { dtype: isFloat(dtype) ? dtype : "f64", shape, weak: weak === true };
}
