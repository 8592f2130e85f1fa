// makeModel: from a description to a Model.
import type { EliminationTrace, MarkovGraph, ModelDescription, RecordOptions } from "@phxlang/graph";
import { exploreModel, recordTrace, withinMemory } from "@phxlang/graph";
import { concatenate } from "./array-operations.ts";
import type { EpochInputs } from "./distributions/evaluation.ts";
import { fromParts } from "./distributions/model-functions.ts";
import { makeStructures } from "./distributions/structures.ts";
import { lowerCovariates, lowerTheta } from "./distributions/theta.ts";
import type { Model, ModelOptions } from "./model.ts";

/**
 * Explores the graph of a description, records its traces, and offers its distributions. Throws PhxError (7xx)
 * for what exploration finds wrong.
 */
export function makeModel(description: ModelDescription, options: ModelOptions = {}): Model {
  const graph = exploreModel(description, {
    ...(options.maximumStates === undefined ? {} : { maxStates: options.maximumStates }),
    allowDefective: options.allowDefective ?? false,
  });
  const size = `${graph.stateCount} states and ${graph.edgeCount} edges (parameters: ${graph.features.parameterCount})`;
  const traceOf = (how: RecordOptions): EliminationTrace =>
    withinMemory(
      () => `recording the elimination of ${size}`,
      () => recordOrTake(graph, how, options),
    );
  const structures = withinMemory(
    () => `a model of ${size}`,
    () => makeStructures(description, graph, traceOf, options.lumping ?? true),
  );
  return fromParts({
    description,
    structures,
    traceOf: (epoch) => traceOf({ epoch }),
    inputs(theta, given): EpochInputs {
      const z = concatenate([lowerTheta(description, theta), lowerCovariates(description, given?.with)]);
      return { inputs: graph.epochs.map(() => z), times: null };
    },
  });
}

function recordOrTake(
  graph: MarkovGraph,
  how: RecordOptions,
  { traceOf, maximumOperations, maximumNonzeros }: ModelOptions,
): EliminationTrace {
  const record = (): EliminationTrace =>
    recordTrace(graph, {
      ...how,
      ...(maximumOperations === undefined ? {} : { maxOperations: maximumOperations }),
      ...(maximumNonzeros === undefined ? {} : { maxNonzeros: maximumNonzeros }),
    });
  return traceOf === undefined ? record() : traceOf(graph, how, record);
}
