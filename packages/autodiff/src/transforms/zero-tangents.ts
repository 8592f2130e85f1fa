// From tangents with nulls to arrays of zeros, for users and for programs with fixed inputs.
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
  if (tangent !== null) return tangent;
  const { dtype, shape, weak } = primal.type;
  return zeros({ dtype: isFloat(dtype) ? dtype : "f64", shape, weak: weak === true });
}
