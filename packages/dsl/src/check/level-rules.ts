// Level rules: what a guard, a range, a change … may depend on, and which name breaks the rule.
import type { Place } from "@phxlang/autodiff";
import { levels } from "../terms/kinds.ts";
import type { Level } from "../terms/kinds.ts";
import { operandsOf } from "../terms/terms.ts";
import type { Term } from "../terms/terms.ts";
import type { ModelContext } from "./context.ts";

/**
 * Reports what makes a term depend on more than `maximum`: PHX305 for a guard, else PHX306. `what` says where
 * the term stands: "a guard", "the range of `b`".
 */
export function requireLevel(model: ModelContext, term: Term, maximum: Level, what: string): boolean {
  if (term.level <= maximum) return true;
  const { offender, through, place } = findOffender(term, maximum);
  const guard = what === "a guard" || what === "a stop condition";
  const path =
    through.length === 0 ? "" : ` (through def ${through.map((name) => `\`${name}\``).join(", ")})`;
  model.report.error(
    guard ? "PHX305" : "PHX306",
    place,
    `${what} may not depend on ${inWords(offender)}${path}`,
    {
      related: through.length === 0 ? undefined : [{ ...offender.place, label: "it is read here" }],
      notes:
        offender.level === levels.parameter && maximum === levels.state
          ? ["the graph must be the same for all parameter values"]
          : undefined,
      hint: repair(offender.level, maximum, guard),
    },
  );
  return false;
}

function repair(found: Level, maximum: Level, guard: boolean): string {
  if (maximum === levels.constant) return "only constants can be read here";
  if (found === levels.column) return "only `observe` reads columns";
  if (maximum === levels.column) return "`observe` reads columns and constants";
  return guard
    ? "move the condition into the rate: `@ if … then … else 0`"
    : "read constants and the state instead";
}

interface Offence {
  readonly offender: Term;
  /** Defs between the place and the offender, outermost first. */
  readonly through: readonly string[];
  /** Where the outermost def is used, else the offender's own place. */
  readonly place: Place;
}

function findOffender(root: Term, maximum: Level): Offence {
  const through: string[] = [];
  let place: Place | null = null;
  let term = root;
  for (;;) {
    if (term.op === "expansion") {
      through.push(term.name);
      place ??= term.place;
    }
    const next = operandsOf(term).find((operand) => operand.level > maximum);
    if (next === undefined) return { offender: term, through, place: place ?? term.place };
    term = next;
  }
}

function inWords(term: Term): string {
  switch (term.op) {
    case "element":
      return `the ${term.array.noun} \`${term.array.name}\``;
    case "variable":
      return `\`${term.variable.name}\`, whose range reads the state`;
    case "epoch":
      return "an epoch";
    case "column":
      return `the column \`${term.name}\``;
    case "text":
      return "a text";
    default:
      return "this";
  }
}
