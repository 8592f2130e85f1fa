// CodeBuilder: instructions and registers for expressions of the state. Branches that are not taken are not run.
import { internalError } from "@phxlang/autodiff";
import { Int32List } from "../terms/growing-list.ts";
import type { InstanceTable } from "../terms/instances.ts";
import { instructionSize, opcodes } from "./bytecode.ts";
import { planRegions } from "./regions.ts";
import type { Regions } from "./regions.ts";

type Opcode = keyof typeof opcodes;

/** A place to jump to that is not known yet: instructions that jump there. */
export type Label = number[];

export class CodeBuilder {
  readonly code: Int32List = new Int32List(256);
  readonly changes: Int32List = new Int32List();
  readonly changeOffsets: Int32List = new Int32List();
  readonly #table: InstanceTable;
  /** Initial values of registers. */
  readonly #initial: number[] = [];
  readonly #constants = new Map<number, number>();
  readonly #lists = new Map<number, number>();
  /** Registers that hold intermediate results, and how many of them are in use. */
  readonly #temporaries: number[] = [];
  #used = 0;
  /** Register of each node whose value is known at this point of the code. */
  #available = new Map<number, number>();

  constructor(table: InstanceTable, cellCount: number) {
    this.#table = table;
    for (let cell = 0; cell < cellCount; cell++) this.#initial.push(0);
    this.changeOffsets.push(0);
  }

  get position(): number {
    return this.code.length / instructionSize;
  }

