// Names that nobody declared: the report and the name that was probably meant.
import type { Place } from "@phxlang/autodiff";
import { closest } from "../names/index.ts";
import { levels } from "../terms/kinds.ts";
import type { Level } from "../terms/kinds.ts";
import type { Term } from "../terms/terms.ts";
import type { ExpressionContext } from "./context.ts";
import type { Details } from "./reporter.ts";
import { nounOf } from "./symbols.ts";
import type { ModelSymbol } from "./symbols.ts";

/** Repairs of a misspelt name. */
export function suggestion(name: string, candidates: Iterable<string>, place: Place): Details {
  const match = closest(name, candidates);
  if (match === null) return {};
  return {
    hint: `did you mean \`${match}\`?`,
    fixes: [{ title: `write \`${match}\``, span: place.span, replacement: match }],
  };
}

const lowestLevel: Readonly<Record<ModelSymbol["type"], Level | null>> = {
  const: levels.constant,
  value: levels.constant,
  def: levels.constant,
  state: levels.state,
  epoch: levels.state,
  parameter: levels.parameter,
  covariate: levels.parameter,
  event: null,
  reward: null,
};

/** PHX201 with the nearest name that could stand here. */
export function reportUnknown(name: string, place: Place, context: ExpressionContext): Term {
  const { symbols, terms, report } = context.model;
  const legal = [...symbols.all()].filter((symbol) => {
    const level = lowestLevel[symbol.type];
    return level !== null && level <= context.maximum;
  });
  const candidates = legal.map((symbol) => symbol.name);
  for (let scope = context.scope; scope !== null; scope = scope.outer) candidates.push(scope.name);
  const details = suggestion(name, candidates, place);
  const match = closest(name, candidates);
  const meant = match === null ? undefined : symbols.find(match);
  const where = meant === undefined ? "" : ` (${nounOf(meant)}, line ${report.line(meant.place)})`;
  report.error("PHX201", place, `\`${name}\` is not defined`, {
    ...details,
    label: "no constant, parameter, state, def or enum value has this name",
    hint: details.hint === undefined ? "declare it, or correct the spelling" : `${details.hint}${where}`,
  });
  return terms.wrong(place);
}
