// defineModel: a model from functions, the same thing as a model from a file.
import { DefinedCallback } from "./defined-callback.ts";
import type { SymbolTable } from "./defined-callback.ts";
import type { Cell } from "./callback.ts";
import { malformedDefinition, shown } from "./definition-errors.ts";
import type { CovariateDeclaration, ModelDescription, RewardDeclaration } from "./description.ts";
import { declareParameters, isName } from "./declare-parameters.ts";
import { LinearFormsBuilder } from "./linear-forms.ts";
import type { LinearForms } from "./linear-forms.ts";
import type { MarkovGraph } from "./markov-graph.ts";
import type {
  CellDefinition,
  ModelDefinition,
  ParameterOptions,
  RewardDefinition,
  StartDefinition,
  StateVector,
  TransitionDefinition,
} from "./model-definition.ts";
import { describeState } from "./packed-states.ts";

const definitionKeys: ReadonlySet<string> = new Set([
  "name",
  "kind",
  "state",
  "parameters",
  "covariates",
  "start",
  "transitions",
  "stop",
  "rewards",
]);

/**
 * A model from functions of the state and of symbolic parameters. Nothing is called yet: `transitions` runs once per
 * reachable state when the graph is explored. Throws PhxError: PHX913 for a malformed definition; exploration throws
 * PHX910–PHX916 naming the function and the state.
 */
export function defineModel<
  const P extends { readonly [K in keyof P]: ParameterOptions } = object,
  const C extends { readonly [K in keyof C]: number } = object,
>(definition: ModelDefinition<P, C>): ModelDescription {
  if (typeof definition !== "object" || definition === null) {
    throw malformedDefinition(
      `${shown(definition)} is no definition`,
      "give { state, parameters, start, transitions }",
    );
  }
  for (const key of Object.keys(definition)) {
    if (definitionKeys.has(key)) continue;
    throw malformedDefinition(
      `there is nothing called \`${key}\``,
      `known are ${[...definitionKeys].join(", ")}`,
    );
  }
  const { name = "model", kind = "continuous", start, transitions, stop, rewards = {} } = definition;
  if (kind !== "continuous" && kind !== "discrete") {
    throw malformedDefinition(`kind is ${shown(kind)}`, 'give "continuous" or "discrete"');
  }
  if (typeof transitions !== "function") {
    throw malformedDefinition(
      `transitions is ${shown(transitions)}`,
      "give a function of the state and the symbols",
    );
  }
  if (typeof start !== "function" && !Array.isArray(start)) {
    throw malformedDefinition(
      `start is ${shown(start)}`,
      "give a list of { to, probability }, or a function that does",
    );
  }
  const parameters = declareParameters(definition.parameters ?? {});
  const covariates = declareCovariates(definition.covariates ?? {}, new Set(parameters.map((p) => p.name)));
  const causes = typeof stop === "object" ? Object.keys(stop) : [""];
  const stops = stop === undefined ? null : typeof stop === "function" ? [stop] : Object.values(stop);
  if (causes.length === 0 || stops?.some((one) => typeof one !== "function") === true) {
    throw malformedDefinition(
      "stop has no condition",
      "give a function of the state, or { cause: function, … }",
    );
  }
  const rewardEntries = Object.entries(rewards as Readonly<Record<string, RewardDefinition<SymbolTable>>>);
  const callback = new DefinedCallback({
    kind,
    cells: declareCells(definition.state),
    parameters,
    covariates,
    // Symbols are made for the names that P and C have, which is what the definition's type says.
    start:
      typeof start === "function"
        ? (start as unknown as (symbols: SymbolTable) => readonly StartDefinition[])
        : () => start,
    transitions: transitions as unknown as (
      state: StateVector,
      symbols: SymbolTable,
    ) => readonly TransitionDefinition[],
    stops,
    causes,
    rewarded: new Set(rewardEntries.flatMap(([, reward]) => eventsOf(reward))),
  });
  return {
    name,
    callback,
    parameters,
    covariates,
    rewards: rewardEntries.map(([rewardName, reward]) => new DefinedReward(rewardName, reward, callback)),
  };
}