  registers(): Float64Array {
    return Float64Array.from(this.#initial);
  }

  put(opcode: Opcode, d = 0, a = 0, b = 0): void {
    this.code.push(opcodes[opcode]);
    this.code.push(d);
    this.code.push(a);
    this.code.push(b);
  }

  /** A jump instruction whose target is a label. */
  jump(opcode: Opcode, label: Label, a = 0, b = 0): void {
    label.push(this.position);
    this.put(opcode, 0, a, b);
  }

  /** Makes the label the next instruction. */
  land(label: Label): void {
    for (const from of label) this.code.items[from * instructionSize + 1] = this.position;
    label.length = 0;
  }

  /** Forgets all intermediate results: what comes next may be reached without what came before. */
  forget(): void {
    this.#available = new Map();
    this.#used = 0;
  }

  /** Results made inside are not used after it. */
  scoped(build: () => void): void {
    const outer = this.#available;
    this.#available = new Map(outer);
    build();
    this.#available = outer;
  }

  /** The number of a new list of changes. */
  changeList(
    changes: readonly { readonly cell: number; readonly register: number; readonly adds: boolean }[],
  ): number {
    for (const { cell, register, adds } of changes) {
      this.changes.push(cell);
      this.changes.push(register);
      this.changes.push(adds ? 1 : 0);
    }
    return this.changeOffsets.push(this.changes.length / 3) - 1;
  }

  constant(value: number): number {
    let register = this.#constants.get(value);
    if (register === undefined) {
      register = this.#initial.push(value) - 1;
      this.#constants.set(value, register);
    }
    return register;
  }

  /** Register of a node's value; emits what is needed to compute it. */
  evaluate(root: number): number {
    const known = this.#registerOf(root);
    if (known !== undefined) return known;
    const regions = planRegions(this.#table, root, (node) => this.#registerOf(node) !== undefined);
    this.#emit(regions);
    const register = this.#registerOf(root);
    if (register === undefined) throw internalError("an expression was not computed");
    return register;
  }

  /** Jumps to the label unless a condition holds; comparisons need no register. */
  jumpUnless(condition: number, label: Label): void {
    const table = this.#table;
    const operation = table.operation(condition);
    const compares = {
      less: "jumpUnlessLess",
      lessEqual: "jumpUnlessLessEqual",
      equal: "jumpUnlessEqual",
    } as const;
    if (operation === "less" || operation === "lessEqual" || operation === "equal") {
      this.jump(compares[operation], label, ...this.#pair(condition));
      return;
    }
    const inner = table.a(condition);
    if (operation === "not" && table.operation(inner) === "equal") {
      this.jump("jumpIfEqual", label, ...this.#pair(inner));
    } else if (operation === "not") {
      this.jump("jumpUnlessZero", label, this.evaluate(inner));
    } else {
      this.jump("jumpIfZero", label, this.evaluate(condition));
    }
  }

  #pair(node: number): [number, number] {
    const a = this.evaluate(this.#table.a(node));
    return [a, this.evaluate(this.#table.b(node))];
  }

  #registerOf(node: number): number | undefined {
    const table = this.#table;
    const value = table.constantValue(node);
    if (value !== undefined) return this.constant(value);
    if (table.operation(node) === "cell") return table.a(node);
    return this.#available.get(node);
  }

  #temporary(): number {
    if (this.#used === this.#temporaries.length) this.#temporaries.push(this.#initial.push(0) - 1);
    return this.#temporaries[this.#used++];
  }

  /** First register of a constant list. */
  #listRegister(list: number): number {
    let first = this.#lists.get(list);
    if (first === undefined) {
      first = this.#initial.length;
      for (const value of this.#table.list(list)) this.#initial.push(value);
      this.#lists.set(list, first);
    }
    return first;
  }

  /** Emits the nodes of each region where the branch of its `if` begins. */
  #emit(regions: Regions): void {
    const outer = this.#available;
    const stack: { readonly region: number; next: number; readonly leave: () => void }[] = [
      { region: 0, next: 0, leave: () => undefined },
    ];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const nodes = regions.nodes[top.region];
      if (top.next === 0) this.#assert(regions.asserted[top.region]);
      if (top.next === nodes.length) {
        stack.pop();
        top.leave();
        continue;
      }
      const node = nodes[top.next++];
      const branches = this.#emitNode(node, regions);
      // The last one pushed runs first.
      for (let i = branches.length - 1; i >= 0; i--) {
        stack.push({ region: branches[i].region, next: 0, leave: branches[i].leave });
      }
    }
    for (const node of regions.inner) outer.delete(node);
    // What was computed without its checks is right only where this code put them.
    if (regions.soft.size > 0) for (const node of regions.nodes[0].slice(0, -1)) outer.delete(node);
  }

  #assert(nodes: readonly number[]): void {
    const table = this.#table;
    for (const node of nodes) {
      if (table.operation(node) === "trap") this.put("trap", table.a(node));
      else this.put("check", this.#temporary(), this.#read(table.a(node)), table.b(node));
    }
  }

  #emitNode(
    node: number,
    regions: Regions,
  ): readonly { readonly region: number; readonly leave: () => void }[] {
    const table = this.#table;
    const operation = table.operation(node);
    const [a, b, c] = [table.a(node), table.b(node), table.c(node)];
    switch (operation) {
      case "check":
        this.#define(node, regions.soft.has(node) ? "softCheck" : "check", this.#read(a), b);
        return [];
      case "cellAt":
        this.#define(node, "load", this.#read(a), b);
        return [];
      case "constantAt":
        this.#define(node, "load", this.#read(a), this.#listRegister(b));
        return [];
      case "trap":
        if (!regions.soft.has(node)) this.put("trap", a);
        this.#available.set(node, this.constant(0));
        return [];
      case "if": {
        const result = this.#temporary();
        const otherwise: Label = [];
        const end: Label = [];
        this.jump("jumpIfZero", otherwise, this.#read(a));
        return [
          {
            region: regions.thenOf(node),
            leave: () => {
              this.put("move", result, this.#read(b));
              this.jump("jump", end);
              this.land(otherwise);
            },
          },
          {
            region: regions.elseOf(node),
            leave: () => {
              this.put("move", result, this.#read(c));
              this.land(end);
              this.#available.set(node, result);
            },
          },
        ];
      }
      case "and":
      case "or": {
        const result = this.#temporary();
        const end: Label = [];
        this.put("move", result, this.#read(a));
        this.jump(operation === "and" ? "jumpIfZero" : "jumpUnlessZero", end, result);
        const leave = (): void => {
          this.put("move", result, this.#read(b));
          this.land(end);
          this.#available.set(node, result);
        };
        return [{ region: operation === "and" ? regions.thenOf(node) : regions.elseOf(node), leave }];
      }
      case "constant":
      case "cell":
      case "input":
      case "inputAt":
        throw internalError(`${operation} has no instruction`);
      default:
        this.#define(node, operation, this.#read(a), table.operandCount(node) > 1 ? this.#read(b) : 0);
        return [];
    }
  }

  #define(node: number, opcode: Opcode, a: number, b: number): void {
    const register = this.#temporary();
    this.put(opcode, register, a, b);
    this.#available.set(node, register);
  }

  #read(node: number): number {
    const register = this.#registerOf(node);
    if (register === undefined) throw internalError("an operand was not computed");
    return register;
  }
}
