// Binders: `for i in a..b, j in c..d when COND`, wherever they stand.
import type { Place } from "@phxlang/autodiff";
import type { Binder, LoopVariable as LoopSyntax, Range } from "../syntax/index.ts";
import { levels } from "../terms/kinds.ts";
import type { Level } from "../terms/kinds.ts";
import type { Binding, Loop, Term } from "../terms/terms.ts";
import { findInScope, placeIn } from "./context.ts";
import type { ExpressionContext, Scope } from "./context.ts";
import { expectBoolean, expectInteger } from "./expectations.ts";
import { requireLevel } from "./level-rules.ts";
import { nounOf } from "./symbols.ts";

/** A checked binder and the scope in which what it binds is read. */
export interface CheckedBinder {
  readonly binding: Binding;
  readonly scope: Scope | null;
}

export const noBinding: Binding = { loops: [], condition: null };

/** `what` names the ranges in messages. Ranges and condition may read up to `maximum`, at most the state. */
export function checkBinder(
  binder: Binder | null,
  context: ExpressionContext,
  what: string,
  maximum: Level = levels.state,
): CheckedBinder {
  if (binder === null) return { binding: noBinding, scope: context.scope };
  const { loops, scope } = checkLoops(binder.loops, context, what, maximum);
  if (binder.condition === null) return { binding: { loops, condition: null }, scope };
  const { model } = context;
  const condition = expectBoolean(model, model.check(binder.condition, { ...context, scope, maximum }));
  requireLevel(model, condition, maximum, "a guard");
  return { binding: { loops, condition }, scope };
}

/** Loop variables, each visible in the ranges after it. */
export function checkLoops(
  syntax: readonly LoopSyntax[],
  context: ExpressionContext,
  what: string,
  maximum: Level,
): { readonly loops: readonly Loop[]; readonly scope: Scope | null } {
  const { terms } = context.model;
  const loops: Loop[] = [];
  let scope = context.scope;
  for (const loop of syntax) {
    const inner = { ...context, scope, maximum };
    const { low, high } = checkRange(loop.range, inner, what, maximum);
    const name = loop.name.name;
    refuseShadowing(name, placeIn(context, loop.name), inner);
    const variable = terms.loopVariable(name);
    const level = low.level > high.level ? low.level : high.level;
    loops.push({ variable, low, high });
    scope = { name, read: (place) => terms.variable(variable, level, place), outer: scope };
  }
  return { loops, scope };
}

/** Two whole numbers. */
export function checkRange(
  range: Range,
  context: ExpressionContext,
  what: string,
  maximum: Level,
): { readonly low: Term; readonly high: Term } {
  const end = (expression: Range["low"]): Term => {
    const term = expectInteger(context.model, context.model.check(expression, context));
    const fits = requireLevel(context.model, term, maximum, what);
    return fits ? term : context.model.terms.wrong(term.place);
  };
  return { low: end(range.low), high: end(range.high) };
}

/** PHX203: loop variables and def arguments hide nothing. */
export function refuseShadowing(name: string, place: Place, context: ExpressionContext): void {
  const { symbols, report } = context.model;
  const symbol = symbols.find(name);
  if (symbol !== undefined) {
    report.error("PHX203", place, `\`${name}\` hides the ${nounOf(symbol)} \`${name}\``, {
      related: [{ ...symbol.place, label: "it is declared here" }],
      hint: `rename the loop variable or argument: \`${name}_\``,
    });
  } else if (findInScope(context.scope, name) !== null) {
    report.error("PHX203", place, `\`${name}\` hides another \`${name}\``, {
      hint: `rename one of the two: \`${name}_\``,
    });
  }
}
