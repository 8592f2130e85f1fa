// Sums, extremes and mixtures of independent times: models of models.
import { PhxError } from "@phxlang/autodiff";
import type { FeatureTable, ParameterDeclaration } from "@phxlang/graph";
import type { Model } from "../model.ts";
import type { Way } from "./combined-model.ts";
import { combinedModel, ModelWays } from "./combined-model.ts";
import type { CombinedParameters } from "./combined-parameters.ts";
import { checkCombinable, combineParameters } from "./combined-parameters.ts";

/** The sum of independent times: each model starts when the one before stops. PHX981 if they do not fit. */
export function convolve(...models: readonly Model[]): Model {
  checkCombinable("convolve", models);
  const combined = combineParameters(models);
  const { features } = combined;
  const parts = waysOf(models, combined);
  /** The distribution of where the sum is when part `part` begins, times a weight. */
  const enter = (part: number, weight: number): Way[] => {
    if (part === parts.length) return [{ to: [part, 0], weight }];
    return parts[part].start().flatMap((begin) => {
      const share = features.apply("mul", weight, begin.weight);
      return parts[part].stops(begin.state)
        ? enter(part + 1, share)
        : [{ to: [part, begin.state], weight: share }];
    });
  };
  return combinedModel(models, combined, {
    name: "sum",
    cells: [
      { name: "part", upper: parts.length },
      { name: "state", upper: largestState(models) },
    ],
    start: () => merged(features, enter(0, features.constant(1))),
    ways: ([part, state]) =>
      merged(
        features,
        parts[part]
          .from(state)
          .flatMap((way) =>
            parts[part].stops(way.state)
              ? enter(part + 1, way.weight)
              : [{ to: [part, way.state], weight: way.weight }],
          ),
      ),
    stops: ([part]) => part === parts.length,
  });
}

/** The first of independent times. */
export function minimum(...models: readonly Model[]): Model {
  return extreme("minimum", models, (stopped) => stopped.includes(true));
}

/** The last of independent times. */
export function maximum(...models: readonly Model[]): Model {
  return extreme("maximum", models, (stopped) => !stopped.includes(false));
}

/** All models run side by side; those that have stopped wait. */
function extreme(
  name: string,
  models: readonly Model[],
  isOver: (stopped: readonly boolean[]) => boolean,
): Model {
  checkCombinable(name, models);
  const combined = combineParameters(models);
  const { features } = combined;
  const parts = waysOf(models, combined);
  const together = (choices: readonly (readonly { state: number; weight: number }[])[]): Way[] =>
    choices.reduce<Way[]>(
      (ways, own) =>
        ways.flatMap(({ to, weight }) =>
          own.map((way) => ({ to: [...to, way.state], weight: features.apply("mul", weight, way.weight) })),
        ),
      [{ to: [], weight: features.constant(1) }],
    );
  const stopped = (state: readonly number[]): boolean[] => state.map((own, m) => parts[m].stops(own));
  return combinedModel(models, combined, {
    name,
    cells: models.map(({ graph }, m) => ({ name: `state_${m + 1}`, upper: graph.stateCount - 1 })),
    start: () => together(parts.map((part) => part.start())),
    ways(state) {
      if (models[0].kind === "discrete") {
        const one = features.constant(1);
        return merged(
          features,
          together(
            state.map((own, m) => (parts[m].stops(own) ? [{ state: own, weight: one }] : parts[m].from(own))),
          ),
        );
      }
      return state.flatMap((own, m) =>
        parts[m].stops(own)
          ? []
          : parts[m].from(own).map((way) => ({
              to: state.map((other, o) => (o === m ? way.state : other)),
              weight: way.weight,
            })),
      );
    },
    stops: (state) => isOver(stopped(state)),
  });
}

/**
 * With probability weight[i], the time of models[i]. The weights are the first parameters, a simplex of that name,
 * with the given numbers as defaults.
 */
export function mixture(models: readonly Model[], weights: readonly number[]): Model {
  checkCombinable("mixture", models);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const isRight = weights.length === models.length && weights.every((weight) => weight >= 0);
  if (!isRight || Math.abs(total - 1) > 1e-9) {
    throw new PhxError({
      code: "PHX981",
      what: `mixture of ${models.length} models with the weights ${weights.join(", ")}`,
      why: "there is one weight for each model, none negative, and they sum to 1",
      fix: "give such weights",
    });
  }
  const combined = combineParameters(models, [weightParameter(weights)]);
  const { features } = combined;
  const parts = waysOf(models, combined);
  return combinedModel(models, combined, {
    name: "mixture",
    cells: [
      { name: "part", upper: models.length - 1 },
      { name: "state", upper: largestState(models) },
    ],
    start: () =>
      parts.flatMap((part, m) =>
        part.start().map(({ state, weight }) => ({
          to: [m, state],
          weight: features.apply("mul", features.input(m), weight),
        })),
      ),
    ways: ([m, state]) => parts[m].from(state).map((way) => ({ to: [m, way.state], weight: way.weight })),
    stops: ([m, state]) => parts[m].stops(state),
  });
}

function waysOf(models: readonly Model[], { features, expressions }: CombinedParameters): ModelWays[] {
  return models.map((model, m) => new ModelWays(model, features, expressions[m]));
}

function largestState(models: readonly Model[]): number {
  return models.reduce((most, { graph }) => Math.max(most, graph.stateCount - 1), 0);
}

/** Ways to one place as one. */
function merged(features: FeatureTable, ways: readonly Way[]): Way[] {
  const byPlace = new Map<string, Way>();
  for (const way of ways) {
    const key = way.to.join();
    const known = byPlace.get(key);
    const weight = known === undefined ? way.weight : features.apply("add", known.weight, way.weight);
    byPlace.set(key, { to: way.to, weight });
  }
  return [...byPlace.values()];
}

function weightParameter(weights: readonly number[]): ParameterDeclaration {
  return {
    name: "weight",
    shape: [weights.length],
    indexFrom: [1],
    offset: 0,
    size: weights.length,
    lower: 0,
    upper: 1,
    lowerClosed: true,
    upperClosed: true,
    simplex: true,
    defaults: Float64Array.from(weights),
    prior: null,
  };
}
