// explore: from a GraphCallback to its MarkovGraph, breadth-first, epoch by epoch.
import { internalError } from "@phxlang/autodiff";
import { assembleGraph } from "./assemble-graph.ts";
import type { GraphCallback } from "./callback.ts";
import { notReached, transient } from "./epoch-exploration.ts";
import type { EpochExploration } from "./epoch-exploration.ts";
import { Int32List } from "./growing-list.ts";
import type { MarkovGraph } from "./markov-graph.ts";
import { PackedStates } from "./packed-states.ts";
import { checkStopReachable } from "./stop-reachable.ts";
import { TransitionLog } from "./transition-log.ts";

export interface ExploreOptions {
  /** PHX707 beyond this many states. Default 10,000,000. */
  readonly maxStates?: number;
  /** Accept states from which no stop state can be reached (else PHX705). Default false. */
  readonly allowDefective?: boolean;
  /**
   * Keep transitions by event (graph.transitions): impulse rewards and sampled paths with events need them.
   * Default true; false saves 12 bytes an edge, more where parallel edges merge.
   */
  readonly keepTransitions?: boolean;
}

export const defaultMaxStates = 10_000_000;

/**
 * Explores all states reachable from the start, each once per epoch in which it is reached. Throws PhxError 701–707
 * with witnesses. The result does not depend on the order in which the callback emits transitions: states are
 * numbered in lexicographic order of their cells, edges of a row ascend by target.
 */
export function explore(callback: GraphCallback, options: ExploreOptions = {}): MarkovGraph {
  if (callback.epochs.length === 0) throw internalError("a model has at least one epoch");
  const states = new PackedStates(callback.cells);
  const log = new TransitionLog(states, callback.events, options.maxStates ?? defaultMaxStates);
  callback.start(log);
  const startCount = log.length;
  const explorations = [exploreFirstEpoch(callback, states, log)];
  for (let epoch = 1; epoch < callback.epochs.length; epoch++) {
    explorations.push(exploreLaterEpoch(callback, epoch, states, log, explorations[epoch - 1]));
  }
  if (!callback.declaresStop) stopWhereNothingHappens(explorations);
  const graph = assembleGraph(
    callback,
    states,
    log,
    startCount,
    explorations,
    options.keepTransitions ?? true,
  );
  checkStopReachable(graph, options.allowDefective ?? false);
  return graph;
}

/** All states found so far, and those found meanwhile, in the order of their numbers. */
function exploreFirstEpoch(
  callback: GraphCallback,
  states: PackedStates,
  log: TransitionLog,
): EpochExploration {
  const offsets = new Int32List(1024);
  const stop = new Int32List(1024);
  const state = new Int32Array(callback.cells.length);
  for (let source = 0; source < states.stateCount; source++) {
    offsets.push(log.length);
    states.read(source, state);
    const cause = callback.stopCause(state, 0);
    stop.push(cause);
    if (cause >= 0) continue;
    log.source = source;
    callback.transitions(state, 0, log);
  }
  offsets.push(log.length);
  return { reached: null, offsets, stop, enter: null };
}

/** States that those of the epoch before become, and all reached from them, which may be old or new. */
function exploreLaterEpoch(
  callback: GraphCallback,
  epoch: number,
  states: PackedStates,
  log: TransitionLog,
  before: EpochExploration,
): EpochExploration {
  const enter = enterEpoch(callback, epoch, states, log, before);
  const reached = new Int32List();
  const offsets = new Int32List();
  const stop = new Int32List();
  for (let i = 0; i < enter.length; i++) if (enter.items[i] >= 0) reach(enter.items[i], stop, reached);
  const state = new Int32Array(callback.cells.length);
  for (let k = 0; k < reached.length; k++) {
    const source = reached.items[k];
    offsets.push(log.length);
    states.read(source, state);
    const cause = callback.stopCause(state, epoch);
    stop.items[source] = cause;
    if (cause >= 0) continue;
    log.source = source;
    const begin = log.length;
    callback.transitions(state, epoch, log);
    for (let t = begin; t < log.length; t++) reach(log.targetOf(t), stop, reached);
  }
  offsets.push(log.length);
  return { reached, offsets, stop, enter };
}

function reach(state: number, stop: Int32List, reached: Int32List): void {
  while (stop.length <= state) stop.push(notReached);
  if (stop.items[state] !== notReached) return;
  stop.items[state] = transient;
  reached.push(state);
}

/** What every state that was transient in the epoch before becomes when this one begins. */
function enterEpoch(
  callback: GraphCallback,
  epoch: number,
  states: PackedStates,
  log: TransitionLog,
  before: EpochExploration,
): Int32List {
  const enter = new Int32List(states.stateCount);
  for (let i = 0; i < states.stateCount; i++) enter.push(-1);
  const state = new Int32Array(callback.cells.length);
  for (let source = 0; source < before.stop.length; source++) {
    if (before.stop.items[source] !== transient) continue;
    states.read(source, state);
    callback.enter(state, epoch);
    log.source = source;
    enter.items[source] = log.stateNumber(-1, state);
  }
  return enter;
}

/**
 * Where no stop is declared, the stop states are those without transitions now and ever after: in the last epoch
 * those without transitions, in an earlier one those that also stay as they are and stop in the next.
 */
function stopWhereNothingHappens(epochs: readonly EpochExploration[]): void {
  for (let epoch = epochs.length - 1; epoch >= 0; epoch--) {
    const { reached, offsets, stop } = epochs[epoch];
    const next = epochs[epoch + 1];
    for (let k = 0; k + 1 < offsets.length; k++) {
      const state = reached === null ? k : reached.items[k];
      if (offsets.items[k] !== offsets.items[k + 1] || stop.items[state] !== transient) continue;
      const stays =
        next === undefined || (next.enter?.items[state] === state && next.stop.items[state] === 0);
      if (stays) stop.items[state] = 0;
    }
  }
}
