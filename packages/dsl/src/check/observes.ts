// Data and observations: what the rows of a table say, checked as far as it can be without the table.
import { didYouMean } from "../names/index.ts";
import type { Expression, Observation, ObserveDeclaration } from "../syntax/index.ts";
import { levels } from "../terms/kinds.ts";
import { visitTerms } from "../terms/terms.ts";
import type { Term } from "../terms/terms.ts";
import { checkChanges } from "./changes.ts";
import { placeIn } from "./context.ts";
import type { ExpressionContext, ModelContext } from "./context.ts";
import { NamedOnce, ofKind } from "./declare.ts";
import type { Sourced } from "./declare.ts";
import { evaluate } from "./evaluate.ts";
import { expectBoolean, expectNumber } from "./expectations.ts";
import type {
  CheckedCovariate,
  CheckedState,
  DataRule,
  ObservedPath,
  ObserveRule,
  RewardRule,
  StopRule,
} from "./model.ts";
import { placeOf } from "./reporter.ts";
import { contextIn } from "./rules.ts";
import { nounOf } from "./symbols.ts";

/** What observations refer to. */
export interface Observable {
  readonly states: ReadonlyMap<string, CheckedState>;
  readonly stops: readonly StopRule[];
  readonly rewards: readonly RewardRule[];
  readonly covariates: readonly CheckedCovariate[];
}

export function checkData(model: ModelContext, declarations: readonly Sourced[]): readonly DataRule[] {
  const named = new NamedOnce<null>();
  return ofKind(declarations, "data").map(({ source, declaration }): DataRule => {
    const place = placeOf(source, declaration.name);
    named.add(declaration.name.name, place, null, model.report);
    return {
      name: declaration.name.name,
      place: placeOf(source, declaration.path),
      path: declaration.path.value,
    };
  });
}

export function checkObserves(
  model: ModelContext,
  declarations: readonly Sourced[],
  data: readonly DataRule[],
  observable: Observable,
): readonly ObserveRule[] {
  return ofKind(declarations, "observe").map(({ source, declaration }): ObserveRule => {
    const context = { ...contextIn(model, source, levels.column), columns: true };
    const name = declaration.data.name;
    const place = placeOf(source, declaration);
    if (!data.some((one) => one.name === name)) {
      const known = data.map((one) => one.name);
      model.report.error("PHX201", placeIn(context, declaration.data), `no data are called \`${name}\``, {
        hint: didYouMean(name, known) ?? `declare them: \`data ${name} from "${name}.csv"\``,
      });
    }
    const givens = checkGivens(declaration, context, observable.covariates);
    const condition = declaration.condition === null ? null : yesNo(declaration.condition, context);
    return {
      place,
      data: name,
      givens,
      condition,
      observation: checkObservation(declaration.observation, context, observable),
    };
  });
}

function checkGivens(
  declaration: ObserveDeclaration,
  context: ExpressionContext,
  covariates: readonly CheckedCovariate[],
): ObserveRule["givens"] {
  const { symbols, report } = context.model;
  const given = new Set<string>();
  const givens = declaration.givens.flatMap((item) => {
    const name = item.covariate.name;
    const place = placeIn(context, item.covariate);
    const value = columnOrConstant(
      context.model,
      expectNumber(context.model, context.model.check(item.value, context)),
    );
    const covariate = covariates.findIndex((one) => one.name === name);
    if (covariate < 0) {
      const symbol = symbols.find(name);
      const what = symbol === undefined ? "not declared" : `a ${nounOf(symbol)}, not a covariate`;
      const nearest = didYouMean(
        name,
        covariates.map((one) => one.name),
      );
      report.error("PHX613", place, `\`${name}\` is ${what}`, {
        related: symbol === undefined ? undefined : [{ ...symbol.place, label: "it is declared here" }],
        hint: nearest ?? `declare \`covariate ${name} = 0\``,
      });
      return [];
    }
    if (given.has(name)) {
      report.error("PHX202", place, `\`${name}\` is given twice`, { hint: "keep one of the two" });
      return [];
    }
    given.add(name);
    return [{ covariate, value }];
  });
  for (const covariate of covariates) {
    if (!covariate.used || given.has(covariate.name)) continue;
    const data = declaration.data.name;
    report.error(
      "PHX611",
      placeIn(context, declaration.data),
      `\`observe ${data}\` gives no value to the covariate \`${covariate.name}\``,
      {
        related: [{ ...covariate.place, label: "the model reads it" }],
        hint: `\`observe ${data} with ${covariate.name} = …: …\``,
      },
    );
  }
  return givens;
}

