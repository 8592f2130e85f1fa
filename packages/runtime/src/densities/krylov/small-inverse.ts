// The inverse of a small dense matrix by elimination with row exchanges.

/** Row-major size × size. Entries are not finite where the matrix is singular. */
export function inverseOf(matrix: Float64Array, size: number): Float64Array {
  const work = matrix.slice();
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) inverse[i * size + i] = 1;
  for (let k = 0; k < size; k++) {
    let pivotRow = k;
    for (let i = k + 1; i < size; i++) {
      if (Math.abs(work[i * size + k]) > Math.abs(work[pivotRow * size + k])) pivotRow = i;
    }
    const pivot = work[pivotRow * size + k];
    if (pivotRow !== k) {
      swapRows(work, k, pivotRow, size);
      swapRows(inverse, k, pivotRow, size);
    }
    for (let j = 0; j < size; j++) {
      work[k * size + j] /= pivot;
      inverse[k * size + j] /= pivot;
    }
    for (let i = 0; i < size; i++) {
      const factor = work[i * size + k];
      if (i === k || factor === 0) continue;
      for (let j = k; j < size; j++) work[i * size + j] -= factor * work[k * size + j];
      for (let j = 0; j < size; j++) inverse[i * size + j] -= factor * inverse[k * size + j];
    }
  }
  return inverse;
}

function swapRows(matrix: Float64Array, i: number, k: number, size: number): void {
  const row = matrix.slice(i * size, (i + 1) * size);
  matrix.copyWithin(i * size, k * size, (k + 1) * size);
  matrix.set(row, k * size);
}
