// Edges whose rates no slot of a lumped trace shows: they are checked all the same.
import type { EliminationTrace, LinearForms, MarkovGraph } from "@phxlang/graph";

/**
 * A lumped trace reads the edges of one state of each class, and sums of them at that. A negative rate of another edge
 * must not pass unnoticed: the result has one edge for each form, up to a positive factor, that is no slot by itself.
 */
export function unseenEdges(graph: MarkovGraph, trace: EliminationTrace): Int32Array {
  const { weights } = graph.epochs[trace.epoch];
  const { slotCount, slotOffsets, slotEdges, rowOfState } = trace;
  const seen = new Set<number | string>();
  for (let s = 0; s < slotCount; s++) {
    if (slotOffsets[s] + 1 === slotOffsets[s + 1]) seen.add(shapeOf(weights, slotEdges[slotOffsets[s]]));
  }
  const unseen: number[] = [];
  for (let state = 0; state < graph.stateCount; state++) {
    if (rowOfState[state] < 0) continue;
    for (let e = graph.rowOffsets[state]; e < graph.rowOffsets[state + 1]; e++) {
      if (weights.offsets[e] === weights.offsets[e + 1]) continue;
      const shape = shapeOf(weights, e);
      if (seen.has(shape)) continue;
      seen.add(shape);
      unseen.push(e);
    }
  }
  return Int32Array.from(unseen);
}

/** Equal for rows that are positive multiples of each other: a number where a row has one term, as most do. */
function shapeOf({ offsets, features, coefficients }: LinearForms, row: number): number | string {
  const begin = offsets[row];
  const end = offsets[row + 1];
  if (end === begin + 1) return coefficients[begin] > 0 ? features[begin] : -1 - features[begin];
  const scale = Math.abs(coefficients[begin]);
  let shape = "";
  for (let j = begin; j < end; j++) shape += `${features[j]}*${coefficients[j] / scale} `;
  return shape;
}
