// Small helpers that rules are written with.
import type { ArrayType } from "../array.ts";
import { bind } from "../bind.ts";
import type { Batched, Parameters, Primitive, Tangent } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Value } from "../trace.ts";

/** The single result of a primitive. */
export function apply<P extends Parameters>(
  primitive: Primitive<P>,
  operands: readonly Value[],
  parameters: P,
): Value {
  return bind(primitive as unknown as Primitive, operands, parameters)[0];
}

export function isLinearOperand(operand: Value | LinearOperand): operand is LinearOperand {
  return operand instanceof LinearOperand;
}

/** The three fields of a type and nothing else: a type must not keep an array alive. */
export function plainType(type: ArrayType): ArrayType {
  return type.weak === true
    ? { dtype: type.dtype, shape: type.shape, weak: true }
    : { dtype: type.dtype, shape: type.shape };
}

export function withShape(type: ArrayType, shape: readonly number[]): ArrayType {
  return plainType({ ...type, dtype: type.dtype, shape, weak: type.weak === true });
}

/** One result with one tangent. */
export function single(
  primal: Value,
  tangent: Tangent,
): { readonly primals: readonly Value[]; readonly tangents: readonly Tangent[] } {
  return { primals: [primal], tangents: [tangent] };
}

/** One result, batched along its first axis. */
export function batchedFirst(result: Value): Batched {
  return { results: [result], axes: [0] };
}

/** The forward rule of a primitive that is linear in its only operand: the tangent goes the same way. */
export function linearJvp<P extends Parameters>(primitive: () => Primitive<P>): Primitive<P>["jvp"] {
  return ([x], [t], parameters) =>
    single(apply(primitive(), [x], parameters), t === null ? null : apply(primitive(), [t], parameters));
}
