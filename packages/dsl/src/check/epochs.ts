// Epochs: their times, in increasing order from 0, and what changes when they begin.
import type { Place } from "@phxlang/autodiff";
import { levels } from "../terms/kinds.ts";
import type { Term } from "../terms/terms.ts";
import { checkChanges } from "./changes.ts";
import type { ModelContext } from "./context.ts";
import { ofKind } from "./declare.ts";
import type { Sourced } from "./declare.ts";
import { evaluate, evaluateConstant } from "./evaluate.ts";
import { expectInteger, expectNumber } from "./expectations.ts";
import { requireLevel } from "./level-rules.ts";
import type { ChangeList, CheckedState, EpochRule } from "./model.ts";
import { requireInputs } from "./parameters.ts";
import { placeOf } from "./reporter.ts";
import { contextIn } from "./rules.ts";
import { suggestion } from "./unknown-names.ts";

/** `defaults` are the values of θ in the file, NaN where there is none. */
export function checkEpochs(
  model: ModelContext,
  declarations: readonly Sourced[],
  states: ReadonlyMap<string, CheckedState>,
  discrete: boolean,
  defaults: Float64Array,
): readonly EpochRule[] {
  const enters = checkEnters(model, declarations, states);
  const times: { readonly name: string; readonly place: Place; readonly value: number }[] = [];
  const rules = ofKind(declarations, "epoch").map(({ source, declaration }): EpochRule => {
    const name = declaration.name.name;
    const from = checkTime(
      model,
      model.check(declaration.from, contextIn(model, source, levels.parameter)),
      discrete,
    );
    const value =
      from.level === levels.constant
        ? evaluateConstant(model, from, `the time of epoch \`${name}\``)
        : (evaluate(model, from, defaults) ?? Number.NaN);
    times.push({ name, place: from.place, value });
    return { name, place: placeOf(source, declaration.name), from, enter: enters.get(name) ?? null };
  });
  const [first] = times;
  if (first !== undefined && (first.value !== 0 || rules[0].from.level !== levels.constant)) {
    model.report.error("PHX408", first.place, `epochs must start \`from 0\`: \`${first.name}\` does not`, {
      label: "this is the first epoch",
      hint: `\`epoch ${first.name} from 0\``,
    });
  }
  for (const [i, time] of times.entries()) {
    const before = times[i - 1];
    // Times that depend on parameters without a default are compared when the model is used.
    if (before === undefined || !(time.value <= before.value)) continue;
    const message = `epochs must increase: \`${time.name}\` (${time.value}) is not after \`${before.name}\` (${before.value})`;
    model.report.error("PHX408", time.place, message, {
      related: [{ ...before.place, label: `\`${before.name}\` begins here` }],
      hint: "list the epochs in the order of their times",
    });
  }
  return rules;
}

function checkTime(model: ModelContext, read: Term, discrete: boolean): Term {
  const what = "the time of an epoch";
  const time = discrete ? expectInteger(model, read) : expectNumber(model, read);
  const fits = discrete ? requireLevel(model, time, levels.constant, what) : requireInputs(model, time, what);
  return fits ? time : model.terms.wrong(time.place);
}

function checkEnters(
  model: ModelContext,
  declarations: readonly Sourced[],
  states: ReadonlyMap<string, CheckedState>,
): ReadonlyMap<string, ChangeList> {
  const enters = new Map<string, ChangeList>();
  const places = new Map<string, Place>();
  for (const { source, declaration } of ofKind(declarations, "enter")) {
    const name = declaration.epoch.name;
    const place = placeOf(source, declaration.epoch);
    const symbol = model.symbols.find(name);
    const position = { what: "an enter", maximum: levels.state };
    const changes = checkChanges(
      declaration.changes,
      states,
      contextIn(model, source, levels.state),
      position,
    );
    if (symbol?.type !== "epoch") {
      const known = model.symbols.ofType("epoch").map((epoch) => epoch.name);
      const details = suggestion(name, known, place);
      model.report.error("PHX409", place, `no epoch is called \`${name}\``, {
        ...details,
        hint: details.hint ?? `declare it: \`epoch ${name} from 1\``,
      });
    } else if (symbol.index === 0) {
      model.report.error("PHX409", place, `\`${name}\` is the first epoch: nothing comes before it`, {
        related: [{ ...symbol.place, label: "it begins at time 0" }],
        hint: "say in `start` where the model starts",
      });
    } else if (enters.has(name)) {
      model.report.error("PHX202", place, `\`enter ${name}\` is declared twice`, {
        related: [{ ...(places.get(name) ?? place), label: "it is declared here first" }],
        hint: "join the changes in one `enter`",
      });
    } else {
      symbol.uses++;
      enters.set(name, changes);
      places.set(name, place);
    }
  }
  return enters;
}
