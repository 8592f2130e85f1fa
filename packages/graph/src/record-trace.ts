// recordTrace: from a MarkovGraph to the record of its elimination.
import { PhxError } from "@phxlang/autodiff";
import type { OrderingChoice } from "./block-order.ts";
import { classGraph, singletonClasses } from "./class-graph.ts";
import type { EliminationTrace } from "./elimination-trace.ts";
import { lumpStates } from "./lump.ts";
import type { LumpSeeds } from "./lump.ts";
import type { GraphEpoch, MarkovGraph } from "./markov-graph.ts";
import { defaultBudget, recordClasses } from "./record-classes.ts";
import { statesThatStop } from "./stop-reachable.ts";
import type { SymbolicElimination } from "./symbolic-elimination.ts";

export interface RecordOptions {
  /** The epoch that the trace belongs to. Default: the last. */
  readonly epoch?: number;
  /**
   * Lump states that no observed number tells apart, for any θ: the trace then has a row for each class. True where
   * only the stopping time and its cause are asked for; else the rewards that must be read off. Default false.
   */
  readonly lump?: boolean | LumpSeeds;
  /** Default "auto": minimum degree, or Markowitz in blocks where that is cheaper. */
  readonly ordering?: OrderingChoice;
  /** PHX950 beyond this many multiply-adds. Default 2e9. */
  readonly maxOperations?: number;
  /** PHX950 beyond this many non-zeros of the factors. Default 2e8. */
  readonly maxNonzeros?: number;
}

/**
 * Records the elimination of one epoch of a graph. A function of the graph's structure alone: no parameter value,
 * no floating-point number, no clock takes part. Throws PHX950 where the elimination would exceed the budget.
 */
export function recordTrace(graph: MarkovGraph, options: RecordOptions = {}): EliminationTrace {
  const epochIndex = options.epoch ?? graph.epochs.length - 1;
  const epoch = graph.epochs[epochIndex];
  if (epoch === undefined) {
    throw new PhxError({
      code: "PHX951",
      what: `there is no epoch ${epochIndex}`,
      why: `the graph has ${graph.epochs.length}, numbered from 0`,
      fix: "give the number of an epoch",
    });
  }
  const { fates, neverCause } = fatesOf(graph, epoch);
  const { lump = false } = options;
  const classes = classGraph(
    graph,
    epoch,
    lump === false ? singletonClasses(fates) : lumpStates(graph, epoch, fates, lump === true ? {} : lump),
  );
  const origin = {
    causeCount: graph.causes.length + (neverCause < 0 ? 0 : 1),
    neverCause,
    stateCount: graph.stateCount,
    edgeCount: graph.edgeCount,
    epoch: epochIndex,
  };
  const budget = {
    operations: options.maxOperations ?? defaultBudget.operations,
    nonzeros: options.maxNonzeros ?? defaultBudget.nonzeros,
  };
  return recordClasses(classes, origin, options.ordering ?? "auto", budget, (symbolic, blockSize) =>
    overBudget(graph, symbolic, blockSize),
  );
}

/** Per state: 0 where it is transient and can stop, −1 − cause where it stops, or never can. */
function fatesOf(graph: MarkovGraph, epoch: GraphEpoch): { fates: Int32Array; neverCause: number } {
  const stops = statesThatStop(graph, epoch);
  const never = graph.causes.length;
  let neverCause = -1;
  const fates = epoch.stop.map((cause, i) => {
    if (cause >= 0) return -1 - cause;
    if (stops[i] === 1) return 0;
    neverCause = never;
    return -1 - never;
  });
  return { fates, neverCause };
}

function overBudget(graph: MarkovGraph, symbolic: SymbolicElimination, blockSize: number): PhxError {
  const number = (value: number): string => value.toLocaleString("en-US");
  return new PhxError({
    code: "PHX950",
    what:
      `the elimination of ${number(graph.stateCount)} states, ${number(graph.edgeCount)} edges and ` +
      `${number(graph.features.parameterCount)} parameters exceeds its budget: more than ` +
      `${number(symbolic.operationCount)} operations and ${number(symbolic.nonzeroCount)} non-zeros so far`,
    why: `${number(blockSize)} of the states lead to each other in a pattern that fills when eliminated`,
    fix: "make the model smaller, or give a larger budget: --max-operations and --max-nonzeros, or maximumOperations and maximumNonzeros in code",
  });
}
