// Values of terms that depend on nothing, or on parameters whose values are known.
import { InstanceTable } from "../terms/instances.ts";
import { wholeLine } from "../terms/intervals.ts";
import { RangeWithoutValue, Specialiser } from "../terms/specialiser.ts";
import type { Term } from "../terms/terms.ts";
import type { ModelContext } from "./context.ts";

const none = new Float64Array();

/**
 * The value of a term under the given parameters; NaN where it has none, or a parameter is NaN. Null after
 * reporting an index outside, or a range without ends.
 */
export function evaluate(model: ModelContext, term: Term, inputs: Float64Array = none): number | null {
  const table = new InstanceTable(
    () => wholeLine,
    () => wholeLine,
  );
  try {
    const node = new Specialiser(table, 0, inputs).specialise(term);
    if (table.isTrap(node)) {
      const { code, place, message, hint } = table.trap(table.a(node));
      model.report.error(code, place, message, { hint });
      return Number.NaN;
    }
    return table.constantValue(node) ?? Number.NaN;
  } catch (error) {
    if (!(error instanceof RangeWithoutValue)) throw error;
    reportRange(model, error.term);
    return null;
  }
}

/** As `evaluate` for a term that reads constants only; PHX703 if the value is not a finite number. */
export function evaluateConstant(model: ModelContext, term: Term, what: string): number {
  if (term.op === "number" && term.kind === "any") return Number.NaN;
  const value = evaluate(model, term);
  if (value === null) return Number.NaN;
  if (Number.isFinite(value)) return value;
  model.report.error("PHX703", term.place, `${what} is not a number: \`${model.report.text(term.place)}\``, {
    label: Number.isNaN(value) ? "this has no value" : `this is ${value > 0 ? "" : "−"}infinite`,
    hint: "look for a division by zero, or a logarithm or root of a negative number",
  });
  return Number.NaN;
}

export function reportRange(model: ModelContext, term: Term): void {
  model.report.error(
    "PHX703",
    term.place,
    `the end of a range is not a number: \`${model.report.text(term.place)}\``,
    {
      hint: "give two whole numbers",
    },
  );
}
