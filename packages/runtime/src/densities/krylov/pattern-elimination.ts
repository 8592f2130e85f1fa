// The elimination of a generator given by an OperatorPattern: recorded once for each pattern.
import type { EliminationTrace } from "@phxlang/graph";
import { recordGenerator } from "@phxlang/graph";
import { Memo } from "../../memo.ts";
import type { OperatorPattern } from "../../patterns/operator-pattern.ts";

export interface PatternElimination {
  readonly trace: EliminationTrace;
  /** Row of the trace for each row of the pattern. */
  readonly traceRows: Int32Array;
  /** Slot of the pattern behind each arc: trace.slotEdges are arcs. */
  readonly arcSlots: Int32Array;
}

const eliminations = new Memo<OperatorPattern, null, PatternElimination>();

/** Of a pattern without couplings. PHX950 where the factors would be too large. */
export function eliminationOf(pattern: OperatorPattern): PatternElimination {
  return eliminations.get(pattern, null, () => {
    const { rowCount, rowOffsets, columns, entrySlots, exitOffsets, exitSlots } = pattern;
    const offsets = new Int32Array(rowCount + 1);
    const targets: number[] = [];
    const arcSlots: number[] = [];
    for (let r = 0; r < rowCount; r++) {
      for (let e = rowOffsets[r]; e < rowOffsets[r + 1]; e++) {
        if (columns[e] === r) continue;
        targets.push(columns[e]);
        arcSlots.push(entrySlots[e]);
      }
      for (let x = exitOffsets[r]; x < exitOffsets[r + 1]; x++) {
        targets.push(-1);
        arcSlots.push(exitSlots[x]);
      }
      offsets[r + 1] = targets.length;
    }
    const trace = recordGenerator(rowCount, offsets, Int32Array.from(targets), largestOperations);
    return { trace, traceRows: trace.rowOfState, arcSlots: Int32Array.from(arcSlots) };
  });
}

/** Beyond this many multiply-adds of a factorization a sweep is the better choice. */
const largestOperations = 3e8;

/** Slots of the trace from slots of the pattern. */
export function traceSlots({ trace, arcSlots }: PatternElimination, slots: Float64Array): Float64Array {
  const { slotOffsets, slotEdges, slotCount } = trace;
  const result = new Float64Array(slotCount);
  for (let s = 0; s < slotCount; s++) {
    for (let a = slotOffsets[s]; a < slotOffsets[s + 1]; a++) result[s] += slots[arcSlots[slotEdges[a]]];
  }
  return result;
}
