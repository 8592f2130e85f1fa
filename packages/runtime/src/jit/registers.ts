// Which values a loop can keep in registers from the operation that makes them to those that use them.
import type { IndexSpace, PlanVariable } from "./plan.ts";

/** Whether an operand is, index by index, what the loop over `space` that makes its buffer has in registers. */
export function staysInRegisters({ whole, space, buffer }: PlanVariable, loop: IndexSpace): boolean {
  return whole && space === loop && buffer.space === loop;
}
