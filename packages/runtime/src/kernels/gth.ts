// GTH elimination over a trace on typed arrays, without subtraction: the oracle of the kernels in lanes.
import type { EliminationTrace } from "@phxlang/graph";

// The factors of a trace are one array: multipliers f, upper entries u, pivots d, exits e (see factorLength).
// A pivot d = 0 belongs to a state that is never left at these rates. Rows before it then keep, in place of the
// multiplier, the plain rate into that state, as if it were a state of an earlier block: time spent there is
// infinite. Products 0 · Infinity count as 0, since a rate of 0 never leads there.

/** Row by row: w = rates within the block; every earlier row k of the pattern is eliminated from w. */
export function factor(
  trace: EliminationTrace,
  slots: Float64Array,
  killing: Float64Array | null,
  factors: Float64Array,
): void {
  const { rowOffsets, columns, exitOffsets, blockOffsets } = trace;
  const { lowerOffsets, lowerColumns, upperOffsets, upperColumns } = trace;
  const exitBase = rowOffsets[trace.rowCount];
  const upperBase = lowerColumns.length;
  const pivotBase = upperBase + upperColumns.length;
  const exitRateBase = pivotBase + trace.rowCount;
  const work = new Float64Array(trace.rowCount);
  for (let block = 0; block + 1 < blockOffsets.length; block++) {
    const blockStart = blockOffsets[block];
    const blockEnd = blockOffsets[block + 1];
    for (let i = blockStart; i < blockEnd; i++) {
      let exit = killing === null ? 0 : killing[i];
      for (let x = exitOffsets[i]; x < exitOffsets[i + 1]; x++) exit += slots[exitBase + x];
      for (let s = rowOffsets[i]; s < rowOffsets[i + 1]; s++) {
        if (columns[s] < blockStart) exit += slots[s];
        else work[columns[s]] = slots[s];
      }
      for (let p = lowerOffsets[i]; p < lowerOffsets[i + 1]; p++) {
        const k = lowerColumns[p];
        const rate = work[k];
        work[k] = 0;
        const pivot = factors[pivotBase + k];
        if (pivot === 0) {
          factors[p] = rate;
          exit += rate;
          continue;
        }
        const multiplier = rate / pivot;
        factors[p] = multiplier;
        exit += multiplier * factors[exitRateBase + k];
        for (let q = upperOffsets[k]; q < upperOffsets[k + 1]; q++) {
          work[upperColumns[q]] += multiplier * factors[upperBase + q];
        }
      }
      work[i] = 0;
      let pivot = exit;
      for (let q = upperOffsets[i]; q < upperOffsets[i + 1]; q++) {
        const j = upperColumns[q];
        factors[upperBase + q] = work[j];
        pivot += work[j];
        work[j] = 0;
      }
      factors[pivotBase + i] = pivot;
      factors[exitRateBase + i] = exit;
    }
  }
}

/** result = M⁻¹ right: blocks forward; within a block down the rows and up again. */
export function solve(
  trace: EliminationTrace,
  slots: Float64Array,
  factors: Float64Array,
  right: Float64Array,
  result: Float64Array,
): void {
  const { upperOffsets, upperColumns, blockOffsets } = trace;
  const upperBase = trace.lowerColumns.length;
  const pivotBase = upperBase + upperColumns.length;
  for (let block = 0; block + 1 < blockOffsets.length; block++) {
    const blockStart = blockOffsets[block];
    const blockEnd = blockOffsets[block + 1];
    forwardBlock(trace, slots, factors, right, result, blockStart, blockEnd);
    for (let i = blockEnd - 1; i >= blockStart; i--) {
      let sum = result[i];
      for (let q = upperOffsets[i]; q < upperOffsets[i + 1]; q++) {
        const rate = factors[upperBase + q];
        if (rate !== 0) sum += rate * result[upperColumns[q]];
      }
      const pivot = factors[pivotBase + i];
      result[i] = sum === 0 ? 0 : sum / pivot;
    }
  }
}

/** The rows of one block downwards: y = right + inflow from earlier blocks and earlier rows, into `result`. */
export function forwardBlock(
  trace: EliminationTrace,
  slots: Float64Array,
  factors: Float64Array,
  right: Float64Array,
  result: Float64Array,
  blockStart: number,
  blockEnd: number,
): void {
  const { rowOffsets, columns, lowerOffsets, lowerColumns } = trace;
  const pivotBase = lowerColumns.length + trace.upperColumns.length;
  for (let i = blockStart; i < blockEnd; i++) {
    let sum = right[i];
    for (let s = rowOffsets[i]; s < rowOffsets[i + 1] && columns[s] < blockStart; s++) {
      if (slots[s] !== 0) sum += slots[s] * result[columns[s]];
    }
    for (let p = lowerOffsets[i]; p < lowerOffsets[i + 1]; p++) {
      const k = lowerColumns[p];
      if (factors[p] === 0 || result[k] === 0) continue;
      sum += factors[pivotBase + k] === 0 ? Infinity : factors[p] * result[k];
    }
    result[i] = sum;
  }
}

/** result = M⁻ᵀ left: blocks backward; within a block scatter down the rows and up again. */
export function solveTransposed(
  trace: EliminationTrace,
  slots: Float64Array,
  factors: Float64Array,
  left: Float64Array,
  result: Float64Array,
): void {
  const { rowOffsets, columns, blockOffsets } = trace;
  const { lowerOffsets, lowerColumns, upperOffsets, upperColumns } = trace;
  const upperBase = lowerColumns.length;
  const pivotBase = upperBase + upperColumns.length;
  result.set(left);
  for (let block = blockOffsets.length - 2; block >= 0; block--) {
    const blockStart = blockOffsets[block];
    const blockEnd = blockOffsets[block + 1];
    for (let i = blockStart; i < blockEnd; i++) {
      const sum = result[i];
      if (sum === 0) continue;
      const scaled = sum / factors[pivotBase + i];
      result[i] = scaled;
      for (let q = upperOffsets[i]; q < upperOffsets[i + 1]; q++) {
        const rate = factors[upperBase + q];
        if (rate !== 0) result[upperColumns[q]] += scaled * rate;
      }
    }
    for (let i = blockEnd - 1; i >= blockStart; i--) {
      const value = result[i];
      if (value === 0) continue;
      for (let p = lowerOffsets[i]; p < lowerOffsets[i + 1]; p++) {
        if (factors[p] === 0) continue;
        const k = lowerColumns[p];
        result[k] += factors[pivotBase + k] === 0 ? value * Infinity : value * factors[p];
      }
      for (let s = rowOffsets[i]; s < rowOffsets[i + 1] && columns[s] < blockStart; s++) {
        if (slots[s] !== 0) result[columns[s]] += value * slots[s];
      }
    }
  }
}
