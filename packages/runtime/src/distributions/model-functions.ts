// The functions of a Model, from its structure and the way in which θ becomes feature inputs.
import type { NdArray, Value } from "@phxlang/autodiff";
import { csrLinear, PhxError } from "@phxlang/autodiff";
import type { EliminationTrace, ModelDescription, Observations, RewardDeclaration } from "@phxlang/graph";
import { div, less, mul, reshape, sqrt, take, vector, where } from "../array-operations.ts";
import type { Distribution, EvaluationOptions, Model, ModelMatrices, Theta } from "../model.ts";
import { accuracyOf, lowerTimes, lowerTransformArgument, overEntries } from "./arguments.ts";
import { makeDistribution } from "./distribution.ts";
import { epochParts } from "./epoch-model.ts";
import { Evaluation } from "./evaluation.ts";
import { covarianceMatrix, expectedProducts, startRows, valueOf } from "./expectations.ts";
import { explanationsOf } from "./explain.ts";
import { summationMatrix } from "./forms-matrix.ts";
import { logLikelihoodOf, logLikelihoodsOf } from "./log-likelihood.ts";
import type { LikelihoodSource } from "./log-likelihood.ts";
import type { ModelStructure } from "./model-structure.ts";
import type { ModelParts } from "./model-parts.ts";
import { keyOf } from "./multi-index.ts";
import { parameterNames } from "./parameter-names.ts";
import { rewardChain, rewardPlan } from "./reward-chain.ts";
import { findReward } from "./reward-values.ts";
import { sampleOf, samplePathOf } from "./sampling.ts";
import { absorption, occupancy, stateProbabilities, timeInStates, visits } from "./state-laws.ts";
import { laplaceTransform } from "./transforms.ts";

export function fromParts(parts: ModelParts): Model {
  const { description, structures } = parts;
  const { graph } = structures.time;
  const evaluateOn = (structure: ModelStructure, theta: Theta, options?: EvaluationOptions): Evaluation => {
    return new Evaluation(structure, parts.inputs(theta, options), accuracyOf(options));
  };
  /** By state. */
  const evaluate = (theta: Theta, options?: EvaluationOptions): Evaluation =>
    evaluateOn(structures.states, theta, options);
  const distributionOf = (name: string, reward: RewardDeclaration | null): Distribution => {
    const structure = structures.of([reward]);
    return makeDistribution({
      variable: reward === null ? "T" : name,
      kind: reward === null ? graph.kind : rewardKind(structure, name, reward),
      causes: graph.causes,
      evaluate: (theta, options) => evaluateOn(structure, theta, options),
      checkLaw() {
        if (reward !== null) rewardPlan(structure, name, reward);
      },
      chain: (evaluation) =>
        reward === null
          ? evaluation.chain()
          : rewardChain(evaluation, name, rewardPlan(structure, name, reward)),
      moments(evaluation, count) {
        const products = expectedProducts(evaluation, [reward], [count]);
        return Array.from({ length: count }, (_, k) => valueOf(products, keyOf([k + 1])));
      },
      transform: (evaluation, s) => laplaceTransform(evaluation, [reward], reshape(s, [1])),
      sample: (theta, options, key, count) => sampleOf(evaluate(theta, options), name, reward, key, count),
    });
  };
  const declared = (names: readonly string[] | undefined): (RewardDeclaration | null)[] =>
    (names ?? description.rewards.map(({ name }) => name)).map((name) => findReward(description, name));
  const covariance = (theta: Theta, names?: readonly string[], options?: EvaluationOptions): Value => {
    const rewards = declared(names);
    return covarianceMatrix(evaluateOn(structures.of(rewards), theta, options), rewards);
  };
  const structureFor = (observed: Observations): ModelStructure => {
    if (observed.kind === "path") return structures.states;
    return observed.kind === "stop"
      ? structures.time
      : structures.of([findReward(description, observed.reward)]);
  };
  const distribution = distributionOf("time", null);
  const names = parameterNames(description.parameters);
  const likelihoodSource = (theta: Theta, options?: EvaluationOptions): LikelihoodSource => ({
    covariates: description.covariates.map(({ name }) => name),
    causeCount: graph.causes.length,
    isDiscrete: graph.kind === "discrete",
    evaluate(covariates, observed) {
      const changed = { ...options, with: { ...options?.with, ...covariates } };
      return evaluateOn(structureFor(observed), theta, changed);
    },
    rewardChain(evaluation, name) {
      const reward = findReward(description, name);
      if (reward === null) return evaluation.chain();
      return rewardChain(evaluation, name, rewardPlan(evaluation.structure, name, reward));
    },
  });
  let traces: readonly EliminationTrace[] | null = null;
  let states: readonly string[] | null = null;

  return {
    ...distribution,
    name: description.name,
    description,
    graph,
    trace: structures.time.trace,
    get traces() {
      const last = graph.epochs.length - 1;
      traces ??= graph.epochs.map((_, e) => (e === last ? structures.time.trace : parts.traceOf(e)));
      return traces;
    },
    parameters: description.parameters,
    parameterCount: names.length,
    parameterNames: names,
    get defaults() {
      return defaultsOf(description);
    },
    get states() {
      states ??= Array.from({ length: graph.stateCount }, (_, i) => graph.states.describe(i));
      return states;
    },
    causes: graph.causes,
    rewards: ["time", ...description.rewards.map(({ name }) => name)],
    covariates: description.covariates.map(({ name }) => name),
    defective: structures.time.trace.neverCause >= 0,

    reward: (name) => distributionOf(name, findReward(description, name)),
    covariance,
    correlation(theta, rewards, options) {
      const matrix = covariance(theta, rewards, options);
      const [size] = matrix.shape;
      const flat = reshape(matrix, [size * size]);
      const spread = sqrt(
        take(
          flat,
          Int32Array.from({ length: size }, (_, i) => i * (size + 1)),
        ),
      );
      const scale = mul(reshape(spread, [size, 1]), reshape(spread, [1, size]));
      const isSpread = less(0, scale);
      return where(isSpread, div(matrix, where(isSpread, scale, 1)), Number.NaN);
    },
    jointMoment(theta, rewards, options) {
      const distinct = [...new Set(rewards)];
      const orders = distinct.map((name) => rewards.filter((other) => other === name).length);
      if (orders.length === 0) return reshape(vector(Float64Array.of(1)), []);
      const given = declared(distinct);
      const products = expectedProducts(evaluateOn(structures.of(given), theta, options), given, orders);
      return valueOf(products, keyOf(orders));
    },
    jointLaplace(theta, rewards, s, options) {
      const given = declared(rewards);
      const lowered = lowerTransformArgument(s);
      if (lowered.shape.length !== 1 || lowered.shape[0] !== given.length) {
        throw new PhxError({
          code: "PHX908",
          what: `jointLaplace of ${given.length} rewards at an array of shape [${lowered.shape.join(", ")}]`,
          why: "every reward has its own s",
          fix: "give one number for each reward; use vmap for several points",
        });
      }
      return laplaceTransform(evaluateOn(structures.of(given), theta, options), given, lowered);
    },

    stateProbabilities(theta, times, options) {
      const lowered = lowerTimes(times, graph.kind);
      const evaluation = evaluate(theta, options);
      return overEntries(lowered, (flat) => stateProbabilities(evaluation, flat));
    },
    occupancy(theta, times, options) {
      const lowered = lowerTimes(times, graph.kind);
      const evaluation = evaluate(theta, options);
      return overEntries(lowered, (flat) => occupancy(evaluation, flat));
    },
    expectedVisits: (theta, options) => visits(evaluate(theta, options)),
    expectedTimeIn: (theta, options) => timeInStates(evaluate(theta, options)),
    absorption: (theta, options) => absorption(evaluateOn(structures.time, theta, options)),

    logLikelihood: (theta, data, options) =>
      logLikelihoodOf(likelihoodSource(theta, options), "kind" in data ? [data] : data),
    logLikelihoods: (theta, data, options) =>
      logLikelihoodsOf(likelihoodSource(theta, options), "kind" in data ? [data] : data),
    samplePath: (key, theta, options) => samplePathOf(evaluate(theta, options), key),
    epochs: (settings) => fromParts(epochParts(parts, settings)),
    toMatrices: (theta, options) => matricesOf(evaluate(theta, options)),
    explain: explanationsOf(distribution, structures.time),
  };
}

