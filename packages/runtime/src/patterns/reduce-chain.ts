// Planning the elimination of states from a chain: which entries there are, and which are filled in.
import { ReductionPlan } from "./reduction-plan.ts";

/** One entry of a chain: from a state (or the start) to a state or a stop. */
export interface ChainEntry {
  /** A state, or `startNode`. */
  readonly source: number;
  /** A state, or −1 − cause for stopping. */
  readonly target: number;
}

/** Stands for the start in `ChainEntry.source`. */
export const startNode = -1;

export interface ReducedChain {
  readonly plan: ReductionPlan;
  /** States that are left, ascending. */
  readonly kept: Int32Array;
  /** The entry that output j of the plan is the value of: states by their old numbers. */
  readonly entries: readonly ChainEntry[];
}

/**
 * Plans the elimination of the states with `removed[state]` from the entries (one input each; no two alike).
 * `keepsReturns`: whether returns of a state to itself have values (discrete time) or not (continuous time).
 * States go in the order of their number of entries, fewest first; ties by number.
 */
export function reduceChain(
  stateCount: number,
  entries: readonly ChainEntry[],
  removed: readonly boolean[],
  keepsReturns: boolean,
): ReducedChain {
  // Node 0 is the start, node 1 + i is state i; targets keep their sign for stops.
  const leaving: Map<number, number>[] = Array.from({ length: stateCount + 1 }, () => new Map());
  const entering: Map<number, number>[] = Array.from({ length: stateCount + 1 }, () => new Map());
  const all: ChainEntry[] = [];
  const add = (source: number, target: number): number => {
    const slot = all.length;
    all.push({ source, target });
    leaving[source + 1].set(target, slot);
    if (target >= 0 && target !== source) entering[target + 1].set(source, slot);
    return slot;
  };
  for (const { source, target } of entries) add(source, target);
  const order = removed
    .flatMap((isRemoved, state) => (isRemoved ? [state] : []))
    .sort((a, b) => degree(leaving, entering, a) - degree(leaving, entering, b) || a - b);
  const inOffsets = [0];
  const inSlots: number[] = [];
  const outOffsets = [0];
  const outSlots: number[] = [];
  const targets: number[] = [];
  for (const state of order) {
    const outs = [...leaving[state + 1]].filter(([target]) => target !== state).sort(byFirst);
    const ins = [...entering[state + 1]].sort(byFirst);
    for (const [source, slot] of ins) {
      inSlots.push(slot);
      for (const [target] of outs) {
        const isReturn = source === target && source !== startNode;
        const known = leaving[source + 1].get(target);
        targets.push(isReturn && !keepsReturns ? -1 : (known ?? add(source, target)));
      }
      leaving[source + 1].delete(state);
    }
    for (const [target, slot] of outs) {
      outSlots.push(slot);
      if (target >= 0) entering[target + 1].delete(state);
    }
    inOffsets.push(inSlots.length);
    outOffsets.push(outSlots.length);
  }
  const outputs: number[] = [];
  for (let node = 0; node <= stateCount; node++) {
    if (node > 0 && removed[node - 1]) continue;
    for (const [, slot] of [...leaving[node]].sort(byFirst)) outputs.push(slot);
  }
  return {
    plan: new ReductionPlan({
      inputCount: entries.length,
      workCount: all.length,
      inOffsets: Int32Array.from(inOffsets),
      inSlots: Int32Array.from(inSlots),
      outOffsets: Int32Array.from(outOffsets),
      outSlots: Int32Array.from(outSlots),
      targets: Int32Array.from(targets),
      outputs: Int32Array.from(outputs),
    }),
    kept: Int32Array.from(removed.flatMap((isRemoved, state) => (isRemoved ? [] : [state]))),
    entries: outputs.map((slot) => all[slot]),
  };
}

function byFirst(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0];
}

function degree(
  leaving: readonly Map<number, number>[],
  entering: readonly Map<number, number>[],
  state: number,
): number {
  return leaving[state + 1].size * entering[state + 1].size;
}
