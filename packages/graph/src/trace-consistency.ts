// What must hold between the arrays of a trace so that every replay stays within bounds.
import type { EliminationTrace } from "./elimination-trace.ts";

/** The first contradiction in words, or null. Linear in the size of the trace; array lengths are taken as right. */
export function findInconsistency(trace: EliminationTrace): string | null {
  const { rowCount, causeCount, neverCause } = trace;
  if (neverCause >= 0 && neverCause !== causeCount - 1)
    return `cause ${neverCause} of ${causeCount} is not the last`;
  return (
    notOffsets("blockOffsets", trace.blockOffsets, rowCount, 1) ??
    notOffsets("rowOffsets", trace.rowOffsets, trace.columns.length, 0) ??
    notOffsets("exitOffsets", trace.exitOffsets, trace.exitCauses.length, 0) ??
    notOffsets("slotOffsets", trace.slotOffsets, trace.slotEdges.length, 1) ??
    notOffsets("lowerOffsets", trace.lowerOffsets, trace.lowerColumns.length, 0) ??
    notOffsets("upperOffsets", trace.upperOffsets, trace.upperColumns.length, 0) ??
    wrongRows(trace) ??
    wrongEdges(trace) ??
    wrongStates(trace) ??
    (countOperations(trace) === trace.operationCount
      ? null
      : `it does not have ${trace.operationCount} operations`)
  );
}

/** Multiply-adds of a numeric elimination, as EliminationTrace defines them. */
function countOperations({
  rowCount,
  lowerOffsets,
  lowerColumns,
  upperOffsets,
  upperColumns,
}: EliminationTrace): number {
  // Rows ascend, so the place of row i in the upper columns of k only moves on.
  const cursor = upperOffsets.slice(0, rowCount);
  let count = 0;
  for (let i = 0; i < rowCount; i++) {
    for (let j = lowerOffsets[i]; j < lowerOffsets[i + 1]; j++) {
      const k = lowerColumns[j];
      const end = upperOffsets[k + 1];
      while (cursor[k] < end && upperColumns[cursor[k]] < i) cursor[k]++;
      count += 1 + end - upperOffsets[k];
      if (cursor[k] < end && upperColumns[cursor[k]] === i) count--;
    }
  }
  return count;
}

/** Offsets begin with 0, end with `total`, and grow by at least `step`. */
function notOffsets(name: string, offsets: Int32Array, total: number, step: number): string | null {
  if (offsets[0] !== 0 || offsets[offsets.length - 1] !== total) return `${name} does not span 0..${total}`;
  for (let i = 1; i < offsets.length; i++) {
    if (offsets[i] < offsets[i - 1] + step) return `${name} falls at ${i}`;
  }
  return null;
}

/** Whether values[begin .. end) ascend strictly within [lower, upper). */
function isAscending(values: Int32Array, begin: number, end: number, lower: number, upper: number): boolean {
  let last = lower - 1;
  for (let j = begin; j < end; j++) {
    if (values[j] <= last) return false;
    last = values[j];
  }
  return last < upper;
}

function wrongRows(trace: EliminationTrace): string | null {
  const { blockOffsets, rowOffsets, columns, exitOffsets, exitCauses } = trace;
  const { lowerOffsets, lowerColumns, upperOffsets, upperColumns } = trace;
  for (let b = 0; b + 1 < blockOffsets.length; b++) {
    const begin = blockOffsets[b];
    const end = blockOffsets[b + 1];
    for (let i = begin; i < end; i++) {
      if (!isAscending(columns, rowOffsets[i], rowOffsets[i + 1], 0, end)) return `columns of row ${i}`;
      if (!isAscending(exitCauses, exitOffsets[i], exitOffsets[i + 1], 0, trace.causeCount)) {
        return `exits of row ${i}`;
      }
      if (!isAscending(lowerColumns, lowerOffsets[i], lowerOffsets[i + 1], begin, i)) {
        return `lower columns of row ${i}`;
      }
      if (!isAscending(upperColumns, upperOffsets[i], upperOffsets[i + 1], i + 1, end)) {
        return `upper columns of row ${i}`;
      }
      if (!holdsOwnColumns(trace, i, begin)) return `row ${i} has a column outside its factors`;
    }
  }
  return null;
}

/** Whether the in-block columns of row i are lower or upper columns of it (and none is i itself). */
function holdsOwnColumns(trace: EliminationTrace, i: number, blockBegin: number): boolean {
  const { columns, rowOffsets, lowerOffsets, lowerColumns, upperOffsets, upperColumns } = trace;
  let lower = lowerOffsets[i];
  let upper = upperOffsets[i];
  for (let j = rowOffsets[i]; j < rowOffsets[i + 1]; j++) {
    const column = columns[j];
    if (column < blockBegin) continue;
    while (lower < lowerOffsets[i + 1] && lowerColumns[lower] < column) lower++;
    if (lower < lowerOffsets[i + 1] && lowerColumns[lower] === column) continue;
    while (upper < upperOffsets[i + 1] && upperColumns[upper] < column) upper++;
    if (upper === upperOffsets[i + 1] || upperColumns[upper] !== column) return false;
  }
  return true;
}

function wrongEdges(trace: EliminationTrace): string | null {
  const { slotOffsets, slotEdges, edgeCount } = trace;
  for (let s = 0; s + 1 < slotOffsets.length; s++) {
    if (!isAscending(slotEdges, slotOffsets[s], slotOffsets[s + 1], 0, edgeCount))
      return `edges of slot ${s}`;
  }
  return null;
}

function wrongStates(trace: EliminationTrace): string | null {
  const { rowOfState, stateOfRow, rowCount, stateCount, causeCount } = trace;
  for (let i = 0; i < stateCount; i++) {
    if (rowOfState[i] < -causeCount || rowOfState[i] >= rowCount) return `row ${rowOfState[i]} of state ${i}`;
  }
  for (let row = 0; row < rowCount; row++) {
    const state = stateOfRow[row];
    if (state < 0 || state >= stateCount || rowOfState[state] !== row) return `state ${state} of row ${row}`;
  }
  return null;
}
