// From what exploration found, in the order of discovery, to the MarkovGraph in canonical order.
import { internalError } from "@phxlang/autodiff";
import type { GraphCallback } from "./callback.ts";
import { causeIn, wasReached } from "./epoch-exploration.ts";
import type { EpochExploration } from "./epoch-exploration.ts";
import type { GraphEpoch, MarkovGraph, Transitions } from "./markov-graph.ts";
import { mergeEdges, mergeStarts } from "./merge-edges.ts";
import type { PackedStates } from "./packed-states.ts";
import { RowReader } from "./sorted-rows.ts";
import { inversePermutation } from "./state-layout.ts";
import type { TransitionLog } from "./transition-log.ts";

/** `startCount` transitions at the head of the log are the start. */
export function assembleGraph(
  callback: GraphCallback,
  found: PackedStates,
  log: TransitionLog,
  startCount: number,
  explorations: readonly EpochExploration[],
  keepTransitions: boolean,
): MarkovGraph {
  const order = found.canonicalOrder();
  const rank = inversePermutation(order);
  const rows = new RowReader(log, rank, explorations);
  const edges = mergeEdges(rows, log, order, explorations.length, startCount, keepTransitions);
  const start = mergeStarts(log, rank, startCount);
  const states = found.permuted(order, rank);
  return {
    kind: callback.kind,
    states,
    stateCount: order.length,
    edgeCount: edges.targets.length,
    rowOffsets: edges.rowOffsets,
    targets: edges.targets,
    epochs: explorations.map((exploration, epoch): GraphEpoch => ({
      name: callback.epochs[epoch].name,
      start: callback.epochs[epoch].start,
      weights: edges.weights[epoch],
      stop: order.map((state) => causeIn(exploration, state)),
      reached: order.every((state) => wasReached(exploration, state))
        ? null
        : Uint8Array.from(order, (state) => (wasReached(exploration, state) ? 1 : 0)),
      enter: enterInOrder(exploration, order, rank),
    })),
    causes: callback.causes,
    features: callback.features,
    startStates: start.states,
    startWeights: start.weights,
    events: callback.events,
    eventCounts: log.eventCounts,
    get transitions(): Transitions {
      if (edges.transitions === null) {
        throw internalError("transitions were not kept; explore with keepTransitions");
      }
      return edges.transitions;
    },
  };
}

function enterInOrder(exploration: EpochExploration, order: Int32Array, rank: Int32Array): Int32Array | null {
  const { enter } = exploration;
  if (enter === null) return null;
  const result = order.map((state, i) => {
    const next = state < enter.length ? enter.items[state] : -1;
    return next < 0 ? i : rank[next];
  });
  return result.every((next, i) => next === i) ? null : result;
}
