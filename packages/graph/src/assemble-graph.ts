// From what exploration found, in the order of discovery, to the MarkovGraph in canonical order.
import { internalError } from "@phxlang/autodiff";
import type { Cell, GraphCallback } from "./callback.ts";
import { causeIn, wasReached } from "./epoch-exploration.ts";
import type { EpochExploration } from "./epoch-exploration.ts";
import type { ExplorationSteps } from "./exploration-steps.ts";
import type { GraphEpoch, MarkovGraph, Transitions } from "./markov-graph.ts";
import { mergeEdges, mergeStarts } from "./merge-edges.ts";
import { PackedStates } from "./packed-states.ts";
import { inversePermutation } from "./state-layout.ts";

/** `startCount` transitions at the head of the log of `steps` are the start. */
export function assembleGraph(
  callback: GraphCallback,
  found: PackedStates,
  steps: ExplorationSteps,
  startCount: number,
  explorations: readonly EpochExploration[],
  keepTransitions: boolean,
): MarkovGraph {
  const order = found.canonicalOrder();
  const rank = inversePermutation(order);
  const { log } = steps;
  const sorted = found.permuted(order, rank);
  const stops = explorations.map((exploration) => stopInOrder(exploration, order));
  const reached = explorations.map((exploration) => reachedInOrder(exploration, order));
  const rows = steps.rows(sorted, rank, startCount, explorations, stops, reached);
  const edges = mergeEdges(rows, order.length, explorations.length, keepTransitions);
  const start = mergeStarts(log, rank, startCount);
  const states = tightened(sorted);
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
      stop: stops[epoch],
      reached: reached[epoch],
      enter: enterInOrder(exploration, order, rank),
    })),
    causes: callback.causes,
    features: callback.features,
    startStates: start.states,
    startWeights: start.weights,
    events: [...callback.events],
    eventCounts: Int32Array.from(callback.events, (_, event) => log.eventCounts[event] ?? 0),
    hasTransitions: edges.transitions !== null,
    get transitions(): Transitions {
      if (edges.transitions === null) {
        throw internalError("transitions were not kept; explore with keepTransitions");
      }
      return edges.transitions;
    },
  };
}

function stopInOrder(exploration: EpochExploration, order: Int32Array): Int32Array {
  const stop = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) stop[i] = causeIn(exploration, order[i]);
  return stop;
}

/** Null where all states are reached. */
function reachedInOrder(exploration: EpochExploration, order: Int32Array): Uint8Array | null {
  const reached = new Uint8Array(order.length);
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    if (!wasReached(exploration, order[i])) continue;
    reached[i] = 1;
    count++;
  }
  return count === order.length ? null : reached;
}

/** Cells declared without a range get the range that was found. */
function tightened(states: PackedStates): PackedStates {
  const isOpen = (cell: Cell): boolean => cell.lower === -(2 ** 31) && cell.upper === 2 ** 31 - 1;
  if (!states.cells.some(isOpen)) return states;
  const state = new Int32Array(states.cells.length);
  const lowers = new Int32Array(state.length).fill(2 ** 31 - 1);
  const uppers = new Int32Array(state.length).fill(-(2 ** 31));
  for (let i = 0; i < states.stateCount; i++) {
    states.read(i, state);
    for (let c = 0; c < state.length; c++) {
      lowers[c] = Math.min(lowers[c], state[c]);
      uppers[c] = Math.max(uppers[c], state[c]);
    }
  }
  const result = new PackedStates(
    states.cells.map((cell, c) => (isOpen(cell) ? { ...cell, lower: lowers[c], upper: uppers[c] } : cell)),
  );
  // Ascending, so the numbers stay.
  for (let i = 0; i < states.stateCount; i++) result.add(states.read(i, state));
  return result;
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
