// RowValues: the values of the expressions of `observe` in one row of a table after another.
import { internalError } from "@phxlang/autodiff";
import type { Place } from "@phxlang/autodiff";
import { isEnum } from "../terms/kinds.ts";
import { applyOperation } from "../terms/operations.ts";
import type { ScalarOperation } from "../terms/operations.ts";
import { describeShape } from "../terms/shape.ts";
import { maximumIterations } from "../terms/specialiser.ts";
import type { Binding, ElementTerm, ReductionTerm, Term } from "../terms/terms.ts";
import { isMissing, numberIn, RowProblem } from "./table.ts";
import type { ColumnTable } from "./table.ts";

/** Cells are texts until something asks for a number. */
type Value = number | string;

const truth: ReadonlyMap<string, number> = new Map([
  ["true", 1],
  ["false", 0],
  ["yes", 1],
  ["no", 0],
  ["1", 1],
  ["0", 0],
]);

export class RowValues {
  readonly #table: ColumnTable;
  readonly #columns: ReadonlyMap<string, number>;
  readonly #variables: number[] = [];
  #cells: readonly string[] = [];
  /** Of loops, in this row. */
  #iterations = 0;

  constructor(table: ColumnTable) {
    this.#table = table;
    this.#columns = new Map(table.columns.map((name, index) => [name, index]));
  }

  moveTo(row: number): void {
    this.#iterations = 0;
    this.#cells = this.#table.rows[row];
  }

  /** A finite number; PHX603 otherwise. */
  number(term: Term): number {
    return this.#asNumber(this.#value(term), term);
  }

  boolean(term: Term): boolean {
    const value = this.#value(term);
    if (typeof value === "number") return value !== 0;
    const known = truth.get(value.toLowerCase());
    if (known !== undefined) return known === 1;
    throw new RowProblem("PHX603", term.place, `${this.#named(term)} is "${value}", neither yes nor no`, {
      hint: "compare it: `… == 1`",
    });
  }

  /** A text as it stands in the file, or a number. Missing cells are PHX603. */
  cell(term: Term): Value {
    const value = this.#value(term);
    if (typeof value === "string" && isMissing(value)) throw this.#missing(value, term);
    return value;
  }

