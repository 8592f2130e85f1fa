// Warnings about what is declared and never used, and about kinks in parameters.
import type { ModelContext } from "./context.ts";
import { isNumber } from "../terms/kinds.ts";
import { visitTerms } from "../terms/terms.ts";
import type { ElementTerm, Term } from "../terms/terms.ts";
import { nounOf } from "./symbols.ts";
import type { ModelSymbol } from "./symbols.ts";

/** PHX213 and PHX214 for names of the model's own text. */
export function warnUnused(model: ModelContext, source: string): void {
  for (const symbol of model.symbols.all()) {
    if (symbol.place.source !== source) continue;
    if (symbol.type === "parameter" && symbol.uses === 0) {
      model.report.warning("PHX213", symbol.place, `parameter \`${symbol.name}\` is never used`, {
        label: "data cannot say anything about it",
        hint: "remove it, or use it in a rate",
      });
    } else if (symbol.type === "state" && !symbol.read) {
      model.report.warning("PHX214", symbol.place, `state \`${symbol.name}\` is never read`, {
        label: "it makes the state space larger and changes nothing",
        hint: "remove it, or count the event with `reward … on`",
      });
    } else if (isUnused(symbol)) {
      model.report.warning("PHX214", symbol.place, `${nounOf(symbol)} \`${symbol.name}\` is never used`, {
        hint: "remove it",
      });
    }
  }
}

function isUnused(symbol: ModelSymbol): boolean {
  if (symbol.uses > 0) return false;
  switch (symbol.type) {
    case "const":
    case "covariate":
    case "def":
      return true;
    case "value":
      // The first value is where a state starts that no start names.
      return symbol.position > 0;
    default:
      return false;
  }
}

const kinks: ReadonlySet<string> = new Set(["max", "min", "abs", "floor", "ceil", "quotient", "remainder"]);

/** PHX310 where a derivative in a parameter does not exist at some value. */
export function warnKinks(model: ModelContext, roots: readonly Term[]): void {
  visitTerms(roots, (term) => {
    if (term.op !== "operation") return;
    const { operation, operands } = term;
    const parameter =
      operation === "if" ? parameterIn(operands[0]) : kinks.has(operation) ? parameterIn(term) : null;
    if (parameter === null) return;
    const name = operation === "if" ? "if" : operationName(operation);
    const at =
      operands.length === 2 && isNumber(operands[0].kind)
        ? `where ${operands.map((operand) => `\`${model.report.text(operand.place)}\``).join(" and ")} are equal`
        : "where it changes";
    model.report.warning("PHX310", term.place, `\`${name}\` on the parameter \`${parameter}\` makes a kink`, {
      label: `gradients are one-sided ${at}`,
      hint: "a smooth expression fits better with gradients",
    });
  });
}

function operationName(operation: string): string {
  return operation === "quotient" ? "div" : operation === "remainder" ? "mod" : operation;
}

/** The parameter that a term reads first. */
function parameterIn(root: Term): string | null {
  let first: ElementTerm | null = null;
  visitTerms([root], (term) => {
    if (term.op !== "element" || term.array.noun !== "parameter") return;
    if (first === null || term.id < first.id) first = term;
  });
  return (first as ElementTerm | null)?.array.name ?? null;
}
