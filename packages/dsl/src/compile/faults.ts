// Faults: what a running program found wrong, said with the state and the part of the model that show it.
import { PhxError } from "@phxlang/autodiff";
import type { Place } from "@phxlang/autodiff";
import { describeState } from "@phxlang/graph";
import type { Cell } from "@phxlang/graph";
import { trapMessage } from "../check/evaluate.ts";
import type { ChangeRule, CheckedModel } from "../check/model.ts";
import { diagnostic } from "../check/reporter.ts";
import type { Details } from "../check/reporter.ts";
import type { InstanceTable } from "../terms/instances.ts";
import type { Origin } from "./bytecode.ts";
import type { Faults } from "./machine.ts";
import type { UnrolledEvent } from "./unroll.ts";

/** The part of a model that a program belongs to. */
export interface Part {
  /** "event `arrive`", "`enter b`", "reward `r`", "a stop condition" */
  readonly what: string;
  readonly place: Place;
  /** Where its rate or value is written. */
  readonly valuePlace: Place;
  /** What its value is called; "rate" if absent. */
  readonly valueNoun?: string;
  readonly changes?: readonly ChangeRule[];
}

export interface FaultContext {
  readonly model: CheckedModel;
  readonly table: InstanceTable;
  readonly cells: readonly Cell[];
  /** The text at a place. */
  readonly textAt: (place: Place) => string;
}

/** Faults of a program whose stretches belong to different parts. */
export function faultsOf(context: FaultContext, partAt: (instruction: number) => Part): Faults {
  const { model, table, cells, textAt } = context;
  const fail = (code: string, place: Place, message: string, details: Details): never => {
    throw new PhxError([diagnostic("error", code, place, message, details)]);
  };
  const witness = (state: Int32Array): string => describeState(cells, state);
  return {
    index(state, instruction, number, value) {
      const check = table.check(number);
      const { what } = partAt(instruction);
      if (Number.isNaN(value)) {
        const text = `an index of \`${check.declared}\` is not a number in ${witness(state)}`;
        return fail("PHX703", check.place, text, {
          notes: [`met in ${what}`],
          hint: "look for a division by zero",
        });
      }
      const message = `index ${value} is outside \`${check.declared}\` in ${witness(state)}`;
      return fail("PHX210", check.place, message, {
        notes: [`met in ${what}`],
        hint: "guard it, or tighten the range",
      });
    },
    range(state, instruction, cell, value) {
      const part = partAt(instruction);
      const { what } = part;
      const { name, lower, upper } = cells[cell];
      const changes = changesOf(model, part, cell);
      const place = changes.length === 1 ? changes[0].place : part.place;
      if (Number.isNaN(value)) {
        return fail("PHX703", place, `${what} sets ${name} to what is not a number, from ${witness(state)}`, {
          hint: "look for a division by zero",
        });
      }
      const message = `${what} takes ${name} to ${value}, outside ${lower}..${upper}, from ${witness(state)}`;
      const step = value - state[cell];
      const guard =
        value > upper
          ? `${name} ${step === 1 ? `< ${upper}` : `<= ${upper - step}`}`
          : `${name} ${step === -1 ? `> ${lower}` : `>= ${lower - step}`}`;
      const certain = changes.length > 0 && changes.every(({ operator }) => operator !== "=");
      return fail("PHX701", place, message, {
        related: relatedState(model, cell),
        hint: certain
          ? `guard it: \`when ${guard}\`, or stop there`
          : `guard it, so that ${name} stays in its range, or widen the range`,
      });
    },
    conflict(state, instruction, cell) {
      const { what, place } = partAt(instruction);
      const message = `${what} changes \`${cells[cell].name}\` twice, from ${witness(state)}`;
      return fail("PHX403", place, message, {
        notes: ["changes happen at once: a cell is set once, or only added to"],
        hint: "guard it, or keep one of the two changes",
      });
    },
    notFinite(state, instruction, value) {
      const { what, valuePlace } = partAt(instruction);
      const found = Number.isNaN(value) ? "not a number" : `${value > 0 ? "" : "−"}infinite`;
      const message = `the value of ${what} is ${found} in ${witness(state)}: \`${textAt(valuePlace)}\``;
      return fail("PHX703", valuePlace, message, {
        hint: "look for a division by zero, or a logarithm or root of a negative number; guard it with `when`",
      });
    },
    negative(state, instruction, value) {
      const { what, valuePlace, valueNoun = "rate" } = partAt(instruction);
      return fail("PHX702", valuePlace, `${what} has ${valueNoun} ${value} in ${witness(state)}`, {
        hint: `guard it, or correct the formula of its ${valueNoun}`,
      });
    },
    selfLoop(state, instruction) {
      const { what, place } = partAt(instruction);
      const message = `${what} leads back to the same state ${witness(state)} in continuous time`;
      return fail("PHX708", place, message, {
        notes: ["nothing would change, and no reward is paid for it"],
        hint: "guard it with `when`",
      });
    },
    overlap(state, first, second) {
      const [one, other] = [model.causes[first], model.causes[second]];
      const message = `causes \`${one.name}\` and \`${other.name}\` both hold in ${witness(state)}`;
      return fail("PHX410", other.place, message, {
        related: [{ ...one.place, label: "and so does this one" }],
        hint: "make the conditions exclude each other",
      });
    },
    trap(state, instruction, number) {
      const trap = table.trap(number);
      const { what } = partAt(instruction);
      return fail("PHX210", trap.place, trapMessage(trap, textAt(trap.place)), {
        notes: [`met in ${what} in ${witness(state)}`],
        hint: "tighten the range of the loop",
      });
    },
  };
}

function relatedState(model: CheckedModel, cell: number): readonly Place[] {
  const state = model.states.findLast((one) => one.array.offset <= cell);
  return state === undefined ? [] : [{ ...state.place, label: "its range is declared here" }];
}

/** The changes of a part that may have changed a cell. */
function changesOf(model: CheckedModel, part: Part, cell: number): readonly ChangeRule[] {
  const state = model.states.findLast((one) => one.array.offset <= cell);
  return (part.changes ?? []).filter((change) => change.state === state);
}

/** "event `coalesce` (i = 1, j = 2)" */
export function describeEvent(event: UnrolledEvent): string {
  const loops = event.rule.binding.loops.map((loop, i) => `${loop.variable.name} = ${event.values[i]}`);
  return `event \`${event.rule.name}\`${loops.length === 0 ? "" : ` (${loops.join(", ")})`}`;
}

/** The event that an instruction belongs to. */
export function partOfEvent(origins: readonly Origin<UnrolledEvent>[], instruction: number): Part {
  let low = 0;
  let high = origins.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (origins[middle].from <= instruction) low = middle;
    else high = middle - 1;
  }
  const { subject } = origins[low];
  const { rule } = subject;
  const changes = rule.changes.items;
  return { what: describeEvent(subject), place: rule.place, valuePlace: rule.ratePlace, changes };
}
