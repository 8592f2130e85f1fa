// Kind expectations: what to say where a number, a whole number or yes/no was expected and something else stands.
import { isEnum, isNumber, kindInWords } from "../terms/kinds.ts";
import type { Kind } from "../terms/kinds.ts";
import type { Term } from "../terms/terms.ts";
import type { ModelContext } from "./context.ts";

/** Returns the term, or a wrong term after reporting PHX303. */
export function expectNumber(model: ModelContext, term: Term): Term {
  if (isNumber(term.kind)) return term;
  const found = foundInWords(term.kind);
  const text = model.report.text(term.place);
  model.report.error("PHX303", term.place, `expected a number, found ${found}`, {
    label: `this is ${found}`,
    hint:
      term.kind === "bool"
        ? `write \`if ${text} then 1 else 0\``
        : `compare it to get a number: \`if ${text} == … then 1 else 0\``,
  });
  return model.terms.wrong(term.place);
}

/** PHX303 for what is no number, PHX301 for a real. */
export function expectInteger(model: ModelContext, term: Term): Term {
  const number = expectNumber(model, term);
  if (number.kind !== "real") return number;
  const text = model.report.text(term.place);
  model.report.error("PHX301", term.place, "expected a whole number, found a real", {
    label: "this may be a fraction",
    hint: text.includes("/")
      ? "divide whole numbers with `div(a, b)`, or round with `floor` or `ceil`"
      : `round it: \`floor(${text})\``,
  });
  return model.terms.wrong(term.place);
}

/** PHX302 for what is not yes/no. */
export function expectBoolean(model: ModelContext, term: Term): Term {
  if (term.kind === "bool" || term.kind === "any") return term;
  const text = model.report.text(term.place);
  const found = foundInWords(term.kind);
  const example = isEnum(term.kind) ? `${text} == ${term.kind.values[0]}` : `${text} > 0`;
  model.report.error("PHX302", term.place, `expected yes/no, found ${found}`, {
    label: `this is ${found}`,
    hint: `compare it: \`${example}\``,
  });
  return model.terms.wrong(term.place);
}

/** What is assigned to a cell, or compared with one: the same kind, with the right words if it is not. */
export function expectKind(model: ModelContext, term: Term, kind: Kind): Term {
  if (kind === "int") return expectInteger(model, term);
  if (kind === "real") return expectNumber(model, term);
  if (kind === "bool") return expectBoolean(model, term);
  if (kind === "any" || term.kind === "any" || term.kind === kind) return term;
  if (isEnum(kind)) reportForeign(model, term, kind);
  return model.terms.wrong(term.place);
}

function reportForeign(model: ModelContext, term: Term, wanted: Exclude<Kind, string>): void {
  const values = wanted.values.map((value) => `\`${value}\``).join(", ");
  const text = model.report.text(term.place);
  const message = isEnum(term.kind)
    ? `\`${text}\` belongs to \`${term.kind.enumOf}\`, not to \`${wanted.enumOf}\``
    : `expected a value of \`${wanted.enumOf}\`, found ${foundInWords(term.kind)}`;
  model.report.error("PHX304", term.place, message, { hint: `\`${wanted.enumOf}\` is one of ${values}` });
}

/** What stands there, for messages: every number is "a number". */
export function foundInWords(kind: Kind): string {
  return kind === "int" || kind === "real" ? "a number" : kindInWords(kind);
}
