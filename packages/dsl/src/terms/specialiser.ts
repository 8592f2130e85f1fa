// Specialiser: puts values of loop variables and the epoch into terms, and unrolls what loops over them.
import type { InstanceTable } from "./instances.ts";
import { describeShape } from "./shape.ts";
import { operandsOf } from "./terms.ts";
import type { Binding, ElementTerm, LoopVariable, ReductionTerm, Term } from "./terms.ts";

/** Loops may run this often altogether while constants are evaluated, and again while events are unrolled. */
export const maximumIterations = 1_000_000;

/** Thrown when the loops of a model run more often than `maximumIterations`. */
export class TooManyIterations extends Error {}

/** Counts what loops have run, over all that one model evaluates. */
export class IterationBudget {
  #left: number = maximumIterations;

  spend(): void {
    if (--this.#left < 0) throw new TooManyIterations();
  }
}

/** Thrown where the end of a range has no value. */
export class RangeWithoutValue extends Error {
  readonly term: Term;
  constructor(term: Term) {
    super("internal: a range without a value");
    this.term = term;
  }
}

export class Specialiser {
  readonly table: InstanceTable;
  /** Number of the epoch that is going on. */
  readonly #epoch: number;
  /** Values of z, where they are known: then parameters become constants. */
  readonly #inputs: Float64Array | null;
  readonly #variables: number[] = [];
  /** Node of each term that was put into the table last. */
  #nodes = new Int32Array(256);
  readonly #schedules = new Map<Term, readonly Term[]>();
  readonly #checks = new Map<string, number>();
  readonly #budget: IterationBudget;

  constructor(
    table: InstanceTable,
    budget: IterationBudget = new IterationBudget(),
    epoch = 0,
    inputs: Float64Array | null = null,
  ) {
    this.table = table;
    this.#budget = budget;
    this.#epoch = epoch;
    this.#inputs = inputs;
  }

  assign(variable: LoopVariable, value: number): void {
    this.#variables[variable.id] = value;
  }

  valueOf(variable: LoopVariable): number {
    return this.#variables[variable.id];
  }

