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

/** Dense −S of slots of a denseTrace (or any trace), row-major. */
export function denseMatrix(
  trace: EliminationTrace,
  slots: ArrayLike<number>,
  killing?: ArrayLike<number>,
): number[][] {
  const n = trace.rowCount;
  const matrix = Array.from({ length: n }, () => Array.from({ length: n }, () => 0));
  for (let i = 0; i < n; i++) {
    if (killing !== undefined) matrix[i][i] += killing[i];
    for (let s = trace.rowOffsets[i]; s < trace.rowOffsets[i + 1]; s++) {
      matrix[i][trace.columns[s]] -= slots[s];
      matrix[i][i] += slots[s];
    }
    for (let x = trace.exitOffsets[i]; x < trace.exitOffsets[i + 1]; x++) {
      matrix[i][i] += slots[trace.rowOffsets[n] + x];
    }
  }
  return matrix;
}

/** Gaussian elimination with partial pivoting. */
export function denseSolve(matrix: readonly (readonly number[])[], right: ArrayLike<number>): number[] {
  const n = matrix.length;
  const a = matrix.map((row, i) => [...row, right[i]]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i][k]) > Math.abs(a[pivot][k])) pivot = i;
    [a[k], a[pivot]] = [a[pivot], a[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = a[i][k] / a[k][k];
      for (let j = k; j <= n; j++) a[i][j] -= factor * a[k][j];
    }
  }
  const x = Array.from({ length: n }, () => 0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = a[i][n];
    for (let j = i + 1; j < n; j++) sum -= a[i][j] * x[j];
    x[i] = sum / a[i][i];
  }
  return x;
}

/** exp(A t) by scaling and squaring of a Taylor series; A row-major. */
export function denseExponential(matrix: readonly (readonly number[])[], time: number): number[][] {
  let norm = 0;
  for (const row of matrix)
    norm = Math.max(
      norm,
      row.reduce((sum, x) => sum + Math.abs(x), 0),
    );
  const squarings = Math.max(0, Math.ceil(Math.log2(Math.max(norm * time, 1e-300))) + 4);
  const step = matrix.map((row) => row.map((x) => (x * time) / 2 ** squarings));
  const identity = (): number[][] => step.map((_, i) => step.map((_row, j) => (i === j ? 1 : 0)));
  let result = identity();
  let term = identity();
  for (let k = 1; k < 25; k++) {
    term = denseProduct(term, step).map((row) => row.map((x) => x / k));
    result = result.map((row, i) => row.map((x, j) => x + term[i][j]));
  }
  for (let k = 0; k < squarings; k++) result = denseProduct(result, result);
  return result;
}

export function denseProduct(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
): number[][] {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));
}
