// explore: from a GraphCallback to its MarkovGraph, breadth-first, epoch by epoch.
import { internalError } from "@phxlang/autodiff";
import { assembleGraph } from "./assemble-graph.ts";
import type { GraphCallback } from "./callback.ts";
import { notReached, transient } from "./epoch-exploration.ts";
import type { EpochExploration } from "./epoch-exploration.ts";
import { explorationSteps } from "./exploration-steps.ts";
import type { ExplorationSteps } from "./exploration-steps.ts";
import { Int32List } from "./growing-list.ts";
import type { MarkovGraph } from "./markov-graph.ts";
import { PackedStates } from "./packed-states.ts";
import { checkStopReachable } from "./stop-reachable.ts";
import { TransitionLog } from "./transition-log.ts";
import { withinMemory } from "./within-memory.ts";

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
 * with witnesses, PHX956 where memory ends. The result does not depend on the order in which the callback emits transitions: states are
 * numbered in lexicographic order of their cells, edges of a row ascend by target.
 */
export function explore(callback: GraphCallback, options: ExploreOptions = {}): MarkovGraph {
  if (callback.epochs.length === 0) throw internalError("a model has at least one epoch");
  const states = new PackedStates(callback.cells);
  return withinMemory(
    () => `finding states (${states.stateCount} so far; parameters: ${callback.features.parameterCount})`,
    () => exploreInto(states, callback, options),
  );
}

function exploreInto(states: PackedStates, callback: GraphCallback, options: ExploreOptions): MarkovGraph {
  const log = new TransitionLog(states, callback.events, options.maxStates ?? defaultMaxStates);
  callback.start(log);
  const startCount = log.length;
  const steps = explorationSteps(callback, states, log);
  const explorations = [exploreFirstEpoch(steps, states)];
  for (let epoch = 1; epoch < callback.epochs.length; epoch++) {
    explorations.push(exploreLaterEpoch(steps, epoch, states, explorations[epoch - 1]));
  }
  if (!callback.declaresStop) stopWhereNothingHappens(explorations);
  const graph = assembleGraph(
    callback,
    states,
    steps,
    startCount,
    explorations,
    options.keepTransitions ?? true,
  );
  checkStopReachable(graph, options.allowDefective ?? false);
  return graph;
}

/** All states found so far, and those found meanwhile, in the order of their numbers. */
function exploreFirstEpoch(steps: ExplorationSteps, states: PackedStates): EpochExploration {
  const offsets = new Int32List(1024);
  const stop = new Int32List(1024);
  const { numbers, causes } = steps;
  for (let source = 0; source < states.stateCount;) {
    const count = Math.min(numbers.length, states.stateCount - source);
    for (let k = 0; k < count; k++) numbers[k] = source + k;
    steps.expand(count, 0, offsets);
    for (let k = 0; k < count; k++) stop.push(causes[k]);
    source += count;
  }
  offsets.push(steps.transitionCount);
  return { reached: null, offsets, stop, enter: null };
}

/** States that those of the epoch before become, and all reached from them, which may be old or new. */
function exploreLaterEpoch(
  steps: ExplorationSteps,
  epoch: number,
  states: PackedStates,
  before: EpochExploration,
): EpochExploration {
  const { numbers, causes, targets } = steps;
  const enter = enterEpoch(steps, epoch, states, before);
  const reached = new Int32List();
  const offsets = new Int32List();
  const stop = new Int32List();
  for (let i = 0; i < enter.length; i++) if (enter.items[i] >= 0) reach(enter.items[i], stop, reached);
  for (let first = 0; first < reached.length;) {
    const count = Math.min(numbers.length, reached.length - first);
    for (let k = 0; k < count; k++) numbers[k] = reached.items[first + k];
    steps.expand(count, epoch, offsets);
    for (let k = 0; k < count; k++) stop.items[numbers[k]] = causes[k];
    for (let t = 0; t < targets.length; t++) reach(targets.items[t], stop, reached);
    first += count;
  }
  offsets.push(steps.transitionCount);
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
  steps: ExplorationSteps,
  epoch: number,
  states: PackedStates,
  before: EpochExploration,
): Int32List {
  const { numbers, entered } = steps;
  const enter = new Int32List(states.stateCount);
  for (let i = 0; i < states.stateCount; i++) enter.push(-1);
  for (let source = 0; source < before.stop.length;) {
    let count = 0;
    for (; source < before.stop.length && count < numbers.length; source++) {
      if (before.stop.items[source] === transient) numbers[count++] = source;
    }
    steps.enter(count, epoch);
    for (let k = 0; k < count; k++) enter.items[numbers[k]] = entered[k];
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
