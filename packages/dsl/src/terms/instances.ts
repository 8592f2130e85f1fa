// InstanceTable: terms with all loop variables and epochs put in, each distinct expression stored once and folded.
import type { Place } from "@phxlang/autodiff";
import { Float64List, Int32List } from "./growing-list.ts";
import { intervalOf, wholeLine } from "./intervals.ts";
import type { Interval } from "./intervals.ts";
import { applyOperation, arityOf, scalarOperations } from "./operations.ts";
import type { ScalarOperation } from "./operations.ts";

/** Nodes that are no scalar operation. Operands a, b, c of each are listed with it. */
export const leafOperations = [
  /** a: index into `constants` */
  "constant",
  /** a: cell */
  "cell",
  /** a: node of an offset that `check` nodes keep in range; b: first cell; c: number of cells */
  "cellAt",
  /** a: entry of z = (θ, covariates) */
  "input",
  /** a: node of an offset; b: first entry of z; c: number of entries */
  "inputAt",
  /** a: node of an offset; b: index into `lists` */
  "constantAt",
  /** a: node of an index; b: index into `checks`. Value: index − low; an index outside is an error. */
  "check",
  /** a: index into `traps`. Evaluating it is an error. */
  "trap",
] as const;
export type LeafOperation = (typeof leafOperations)[number];
export type InstanceOperation = LeafOperation | ScalarOperation;

const operationNames: readonly InstanceOperation[] = [
  ...leafOperations,
  ...(Object.keys(scalarOperations) as ScalarOperation[]),
];
const operationCodes: ReadonlyMap<InstanceOperation, number> = new Map(
  operationNames.map((name, code) => [name, code]),
);

/** An index into an array that only the state decides. */
export interface IndexCheck {
  readonly place: Place;
  /** As declared: `b[1..6]`. */
  readonly declared: string;
  readonly low: number;
  readonly high: number;
}

/** An index outside its array, known before there is a state. */
export interface Trap {
  readonly place: Place;
  /** As declared: `b[1..6]`. */
  readonly declared: string;
  readonly value: number;
  /** Loop variables that give this value: "i = 6, j = 1"; empty where there are none. */
  readonly when: string;
}

/** What a node reads, as bits. Neither: a constant. */
export const reads = { state: 1, inputs: 2 } as const;

/** Thrown when a model needs more than `maximumInstances` nodes. */
export class TooManyInstances extends Error {}

export const maximumInstances = 6_000_000;

/**
 * Node n applies operation `operations[n]` to a[n], b[n], c[n]; nodes that a node reads have smaller numbers.
 * `low[n]` and `high[n]` bound its value over all states within their ranges and all parameters within theirs.
 */
export class InstanceTable {
  readonly #codes = new Int32List(1024);
  readonly #a = new Int32List(1024);
  readonly #b = new Int32List(1024);
  readonly #c = new Int32List(1024);
  readonly #reads = new Int32List(1024);
  readonly #low = new Float64List(1024);
  readonly #high = new Float64List(1024);
  readonly #constants = new Float64List();
  readonly #constantNodes = new Map<number, number>();
  readonly #lists: Float64Array[] = [];
  readonly #checks: IndexCheck[] = [];
  readonly #traps: Trap[] = [];
  readonly #cellIntervals: (cell: number) => Interval;
  readonly #inputIntervals: (input: number) => Interval;
  /** Open addressing: node + 1 by hash of (code, a, b, c), 0 for free. */
  #slots = new Int32Array(4096);

  constructor(cells: (cell: number) => Interval, inputs: (input: number) => Interval) {
    this.#cellIntervals = cells;
    this.#inputIntervals = inputs;
  }

  get size(): number {
    return this.#codes.length;
  }

