// SymbolicExpression: an expression of parameters and state as a family of features, one for each state it meets.
import { internalError } from "@phxlang/autodiff";
import type { FeatureOperation, FeatureTable } from "@phxlang/graph";
import { reads } from "../terms/instances.ts";
import type { InstanceOperation, InstanceTable } from "../terms/instances.ts";

/**
 * The nodes that read parameters, from the operands to the root, and the *keys*: nodes that read the state alone.
 * Given the values of the keys, the expression is one of the parameters alone. An expression that does not read
 * the state has no keys.
 */
export class SymbolicExpression {
  /** Nodes of the InstanceTable. A key in a branch that is not taken has the value 0. */
  readonly keys: readonly number[];
  readonly #table: InstanceTable;
  readonly #root: number;
  /** Ascending, the root last. */
  readonly #nodes: readonly number[];
  /** Position in `keys` of each operand that is one. */
  readonly #keyOf: ReadonlyMap<number, number>;

  constructor(table: InstanceTable, root: number) {
    this.#table = table;
    this.#root = root;
    this.#nodes = symbolicNodes(table, root);
    const guards = guardsOf(table, this.#nodes);
    const zero = table.constant(0);
    this.#keyOf = new Map([...guards.keys()].map((node, position) => [node, position]));
    this.keys = [...guards].map(([node, guard]) => table.apply("if", guard, node, zero));
  }

  /** The expression in a feature table; `values` are those of the keys. */
  build(features: FeatureTable, values: ArrayLike<number>): number {
    const table = this.#table;
    const built = new Map<number, number>();
    const live = this.#liveNodes(values);
    const read = (node: number): number => {
      const key = this.#keyOf.get(node);
      if (key !== undefined) return features.constant(values[key]);
      const constant = table.constantValue(node);
      return constant === undefined ? (built.get(node) ?? -1) : features.constant(constant);
    };
    if (this.#nodes.length === 0) return read(this.#root);
    for (const node of live) {
      const operation = table.operation(node);
      if (operation === "input") {
        built.set(node, features.input(table.a(node)));
      } else if (operation === "inputAt") {
        const offset = features.constantValue(read(table.a(node))) ?? 0;
        built.set(node, features.input(table.b(node) + offset));
      } else if (operation === "if" && this.#decided(node, values) !== null) {
        built.set(node, read(this.#decided(node, values) === 0 ? table.c(node) : table.b(node)));
      } else {
        const operands = [table.a(node), table.b(node), table.c(node)].slice(0, table.operandCount(node));
        built.set(node, applyFeature(features, operation, operands.map(read)));
      }
    }
    return read(this.#root);
  }

  /** The value of the condition of an `if` that the state decides. */
  #decided(node: number, values: ArrayLike<number>): number | null {
    const condition = this.#table.a(node);
    const key = this.#keyOf.get(condition);
    return key === undefined ? null : values[key];
  }

  /** Nodes that are needed once the state has chosen its branches, ascending. */
  #liveNodes(values: ArrayLike<number>): readonly number[] {
    const table = this.#table;
    const live = new Set<number>([this.#root]);
    for (let i = this.#nodes.length - 1; i >= 0; i--) {
      const node = this.#nodes[i];
      if (!live.has(node)) continue;
      const decided = table.operation(node) === "if" ? this.#decided(node, values) : null;
      if (decided !== null) {
        live.add(decided === 0 ? table.c(node) : table.b(node));
        continue;
      }
      const count = table.operandCount(node);
      if (count > 0) live.add(table.a(node));
      if (count > 1) live.add(table.b(node));
      if (count > 2) live.add(table.c(node));
    }
    return this.#nodes.filter((node) => live.has(node));
  }
}

function symbolicNodes(table: InstanceTable, root: number): readonly number[] {
  if ((table.reads(root) & reads.inputs) === 0) return [];
  const found = new Set([root]);
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const operand of operandsOf(table, node)) {
      if ((table.reads(operand) & reads.inputs) === 0 || found.has(operand)) continue;
      found.add(operand);
      stack.push(operand);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** For each operand that reads the state alone: the condition under which it is needed. */
function guardsOf(table: InstanceTable, nodes: readonly number[]): ReadonlyMap<number, number> {
  const guards = new Map<number, number>();
  const keys = new Map<number, number>();
  const root = nodes.at(-1);
  if (root === undefined) return keys;
  guards.set(root, table.constant(1));
  const need = (operand: number, guard: number): void => {
    const map = (table.reads(operand) & reads.inputs) === 0 ? keys : guards;
    if (map === keys && table.constantValue(operand) !== undefined) return;
    const known = map.get(operand);
    map.set(operand, known === undefined ? guard : table.apply("or", known, guard));
  };
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    const guard = guards.get(node) ?? table.constant(1);
    const [a, b, c] = operandsOf(table, node);
    if (table.operation(node) === "if" && (table.reads(a) & reads.inputs) === 0) {
      need(a, guard);
      need(b, table.apply("and", guard, a));
      need(c, table.apply("and", guard, table.apply("not", a)));
    } else {
      for (const operand of operandsOf(table, node)) need(operand, guard);
    }
  }
  return keys;
}

export function operandsOf(table: InstanceTable, node: number): readonly number[] {
  return [table.a(node), table.b(node), table.c(node)].slice(0, table.operandCount(node));
}

const direct: ReadonlyMap<InstanceOperation, FeatureOperation> = new Map<InstanceOperation, FeatureOperation>(
  [
    ["add", "add"],
    ["sub", "sub"],
    ["mul", "mul"],
    ["div", "div"],
    ["pow", "pow"],
    ["neg", "neg"],
    ["exp", "exp"],
    ["log", "log"],
    ["sqrt", "sqrt"],
    ["abs", "abs"],
    ["min", "min"],
    ["max", "max"],
    ["floor", "floor"],
    ["ceil", "ceil"],
    ["less", "less"],
    ["lessEqual", "lessEqual"],
    ["equal", "equal"],
    ["if", "where"],
    // Yes/no is 1 and 0.
    ["and", "mul"],
    ["or", "max"],
  ],
);

function applyFeature(
  features: FeatureTable,
  operation: InstanceOperation,
  operands: readonly number[],
): number {
  const name = direct.get(operation);
  if (name !== undefined) return features.apply(name, ...operands);
  const [a, b] = operands;
  switch (operation) {
    case "not":
      return features.apply("sub", features.constant(1), a);
    case "quotient":
      return features.apply("floor", features.apply("div", a, b));
    case "remainder": {
      const whole = features.apply("floor", features.apply("div", a, b));
      return features.apply("sub", a, features.apply("mul", b, whole));
    }
    default:
      throw internalError(`${operation} of parameters`);
  }
}
