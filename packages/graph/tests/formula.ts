// Formulas as plain data, with an independent evaluator: what feature tables are tested against.
import * as fc from "fast-check";
import type { FeatureOperation, FeatureTable } from "../src/index.ts";

/** A constant, an input or an operation. */
export type Formula =
  | number
  | { readonly input: number }
  | { readonly operation: FeatureOperation; readonly operands: readonly Formula[] };

export const inputCount = 3;

export const formulas: fc.Arbitrary<Formula> = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<Formula[]>(0, 1, -1, 2, 0.5, 3, -0.25, 10),
    fc.integer({ min: 0, max: inputCount - 1 }).map((input) => ({ input })),
    fc.record({
      operation: fc.constantFrom<FeatureOperation[]>("add", "sub", "mul", "div", "min", "max", "less"),
      operands: fc.tuple(tie("formula"), tie("formula")),
    }),
    fc.record({
      operation: fc.constantFrom<FeatureOperation[]>("neg", "abs", "exp", "floor"),
      operands: fc.tuple(tie("formula")),
    }),
    fc.record({
      operation: fc.constant<FeatureOperation>("where"),
      operands: fc.tuple(tie("formula"), tie("formula"), tie("formula")),
    }),
  ),
})).formula;

export const points: fc.Arbitrary<readonly [number, number, number]> = fc.tuple(
  fc.double({ min: 0.1, max: 3, noNaN: true }),
  fc.double({ min: 0.1, max: 3, noNaN: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
);

export function build(table: FeatureTable, node: Formula): number {
  if (typeof node === "number") return table.constant(node);
  if ("input" in node) return table.input(node.input);
  return table.apply(node.operation, ...node.operands.map((operand) => build(table, operand)));
}

export function valueOf(node: Formula, z: readonly number[]): number {
  if (typeof node === "number") return node;
  if ("input" in node) return z[node.input];
  const [a, b, c] = node.operands.map((operand) => valueOf(operand, z));
  switch (node.operation) {
    case "add":
      return a + b;
    case "sub":
      return a - b;
    case "mul":
      return a * b;
    case "div":
      return a / b;
    case "min":
      return Math.min(a, b);
    case "max":
      return Math.max(a, b);
    case "less":
      return a < b ? 1 : 0;
    case "neg":
      return -a;
    case "abs":
      return Math.abs(a);
    case "exp":
      return Math.exp(a);
    case "floor":
      return Math.floor(a);
    default:
      return a === 0 ? c : b;
  }
}

/** Whether rounding cannot change the value by much: no jumps, little cancellation, no overflow. */
export function isTame(node: Formula, z: readonly number[]): boolean {
  if (typeof node === "number" || "input" in node) return true;
  const values = node.operands.map((operand) => valueOf(operand, z));
  const value = valueOf(node, z);
  if (!values.every(Number.isFinite) || !Number.isFinite(value) || Math.abs(value) > 1e100) return false;
  if (value !== 0 && Math.abs(value) < 1e-100) return false;
  if (["floor", "less", "where"].includes(node.operation)) return false;
  const largest = Math.max(...values.map(Math.abs));
  if (["add", "sub"].includes(node.operation) && Math.abs(value) < 1e-3 * largest) return false;
  if (node.operation === "exp" && largest > 50) return false;
  return node.operands.every((operand) => isTame(operand, z));
}
