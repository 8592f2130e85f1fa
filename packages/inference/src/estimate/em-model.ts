// The model of an EM step: a copy in which time spent in states can be measured by derivatives.
import { copyFeatures, createFeatureTable } from "@phxlang/graph";
import type { BoundValue, LinearForms, MarkovGraph, ModelDescription, StateCallback } from "@phxlang/graph";
import { makeModel } from "@phxlang/runtime";
import type { Model } from "@phxlang/runtime";

/**
 * The model with one more parameter κ_p for every parameter θ_p and one more cause of stopping. Where the rates out of a
 * state are Σ c_e θ_p(e), the state also stops with the new cause at rate Σ c_e κ_p(e). At κ = 0 nothing has changed, and
 * −∂ log L / ∂κ_p = E[Σ_e c_e Z_source(e)], the exposure of θ_p: what time in states would have cost.
 */
export function exposureModel(model: Model): Model {
  const { graph } = model;
  const { parameters, covariates } = model.description;
  const count = model.parameterCount;
  const features = createFeatureTable(2 * count, covariates.length);
  const inputs = Array.from({ length: 2 * count + covariates.length }, (_, i) => features.input(i));
  const shared = inputs.slice(2 * count);
  const forTheta = copyFeatures(graph.features, features, [...inputs.slice(0, count), ...shared]);
  const forKappa = copyFeatures(graph.features, features, [...inputs.slice(count, 2 * count), ...shared]);
  // Feature 0 is the constant 1 in every table.
  const featureOf =
    (copies: Int32Array) =>
    (feature: number): number =>
      feature === 0 ? 0 : features.feature(copies[feature]);
  const moved = (bound: BoundValue | null): BoundValue | null =>
    bound === null || typeof bound === "number"
      ? bound
      : { feature: features.feature(forTheta[bound.feature]) };
  const copies = parameters.map((parameter) => ({
    ...parameter,
    lower: moved(parameter.lower),
    upper: moved(parameter.upper),
    prior: null,
  }));
  const exposures = parameters.map(({ name, shape, indexFrom, offset, size }) => ({
    name: `exposure of ${name}`,
    shape,
    indexFrom,
    offset: count + offset,
    size,
    lower: 0,
    upper: null,
    lowerClosed: true,
    upperClosed: false,
    simplex: false,
    defaults: new Float64Array(size),
    prior: null,
  }));
  const extended: ModelDescription = {
    name: model.name,
    callback: {
      ...exposureCallback(graph, featureOf(forTheta), featureOf(forKappa)),
      features,
      epochs: graph.epochs.map(({ name, start }) => ({ name, start: moved(start) ?? 0 })),
    },
    parameters: [...copies, ...exposures],
    covariates,
    rewards: [],
  };
  return makeModel(extended, { allowDefective: model.defective });
}

/** The explored graph once more; states get one more cell, which is 1 once they stopped with the new cause. */
function exposureCallback(
  graph: MarkovGraph,
  thetaFeature: (feature: number) => number,
  kappaFeature: (feature: number) => number,
): Omit<StateCallback, "features" | "epochs"> {
  const { states } = graph;
  const width = states.cells.length;
  const target = new Int32Array(width + 1);
  const place = (index: number, isLost: 0 | 1): Int32Array => {
    states.read(index, target.subarray(0, width));
    target[width] = isLost;
    return target;
  };
  const indexOf = (state: Int32Array): number => states.find(state.slice(0, width));
  return {
    kind: graph.kind,
    cells: [...states.cells, { name: "lost", lower: 0, upper: 1 }],
    events: ["move", "be lost"],
    causes: [...graph.causes, "lost"],
    declaresStop: true,
    start(sink) {
      graph.startStates.forEach((state, row) => {
        const { features, coefficients } = rowOf(graph.startWeights, row);
        sink.start(place(state, 0), features.length, features.map(thetaFeature), coefficients);
      });
    },
    transitions(state, epoch, sink) {
      const source = indexOf(state);
      const { weights } = graph.epochs[epoch];
      for (let edge = graph.rowOffsets[source]; edge < graph.rowOffsets[source + 1]; edge++) {
        const { features, coefficients } = rowOf(weights, edge);
        const own = features.map(thetaFeature);
        sink.edge(0, place(graph.targets[edge], 0), own.length, own, coefficients);
        // Constant rates have no parameter whose exposure could be asked for.
        const kept = Array.from(features.keys()).filter((j) => features[j] !== 0);
        const kappas = Int32Array.from(kept, (j) => kappaFeature(features[j]));
        const costs = Float64Array.from(kept, (j) => coefficients[j]);
        sink.edge(1, place(source, 1), kept.length, kappas, costs);
      }
    },
    stopCause: (state, epoch) =>
      state[width] === 1 ? graph.causes.length : graph.epochs[epoch].stop[indexOf(state)],
    enter(state, epoch) {
      const { enter } = graph.epochs[epoch];
      if (enter !== null) states.read(enter[indexOf(state)], state.subarray(0, width));
    },
  };
}

function rowOf(
  { offsets, features, coefficients }: LinearForms,
  row: number,
): { readonly features: Int32Array; readonly coefficients: Float64Array } {
  const [from, to] = [offsets[row], offsets[row + 1]];
  return { features: features.slice(from, to), coefficients: coefficients.slice(from, to) };
}
