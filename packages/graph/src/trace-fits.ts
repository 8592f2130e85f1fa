// Whether a trace belongs to a graph: what a cache asks of an entry before it is used.
import type { EliminationTrace } from "./elimination-trace.ts";
import type { MarkovGraph } from "./markov-graph.ts";

/**
 * The first thing in a trace that does not fit a graph, in words, or null. Every state, edge and exit is looked at:
 * each row's slots gather the edges of its representative that leave its class, each edge once; columns and causes
 * are where those edges lead. A trace from `decodeTrace` that passes replays within bounds and sums the right rates.
 */
export function findMisfit(trace: EliminationTrace, graph: MarkovGraph): string | null {
  const epoch = graph.epochs[trace.epoch];
  if (epoch === undefined) return `it is of epoch ${trace.epoch}, and the graph has ${graph.epochs.length}`;
  if (trace.stateCount !== graph.stateCount || trace.edgeCount !== graph.edgeCount) {
    return `it is for ${trace.stateCount} states and ${trace.edgeCount} edges, the graph has ${graph.stateCount} and ${graph.edgeCount}`;
  }
  const causes = trace.neverCause < 0 ? trace.causeCount : trace.causeCount - 1;
  if (causes !== graph.causes.length) return `it has ${causes} causes, the graph ${graph.causes.length}`;
  const { rowOfState, stateOfRow, rowOffsets, columns, exitOffsets, exitCauses, slotOffsets, slotEdges } =
    trace;
  for (let i = 0; i < graph.stateCount; i++) {
    const cause = epoch.stop[i];
    const isRight =
      cause >= 0
        ? rowOfState[i] === -1 - cause
        : rowOfState[i] >= 0 || rowOfState[i] === -1 - trace.neverCause;
    if (!isRight || (cause < 0 && rowOfState[i] < 0 && trace.neverCause < 0))
      return `state ${i} has row ${rowOfState[i]}`;
  }
  const { offsets } = epoch.weights;
  const exitBase = rowOffsets[trace.rowCount];
  for (let row = 0; row < trace.rowCount; row++) {
    const state = stateOfRow[row];
    let leaving = 0;
    for (let e = graph.rowOffsets[state]; e < graph.rowOffsets[state + 1]; e++) {
      if (offsets[e] < offsets[e + 1] && rowOfState[graph.targets[e]] !== row) leaving++;
    }
    const isOfState = (edge: number): boolean =>
      edge >= graph.rowOffsets[state] &&
      edge < graph.rowOffsets[state + 1] &&
      offsets[edge] < offsets[edge + 1];
    let gathered = 0;
    for (let s = rowOffsets[row]; s < rowOffsets[row + 1]; s++) {
      for (let j = slotOffsets[s]; j < slotOffsets[s + 1]; j++, gathered++) {
        if (!isOfState(slotEdges[j]) || rowOfState[graph.targets[slotEdges[j]]] !== columns[s]) {
          return `slot ${s} gathers edge ${slotEdges[j]}`;
        }
      }
    }
    for (let x = exitOffsets[row]; x < exitOffsets[row + 1]; x++) {
      const s = exitBase + x;
      for (let j = slotOffsets[s]; j < slotOffsets[s + 1]; j++, gathered++) {
        if (!isOfState(slotEdges[j]) || rowOfState[graph.targets[slotEdges[j]]] !== -1 - exitCauses[x]) {
          return `exit slot ${s} gathers edge ${slotEdges[j]}`;
        }
      }
    }
    // Edges of a slot ascend and lead to its column, so none was counted twice.
    if (gathered !== leaving) return `row ${row} gathers ${gathered} of ${leaving} edges`;
  }
  return null;
}