  /** The node of a term under the present values of the loop variables. */
  specialise(root: Term): number {
    let schedule = this.#schedules.get(root);
    if (schedule === undefined) {
      schedule = scheduleOf(root);
      this.#schedules.set(root, schedule);
      if (root.id >= this.#nodes.length) {
        const grown = new Int32Array(Math.max(root.id + 1, 2 * this.#nodes.length));
        grown.set(this.#nodes);
        this.#nodes = grown;
      }
    }
    for (const term of schedule) this.#nodes[term.id] = this.#node(term);
    return this.#nodes[root.id];
  }

  /**
   * Calls `visit` for each combination of the loops, left variable slowest. `condition` is a node: it holds the
   * ends of ranges that the state decides (the loop runs over all that are possible) and the `when`.
   * Combinations whose condition is never true are left out.
   */
  forEach(binding: Binding, visit: (condition: number, dynamic: boolean) => void): void {
    const { loops } = binding;
    const { table } = this;
    const yes = table.constant(1);
    /** Condition that the ranges of the first d variables hold; and the last value of variable d. */
    const conditions: number[] = [yes];
    const lasts: number[] = [];
    const enter = (d: number): number => {
      const { low, high } = this.#rangeOf(loops[d].low, loops[d].high);
      lasts[d] = high;
      return low;
    };
    let d = 0;
    if (loops.length > 0) this.#variables[loops[0].variable.id] = enter(0);
    while (d >= 0) {
      if (d < loops.length) {
        const { variable, low, high } = loops[d];
        const value = this.#variables[variable.id];
        if (value > lasts[d]) {
          d--;
          if (d >= 0) this.#variables[loops[d].variable.id]++;
          continue;
        }
        this.#budget.spend();
        conditions[d + 1] = this.#within(conditions[d], value, low, high);
        d++;
        if (d < loops.length) this.#variables[loops[d].variable.id] = enter(d);
        continue;
      }
      const ranges = conditions[d];
      const when = binding.condition === null ? yes : this.specialise(binding.condition);
      const condition = table.apply("and", ranges, when);
      if (table.constantValue(condition) !== 0) visit(condition, ranges !== yes);
      d--;
      if (d >= 0) this.#variables[loops[d].variable.id]++;
    }
  }

  /** Smallest and largest value that a range can have. */
  #rangeOf(lowTerm: Term, highTerm: Term): { readonly low: number; readonly high: number } {
    const low = this.table.interval(this.specialise(lowTerm)).low;
    const high = this.table.interval(this.specialise(highTerm)).high;
    if (!Number.isFinite(low)) throw new RangeWithoutValue(lowTerm);
    if (!Number.isFinite(high)) throw new RangeWithoutValue(highTerm);
    return { low, high };
  }

  #within(outer: number, value: number, lowTerm: Term, highTerm: Term): number {
    const { table } = this;
    const low = this.specialise(lowTerm);
    const high = this.specialise(highTerm);
    if (table.constantValue(low) !== undefined && table.constantValue(high) !== undefined) return outer;
    const node = table.constant(value);
    const inside = table.apply(
      "and",
      table.apply("lessEqual", low, node),
      table.apply("lessEqual", node, high),
    );
    return table.apply("and", outer, inside);
  }

  #node(term: Term): number {
    const { table } = this;
    switch (term.op) {
      case "number":
        return table.constant(term.value);
      case "variable":
        return table.constant(this.#variables[term.variable.id]);
      case "epoch":
        return table.constant(term.epoch === this.#epoch ? 1 : 0);
      case "expansion":
        return this.#nodes[term.body.id];
      case "operation": {
        const [a, b, c] = term.operands;
        return table.apply(
          term.operation,
          this.#nodes[a.id],
          b === undefined ? 0 : this.#nodes[b.id],
          c === undefined ? 0 : this.#nodes[c.id],
        );
      }
      case "reduction":
        return this.#reduction(term);
      case "element":
        return this.#element(term);
      default:
        return table.constant(Number.NaN);
    }
  }

  #reduction(term: ReductionTerm): number {
    const { table } = this;
    const start = { sum: 0, count: 0, any: 0, product: 1, all: 1, min: Infinity, max: -Infinity };
    const operations = {
      sum: "add",
      count: "add",
      any: "or",
      product: "mul",
      all: "and",
      min: "min",
      max: "max",
    } as const;
    const neutral = table.constant(start[term.reducer]);
    const operation = operations[term.reducer];
    let result = neutral;
    this.forEach(term.binding, (condition) => {
      const body = this.specialise(term.body);
      const item = table.apply("if", condition, body, neutral);
      result = result === neutral ? item : table.apply(operation, result, item);
    });
    return result;
  }

  #element(term: ElementTerm): number {
    const { table } = this;
    const { array, indices } = term;
    const { from, sizes } = array.shape;
    let offset = table.constant(0);
    for (const [d, index] of indices.entries()) {
      const node = this.#nodes[index.id];
      if (table.isTrap(node)) return node;
      const value = table.constantValue(node);
      if (value !== undefined && !(value >= from[d] && value < from[d] + sizes[d])) {
        return this.#outside(term, index, value);
      }
      const check = value === undefined ? this.#checkOf(term, index, d) : 0;
      const step = value === undefined ? table.checked(node, check) : table.constant(value - from[d]);
      offset = table.apply("add", table.apply("mul", offset, table.constant(sizes[d])), step);
    }
    const position = table.constantValue(offset);
    if (array.storage === "cells") {
      const count = sizes.reduce((product, size) => product * size, 1);
      return position === undefined
        ? table.cellAt(offset, array.offset, count)
        : table.cell(array.offset + position);
    }
    if (array.storage === "inputs") {
      const count = sizes.reduce((product, size) => product * size, 1);
      if (position === undefined) return table.inputAt(offset, array.offset, count);
      const input = array.offset + position;
      return this.#inputs === null ? table.input(input) : table.constant(this.#inputs[input]);
    }
    const values = array.values ?? new Float64Array();
    return position === undefined ? table.constantAt(offset, values) : table.constant(values[position]);
  }

  #checkOf(term: ElementTerm, index: Term, d: number): number {
    const key = `${term.id} ${d}`;
    let check = this.#checks.get(key);
    if (check === undefined) {
      const { name, shape } = term.array;
      const low = shape.from[d];
      check = this.table.addCheck({
        place: index.place,
        declared: describeShape(name, shape),
        low,
        high: low + shape.sizes[d] - 1,
      });
      this.#checks.set(key, check);
    }
    return check;
  }

  #outside(term: ElementTerm, index: Term, value: number): number {
    const declared = describeShape(term.array.name, term.array.shape);
    const variables = variablesOf(index);
    const when = variables.map((variable) => `${variable.name} = ${this.valueOf(variable)}`).join(", ");
    return this.table.addTrap({ place: index.place, declared, value, when });
  }
}

/** Terms that a term needs, in the order of ids; loops keep their own. */
function scheduleOf(root: Term): readonly Term[] {
  const seen = new Set<Term>([root]);
  const stack = [root];
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    if (term.op === "reduction") continue;
    for (const operand of operandsOf(term)) {
      if (seen.has(operand)) continue;
      seen.add(operand);
      stack.push(operand);
    }
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

function variablesOf(root: Term): readonly LoopVariable[] {
  const found = new Set<LoopVariable>();
  for (const term of scheduleOf(root)) if (term.op === "variable") found.add(term.variable);
  return [...found];
}