  #value(term: Term): Value {
    switch (term.op) {
      case "number":
        return term.value;
      case "text":
        return term.text;
      case "column":
        return this.#cells[this.#columns.get(term.name) ?? -1];
      case "variable":
        return this.#variables[term.variable.id];
      case "expansion":
        return this.#value(term.body);
      case "element":
        return this.#element(term);
      case "reduction":
        return this.#reduction(term);
      case "operation":
        return this.#operation(term.operation, term.operands);
      case "epoch":
        throw internalError("an epoch in an observation");
    }
  }

  #operation(operation: ScalarOperation, operands: readonly Term[]): Value {
    const [a, b, c] = operands;
    switch (operation) {
      case "if":
        return this.#value(this.boolean(a) ? b : c);
      case "and":
        return this.boolean(a) && this.boolean(b) ? 1 : 0;
      case "or":
        return this.boolean(a) || this.boolean(b) ? 1 : 0;
      case "not":
        return this.boolean(a) ? 0 : 1;
      case "equal":
        return this.#equal(a, b) ? 1 : 0;
      default: {
        const first = this.number(a);
        const second = b === undefined ? 0 : this.number(b);
        return applyOperation(operation, first, second, 0);
      }
    }
  }

  /** Texts are compared with texts; a cell that is compared with a number must be one. */
  #equal(a: Term, b: Term): boolean {
    const left = this.#value(a);
    const right = this.#value(b);
    if (typeof left === "string" && typeof right === "string") {
      if (left === right) return true;
      return a.op === "column" && b.op === "column" && numberIn(left) === numberIn(right);
    }
    if (isEnum(a.kind) && typeof right === "string") return a.kind.values[Number(left)] === right;
    if (isEnum(b.kind) && typeof left === "string") return b.kind.values[Number(right)] === left;
    if (a.kind === "bool" || b.kind === "bool") return this.boolean(a) === this.boolean(b);
    return this.#asNumber(left, a) === this.#asNumber(right, b);
  }

  #asNumber(value: Value, term: Term): number {
    if (typeof value === "number") {
      if (Number.isFinite(value)) return value;
      throw new RowProblem("PHX603", term.place, `${this.#named(term)} is not a number`, {
        hint: "look for a division by zero, or a logarithm of a negative number",
      });
    }
    if (isMissing(value)) throw this.#missing(value, term);
    const number = numberIn(value);
    if (Number.isFinite(number)) return number;
    throw new RowProblem("PHX603", term.place, `${this.#named(term)} is "${value}", not a number`, {
      hint: "correct the row, or leave it out: `observe … when …:`",
    });
  }

  #missing(value: string, term: Term): RowProblem {
    const name = this.#named(term);
    return new RowProblem("PHX603", term.place, `${name} is ${value === "" ? "empty" : `"${value}"`}`, {
      hint: `drop the row, or say \`observe … when ${term.op === "column" ? term.name : "…"} != "${value}":\``,
    });
  }

  #named(term: Term): string {
    return term.op === "column" ? `\`${term.name}\`` : "the value";
  }

  #whole(term: Term): number {
    const value = this.number(term);
    if (Number.isInteger(value)) return value;
    throw new RowProblem("PHX301", term.place, `${this.#named(term)} is ${value}, not a whole number`, {
      hint: "round it: `floor(…)`",
    });
  }

  #element(term: ElementTerm): number {
    const { shape, values, name } = term.array;
    let position = 0;
    for (const [d, index] of term.indices.entries()) {
      const value = this.number(index);
      const offset = value - shape.from[d];
      if (!(Number.isInteger(offset) && offset >= 0 && offset < shape.sizes[d])) {
        throw new RowProblem(
          "PHX210",
          index.place,
          `index ${value} is outside \`${describeShape(name, shape)}\``,
          {
            hint: "give a longer list, or leave the row out: `observe … when …:`",
          },
        );
      }
      position = position * shape.sizes[d] + offset;
    }
    return values?.[position] ?? Number.NaN;
  }

  #reduction(term: ReductionTerm): number {
    const { reducer, body } = term;
    const start = { sum: 0, count: 0, any: 0, product: 1, all: 1, min: Infinity, max: -Infinity };
    let result = start[reducer];
    this.#forEach(term.binding, 0, () => {
      const logical = reducer === "any" || reducer === "all" || reducer === "count";
      const value = logical ? Number(this.boolean(body)) : this.number(body);
      if (reducer === "sum" || reducer === "count") result += value;
      else if (reducer === "product" || reducer === "all") result *= value;
      else if (reducer === "min") result = Math.min(result, value);
      else result = Math.max(result, value);
    });
    return result;
  }

  #forEach(binding: Binding, depth: number, visit: () => void): void {
    if (depth === binding.loops.length) {
      if (binding.condition === null || this.boolean(binding.condition)) visit();
      return;
    }
    const { variable, low, high } = binding.loops[depth];
    const last = this.#whole(high);
    for (let value = this.#whole(low); value <= last; value++) {
      if (++this.#iterations > maximumIterations) {
        throw new RowProblem("PHX414", high.place, `the loops run more than ${maximumIterations} times`, {
          hint: "look at the end of the range",
        });
      }
      this.#variables[variable.id] = value;
      this.#forEach(binding, depth + 1, visit);
    }
  }
}

/** PHX604 and PHX608: a time is not negative, and whole in discrete models. */
export function checkTime(time: number, place: Place, discrete: boolean): number {
  if (time < 0) {
    throw new RowProblem("PHX604", place, `time ${time} is negative`, {
      hint: "times count from the start of the model at 0",
    });
  }
  if (discrete && !Number.isInteger(time)) {
    throw new RowProblem("PHX608", place, `${time} is not a whole number of steps`, {
      hint: "time is discrete: count steps",
    });
  }
  return time;
}