  operation(node: number): InstanceOperation {
    return operationNames[this.#codes.items[node]];
  }

  a(node: number): number {
    return this.#a.items[node];
  }

  b(node: number): number {
    return this.#b.items[node];
  }

  c(node: number): number {
    return this.#c.items[node];
  }

  /** Bits of `reads`. */
  reads(node: number): number {
    return this.#reads.items[node];
  }

  interval(node: number): Interval {
    return { low: this.#low.items[node], high: this.#high.items[node] };
  }

  /** The value of a constant node, else undefined. */
  constantValue(node: number): number | undefined {
    return this.operation(node) === "constant" ? this.#constants.items[this.a(node)] : undefined;
  }

  list(index: number): Float64Array {
    return this.#lists[index];
  }

  checks(): readonly IndexCheck[] {
    return this.#checks;
  }

  check(index: number): IndexCheck {
    return this.#checks[index];
  }

  trap(index: number): Trap {
    return this.#traps[index];
  }

  /** How many of a, b, c are nodes, from a on. */
  operandCount(node: number): number {
    const operation = this.operation(node);
    switch (operation) {
      case "constant":
      case "cell":
      case "input":
      case "trap":
        return 0;
      case "cellAt":
      case "inputAt":
      case "constantAt":
      case "check":
        return 1;
      default:
        return arityOf(operation);
    }
  }

  constant(value: number): number {
    const known = this.#constantNodes.get(value);
    // A Map does not tell −0 from 0; neither does anything that reads the constants.
    if (known !== undefined) return known;
    const node = this.#append("constant", this.#constants.push(value), 0, 0, 0, { low: value, high: value });
    this.#constantNodes.set(value, node);
    return node;
  }

  cell(cell: number): number {
    return this.#intern("cell", cell, 0, 0, reads.state, this.#cellIntervals(cell));
  }

  input(input: number): number {
    return this.#intern("input", input, 0, 0, reads.inputs, this.#inputIntervals(input));
  }

  cellAt(offset: number, first: number, count: number): number {
    const hull = this.#hull(count, (i) => this.#cellIntervals(first + i));
    return this.#intern("cellAt", offset, first, count, reads.state, hull);
  }

  inputAt(offset: number, first: number, count: number): number {
    const hull = this.#hull(count, (i) => this.#inputIntervals(first + i));
    return this.#intern("inputAt", offset, first, count, this.reads(offset) | reads.inputs, hull);
  }

  constantAt(offset: number, values: Float64Array): number {
    let list = this.#lists.indexOf(values);
    if (list < 0) list = this.#lists.push(values) - 1;
    const hull = this.#hull(values.length, (i) => ({ low: values[i], high: values[i] }));
    return this.#intern("constantAt", offset, list, 0, this.reads(offset), hull);
  }

  addCheck(check: IndexCheck): number {
    return this.#checks.push(check) - 1;
  }

  checked(index: number, check: number): number {
    const { low, high } = this.#checks[check];
    return this.#intern("check", index, check, 0, this.reads(index), { low: 0, high: high - low });
  }

  addTrap(trap: Trap): number {
    const index = this.#traps.push(trap) - 1;
    return this.#append("trap", index, 0, 0, reads.state, wholeLine);
  }

  isTrap(node: number): boolean {
    return this.operation(node) === "trap";
  }

  /** An operation on nodes, folded where constants decide it. Operands beyond the arity are not read. */
  apply(operation: ScalarOperation, a: number, b = 0, c = 0): number {
    const folded = this.#fold(operation, a, b, c);
    if (folded >= 0) return folded;
    const arity = arityOf(operation);
    const second = arity > 1 ? b : 0;
    const third = arity > 2 ? c : 0;
    let bits = this.reads(a);
    if (arity > 1) bits |= this.reads(b);
    if (arity > 2) bits |= this.reads(c);
    const interval = intervalOf(operation, this.interval(a), this.interval(second), this.interval(third));
    return this.#intern(operation, a, second, third, bits, interval);
  }

  /** The node that an operation folds to, or −1. */
  #fold(operation: ScalarOperation, a: number, b: number, c: number): number {
    if (this.isTrap(a)) return a;
    const left = this.constantValue(a);
    const right = arityOf(operation) > 1 ? this.constantValue(b) : undefined;
    switch (operation) {
      case "if":
        if (left !== undefined) return left === 0 ? c : b;
        return b === c ? b : -1;
      case "and":
        if (left !== undefined) return left === 0 ? a : b;
        return right === undefined ? -1 : right === 0 ? b : a;
      case "or":
        if (left !== undefined) return left === 0 ? b : a;
        return right === undefined ? -1 : right === 0 ? a : b;
      default:
    }
    if (arityOf(operation) > 1 && this.isTrap(b)) return b;
    if (left !== undefined && (arityOf(operation) === 1 || right !== undefined)) {
      return this.constant(applyOperation(operation, left, right ?? 0, 0));
    }
    return this.#simplify(operation, a, b, left, right);
  }

  /** Identities that hold for every number, and 0 · x = 0 where x reads a parameter: a structural zero. */
  #simplify(operation: ScalarOperation, a: number, b: number, left?: number, right?: number): number {
    switch (operation) {
      case "add":
        return left === 0 ? b : right === 0 ? a : -1;
      case "sub":
        return right === 0 ? a : -1;
      case "mul":
        if (left === 1) return b;
        if (right === 1) return a;
        if (left === 0 && (this.reads(b) & reads.inputs) !== 0) return a;
        return right === 0 && (this.reads(a) & reads.inputs) !== 0 ? b : -1;
      case "div":
        if (left === 0 && (this.reads(b) & reads.inputs) !== 0) return a;
        return right === 1 ? a : -1;
      case "pow":
        return right === 1 ? a : -1;
      case "not":
      case "neg":
        return this.operation(a) === operation ? this.a(a) : -1;
      default:
        return -1;
    }
  }

