// EM for rates that are coefficient × parameter: monotone, without step sizes.
import { array, PhxError, valueAndGrad } from "@phxlang/autodiff";
import type { Value } from "@phxlang/autodiff";
import { censoring, interiorPoints } from "@phxlang/graph";
import type { LinearForms, Observations } from "@phxlang/graph";
import { jit } from "@phxlang/runtime";
import type { Model } from "@phxlang/runtime";
import { numbersOf } from "../concrete.ts";
import type { Data } from "../posterior/posterior.ts";
import { observationSets } from "../posterior/posterior.ts";
import { exposureModel } from "./em-model.ts";

export interface EmResult {
  readonly theta: Float64Array;
  /** Before the first step and after each one: never falls. */
  readonly logLikelihoods: readonly number[];
}

/**
 * Steps of expectation maximisation from θ. With N_e the moves along an edge and Z_i the time in a state,
 * ∂ log L / ∂ log q_e = E[N_e] − q_e E[Z_source(e)], so the step of a rate parameter is
 * θ_p ← Σ E[N_e] / Σ c_e E[Z_source(e)] = θ_p (1 + (∂ log L / ∂θ_p) / exposure_p), and that of start probabilities
 * α_i ∝ α_i ∂ log L / ∂α_i. Throws PHX846 where the model or the data do not have this form.
 */
export function expectationMaximisation(
  model: Model,
  data: Data,
  start: Float64Array,
  steps: number,
): EmResult {
  const sets = observationSets(data).map((set) => emObservations(model, set));
  requireEmModel(model);
  const extended = exposureModel(model);
  const count = model.parameterCount;
  const evaluate = jit(valueAndGrad((both: Value) => extended.logLikelihood(both, sets)));
  let theta = start;
  const logLikelihoods: number[] = [];
  for (let step = 0; ; step++) {
    const both = new Float64Array(2 * count);
    both.set(theta);
    const [value, slope] = evaluate(array(both));
    logLikelihoods.push(numbersOf(value)[0]);
    if (step === steps) return { theta, logLikelihoods };
    const gradient = numbersOf(slope);
    theta = maximised(model, theta, gradient.subarray(0, count), gradient.subarray(count));
  }
}

function maximised(
  model: Model,
  theta: Float64Array,
  gradient: Float64Array,
  negativeExposure: Float64Array,
): Float64Array {
  const next = theta.slice();
  for (const { simplex, offset, size } of model.parameters) {
    const own = Array.from({ length: size }, (_, k) => offset + k);
    if (simplex) {
      const begun = own.map((p) => theta[p] * gradient[p]);
      const total = begun.reduce((a, b) => a + b, 0);
      own.forEach((p, k) => (next[p] = begun[k] / total));
    } else {
      for (const p of own) {
        const exposure = -negativeExposure[p];
        if (exposure > 0) next[p] = theta[p] * (1 + gradient[p] / exposure);
      }
    }
  }
  return next;
}

/** PHX846 unless every rate is a sum of coefficient × parameter, and start weights are constants or entries of a simplex. */
export function requireEmModel(model: Model): void {
  const { graph, parameters, parameterNames } = model;
  if (graph.kind === "discrete") throw notEm("the model is discrete", "probabilities of a state sum to 1");
  const owners = parametersOfFeatures(model);
  const simplexes = new Set(
    parameters.flatMap(({ simplex, offset, size }) =>
      simplex ? Array.from({ length: size }, (_, k) => offset + k) : [],
    ),
  );
  const usedInRates = new Set<number>();
  for (const { weights, start } of graph.epochs) {
    if (typeof start !== "number") throw notEm("the times of epochs are parameters", "they are no rates");
    for (const feature of featuresOf(weights)) {
      const owner = owners[feature];
      if (owner === null) {
        const shown = graph.features.describe(feature, [...parameterNames, ...model.covariates]);
        throw notEm(
          `the rate \`${shown}\` is not coefficient × parameter`,
          "its expected number of moves has no closed maximum",
        );
      }
      if (owner >= 0) usedInRates.add(owner);
    }
  }
  for (const p of usedInRates) {
    const parameter = parameters.find(({ offset, size }) => p >= offset && p < offset + size);
    if (parameter?.lower === 0 && parameter.upper === null && !parameter.simplex) continue;
    throw notEm(
      `the rate parameter \`${parameterNames[p]}\` has other bounds than > 0`,
      "a step might leave them",
    );
  }
  for (const feature of featuresOf(graph.startWeights)) {
    const owner = owners[feature];
    if (owner !== null && (owner < 0 || simplexes.has(owner))) continue;
    throw notEm("the start probabilities are not entries of a simplex", "their maximum has no closed form");
  }
}

function featuresOf({ features }: LinearForms): ReadonlySet<number> {
  return new Set(features);
}

/** For each feature the parameter it is proportional to, −1 for constants, null for everything else. */
function parametersOfFeatures(model: Model): (number | null)[] {
  const { features } = model.graph;
  const count = model.parameterCount;
  const owners: (number | null)[] = Array.from({ length: features.featureCount }, () => -1);
  for (const point of interiorPoints(model.description, 2)) {
    // Covariates away from values at which factors such as 1 − x vanish.
    const z = point.map((value, i) => (i < count ? value : 0.37 + 0.11 * (i - count)));
    const base = features.evaluate(z);
    for (let p = 0; p < count; p++) {
      const doubled = features.evaluate(z.map((value, i) => (i === p ? 2 * value : value)));
      owners.forEach((owner, f) => {
        if (owner === null || doubled[f] === base[f]) return;
        const isProportional = Math.abs(doubled[f] / base[f] - 2) < 1e-12;
        owners[f] = isProportional && (owner === -1 || owner === p) ? p : null;
      });
    }
  }
  return owners;
}

/** Rows with their cause named, panels with the new cell seen to be 0. */
function emObservations(model: Model, data: Observations): Observations {
  switch (data.kind) {
    case "reward":
      throw notEm("rewards were observed", "what is known is not a time");
    case "path": {
      const width = data.cells.length;
      const cellValues = new Int32Array(data.count * (width + 1));
      for (let row = 0; row < data.count; row++) {
        cellValues.set(data.cellValues.subarray(row * width, (row + 1) * width), row * (width + 1));
      }
      return { ...data, cells: [...data.cells, model.graph.states.cells.length], cellValues };
    }
    case "stop": {
      const isTruncated =
        data.entries?.some((entry) => entry > 0) === true ||
        data.limits?.some((limit) => limit < Infinity) === true;
      if (isTruncated) throw notEm("rows are truncated", "rows that were never seen would have to be added");
      const isUnnamed = data.causes.some(
        (cause, row) => cause < 0 && data.censoring[row] !== censoring.right,
      );
      if (isUnnamed && model.causes.length > 1)
        throw notEm("the causes of some rows are not known", "there are several");
      return { ...data, causes: data.causes.map((cause) => Math.max(0, cause)) };
    }
  }
}

function notEm(what: string, why: string): PhxError {
  return new PhxError({
    code: "PHX846",
    what: `EM does not apply: ${what}`,
    why,
    fix: "use the search by L-BFGS, which has no such conditions",
  });
}
