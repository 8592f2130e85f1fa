// Values of terms that depend on nothing, or on parameters whose values are known.
import { InstanceTable } from "../terms/instances.ts";
import type { Trap } from "../terms/instances.ts";
import { wholeLine } from "../terms/intervals.ts";
import { Specialiser } from "../terms/specialiser.ts";
import type { Term } from "../terms/terms.ts";
import type { ModelContext } from "./context.ts";
import { reportLimit } from "./limits.ts";
import type { Reporter } from "./reporter.ts";

const none = new Float64Array();

/**
 * The value of a term under the given parameters; NaN where it has none, or a parameter is NaN. Null after
 * reporting an index outside, or a range without ends.
 */
export function evaluate(model: ModelContext, term: Term, inputs: Float64Array = none): number | null {
  if (term.op === "number") return term.value;
  const table = new InstanceTable(
    () => wholeLine,
    () => wholeLine,
  );
  try {
    const node = new Specialiser(table, model.budget, 0, inputs).specialise(term);
    if (table.isTrap(node)) {
      reportTrap(model.report, table.trap(table.a(node)));
      return null;
    }
    return table.constantValue(node) ?? Number.NaN;
  } catch (error) {
    if (!reportLimit(error, term.place, model.report)) throw error;
    return null;
  }
}

/** As `evaluate` for a term that reads constants only; PHX703 if the value is not a finite number. */
export function evaluateConstant(model: ModelContext, term: Term, what: string): number {
  // An error in it has been reported.
  if (term.kind === "any") return Number.NaN;
  const value = evaluate(model, term);
  if (value === null) return Number.NaN;
  if (Number.isFinite(value)) return value;
  model.report.error("PHX703", term.place, `${what} is not a number: \`${model.report.text(term.place)}\``, {
    label: Number.isNaN(value) ? "this has no value" : `this is ${value > 0 ? "" : "−"}infinite`,
    hint: "look for a division by zero, or a logarithm or root of a negative number",
  });
  return Number.NaN;
}

/** PHX210 for an index that constants and loop variables decide. */
export function reportTrap(report: Reporter, trap: Trap): void {
  report.error("PHX210", trap.place, trapMessage(trap, report.text(trap.place)), {
    hint: trap.when === "" ? "correct the index" : "tighten the range of the loop",
  });
}

export function trapMessage({ declared, value, when }: Trap, text: string): string {
  if (Number.isNaN(value)) {
    return `index \`${text}\` of \`${declared}\` is not a number${when === "" ? "" : ` when ${when}`}`;
  }
  return when === ""
    ? `index ${value} is outside \`${declared}\``
    : `index \`${text}\` is ${value} when ${when}: outside \`${declared}\``;
}
