// makeModel: from a description to a Model.
import type { EliminationTrace, MarkovGraph, ModelDescription } from "@phxlang/graph";
import { exploreModel, recordTrace } from "@phxlang/graph";
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
  const graph = exploreModel(description, {
    ...(options.maximumStates === undefined ? {} : { maxStates: options.maximumStates }),
    allowDefective: options.allowDefective ?? false,
  });
  const traceOf = (epoch: number): EliminationTrace => recordOrTake(graph, epoch, options);
  const structure = buildStructure(description, graph, traceOf(graph.epochs.length - 1));
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
