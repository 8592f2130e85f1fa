// Whether a trace belongs to a graph: what a cache asks of an entry before it is used.
import type { EliminationTrace } from "./elimination-trace.ts";
import type { GraphEpoch, MarkovGraph } from "./markov-graph.ts";

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
  return wrongFates(trace, epoch) ?? wrongEdges(trace, graph, epoch);
}

/** Whether the states that stop are those of the graph, with the same causes. */
function wrongFates({ rowOfState, neverCause }: EliminationTrace, { stop }: GraphEpoch): string | null {
  const never = neverCause < 0 ? null : -1 - neverCause;
  for (let i = 0; i < stop.length; i++) {
    const row = rowOfState[i];
    const cause = stop[i];
    if (cause >= 0 ? row !== -1 - cause : row < 0 && row !== never) return `state ${i} has row ${row}`;
  }
  return null;
}

function wrongEdges(trace: EliminationTrace, graph: MarkovGraph, epoch: GraphEpoch): string | null {
  const { rowCount, rowOfState, stateOfRow, rowOffsets, columns, exitOffsets, exitCauses } = trace;
  const { slotOffsets, slotEdges } = trace;
  const { targets } = graph;
  const { offsets } = epoch.weights;
  const exitBase = rowOffsets[rowCount];
  for (let row = 0; row < rowCount; row++) {
    const state = stateOfRow[row];
    const first = graph.rowOffsets[state];
    const end = graph.rowOffsets[state + 1];
    let gathered = 0;
    for (let s = rowOffsets[row]; s < rowOffsets[row + 1]; s++) {
      const column = columns[s];
      for (let j = slotOffsets[s]; j < slotOffsets[s + 1]; j++) {
        const e = slotEdges[j];
        if (e < first || e >= end || offsets[e] === offsets[e + 1] || rowOfState[targets[e]] !== column)
          return `slot ${s} gathers edge ${e}`;
        gathered++;
      }
    }
    for (let x = exitOffsets[row]; x < exitOffsets[row + 1]; x++) {
      const target = -1 - exitCauses[x];
      for (let j = slotOffsets[exitBase + x]; j < slotOffsets[exitBase + x + 1]; j++) {
        const e = slotEdges[j];
        if (e < first || e >= end || offsets[e] === offsets[e + 1] || rowOfState[targets[e]] !== target)
          return `exit slot ${exitBase + x} gathers edge ${e}`;
        gathered++;
      }
    }
    // Edges of a slot ascend and lead to its column, so none was counted twice. Most rows gather all there are.
    if (gathered !== end - first && gathered !== countLeaving(trace, graph, epoch, row))
      return `row ${row} gathers ${gathered} of its edges`;
  }
  return null;
}

/** Edges that leave the class of a row. */
function countLeaving(
  { rowOfState, stateOfRow }: EliminationTrace,
  { rowOffsets, targets }: MarkovGraph,
  { weights: { offsets } }: GraphEpoch,
  row: number,
): number {
  const state = stateOfRow[row];
  let count = 0;
  for (let e = rowOffsets[state]; e < rowOffsets[state + 1]; e++) {
    if (offsets[e] < offsets[e + 1] && rowOfState[targets[e]] !== row) count++;
  }
  return count;
}
