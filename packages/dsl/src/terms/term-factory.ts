// TermFactory: makes terms and numbers them, so that operands have smaller ids than their users.
import type { Place } from "@phxlang/autodiff";
import { levels, maximumLevel } from "./kinds.ts";
import type { Kind, Level } from "./kinds.ts";
import type { ScalarOperation } from "./operations.ts";
import { levelOf, termsOfBinding } from "./terms.ts";
import type { Binding, ElementTerm, LoopVariable, NumberTerm, Reducer, Term, TermArray } from "./terms.ts";

/** A model whose defs expand to more terms than this is refused. */
export const maximumTerms = 2_000_000;

/** Thrown by the factory when `maximumTerms` is exceeded; the checker turns it into a diagnostic. */
export class TooManyTerms extends Error {
  readonly place: Place;
  constructor(place: Place) {
    super("internal: too many terms");
    this.place = place;
  }
}

const storageLevels: Readonly<Record<TermArray["storage"], Level>> = {
  constants: levels.constant,
  cells: levels.state,
  inputs: levels.parameter,
};

export class TermFactory {
  #termCount = 0;
  #variableCount = 0;

  get termCount(): number {
    return this.#termCount;
  }

  #id(place: Place): number {
    if (this.#termCount >= maximumTerms) throw new TooManyTerms(place);
    return this.#termCount++;
  }

  number(value: number, kind: Kind, place: Place): NumberTerm {
    return { op: "number", id: this.#id(place), kind, level: levels.constant, place, value };
  }

  boolean(value: boolean, place: Place): NumberTerm {
    return this.number(value ? 1 : 0, "bool", place);
  }

  /** Stands where an error was reported: fits everywhere and depends on nothing. */
  wrong(place: Place): NumberTerm {
    return this.number(Number.NaN, "any", place);
  }

  text(text: string, place: Place): Term {
    return { op: "text", id: this.#id(place), kind: "text", level: levels.column, place, text };
  }

  column(name: string, place: Place): Term {
    return { op: "column", id: this.#id(place), kind: "any", level: levels.column, place, name };
  }

  loopVariable(name: string): LoopVariable {
    return { id: this.#variableCount++, name };
  }

  /** The level of a variable is that of its range. */
  variable(variable: LoopVariable, level: Level, place: Place): Term {
    return { op: "variable", id: this.#id(place), kind: "int", level, place, variable };
  }

  epoch(epoch: number, place: Place): Term {
    return { op: "epoch", id: this.#id(place), kind: "bool", level: levels.state, place, epoch };
  }

  element(array: TermArray, indices: readonly Term[], kind: Kind, place: Place): ElementTerm {
    const level = maximumLevel(storageLevels[array.storage], levelOf(indices));
    return { op: "element", id: this.#id(place), kind, level, place, array, indices };
  }

  operation(operation: ScalarOperation, operands: readonly Term[], kind: Kind, place: Place): Term {
    return {
      op: "operation",
      id: this.#id(place),
      kind,
      level: levelOf(operands),
      place,
      operation,
      operands,
    };
  }

  reduction(reducer: Reducer, binding: Binding, body: Term, kind: Kind, place: Place): Term {
    const level = levelOf([...termsOfBinding(binding), body]);
    return { op: "reduction", id: this.#id(place), kind, level, place, reducer, binding, body };
  }

  expansion(name: string, body: Term, place: Place): Term {
    return { op: "expansion", id: this.#id(place), kind: body.kind, level: body.level, place, name, body };
  }
}
