// Indices in WGSL, and operations that every number has.
import { internalError } from "@phxlang/autodiff";
import type { Scalar } from "../program/scalars.ts";

/** The indices, one for each axis, of element number `index` (row-major over `shape`). */
export function unravel(index: string, shape: readonly number[]): string[] {
  const indices: string[] = [];
  let inner = 1;
  const outermost = shape.findIndex((length) => length !== 1);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const divided = inner === 1 ? index : `(${index} / ${inner}u)`;
    indices.unshift(
      shape[axis] === 1 ? "0u" : axis === outermost ? divided : `(${divided} % ${shape[axis]}u)`,
    );
    inner *= shape[axis];
  }
  return indices;
}

/** An operation that every dtype of numbers has. */
export function operate(scalar: Scalar, name: string, ...operands: readonly string[]): string {
  const [x, y] = operands;
  const result = operands.length === 1 ? scalar.unary(name, x) : scalar.binary(name, x, y);
  if (result === undefined) throw internalError(`${scalar.dtype} has no ${name} on this device`);
  return result;
}
