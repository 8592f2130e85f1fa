// expandDef: what a def becomes where it is used. Defs are macros; they see their arguments and the model, nothing else.
import type { Place } from "@phxlang/autodiff";
import type { Term } from "../terms/terms.ts";
import type { ExpressionContext, Scope } from "./context.ts";
import type { DefSymbol } from "./symbols.ts";

/** The body of a def with its arguments put in; equal arguments share one expansion. */
export function expandDef(
  symbol: DefSymbol,
  args: readonly Term[],
  place: Place,
  context: ExpressionContext,
): Term {
  const { terms, expansions, circular } = context.model;
  if (circular.has(symbol)) return terms.wrong(place);
  const known = expansions.get(symbol) ?? new Map<string, Term>();
  expansions.set(symbol, known);
  const key = args.map((arg) => arg.id).join();
  const body = known.get(key) ?? expandBody(symbol, args, context);
  known.set(key, body);
  return terms.expansion(symbol.name, body, place);
}

function expandBody(symbol: DefSymbol, args: readonly Term[], context: ExpressionContext): Term {
  let scope: Scope | null = null;
  for (const [i, parameter] of (symbol.declaration.parameters ?? []).entries()) {
    scope = { name: parameter.name, read: () => args[i], outer: scope };
  }
  const source = symbol.place.source;
  return context.model.check(symbol.declaration.body, { ...context, source, scope, columns: false });
}
