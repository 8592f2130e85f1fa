// makeModel: from a description to a Model.
import type { EliminationTrace, MarkovGraph, ModelDescription } from "@phxlang/graph";
import { exploreModel, recordTrace, withinMemory } from "@phxlang/graph";
import { concatenate } from "./array-operations.ts";
import type { EpochInputs } from "./distributions/evaluation.ts";
import { fromParts } from "./distributions/model-functions.ts";
import { buildStructure } from "./distributions/model-structure.ts";
import { lowerCovariates, lowerTheta } from "./distributions/theta.ts";
import type { Model, ModelOptions } from "./model.ts";

/**
 * Explores the graph of a description, records its traces, and offers its distributions. Throws PhxError (7xx)
 * for what exploration finds wrong.
 */
export function makeModel(description: ModelDescription, options: ModelOptions = {}): Model {
  const parameters = description.parameters.reduce((total, { size }) => total + size, 0);
  const graph = withinMemory(
    () => `finding the states of ${description.name} (parameters: ${parameters})`,
    () =>
      exploreModel(description, {
        ...(options.maximumStates === undefined ? {} : { maxStates: options.maximumStates }),
        allowDefective: options.allowDefective ?? false,
      }),
  );
  const size = `${graph.stateCount} states and ${graph.edgeCount} edges (parameters: ${parameters})`;
  const traceOf = (epoch: number): EliminationTrace =>
    withinMemory(
      () => `recording the elimination of ${size}`,
      () => recordOrTake(graph, epoch, options),
    );
  const trace = traceOf(graph.epochs.length - 1);
  const structure = withinMemory(
    () => `a model of ${size}`,
    () => buildStructure(description, graph, trace),
  );
  return fromParts({
    description,
    structure,
    traceOf,
    inputs(theta, given): EpochInputs {
      const z = concatenate([lowerTheta(description, theta), lowerCovariates(description, given?.with)]);
      return { inputs: graph.epochs.map(() => z), times: null };
    },
  });
}

function recordOrTake(graph: MarkovGraph, epoch: number, { traceOf }: ModelOptions): EliminationTrace {
  const record = (): EliminationTrace => recordTrace(graph, { epoch });
  return traceOf === undefined ? record() : traceOf(graph, epoch, record);
}
