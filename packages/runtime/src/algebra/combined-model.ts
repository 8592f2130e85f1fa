// A model whose states are tuples of states of other models.
import type { FeatureTable, GraphCallback, ModelDescription } from "@phxlang/graph";
import { makeModel } from "../make-model.ts";
import type { Model } from "../model.ts";
import type { CombinedParameters } from "./combined-parameters.ts";
import { rowExpression } from "./combined-parameters.ts";

/** One way on: a tuple of states and the expression of its rate (probability). */
export interface Way {
  readonly to: readonly number[];
  readonly weight: number;
}

/** What a combination does; states are tuples, one entry for each cell. */
export interface Combination {
  readonly name: string;
  readonly cells: readonly { readonly name: string; readonly upper: number }[];
  start(): readonly Way[];
  ways(state: readonly number[]): readonly Way[];
  stops(state: readonly number[]): boolean;
}

export function combinedModel(
  models: readonly Model[],
  { parameters, covariates, features }: CombinedParameters,
  combination: Combination,
): Model {
  const emit = (
    { to, weight }: Way,
    put: (target: Int32Array, count: number, own: Int32Array, coefficients: Float64Array) => void,
  ): void => {
    const form = features.linearForm(weight);
    if (form.features.length === 0) return;
    put(
      Int32Array.from(to),
      form.features.length,
      Int32Array.from(form.features),
      Float64Array.from(form.coefficients),
    );
  };
  const callback: GraphCallback = {
    kind: models[0].kind,
    cells: combination.cells.map(({ name, upper }) => ({ name, lower: 0, upper })),
    features,
    events: ["move"],
    causes: [""],
    declaresStop: true,
    epochs: [{ name: "", start: 0 }],
    start(sink) {
      for (const way of combination.start()) emit(way, (...args) => sink.start(...args));
    },
    transitions(state, _epoch, sink) {
      for (const way of combination.ways(Array.from(state))) emit(way, (...args) => sink.edge(0, ...args));
    },
    stopCause: (state) => (combination.stops(Array.from(state)) ? 0 : -1),
    enter: () => undefined,
  };
  const description: ModelDescription = {
    name: combination.name,
    callback,
    parameters,
    covariates,
    rewards: [],
  };
  return makeModel(description, { allowDefective: models.some(({ defective }) => defective) });
}

/** Ways of one model, as expressions of the combination. */
export class ModelWays {
  readonly model: Model;
  readonly #features: FeatureTable;
  readonly #copies: Int32Array;

  constructor(model: Model, features: FeatureTable, copies: Int32Array) {
    this.model = model;
    this.#features = features;
    this.#copies = copies;
  }

  stops(state: number): boolean {
    return this.model.graph.epochs[0].stop[state] >= 0;
  }

  start(): { readonly state: number; readonly weight: number }[] {
    const { startStates, startWeights } = this.model.graph;
    return Array.from(startStates, (state, row) => ({
      state,
      weight: rowExpression(this.#features, this.#copies, startWeights, row),
    }));
  }

  from(state: number): { readonly state: number; readonly weight: number }[] {
    const { rowOffsets, targets, epochs } = this.model.graph;
    const ways: { state: number; weight: number }[] = [];
    for (let e = rowOffsets[state]; e < rowOffsets[state + 1]; e++) {
      if (epochs[0].weights.offsets[e] === epochs[0].weights.offsets[e + 1]) continue;
      // A return to the same state is no move in continuous time.
      if (targets[e] === state && this.model.kind === "continuous") continue;
      const weight = rowExpression(this.#features, this.#copies, epochs[0].weights, e);
      ways.push({ state: targets[e], weight });
    }
    return ways;
  }
}