/** A reward's law is known only with its plan; where it has none, moments are still those of a continuous variable. */
function rewardKind(
  structure: ModelStructure,
  name: string,
  reward: RewardDeclaration,
): "continuous" | "discrete" {
  try {
    return rewardPlan(structure, name, reward).law;
  } catch (error) {
    if (error instanceof PhxError && error.code === "PHX983") return "continuous";
    throw error;
  }
}

function defaultsOf({ parameters }: ModelDescription): NdArray {
  const size = parameters.reduce((total, parameter) => total + parameter.size, 0);
  const elements = new Float64Array(size);
  for (const { name, offset, defaults } of parameters) {
    if (defaults === null) {
      throw new PhxError({
        code: "PHX511",
        what: `parameter ${name} has neither a default nor a value`,
        fix: `give ${name} a value, or fit it`,
      });
    }
    elements.set(defaults, offset);
  }
  return vector(elements);
}

/** Matrices of the last epoch, dense, in ascending order of states. */
function matricesOf(evaluation: Evaluation): ModelMatrices {
  const { pattern, stateOfRow } = evaluation.last;
  const { rowCount, sources, targets, causeCount, neverCause, law } = pattern;
  if (evaluation.epochCount > 1) {
    throw new PhxError({
      code: "PHX982",
      what: "matrices of a model with epochs",
      why: "each epoch has its own",
      fix: "make a model of one epoch for each",
    });
  }
  const order = Array.from(stateOfRow.keys()).toSorted((a, b) => stateOfRow[a] - stateOfRow[b]);
  const rank = new Int32Array(rowCount);
  for (const [place, row] of order.entries()) rank[row] = place;
  const slots = evaluation.slots(0);
  const transitions = Int32Array.from({ length: slots.shape[0] }, (_, s) =>
    s < sources.length && targets[s] >= 0 ? rank[sources[s]] * rowCount + rank[targets[s]] : -1,
  );
  const diagonal = Int32Array.from({ length: slots.shape[0] }, (_, s) =>
    s < sources.length && targets[s] !== sources[s] ? rank[sources[s]] * (rowCount + 1) : -1,
  );
  const causes = neverCause < 0 ? causeCount : causeCount - 1;
  const exits = Int32Array.from({ length: slots.shape[0] }, (_, s) => {
    const cause = s < sources.length ? -1 - targets[s] : -1;
    return cause >= 0 && cause < causes ? rank[sources[s]] * causes + cause : -1;
  });
  const size = rowCount * rowCount;
  let matrix = csrLinear(summationMatrix(transitions, size), slots);
  if (law === "continuous") matrix = matrix.sub(csrLinear(summationMatrix(diagonal, size), slots));
  return {
    states: Int32Array.from(order, (row) => stateOfRow[row]),
    alpha: take(startRows(evaluation), order),
    matrix: reshape(matrix, [rowCount, rowCount]),
    exits: reshape(csrLinear(summationMatrix(exits, rowCount * causes), slots), [rowCount, causes]),
  };
}
