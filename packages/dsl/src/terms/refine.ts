// Intervals of expressions where conditions hold: `when q > 0` makes q at least 1.
import { intervalOf } from "./intervals.ts";
import type { Interval } from "./intervals.ts";
import type { InstanceTable } from "./instances.ts";
import { scalarOperations } from "./operations.ts";
import type { ScalarOperation } from "./operations.ts";

/** Ranges of cells that conditions narrow, by node of the cell. */
export type Refinement = ReadonlyMap<number, Interval>;

/** What comparisons of one cell with a constant say; other conditions say nothing. */
export function refine(table: InstanceTable, conditions: readonly number[]): Refinement {
  const refined = new Map<number, Interval>();
  const narrow = (node: number, low: number, high: number): void => {
    if (table.operation(node) !== "cell") return;
    const before = refined.get(node) ?? table.interval(node);
    refined.set(node, { low: Math.max(before.low, low), high: Math.min(before.high, high) });
  };
  const read = (node: number): Interval => refined.get(node) ?? table.interval(node);
  for (const condition of conditions) {
    const negated = table.operation(condition) === "not";
    const comparison = negated ? table.a(condition) : condition;
    const [left, right] = [table.a(comparison), table.b(comparison)];
    switch (table.operation(comparison)) {
      case "less":
        // Cells are whole numbers: below x is at most ceil(x) − 1.
        if (negated) {
          narrow(left, read(right).low, Infinity);
          narrow(right, -Infinity, read(left).high);
        } else {
          narrow(left, -Infinity, Math.ceil(read(right).high) - 1);
          narrow(right, Math.floor(read(left).low) + 1, Infinity);
        }
        break;
      case "lessEqual":
        if (negated) {
          narrow(left, Math.floor(read(right).low) + 1, Infinity);
          narrow(right, -Infinity, Math.ceil(read(left).high) - 1);
        } else {
          narrow(left, -Infinity, read(right).high);
          narrow(right, read(left).low, Infinity);
        }
        break;
      case "equal": {
        const value = table.constantValue(right) ?? table.constantValue(left);
        const cell = table.constantValue(right) === undefined ? right : left;
        if (value === undefined) break;
        if (!negated) narrow(cell, value, value);
        else if (read(cell).low === value) narrow(cell, value + 1, Infinity);
        else if (read(cell).high === value) narrow(cell, -Infinity, value - 1);
        break;
      }
      default:
    }
  }
  return refined;
}

/** The interval of a node under a refinement; `input` may widen or narrow entries of z. */
export function refinedInterval(
  table: InstanceTable,
  root: number,
  refined: Refinement,
  input: (node: number) => Interval = (node) => table.interval(node),
): Interval {
  const nodes = reachable(table, root);
  const intervals = new Map<number, Interval>();
  const read = (node: number): Interval => intervals.get(node) ?? table.interval(node);
  for (const node of nodes) {
    const operation = table.operation(node);
    if (operation === "cell") intervals.set(node, refined.get(node) ?? table.interval(node));
    else if (operation === "input") intervals.set(node, input(node));
    else if (isScalar(operation)) {
      const second = table.operandCount(node) > 1 ? read(table.b(node)) : read(node);
      const third = table.operandCount(node) > 2 ? read(table.c(node)) : second;
      intervals.set(node, intervalOf(operation, read(table.a(node)), second, third));
    }
  }
  return read(root);
}

function isScalar(operation: string): operation is ScalarOperation {
  return Object.hasOwn(scalarOperations, operation);
}

/** A node and all that it reads, ascending. */
export function reachable(table: InstanceTable, root: number): readonly number[] {
  const found = new Set([root]);
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const count = table.operandCount(node);
    const operands = [table.a(node), table.b(node), table.c(node)];
    for (let k = 0; k < count; k++) {
      if (found.has(operands[k])) continue;
      found.add(operands[k]);
      stack.push(operands[k]);
    }
  }
  return [...found].sort((a, b) => a - b);
}
