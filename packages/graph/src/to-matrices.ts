// toMatrices: a graph with weights as dense matrices over its transient states.
import { PhxError } from "@phxlang/autodiff";
import type { MarkovGraph } from "./markov-graph.ts";

export interface DenseMatrices {
  /** Graph states of the rows: those that do not stop, ascending. */
  readonly states: Int32Array;
  /** [n] initial probabilities; what is missing to 1 stops at once. */
  readonly alpha: Float64Array;
  /** [n, n] row-major: sub-intensities with their diagonal (continuous), transition probabilities (discrete). */
  readonly matrix: Float64Array;
  /** [n, causes] row-major: rates, or probabilities, of stopping. */
  readonly exits: Float64Array;
}

const maxEntries = 2 ** 27;

/** Edge weights [edgeCount] and start probabilities [startStates.length] of one epoch (default: the first). */
export function toMatrices(
  graph: MarkovGraph,
  edgeWeights: ArrayLike<number>,
  startProbabilities: ArrayLike<number>,
  epoch = 0,
): DenseMatrices {
  const { stop } = graph.epochs[epoch];
  const rowOf = new Int32Array(graph.stateCount).fill(-1);
  const states = Int32Array.from(rowOf.keys()).filter((i) => stop[i] < 0);
  states.forEach((state, row) => {
    rowOf[state] = row;
  });
  const n = states.length;
  if (n * n > maxEntries) {
    throw new PhxError({
      code: "PHX980",
      what: `a dense matrix of ${n.toLocaleString("en-US")} transient states has ${(n * n).toLocaleString("en-US")} entries`,
      why: `that is more than ${maxEntries.toLocaleString("en-US")}`,
      fix: "use the edges of the graph, which are sparse",
    });
  }
  const causeCount = graph.causes.length;
  const matrix = new Float64Array(n * n);
  const exits = new Float64Array(n * causeCount);
  states.forEach((state, row) => {
    for (let e = graph.rowOffsets[state]; e < graph.rowOffsets[state + 1]; e++) {
      const target = graph.targets[e];
      const weight = edgeWeights[e];
      if (stop[target] >= 0) exits[row * causeCount + stop[target]] += weight;
      else if (target !== state || graph.kind === "discrete") matrix[row * n + rowOf[target]] += weight;
      if (graph.kind === "continuous" && target !== state) matrix[row * n + row] -= weight;
    }
  });
  const alpha = new Float64Array(n);
  graph.startStates.forEach((state, k) => {
    if (rowOf[state] >= 0) alpha[rowOf[state]] = startProbabilities[k];
  });
  return { states, alpha, matrix, exits };
}
