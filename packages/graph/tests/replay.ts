// A plain replay of traces, and dense elimination: what traces are tested against.
import type { EliminationTrace, LinearForms, MarkovGraph } from "../src/index.ts";

export function evaluateForms(forms: LinearForms, phi: Float64Array): Float64Array {
  return Float64Array.from({ length: forms.rowCount }, (_, r) => {
    let sum = 0;
    for (let j = forms.offsets[r]; j < forms.offsets[r + 1]; j++)
      sum += forms.coefficients[j] * phi[forms.features[j]];
    return sum;
  });
}

/** Solves (−S) x = reward by the trace (GTH, as documented); returns x by graph state, 0 where there is no row. */
export function replaySolve(
  trace: EliminationTrace,
  edgeWeights: Float64Array,
  reward: readonly number[],
): number[] {
  const { rowCount, rowOffsets, columns, exitOffsets, slotOffsets, slotEdges } = trace;
  const slots = Array.from({ length: trace.slotCount }, (_, s) => {
    let sum = 0;
    for (let j = slotOffsets[s]; j < slotOffsets[s + 1]; j++) sum += edgeWeights[slotEdges[j]];
    return sum;
  });
  const blockOf = new Int32Array(rowCount);
  for (let b = 0; b + 1 < trace.blockOffsets.length; b++) {
    blockOf.fill(b, trace.blockOffsets[b], trace.blockOffsets[b + 1]);
  }
  const lower = new Map<string, number>();
  const upper = new Map<string, number>();
  const pivots: number[] = [];
  const exits: number[] = [];
  const x = Array.from({ length: rowCount }, () => 0);
  const y = [...x];
  const lowerOf = (i: number): Int32Array =>
    trace.lowerColumns.subarray(trace.lowerOffsets[i], trace.lowerOffsets[i + 1]);
  const upperOf = (i: number): Int32Array =>
    trace.upperColumns.subarray(trace.upperOffsets[i], trace.upperOffsets[i + 1]);
  for (let b = 0; b + 1 < trace.blockOffsets.length; b++) {
    const begin = trace.blockOffsets[b];
    for (let i = begin; i < trace.blockOffsets[b + 1]; i++) {
      const work = new Map<number, number>();
      let exit = 0;
      y[i] = reward[trace.stateOfRow[i]];
      for (let s = rowOffsets[i]; s < rowOffsets[i + 1]; s++) {
        if (columns[s] < begin) {
          exit += slots[s];
          y[i] += slots[s] * x[columns[s]];
        } else {
          work.set(columns[s], slots[s]);
        }
      }
      for (let s = exitOffsets[i]; s < exitOffsets[i + 1]; s++) exit += slots[rowOffsets[rowCount] + s];
      for (const k of lowerOf(i)) {
        const factor = (work.get(k) ?? 0) / pivots[k];
        lower.set(`${i},${k}`, factor);
        exit += factor * exits[k];
        y[i] += factor * y[k];
        for (const j of upperOf(k)) work.set(j, (work.get(j) ?? 0) + factor * (upper.get(`${k},${j}`) ?? 0));
      }
      let pivot = exit;
      for (const j of upperOf(i)) {
        upper.set(`${i},${j}`, work.get(j) ?? 0);
        pivot += work.get(j) ?? 0;
        work.delete(j);
      }
      for (const k of lowerOf(i)) work.delete(k);
      work.delete(i);
      if (work.size > 0)
        throw new Error(`row ${i} fills outside its pattern: ${[...work.keys()].join(", ")}`);
      pivots.push(pivot);
      exits.push(exit);
    }
    for (let i = trace.blockOffsets[b + 1] - 1; i >= begin; i--) {
      let sum = y[i];
      for (const j of upperOf(i)) sum += (upper.get(`${i},${j}`) ?? 0) * x[j];
      x[i] = sum / pivots[i];
    }
  }
  return Array.from(trace.rowOfState, (row) => (row < 0 ? 0 : x[row]));
}

/** The same by dense Gaussian elimination with partial pivoting on the states of `rows` (ascending). */
export function denseSolve(
  graph: MarkovGraph,
  edgeWeights: Float64Array,
  rows: readonly number[],
  reward: readonly number[],
): number[] {
  const n = rows.length;
  const place = new Map(rows.map((state, i) => [state, i]));
  const matrix = rows.map((state, i) => {
    const row = Array.from({ length: n + 1 }, () => 0);
    for (let e = graph.rowOffsets[state]; e < graph.rowOffsets[state + 1]; e++) {
      if (graph.targets[e] === state) continue;
      row[i] += edgeWeights[e];
      const j = place.get(graph.targets[e]);
      if (j !== undefined) row[j] -= edgeWeights[e];
    }
    row[n] = reward[state];
    return row;
  });
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i][k]) > Math.abs(matrix[best][k])) best = i;
    [matrix[k], matrix[best]] = [matrix[best], matrix[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i][k] / matrix[k][k];
      if (factor === 0) continue;
      for (let j = k; j <= n; j++) matrix[i][j] -= factor * matrix[k][j];
    }
  }
  const x = Array.from({ length: graph.stateCount }, () => 0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = matrix[i][n];
    for (let j = i + 1; j < n; j++) sum -= matrix[i][j] * x[rows[j]];
    x[rows[i]] = sum / matrix[i][i];
  }
  return x;
}
