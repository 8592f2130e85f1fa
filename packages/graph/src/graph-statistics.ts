// The numbers of a graph that people ask for first.
import { classGraph, singletonClasses, transientArcs } from "./class-graph.ts";
import type { MarkovGraph } from "./markov-graph.ts";
import { strongComponents } from "./strong-components.ts";

export interface GraphStatistics {
  readonly states: number;
  readonly transientStates: number;
  readonly edges: number;
  /** Transitions by event before merging; null where they were not kept. */
  readonly transitions: number | null;
  readonly startStates: number;
  /** Stop states by cause, in the last epoch. */
  readonly stopStates: readonly { readonly cause: string; readonly states: number }[];
  /** Strongly connected components of the transient states, and the size of the largest. */
  readonly components: number;
  readonly largestComponent: number;
  /** Distinct formulas that rates and weights are combinations of, without the constant 1. */
  readonly features: number;
  /** What the cells really range over. */
  readonly cells: readonly { readonly name: string; readonly lowest: number; readonly highest: number }[];
  /** Bytes of edges and weights in memory. */
  readonly bytes: number;
}

/** Structure is that of the last epoch. */
export function graphStatistics(graph: MarkovGraph): GraphStatistics {
  const epoch = graph.epochs[graph.epochs.length - 1];
  const classes = classGraph(
    graph,
    epoch,
    singletonClasses(epoch.stop.map((cause) => (cause < 0 ? 0 : -1 - cause))),
  );
  const { offsets } = strongComponents(classes.classCount, ...transientArcs(classes));
  let largestComponent = 0;
  for (let c = 0; c + 1 < offsets.length; c++)
    largestComponent = Math.max(largestComponent, offsets[c + 1] - offsets[c]);
  return {
    states: graph.stateCount,
    transientStates: classes.classCount,
    edges: graph.edgeCount,
    transitions: graph.hasTransitions ? graph.transitions.count : null,
    startStates: graph.startStates.length,
    stopStates: graph.causes.map((cause, index) => ({
      cause,
      states: epoch.stop.reduce((count, own) => count + (own === index ? 1 : 0), 0),
    })),
    components: offsets.length - 1,
    largestComponent,
    features: graph.features.featureCount - 1,
    cells: cellRanges(graph),
    bytes: bytesOf(graph),
  };
}

function cellRanges(graph: MarkovGraph): GraphStatistics["cells"] {
  const { cells } = graph.states;
  const state = new Int32Array(cells.length);
  const lowest = cells.map(() => Infinity);
  const highest = cells.map(() => -Infinity);
  for (let i = 0; i < graph.stateCount; i++) {
    graph.states.read(i, state);
    for (let c = 0; c < cells.length; c++) {
      lowest[c] = Math.min(lowest[c], state[c]);
      highest[c] = Math.max(highest[c], state[c]);
    }
  }
  return cells.map(({ name }, c) => ({ name, lowest: lowest[c], highest: highest[c] }));
}

function bytesOf({ rowOffsets, targets, epochs }: MarkovGraph): number {
  return epochs.reduce(
    (sum, { weights }) =>
      sum + weights.offsets.byteLength + weights.features.byteLength + weights.coefficients.byteLength,
    rowOffsets.byteLength + targets.byteLength,
  );
}
