// A small absorbing chain with every pair of states linked, as a trace in natural order: for tests of kernels.
import type { EliminationTrace } from "@phxlang/graph";

/** Every state leads to every other and to one cause of stopping: slots are row-major off-diagonals, then exits. */
export function denseTrace(rows: number): EliminationTrace {
  const rowOffsets = new Int32Array(rows + 1);
  const columns: number[] = [];
  const lower: number[] = [];
  const upper: number[] = [];
  const lowerOffsets = new Int32Array(rows + 1);
  const upperOffsets = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      if (j === i) continue;
      columns.push(j);
      if (j < i) lower.push(j);
      else upper.push(j);
    }
    rowOffsets[i + 1] = columns.length;
    lowerOffsets[i + 1] = lower.length;
    upperOffsets[i + 1] = upper.length;
  }
  const slotCount = columns.length + rows;
  return {
    structureKind: "elimination-trace",
    contentHash: `dense${rows}`,
    toBytes: () => new Uint8Array(0),
    rowCount: rows,
    slotCount,
    causeCount: 1,
    neverCause: -1,
    stateCount: rows,
    edgeCount: slotCount,
    epoch: 0,
    blockOffsets: Int32Array.of(0, rows),
    rowOffsets,
    columns: Int32Array.from(columns),
    exitOffsets: Int32Array.from({ length: rows + 1 }, (_, i) => i),
    exitCauses: new Int32Array(rows),
    slotOffsets: Int32Array.from({ length: slotCount + 1 }, (_, i) => i),
    slotEdges: Int32Array.from({ length: slotCount }, (_, i) => i),
    lowerOffsets,
    lowerColumns: Int32Array.from(lower),
    upperOffsets,
    upperColumns: Int32Array.from(upper),
    rowOfState: Int32Array.from({ length: rows }, (_, i) => i),
    stateOfRow: Int32Array.from({ length: rows }, (_, i) => i),
    operationCount: 0,
    ordering: "natural",
  };
}