/** Cells without a range may hold any 32-bit integer; the graph's table then has the range that was found. */
function declareCells(state: readonly CellDefinition[]): readonly Cell[] {
  if (!Array.isArray(state) || state.length === 0) {
    throw malformedDefinition(`state is ${shown(state)}`, 'name the cells: state: ["left", "right"]');
  }
  const seen = new Set<string>();
  return (state as readonly CellDefinition[]).map((entry) => {
    const cell = typeof entry === "string" ? { name: entry, lower: -(2 ** 31), upper: 2 ** 31 - 1 } : entry;
    const { name, lower, upper } = cell;
    if (typeof name !== "string" || name === "" || seen.has(name)) {
      throw malformedDefinition(`a cell is called ${shown(name)}`, "give each cell a name of its own");
    }
    seen.add(name);
    if (
      !Number.isInteger(lower) ||
      !Number.isInteger(upper) ||
      lower > upper ||
      lower < -(2 ** 31) ||
      upper >= 2 ** 31
    ) {
      throw malformedDefinition(
        `cell ${name} ranges over ${shown(lower)}..${shown(upper)}`,
        "give whole numbers of 32 bits, lower ≤ upper",
      );
    }
    return cell;
  });
}

function declareCovariates(
  covariates: Readonly<Record<string, number>>,
  taken: ReadonlySet<string>,
): readonly CovariateDeclaration[] {
  return Object.entries(covariates).map(([name, defaultValue]) => {
    if (!isName(name) || taken.has(name)) {
      throw malformedDefinition(
        `a covariate is called ${shown(name)}`,
        "use letters, digits and _, and no parameter's name",
      );
    }
    if (typeof defaultValue !== "number" || !Number.isFinite(defaultValue)) {
      throw malformedDefinition(
        `covariate ${name} is ${shown(defaultValue)}`,
        "give its default value, a number",
      );
    }
    return { name, defaultValue };
  });
}

function eventsOf(reward: RewardDefinition<SymbolTable>): readonly string[] {
  if (typeof reward !== "object" || reward === null) return [];
  return typeof reward.on === "string" ? [reward.on] : reward.on;
}

class DefinedReward implements RewardDeclaration {
  readonly name: string;
  private readonly reward: RewardDefinition<SymbolTable>;
  private readonly callback: DefinedCallback;

  constructor(name: string, reward: RewardDefinition<SymbolTable>, callback: DefinedCallback) {
    const isFunction = typeof reward === "function";
    const isImpulse = typeof reward === "object" && reward !== null && "on" in reward && "value" in reward;
    if (!isName(name) || name === "time") {
      throw malformedDefinition(
        `a reward is called ${shown(name)}`,
        "use letters, digits and _; `time` is built in",
      );
    }
    if (!isFunction && !isImpulse) {
      throw malformedDefinition(
        `reward ${name} is ${shown(reward)}`,
        "give a function of the state, or { on: event, value }",
      );
    }
    this.name = name;
    this.reward = reward;
    this.callback = callback;
  }

  stateForms(graph: MarkovGraph, epoch: number): LinearForms | null {
    if (typeof this.reward !== "function") return null;
    const { stop } = graph.epochs[epoch];
    return this.rows(graph, graph.stateCount, (state) => (stop[state] < 0 ? state : -1));
  }

  impulseForms(graph: MarkovGraph, epoch: number): LinearForms | null {
    if (typeof this.reward === "function") return null;
    const wanted = new Set(eventsOf(this.reward));
    const unknown = [...wanted].find((event) => !graph.events.includes(event));
    if (unknown !== undefined) {
      throw malformedDefinition(
        `reward ${this.name} is on event ${shown(unknown)}, which never happens`,
        `events are ${graph.events.join(", ")}`,
      );
    }
    const { count, events, sources, weights } = graph.transitions;
    const { offsets } = weights[epoch];
    return this.rows(graph, count, (t) =>
      offsets[t] < offsets[t + 1] && wanted.has(graph.events[events[t]]) ? sources[t] : -1,
    );
  }

  /** Row r is the reward in state stateOf(r), or empty where that is −1. */
  private rows(graph: MarkovGraph, rowCount: number, stateOf: (row: number) => number): LinearForms {
    const { callback } = this;
    const value = typeof this.reward === "function" ? this.reward : this.reward.value;
    const builder = new LinearFormsBuilder(rowCount);
    const state = new Int32Array(graph.states.cells.length);
    for (let r = 0; r < rowCount; r++) {
      const source = stateOf(r);
      if (source >= 0) {
        graph.states.read(source, state);
        const call = (): string => `reward ${this.name} in ${describeState(graph.states.cells, state)}`;
        const form = callback.withSymbols(call, (symbols, trace) =>
          callback.formOf(
            trace,
            call,
            "reward",
            typeof value === "function" ? value(Array.from(state), symbols) : value,
          ),
        );
        builder.addTerms(form.features, form.coefficients, 0, form.features.length);
      }
      builder.endRow();
    }
    return builder.toForms();
  }
}
