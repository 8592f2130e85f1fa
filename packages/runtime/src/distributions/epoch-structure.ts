// EpochStructure: one epoch of a graph as rows and slots, and how slots come from features.
import type { CsrMatrix } from "@phxlang/autodiff";
import { csrMatrix } from "@phxlang/autodiff";
import type { EliminationTrace, GraphEpoch, LinearForms, MarkovGraph } from "@phxlang/graph";
import type { ValueCheck } from "../primitives/checked.ts";
import { ChainPattern } from "./chain-pattern.ts";
import { rowsOfForms, sumOfForms } from "./forms-matrix.ts";
import { unseenEdges } from "./unseen-edges.ts";
import { edgeCheck, probabilityCheck, rateCheck, unseenCheck } from "./value-checks.ts";

export interface EpochStructure {
  readonly graphEpoch: number;
  readonly pattern: ChainPattern;
  /** Row of each state; −1 − cause where it stops; `absent` where it is not met in this epoch. */
  readonly rowOfState: Int32Array;
  readonly stateOfRow: Int32Array;
  /** φ → operator slots [pattern.slotCount]. */
  readonly slotMatrix: CsrMatrix;
  readonly checks: readonly ValueCheck[];
  /** φ → rates that no slot shows, and their check; null where there are none. */
  readonly unseen: { readonly matrix: CsrMatrix; readonly check: ValueCheck } | null;
}

/** In `rowOfState`: a state that does not occur. */
export const absent: number = -(2 ** 31);

/** Rows are those of a trace; its slots come first, then the probabilities of staying (discrete time). */
export function epochFromTrace(graph: MarkovGraph, trace: EliminationTrace): EpochStructure {
  const epoch = graph.epochs[trace.epoch];
  const { rowCount, slotCount, rowOfState, stateOfRow } = trace;
  const staying = graph.kind === "discrete" ? stayingEdges(graph, epoch, rowOfState, stateOfRow) : noStays;
  const stayCount = staying.rows.length;
  const sources = new Int32Array(slotCount + stayCount);
  const targets = new Int32Array(slotCount + stayCount);
  const exitBase = trace.rowOffsets[rowCount];
  for (let r = 0; r < rowCount; r++) {
    for (let s = trace.rowOffsets[r]; s < trace.rowOffsets[r + 1]; s++) {
      sources[s] = r;
      targets[s] = trace.columns[s];
    }
    for (let x = trace.exitOffsets[r]; x < trace.exitOffsets[r + 1]; x++) {
      sources[exitBase + x] = r;
      targets[exitBase + x] = -1 - trace.exitCauses[x];
    }
  }
  const offsets = new Int32Array(slotCount + stayCount + 1);
  offsets.set(trace.slotOffsets);
  for (let i = 0; i < stayCount; i++) {
    sources[slotCount + i] = staying.rows[i];
    targets[slotCount + i] = staying.rows[i];
    offsets[slotCount + i + 1] = trace.slotEdges.length + staying.offsets[i + 1];
  }
  const edges = new Int32Array(trace.slotEdges.length + staying.edges.length);
  edges.set(trace.slotEdges);
  edges.set(staying.edges, trace.slotEdges.length);
  const pattern = new ChainPattern({
    law: graph.kind,
    rowCount,
    causeCount: trace.causeCount,
    neverCause: trace.neverCause,
    sources,
    targets,
  });
  return {
    graphEpoch: trace.epoch,
    pattern,
    rowOfState,
    stateOfRow,
    slotMatrix: operatorMatrix(graph, epoch.weights, offsets, edges),
    checks: [
      rateCheck(graph, trace),
      ...(graph.kind === "discrete" ? [probabilityCheck(graph, trace, sources)] : []),
    ],
    unseen: isLumped(trace) ? unseenRates(graph, trace) : null,
  };
}

/** Whether some row stands for several states. */
export function isLumped({ rowCount, rowOfState }: EliminationTrace): boolean {
  let transient = 0;
  for (const row of rowOfState) if (row >= 0) transient++;
  return rowCount < transient;
}

