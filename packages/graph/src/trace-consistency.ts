// What must hold between the arrays of a trace so that every replay stays within bounds.
import type { EliminationTrace } from "./elimination-trace.ts";

/**
 * The first contradiction in words, or null. Linear in the size of the trace; array lengths are taken as right. All
 * arrays go through the same few loops, which are compiled early: most processes check one trace and end.
 */
export function findInconsistency(trace: EliminationTrace): string | null {
  const { rowCount, causeCount, neverCause, edgeCount } = trace;
  if (neverCause >= 0 && neverCause !== causeCount - 1)
    return `cause ${neverCause} of ${causeCount} is not the last`;
  return (
    wrongRuns("columns", trace.rowOffsets, trace.columns, rowCount, 0) ??
    wrongRuns("exit causes", trace.exitOffsets, trace.exitCauses, causeCount, 0) ??
    wrongRuns("slot edges", trace.slotOffsets, trace.slotEdges, edgeCount, 1) ??
    wrongRuns("lower columns", trace.lowerOffsets, trace.lowerColumns, rowCount, 0) ??
    wrongRuns("upper columns", trace.upperOffsets, trace.upperColumns, rowCount, 0) ??
    wrongBlocks(trace) ??
    wrongFactors(trace) ??
    wrongStates(trace)
  );
}

/**
 * Whether values[offsets[r] .. offsets[r + 1]) are, for every r, at least `shortest` numbers that ascend within
 * [0, limit), and all values belong to one of these runs.
 */
function wrongRuns(
  name: string,
  offsets: Int32Array,
  values: Int32Array,
  limit: number,
  shortest: number,
): string | null {
  let begin = 0;
  for (let r = 0; r < offsets.length; r++) {
    const end = offsets[r];
    if (r === 0 ? end !== 0 : end < begin + shortest || end > values.length) {
      return `the ${name} of ${r - 1} end at ${end}`;
    }
    let last = -1;
    for (let j = begin; j < end; j++) {
      const value = values[j];
      if (value <= last) return `the ${name} of ${r - 1} do not ascend`;
      last = value;
    }
    if (last >= limit) return `the ${name} of ${r - 1} reach ${last}, which is not below ${limit}`;
    begin = end;
  }
  return begin === values.length ? null : `the ${name} do not end at ${values.length}`;
}

function wrongBlocks({ blockOffsets, rowCount }: EliminationTrace): string | null {
  for (let b = 1; b < blockOffsets.length; b++) {
    if (blockOffsets[b] <= blockOffsets[b - 1]) return `block ${b - 1} has no rows`;
  }
  if (blockOffsets[0] !== 0 || blockOffsets[blockOffsets.length - 1] !== rowCount)
    return `the blocks do not span ${rowCount} rows`;
  return null;
}

/**
 * Whether rows lead to no later block, lower and upper columns lie on their sides of the diagonal within the block,
 * and hold the row's own columns; and whether elimination takes as many operations as the trace says.
 */
function wrongFactors(trace: EliminationTrace): string | null {
  const { rowCount, blockOffsets, rowOffsets, columns, operationCount } = trace;
  const { lowerOffsets, lowerColumns, upperOffsets, upperColumns } = trace;
  // Rows ascend, so the place of row i in the upper columns of k only moves on.
  const cursor = upperOffsets.slice(0, rowCount);
  let operations = 0;
  let block = 0;
  for (let i = 0; i < rowCount; i++) {
    if (i === blockOffsets[block + 1]) block++;
    const blockBegin = blockOffsets[block];
    const blockEnd = blockOffsets[block + 1];
    let lower = lowerOffsets[i];
    let upper = upperOffsets[i];
    const lowerEnd = lowerOffsets[i + 1];
    const upperEnd = upperOffsets[i + 1];
    if (lower < lowerEnd && (lowerColumns[lower] < blockBegin || lowerColumns[lowerEnd - 1] >= i))
      return `the lower columns of row ${i} leave their side`;
    if (upper < upperEnd && (upperColumns[upper] <= i || upperColumns[upperEnd - 1] >= blockEnd))
      return `the upper columns of row ${i} leave their side`;
    for (let j = lower; j < lowerEnd; j++) {
      const k = lowerColumns[j];
      const end = upperOffsets[k + 1];
      let at = cursor[k];
      while (at < end && upperColumns[at] < i) at++;
      cursor[k] = at;
      operations += end - upperOffsets[k];
      if (at === end || upperColumns[at] !== i) operations++;
    }
    for (let j = rowOffsets[i]; j < rowOffsets[i + 1]; j++) {
      const column = columns[j];
      if (column < blockBegin) continue;
      if (column < i) {
        while (lower < lowerEnd && lowerColumns[lower] < column) lower++;
        if (lower === lowerEnd || lowerColumns[lower] !== column) return `row ${i} lacks a lower column`;
      } else {
        while (upper < upperEnd && upperColumns[upper] < column) upper++;
        if (upper === upperEnd || upperColumns[upper] !== column) return `row ${i} lacks an upper column`;
      }
    }
  }
  return operations === operationCount ? null : `it has ${operations} operations, not ${operationCount}`;
}

function wrongStates({
  rowOfState,
  stateOfRow,
  rowCount,
  stateCount,
  causeCount,
}: EliminationTrace): string | null {
  for (let i = 0; i < stateCount; i++) {
    const row = rowOfState[i];
    if (row < -causeCount || row >= rowCount) return `state ${i} has row ${row}`;
  }
  for (let row = 0; row < rowCount; row++) {
    const state = stateOfRow[row];
    if (state < 0 || state >= stateCount || rowOfState[state] !== row)
      return `row ${row} is of state ${state}`;
  }
  return null;
}
