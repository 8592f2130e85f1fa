// Simulation of paths on a graph: which transitions fire when, for given numbers.
import { special } from "@phxlang/autodiff";
import type { MarkovGraph, TimeKind } from "@phxlang/graph";
import type { PathStream } from "./threefry.ts";

/** What of a simulated graph does not depend on θ. */
export interface SimulatedFrame {
  readonly kind: TimeKind;
  readonly startStates: Int32Array;
  /** By stretch of time: −1 for transient states, else the cause of stopping there. */
  readonly stops: readonly Int32Array[];
  /** By stretch: the state that each state becomes when it begins; null where nothing changes. */
  readonly enters: readonly (Int32Array | null)[];
  /** 1 for states from which the last stretch never stops. */
  readonly never: Uint8Array;
  /** Range of the transitions that leave each state; length stateCount + 1. */
  readonly offsets: Int32Array;
  /** Where each transition leads. */
  readonly targets: Int32Array;
}

/** A graph at one θ, as numbers. */
export interface SimulatedChain extends SimulatedFrame {
  /** Beginnings of stretches 1, 2, … */
  readonly times: ArrayLike<number>;
  /** Of the start states. */
  readonly startWeights: ArrayLike<number>;
  /** By stretch: weights of the transitions. */
  readonly weights: readonly ArrayLike<number>[];
}

/** Hears of every move of a path. */
export interface PathListener {
  /** Time passes in a state (one step in discrete time), during a stretch. */
  stay(state: number, stretch: number, duration: number): void;
  /** A transition fires at a time, or (−1) a stretch begins and changes the state. */
  move(transition: number, stretch: number, state: number, time: number): void;
}

/** Transitions ascend by source: where those of each state begin. */
export function transitionOffsets(graph: MarkovGraph): Int32Array {
  const offsets = new Int32Array(graph.stateCount + 1);
  const { sources, count } = graph.transitions;
  for (let t = 0; t < count; t++) offsets[sources[t] + 1] += 1;
  for (let i = 0; i < graph.stateCount; i++) offsets[i + 1] += offsets[i];
  return offsets;
}

/** Runs one path; returns its end: when, where (−1: never stops), and in which stretch. */
export function simulatePath(
  chain: SimulatedChain,
  stream: PathStream,
  listener: PathListener,
): { readonly time: number; readonly state: number; readonly stretch: number } {
  const isContinuous = chain.kind === "continuous";
  let state =
    chain.startStates[choose(chain.startWeights, 0, chain.startWeights.length, 1, stream.uniform())];
  let stretch = 0;
  let time = 0;
  listener.move(-1, 0, state, 0);
  for (;;) {
    if (chain.stops[stretch][state] >= 0) return { time, state, stretch };
    const isLast = stretch + 1 === chain.stops.length;
    if (isLast && chain.never[state] === 1) return { time: Infinity, state: -1, stretch };
    const end = isLast ? Infinity : chain.times[stretch];
    const weights = chain.weights[stretch];
    const first = chain.offsets[state];
    const last = chain.offsets[state + 1];
    let total = 0;
    for (let t = first; t < last; t++) total += weights[t];
    if (isLast && !(total > 0)) return { time: Infinity, state: -1, stretch };
    const holding = isContinuous ? -special.log1p(-stream.uniform()) / total : 1;
    if (time + holding > end || !(total > 0)) {
      listener.stay(state, stretch, end - time);
      stretch += 1;
      time = end;
      const enter = chain.enters[stretch];
      if (enter !== null && enter[state] !== state) {
        state = enter[state];
        listener.move(-1, stretch, state, time);
      }
      continue;
    }
    listener.stay(state, stretch, holding);
    time += holding;
    const transition = choose(weights, first, last, total, stream.uniform());
    state = chain.targets[transition];
    listener.move(transition, stretch, state, time);
  }
}

/** The entry in [first, last) at which the running sum passes u · total; the last positive one at worst. */
function choose(weights: ArrayLike<number>, first: number, last: number, total: number, u: number): number {
  let rest = u * total;
  let chosen = first;
  for (let i = first; i < last; i++) {
    if (!(weights[i] > 0)) continue;
    chosen = i;
    rest -= weights[i];
    if (rest < 0) break;
  }
  return chosen;
}