function checkObservation(
  observation: Observation,
  context: ExpressionContext,
  observable: Observable,
): ObserveRule["observation"] {
  const { model } = context;
  switch (observation.kind) {
    case "stop": {
      const cause =
        observation.cause === null ? null : columnOrConstant(model, model.check(observation.cause, context));
      if (cause !== null && observable.stops.every((stop) => stop.name === "")) {
        model.report.error("PHX609", cause.place, "a cause is given, but the `stop`s have no names", {
          hint: "name them: `stop ruined when money == 0`",
        });
      }
      const censored = observation.censored === null ? null : yesNo(observation.censored, context);
      return { kind: "stop", cause, time: number(observation.time, context), censored };
    }
    case "reward":
      return checkReward(observation, context, observable.rewards);
    case "path":
      return {
        kind: "path",
        subject: columnOrConstant(model, model.check(observation.subject, context)),
        time: number(observation.time, context),
        cells: checkObservedCells(observation, context, observable.states),
        exact: observation.exact === null ? null : yesNo(observation.exact, context),
      };
  }
}

function checkReward(
  observation: Extract<Observation, { kind: "reward" }>,
  context: ExpressionContext,
  rewards: readonly RewardRule[],
): ObserveRule["observation"] {
  const { name } = observation.reward;
  const reward = rewards.find((one) => one.name === name);
  const place = placeIn(context, observation.reward);
  if (reward === undefined && name !== "time") {
    const known = [...rewards.map((one) => one.name), "time"];
    context.model.report.error("PHX201", place, `no reward is called \`${name}\``, {
      hint: didYouMean(name, known) ?? `rewards are ${known.join(", ")}`,
    });
  } else if (reward !== undefined && reward.indices.length > 0) {
    context.model.report.error(
      "PHX208",
      place,
      `the reward \`${name}\` is an array; it cannot be observed as a whole`,
      {
        related: [{ ...reward.place, label: "it is declared here" }],
        hint: "declare a reward for the entry that is observed",
      },
    );
  }
  return { kind: "reward", reward: name, value: number(observation.value, context) };
}

function checkObservedCells(
  observation: Extract<Observation, { kind: "path" }>,
  context: ExpressionContext,
  states: ReadonlyMap<string, CheckedState>,
): ObservedPath["cells"] {
  const { model } = context;
  const { changes } = observation;
  if (changes.each !== null) {
    model.report.error("PHX306", placeIn(context, changes.each), "an observed path takes no `each`", {
      hint: "list the cells: `b[1] = first, b[2] = second`",
    });
  }
  const plain = { ...changes, each: null };
  const { items } = checkChanges(plain, states, context, {
    what: "an observed path",
    maximum: levels.column,
  });
  return items.flatMap(({ place, state, target, operator, value }) => {
    if (operator !== "=") {
      model.report.error("PHX306", place, "an observed path says what a cell is, not how it changes", {
        hint: `\`${model.report.text(place)} = column\``,
      });
      return [];
    }
    let cell = state.array.offset;
    const { from, sizes } = state.array.shape;
    let position = 0;
    for (const [d, index] of target.indices.entries()) {
      const entry = evaluate(model, index) ?? Number.NaN;
      if (!(entry >= from[d] && entry < from[d] + sizes[d])) {
        model.report.error(
          "PHX210",
          index.place,
          `index ${entry} is outside \`${from[d]}..${from[d] + sizes[d] - 1}\``,
          {
            hint: "the indices of an observed cell are constants",
          },
        );
        return [];
      }
      position = position * sizes[d] + (entry - from[d]);
    }
    cell += position;
    markObserved(model, state);
    return [{ cell, state, value }];
  });
}

/** Data may hold any value of a cell that is observed. */
function markObserved(model: ModelContext, state: CheckedState): void {
  const symbol = model.symbols.find(state.name);
  if (symbol?.type === "state") symbol.read = true;
  for (const value of model.symbols.ofType("value")) if (value.kind === state.kind) value.uses++;
}

function number(expression: Expression, context: ExpressionContext): Term {
  const { model } = context;
  return columnOrConstant(model, expectNumber(model, model.check(expression, context)));
}

function yesNo(expression: Expression, context: ExpressionContext): Term {
  const { model } = context;
  return columnOrConstant(model, expectBoolean(model, model.check(expression, context)));
}

/** `observe` reads columns and constants: names of other things are columns, but a def may read more. */
function columnOrConstant(model: ModelContext, term: Term): Term {
  return readsModel(term) ? refuse(model, term) : term;
}

function refuse(model: ModelContext, term: Term): Term {
  model.report.error("PHX306", term.place, "`observe` may not depend on the state or on parameters", {
    hint: "it reads columns and constants",
  });
  return model.terms.wrong(term.place);
}

function readsModel(root: Term): boolean {
  let found = false;
  visitTerms([root], (term) => {
    if (term.op === "epoch" || (term.op === "element" && term.array.storage !== "constants")) found = true;
  });
  return found;
}
