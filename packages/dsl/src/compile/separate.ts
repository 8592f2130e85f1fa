// separate: an expression as a sum of (what the state says) × (what the parameters say).
import { reads } from "../terms/instances.ts";
import type { InstanceTable } from "../terms/instances.ts";

/** One term of the sum; both are nodes. `coefficient` reads the state alone; `factor` reads parameters, or is 1. */
export interface SeparatedTerm {
  readonly coefficient: number;
  readonly factor: number;
}

/** Sums of more terms than this are kept as one expression. */
const maximumTerms = 512;

interface Item {
  readonly node: number;
  /** The term is there only where this holds; the coefficient has no value elsewhere. */
  readonly guard: number;
  readonly coefficient: number;
  readonly factor: number;
}

/**
 * The terms of an expression, equal factors merged. Factors that read the state as well as parameters (1 / (S +
 * k · I), q[phase]) become features for every state they meet.
 */
export function separate(table: InstanceTable, root: number): readonly SeparatedTerm[] {
  const one = table.constant(1);
  const zero = table.constant(0);
  const merged = new Map<number, number>();
  const items: Item[] = [{ node: root, guard: one, coefficient: one, factor: one }];
  let count = 0;
  for (let item = items.pop(); item !== undefined; item = items.pop()) {
    if (++count > maximumTerms) return [{ coefficient: one, factor: root }];
    const parts = expand(table, item);
    if (parts !== null) {
      for (let i = parts.length - 1; i >= 0; i--) items.push(parts[i]);
      continue;
    }
    const { node, guard, coefficient, factor } = item;
    const onlyState = (table.reads(node) & reads.inputs) === 0;
    const scaled = onlyState ? table.apply("mul", coefficient, node) : coefficient;
    const key = onlyState ? factor : table.apply("mul", factor, node);
    const guarded = table.apply("if", guard, scaled, zero);
    if (table.constantValue(guarded) === 0) continue;
    const known = merged.get(key);
    merged.set(key, known === undefined ? guarded : table.apply("add", known, guarded));
  }
  return [...merged].map(([factor, coefficient]) => ({ factor, coefficient }));
}

/** The parts of an item that is a sum, a product with a state factor, or a choice by the state; else null. */
function expand(table: InstanceTable, item: Item): readonly Item[] | null {
  const { node, coefficient, factor } = item;
  if ((table.reads(node) & reads.inputs) === 0) return null;
  // An expression of the parameters alone is one factor: the feature table expands it exactly.
  if ((table.reads(node) & reads.state) === 0) return null;
  const [a, b, c] = [table.a(node), table.b(node), table.c(node)];
  switch (table.operation(node)) {
    case "add":
      return [
        { ...item, node: a },
        { ...item, node: b },
      ];
    case "sub":
      return [
        { ...item, node: a },
        { ...item, node: b, coefficient: table.apply("neg", coefficient) },
      ];
    case "neg":
      return [{ ...item, node: a, coefficient: table.apply("neg", coefficient) }];
    case "mul":
      return expandProduct(table, item, a, b);
    case "div": {
      const divisor = monomial(table, b);
      const numerator = divisor === null ? coefficient : divide(table, coefficient, divisor.coefficient);
      const reciprocal = divide(table, factor, divisor === null ? b : divisor.factor);
      return [{ ...item, node: a, coefficient: numerator, factor: reciprocal }];
    }
    case "if": {
      if ((table.reads(a) & reads.inputs) !== 0) return null;
      const otherwise = table.apply("and", item.guard, table.apply("not", a));
      return [
        { ...item, node: b, guard: table.apply("and", item.guard, a) },
        { ...item, node: c, guard: otherwise },
      ];
    }
    default:
      return null;
  }
}

function divide(table: InstanceTable, a: number, b: number): number {
  return table.constantValue(b) === 1 ? a : table.apply("div", a, b);
}

function expandProduct(table: InstanceTable, item: Item, a: number, b: number): readonly Item[] | null {
  for (const [side, other] of [
    [a, b],
    [b, a],
  ]) {
    const one = monomial(table, side);
    if (one === null) continue;
    const coefficient = table.apply("mul", item.coefficient, one.coefficient);
    const factor = table.apply("mul", item.factor, one.factor);
    return [{ ...item, node: other, coefficient, factor }];
  }
  return null;
}

/** An expression that is a single product of state and parameter parts; null for anything else. */
function monomial(table: InstanceTable, root: number): SeparatedTerm | null {
  let coefficient = table.constant(1);
  let factor = table.constant(1);
  let node = root;
  for (;;) {
    const bits = table.reads(node);
    if ((bits & reads.inputs) === 0) return { coefficient: table.apply("mul", coefficient, node), factor };
    if ((bits & reads.state) === 0) return { coefficient, factor: table.apply("mul", factor, node) };
    const operation = table.operation(node);
    const [a, b] = [table.a(node), table.b(node)];
    if (operation === "neg") {
      coefficient = table.apply("neg", coefficient);
      node = a;
    } else if (operation === "mul" && isPure(table, a)) {
      if ((table.reads(a) & reads.inputs) === 0) coefficient = table.apply("mul", coefficient, a);
      else factor = table.apply("mul", factor, a);
      node = b;
    } else if ((operation === "mul" || operation === "div") && isPure(table, b)) {
      const onlyState = (table.reads(b) & reads.inputs) === 0;
      if (onlyState) coefficient = table.apply(operation, coefficient, b);
      else factor = table.apply(operation, factor, b);
      node = a;
    } else {
      return null;
    }
  }
}

/** Whether a node reads the state alone, or parameters alone. */
function isPure(table: InstanceTable, node: number): boolean {
  return table.reads(node) !== (reads.inputs | reads.state);
}
