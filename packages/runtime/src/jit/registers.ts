// Which values a loop can keep in registers from the operation that makes them to those that use them.
import { sizeOf } from "@phxlang/autodiff";
import type { PlanVariable } from "./plan.ts";
import { isDense } from "./view.ts";

/** Whether a variable is its buffer, up to the shape. */
export function isWhole({ type, buffer, view }: PlanVariable): boolean {
  return sizeOf(type.shape) === sizeOf(buffer.type.shape) && isDense(view, type.shape);
}

/** Whether an operand is, index by index, what the loop over `shape` that makes its buffer has in registers. */
export function staysInRegisters(operand: PlanVariable, shape: readonly number[]): boolean {
  return (
    fitsShape(operand.type.shape, shape) && fitsShape(operand.buffer.type.shape, shape) && isWhole(operand)
  );
}

/** Equal up to lengths of 1. */
function fitsShape(own: readonly number[], shape: readonly number[]): boolean {
  let d = 0;
  for (const length of own) {
    if (length === 1) continue;
    if (length !== shape[d]) return false;
    d++;
  }
  return d === shape.length;
}
