// Batches of opaque primitives: a leading axis on the operands that have it, item by item.
import type { ArrayType, Batched, LinearOperand, NdArray, Tangent, Value } from "@phxlang/autodiff";
import { internalError } from "@phxlang/autodiff";
import { broadcastLeading, moveAxis, reshape, sumLeading } from "../array-operations.ts";

/**
 * Part of the parameters of every primitive of this folder: batched[i] is 1 if operand i has a leading batch axis.
 * All such axes have one length; results have it if any operand has. Nested batches are merged into one axis.
 */
export type BatchedParameters = { readonly batched: readonly number[] };

/** Length of the batch; null without one. */
export function batchLength(
  operands: readonly { readonly shape: readonly number[] }[],
  batched: readonly number[],
): number | null {
  let length: number | null = null;
  for (const [i, operand] of operands.entries()) {
    if (batched[i] !== 1) continue;
    if (length !== null && length !== operand.shape[0]) {
      throw internalError(`batches of ${length} and ${operand.shape[0]} meet`);
    }
    length = operand.shape[0];
  }
  return length;
}

/** A result type with the batch axis in front, if there is one. */
export function batchedType(shape: readonly number[], length: number | null): ArrayType {
  return { dtype: "f64", shape: length === null ? shape : [length, ...shape] };
}

/** Elements of one item of an operand, as a view. */
export function itemOf(operand: NdArray, isBatched: boolean, index: number): Float64Array {
  const elements = operand.elements;
  if (!(elements instanceof Float64Array))
    throw internalError(`an operand of dtype ${operand.dtype}, not f64`);
  if (!isBatched) return elements;
  const size = elements.length / operand.shape[0];
  return elements.subarray(index * size, (index + 1) * size);
}

/**
 * The batch rule: puts the new axis in front of every operand that has it or must have it, merged with a batch
 * axis that is there already, and calls `run` with the new flags. Results of `run` have the merged axis in front.
 */
export function batchByLeadingAxis(
  operands: readonly Value[],
  axes: readonly (number | null)[],
  batched: readonly number[],
  size: number,
  run: (operands: readonly Value[], batched: readonly number[]) => readonly Value[],
): Batched {
  const inner = batchLength(
    operands.map((operand, i) => {
      const axis = axes[i];
      return axis === null ? operand : { shape: operand.shape.filter((_, d) => d !== axis) };
    }),
    batched,
  );
  const merged = operands.map((operand, i) => {
    const axis = axes[i];
    if (axis === null && batched[i] !== 1) return operand;
    let value = axis === null ? broadcastLeading(operand, size) : moveAxis(operand, axis, 0);
    if (inner === null) return value;
    if (batched[i] !== 1) value = moveAxis(broadcastLeading(value, inner), 0, 1);
    return reshape(value, [size * inner, ...value.shape.slice(2)]);
  });
  const flags = operands.map((_, i) => (axes[i] !== null || batched[i] === 1 ? 1 : 0));
  const results = run(merged, flags).map((result) =>
    inner === null ? result : reshape(result, [size, inner, ...result.shape.slice(1)]),
  );
  return { results, axes: results.map(() => 0) };
}

/** Cotangents of operands that have no batch axis are sums over the batch. */
export function sumWhereShared(
  cotangents: readonly Tangent[],
  batched: readonly number[],
  hasBatch: boolean,
): Tangent[] {
  return cotangents.map((cotangent, i) =>
    cotangent === null || !hasBatch || batched[i] === 1 ? cotangent : sumLeading(cotangent),
  );
}

export function isValueOperand(operand: Value | LinearOperand): operand is Value {
  return "shape" in operand;
}
