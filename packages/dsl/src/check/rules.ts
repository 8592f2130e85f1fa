// Starts, stops, events and rewards: what the state graph is made of.
import type { Place } from "@phxlang/autodiff";
import type { Expression } from "../syntax/index.ts";
import { levels } from "../terms/kinds.ts";
import type { Level } from "../terms/kinds.ts";
import type { Term } from "../terms/terms.ts";
import { checkBinder, checkLoops } from "./binders.ts";
import { checkChanges } from "./changes.ts";
import { placeIn } from "./context.ts";
import type { ExpressionContext, ModelContext, Scope } from "./context.ts";
import { NamedOnce, ofKind } from "./declare.ts";
import type { Sourced } from "./declare.ts";
import { expectBoolean, expectNumber } from "./expectations.ts";
import { requireLevel } from "./level-rules.ts";
import type { CheckedState, EventRule, RewardRule, StartRule, StopRule } from "./model.ts";
import { placeOf } from "./reporter.ts";
import { suggestion } from "./unknown-names.ts";

type States = ReadonlyMap<string, CheckedState>;

export function contextIn(
  model: ModelContext,
  source: string,
  maximum: Level,
  scope: Scope | null = null,
): ExpressionContext {
  return { model, source, scope, maximum, columns: false, depth: 0 };
}

export function checkStarts(
  model: ModelContext,
  declarations: readonly Sourced[],
  states: States,
  modelPlace: Place,
): readonly StartRule[] {
  const rules = ofKind(declarations, "start").map(({ source, declaration }): StartRule => {
    const context = contextIn(model, source, levels.constant);
    const { binding, scope } = checkBinder(
      declaration.binder,
      context,
      "the range of a `start`",
      levels.constant,
    );
    const position = { what: "a start", maximum: levels.constant };
    const changes = checkChanges(declaration.changes, states, { ...context, scope }, position);
    const weight =
      declaration.weight === null
        ? null
        : rateOf(declaration.weight, { ...context, scope, maximum: levels.parameter }, "a start weight");
    return { place: placeOf(source, declaration), binding, changes, weight };
  });
  if (rules.length === 0) {
    const [state] = states.values();
    const example = state === undefined ? "k = n" : `${state.name} = ${state.labels?.[0] ?? state.lower}`;
    model.report.error("PHX401", modelPlace, "there is no `start`", {
      label: "a model says where it starts",
      hint: `add \`start: ${example}\``,
    });
  }
  const unweighted = rules.find((rule) => rule.weight === null);
  const other = rules.find((rule) => rule !== unweighted);
  if (unweighted !== undefined && other !== undefined) {
    model.report.error("PHX405", unweighted.place, "a `start` without `@` next to other starts", {
      related: [{ ...other.place, label: "this is another start" }],
      hint: "give every start its probability: `@ 0.5`",
    });
  }
  return rules;
}

/** A rate, weight or reward. */
function rateOf(expression: Expression, context: ExpressionContext, what: string): Term {
  const { model } = context;
  const term = expectNumber(model, model.check(expression, context));
  return requireLevel(model, term, levels.parameter, what) ? term : model.terms.wrong(term.place);
}

export function checkStops(model: ModelContext, declarations: readonly Sourced[]): readonly StopRule[] {
  const named = new NamedOnce<null>();
  return ofKind(declarations, "stop").map(({ source, declaration }): StopRule => {
    const context = contextIn(model, source, levels.state);
    const condition = expectBoolean(model, model.check(declaration.condition, context));
    requireLevel(model, condition, levels.state, "a stop condition");
    const place =
      declaration.name === null ? placeOf(source, declaration) : placeOf(source, declaration.name);
    if (declaration.name !== null) named.add(declaration.name.name, place, null, model.report);
    return { name: declaration.name?.name ?? "", place, condition };
  });
}

export function checkEvents(
  model: ModelContext,
  declarations: readonly Sourced[],
  states: States,
  discrete: boolean,
  modelPlace: Place,
): readonly EventRule[] {
  const rules = ofKind(declarations, "event").map(({ source, declaration }): EventRule => {
    const context = contextIn(model, source, levels.state);
    const name = declaration.name.name;
    const { binding, scope } = checkBinder(declaration.binder, context, `the range of event \`${name}\``);
    const inner = { ...context, scope };
    const changes = checkChanges(declaration.changes, states, inner, {
      what: "an event",
      maximum: levels.state,
    });
    const ratePlace = placeIn(context, declaration.rate);
    const base = { name, place: placeIn(context, declaration.name), binding, changes, ratePlace };
    if (declaration.rate.kind !== "rest") {
      return { ...base, rate: rateOf(declaration.rate, { ...inner, maximum: levels.parameter }, "a rate") };
    }
    if (!discrete) {
      model.report.error("PHX406", ratePlace, "`@ rest` in a continuous model", {
        label: "rates have no remainder",
        hint: "write the rate, or begin the file with `discrete model`",
      });
    }
    return { ...base, rate: "rest" };
  });
  if (rules.length === 0) {
    model.report.error("PHX402", modelPlace, "there are no events", {
      label: "nothing would ever happen",
      hint: "add `event NAME when GUARD: CHANGES @ RATE`",
    });
  }
  return rules;
}

export function checkRewards(model: ModelContext, declarations: readonly Sourced[]): readonly RewardRule[] {
  return ofKind(declarations, "reward").map(({ source, declaration }): RewardRule => {
    const name = declaration.name.name;
    const context = contextIn(model, source, levels.constant);
    const what = `the range of reward \`${name}\``;
    const { loops, scope } = checkLoops(declaration.indices, context, what, levels.constant);
    const on = declaration.on.flatMap((event) => {
      const symbol = model.symbols.find(event.name);
      if (symbol?.type === "event") {
        symbol.uses++;
        return [symbol.index];
      }
      const place = placeOf(source, event);
      const known = model.symbols.ofType("event").map((one) => one.name);
      const details = suggestion(event.name, known, place);
      model.report.error("PHX211", place, `no event is called \`${event.name}\``, {
        ...details,
        hint: details.hint ?? (known.length === 0 ? "declare the event" : `events are ${known.join(", ")}`),
      });
      return [];
    });
    const value = rateOf(declaration.value, { ...context, scope, maximum: levels.parameter }, "a reward");
    return { name, place: placeOf(source, declaration.name), indices: loops, on, value };
  });
}