function unseenRates(graph: MarkovGraph, trace: EliminationTrace): EpochStructure["unseen"] {
  const edges = unseenEdges(graph, trace);
  if (edges.length === 0) return null;
  return {
    matrix: rowsOfForms(graph.epochs[trace.epoch].weights, edges, graph.features.featureCount),
    check: unseenCheck(graph, trace, edges),
  };
}

/** Rows are all states that are transient and met in the epoch, ascending; slots are their edges. */
export function epochFromGraph(graph: MarkovGraph, graphEpoch: number): EpochStructure {
  const epoch = graph.epochs[graphEpoch];
  const rowOfState = new Int32Array(graph.stateCount).fill(absent);
  const states: number[] = [];
  for (let i = 0; i < graph.stateCount; i++) {
    if (epoch.stop[i] >= 0) rowOfState[i] = -1 - epoch.stop[i];
    else if (epoch.reached === null || epoch.reached[i] === 1) rowOfState[i] = states.push(i) - 1;
  }
  const sources: number[] = [];
  const targets: number[] = [];
  const edges: number[] = [];
  for (const [row, state] of states.entries()) {
    for (let e = graph.rowOffsets[state]; e < graph.rowOffsets[state + 1]; e++) {
      if (epoch.weights.offsets[e] === epoch.weights.offsets[e + 1]) continue;
      sources.push(row);
      targets.push(rowOfState[graph.targets[e]]);
      edges.push(e);
    }
  }
  const pattern = new ChainPattern({
    law: graph.kind,
    rowCount: states.length,
    causeCount: graph.causes.length,
    neverCause: -1,
    sources: Int32Array.from(sources),
    targets: Int32Array.from(targets),
  });
  const offsets = Int32Array.from({ length: edges.length + 1 }, (_, i) => i);
  return {
    graphEpoch,
    pattern,
    rowOfState,
    stateOfRow: Int32Array.from(states),
    slotMatrix: operatorMatrix(graph, epoch.weights, offsets, edges),
    checks: [edgeCheck(graph, graphEpoch, Int32Array.from(edges))],
    unseen: null,
  };
}

/** Rewards (or any forms over states) by row: φ → [rows]. */
export function rowForms(structure: EpochStructure, forms: LinearForms, featureCount: number): CsrMatrix {
  return rowsOfForms(forms, structure.stateOfRow, featureCount);
}

/** Slot sums of edge weights; in discrete time one more row with the value 1 (feature 0). */
function operatorMatrix(
  graph: MarkovGraph,
  weights: LinearForms,
  offsets: Int32Array,
  edges: ArrayLike<number>,
): CsrMatrix {
  const featureCount = graph.features.featureCount;
  const matrix = sumOfForms(weights, offsets, edges, featureCount);
  if (graph.kind === "continuous") return matrix;
  const rowOffsets = new Int32Array(matrix.rowCount + 2);
  rowOffsets.set(matrix.rowOffsets);
  rowOffsets[matrix.rowCount + 1] = matrix.entryCount + 1;
  const columns = new Int32Array(matrix.entryCount + 1);
  columns.set(matrix.columns);
  const coefficients = new Float64Array(matrix.entryCount + 1);
  coefficients.set(matrix.coefficients);
  coefficients[matrix.entryCount] = 1;
  return csrMatrix({ rowOffsets, columns, columnCount: featureCount, coefficients });
}

interface Stays {
  readonly rows: readonly number[];
  readonly offsets: readonly number[];
  readonly edges: readonly number[];
}

const noStays: Stays = { rows: [], offsets: [0], edges: [] };

/** Edges of each row's state that lead to the same row. */
function stayingEdges(
  graph: MarkovGraph,
  epoch: GraphEpoch,
  rowOfState: Int32Array,
  stateOfRow: Int32Array,
): Stays {
  const rows: number[] = [];
  const offsets = [0];
  const edges: number[] = [];
  for (const [row, state] of stateOfRow.entries()) {
    for (let e = graph.rowOffsets[state]; e < graph.rowOffsets[state + 1]; e++) {
      if (rowOfState[graph.targets[e]] !== row) continue;
      if (epoch.weights.offsets[e] < epoch.weights.offsets[e + 1]) edges.push(e);
    }
    if (edges.length === offsets[offsets.length - 1]) continue;
    rows.push(row);
    offsets.push(edges.length);
  }
  return { rows, offsets, edges };
}