  #hull(count: number, interval: (i: number) => Interval): Interval {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < count; i++) {
      const one = interval(i);
      low = Math.min(low, one.low);
      high = Math.max(high, one.high);
    }
    return { low, high };
  }

  #intern(
    operation: InstanceOperation,
    a: number,
    b: number,
    c: number,
    bits: number,
    interval: Interval,
  ): number {
    if (this.#codes.length * 2 >= this.#slots.length) this.#rehash();
    const code = operationCodes.get(operation) ?? 0;
    const mask = this.#slots.length - 1;
    for (let slot = hash(code, a, b, c) & mask; ; slot = (slot + 1) & mask) {
      const node = this.#slots[slot] - 1;
      if (node < 0) {
        this.#slots[slot] = this.size + 1;
        return this.#append(operation, a, b, c, bits, interval);
      }
      if (
        this.#codes.items[node] === code &&
        this.#a.items[node] === a &&
        this.#b.items[node] === b &&
        this.#c.items[node] === c
      ) {
        return node;
      }
    }
  }

  #append(
    operation: InstanceOperation,
    a: number,
    b: number,
    c: number,
    bits: number,
    interval: Interval,
  ): number {
    if (this.size >= maximumInstances) throw new TooManyInstances();
    this.#a.push(a);
    this.#b.push(b);
    this.#c.push(c);
    this.#reads.push(bits);
    this.#low.push(interval.low);
    this.#high.push(interval.high);
    return this.#codes.push(operationCodes.get(operation) ?? 0);
  }

  #rehash(): void {
    // Constants are nodes that never come through `#intern`: there may be any number of new ones.
    let length = this.#slots.length;
    while (length <= 2 * this.size) length *= 2;
    this.#slots = new Int32Array(length);
    const mask = this.#slots.length - 1;
    for (let node = 0; node < this.size; node++) {
      let slot = hash(this.#codes.items[node], this.a(node), this.b(node), this.c(node)) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = node + 1;
    }
  }
}

function hash(code: number, a: number, b: number, c: number): number {
  let h = Math.imul(code + 1, 0x9e3779b1) ^ Math.imul(a + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35) ^ Math.imul(b + 1, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 13), 0x165667b1) ^ Math.imul(c + 1, 0x9e3779b1);
  return (h ^ (h >>> 16)) >>> 0;
}
