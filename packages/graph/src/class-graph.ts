// ClassGraph: the transient part of a graph in one epoch, by classes of states, as elimination sees it.
import type { GraphEpoch, MarkovGraph } from "./markov-graph.ts";

/**
 * Classes are numbered by their smallest state, which represents them. Arcs of class c are
 * [arcOffsets[c], arcOffsets[c + 1]): the edges of its representative that this epoch has and that leave the class.
 * An arc leads to class arcTargets[a] ≥ 0, or stops with cause −1 − arcTargets[a].
 */
export interface ClassGraph {
  readonly classCount: number;
  /** Class of each state, or −1 − cause for a state that stops (or never can: cause `neverCause`). */
  readonly classOfState: Int32Array;
  readonly representatives: Int32Array;
  readonly arcOffsets: Int32Array;
  readonly arcTargets: Int32Array;
  readonly arcEdges: Int32Array;
}

/** One class for each transient state. `fates`: as classOfState, but any number ≥ 0 for a transient state. */
export function singletonClasses(fates: Int32Array): Int32Array {
  let count = 0;
  return fates.map((fate) => (fate < 0 ? fate : count++));
}

export function classGraph(graph: MarkovGraph, epoch: GraphEpoch, classOfState: Int32Array): ClassGraph {
  const { rowOffsets, targets } = graph;
  const { offsets } = epoch.weights;
  const representatives = firstMembers(classOfState);
  const classCount = representatives.length;
  const arcOffsets = new Int32Array(classCount + 1);
  let arcCount = 0;
  for (let c = 0; c < classCount; c++) {
    const state = representatives[c];
    for (let e = rowOffsets[state]; e < rowOffsets[state + 1]; e++) {
      if (offsets[e] < offsets[e + 1] && classOfState[targets[e]] !== c) arcCount++;
    }
    arcOffsets[c + 1] = arcCount;
  }
  const arcTargets = new Int32Array(arcCount);
  const arcEdges = new Int32Array(arcCount);
  let a = 0;
  for (let c = 0; c < classCount; c++) {
    const state = representatives[c];
    for (let e = rowOffsets[state]; e < rowOffsets[state + 1]; e++) {
      const target = classOfState[targets[e]];
      if (offsets[e] === offsets[e + 1] || target === c) continue;
      arcTargets[a] = target;
      arcEdges[a++] = e;
    }
  }
  return { classCount, classOfState, representatives, arcOffsets, arcTargets, arcEdges };
}

function firstMembers(classOfState: Int32Array): Int32Array {
  let classCount = 0;
  for (const c of classOfState) if (c >= classCount) classCount = c + 1;
  const representatives = new Int32Array(classCount).fill(-1);
  for (let i = 0; i < classOfState.length; i++) {
    const c = classOfState[i];
    if (c >= 0 && representatives[c] < 0) representatives[c] = i;
  }
  return representatives;
}

/** Offsets and columns of the arcs between classes alone, in CSR form. */
export function transientArcs({
  arcOffsets,
  arcTargets,
}: ClassGraph): [offsets: Int32Array, columns: Int32Array] {
  const offsets = new Int32Array(arcOffsets.length);
  const columns = new Int32Array(arcTargets.length);
  let length = 0;
  for (let c = 0; c + 1 < arcOffsets.length; c++) {
    for (let a = arcOffsets[c]; a < arcOffsets[c + 1]; a++) {
      if (arcTargets[a] >= 0) columns[length++] = arcTargets[a];
    }
    offsets[c + 1] = length;
  }
  return [offsets, columns];
}
