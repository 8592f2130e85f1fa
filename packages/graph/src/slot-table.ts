// SlotTable: the numbers an elimination starts from, and the edges each of them sums.
import type { ClassGraph } from "./class-graph.ts";

/** As in EliminationTrace. */
export interface SlotTable {
  readonly slotCount: number;
  readonly rowOffsets: Int32Array;
  readonly columns: Int32Array;
  readonly exitOffsets: Int32Array;
  readonly exitCauses: Int32Array;
  readonly slotOffsets: Int32Array;
  readonly slotEdges: Int32Array;
}

/** classOfRow[i] is the class of row i; rowOfClass is its inverse. */
export function slotTable(graph: ClassGraph, classOfRow: Int32Array, rowOfClass: Int32Array): SlotTable {
  const { arcOffsets, arcTargets, arcEdges } = graph;
  const rowCount = classOfRow.length;
  const arcCount = arcTargets.length;
  const row = new ArcRow();
  const rowOffsets = new Int32Array(rowCount + 1);
  const exitOffsets = new Int32Array(rowCount + 1);
  let transitionArcs = 0;
  for (const target of arcTargets) if (target >= 0) transitionArcs++;
  const columns = new Int32Array(transitionArcs);
  const exitCauses = new Int32Array(arcCount - transitionArcs);
  const transitionEnds = new Int32Array(transitionArcs);
  const exitEnds = new Int32Array(arcCount - transitionArcs);
  const slotEdges = new Int32Array(arcCount);
  let [slots, exits, edge, exitEdge] = [0, 0, 0, transitionArcs];
  for (let i = 0; i < rowCount; i++) {
    const c = classOfRow[i];
    row.count = 0;
    for (let a = arcOffsets[c]; a < arcOffsets[c + 1]; a++) {
      const target = arcTargets[a];
      // Exits have keys from rowCount on, so they come last.
      row.insert(target >= 0 ? rowOfClass[target] : rowCount - 1 - target, arcEdges[a]);
    }
    row.sort();
    for (let k = 0; k < row.count; k++) {
      const key = row.keys[k];
      const begins = k === 0 || row.keys[k - 1] !== key;
      if (key < rowCount) {
        if (begins) columns[slots++] = key;
        slotEdges[edge++] = row.edges[k];
        transitionEnds[slots - 1] = edge;
      } else {
        if (begins) exitCauses[exits++] = key - rowCount;
        slotEdges[exitEdge++] = row.edges[k];
        exitEnds[exits - 1] = exitEdge;
      }
    }
    rowOffsets[i + 1] = slots;
    exitOffsets[i + 1] = exits;
  }
  const slotOffsets = new Int32Array(slots + exits + 1);
  slotOffsets.set(transitionEnds.subarray(0, slots), 1);
  slotOffsets.set(exitEnds.subarray(0, exits), 1 + slots);
  return {
    slotCount: slots + exits,
    rowOffsets,
    columns: columns.slice(0, slots),
    exitOffsets,
    exitCauses: exitCauses.slice(0, exits),
    slotOffsets,
    slotEdges,
  };
}

const insertionLimit = 64;

/** The arcs of one row, sorted by key, then edge. */
class ArcRow {
  count = 0;
  keys: Int32Array = new Int32Array(64);
  edges: Int32Array = new Int32Array(64);

  /** Edges are given in ascending order. */
  insert(key: number, edge: number): void {
    if (this.count === this.keys.length) {
      const keys = new Int32Array(2 * this.count);
      const edges = new Int32Array(2 * this.count);
      keys.set(this.keys);
      edges.set(this.edges);
      [this.keys, this.edges] = [keys, edges];
    }
    const { keys, edges } = this;
    let j = this.count++;
    const first = j < insertionLimit ? 0 : j;
    for (; j > first && keys[j - 1] > key; j--) {
      keys[j] = keys[j - 1];
      edges[j] = edges[j - 1];
    }
    keys[j] = key;
    edges[j] = edge;
  }

  sort(): void {
    const { count, keys, edges } = this;
    if (count <= insertionLimit) return;
    const order = Int32Array.from({ length: count }, (_, k) => k);
    order.sort((a, b) => keys[a] - keys[b] || edges[a] - edges[b]);
    const [oldKeys, oldEdges] = [keys.slice(0, count), edges.slice(0, count)];
    for (let k = 0; k < count; k++) {
      keys[k] = oldKeys[order[k]];
      edges[k] = oldEdges[order[k]];
    }
  }
}
