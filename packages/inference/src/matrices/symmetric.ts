// Small dense symmetric matrices: eigenvalues, inverses.

export interface Eigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** vectors[k] belongs to values[k]; orthonormal. */
  readonly vectors: readonly Float64Array[];
}

/** Eigen-decomposition of a symmetric matrix, row-major, by cyclic Jacobi rotations: accurate for small ones. */
export function symmetricEigen(matrix: Float64Array, dimension: number): Eigen {
  const a = matrix.slice();
  const v = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) v[i * dimension + i] = 1;
  for (let sweep = 0; sweep < 100; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let i = 0; i < dimension; i++) {
      diagonal += a[i * dimension + i] ** 2;
      for (let j = 0; j < i; j++) off += a[i * dimension + j] ** 2;
    }
    if (off <= 1e-32 * diagonal || off === 0) break;
    for (let p = 0; p < dimension; p++) {
      for (let q = p + 1; q < dimension; q++) rotate(a, v, dimension, p, q);
    }
  }
  const order = Array.from({ length: dimension }, (_, i) => i).sort(
    (i, j) => a[i * dimension + i] - a[j * dimension + j],
  );
  return {
    values: Float64Array.from(order, (i) => a[i * dimension + i]),
    vectors: order.map((i) => Float64Array.from({ length: dimension }, (_, k) => v[k * dimension + i])),
  };
}

function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q];
  if (apq === 0) return;
  const ratio = (a[q * n + q] - a[p * n + p]) / (2 * apq);
  const tangent = Math.sign(ratio || 1) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = tangent * cosine;
  for (let k = 0; k < n; k++) {
    const akp = a[k * n + p];
    const akq = a[k * n + q];
    a[k * n + p] = cosine * akp - sine * akq;
    a[k * n + q] = sine * akp + cosine * akq;
  }
  for (let k = 0; k < n; k++) {
    const apk = a[p * n + k];
    const aqk = a[q * n + k];
    a[p * n + k] = cosine * apk - sine * aqk;
    a[q * n + k] = sine * apk + cosine * aqk;
    const vkp = v[k * n + p];
    const vkq = v[k * n + q];
    v[k * n + p] = cosine * vkp - sine * vkq;
    v[k * n + q] = sine * vkp + cosine * vkq;
  }
}

/** Inverse of a positive definite matrix from its eigen-decomposition. */
export function inverseFromEigen({ values, vectors }: Eigen): Float64Array {
  const n = values.length;
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) inverse[i * n + j] += (vectors[k][i] * vectors[k][j]) / values[k];
    }
  }
  return inverse;
}

/** Rows and columns of a symmetric matrix, row-major, that belong to some coordinates. */
export function block(matrix: Float64Array, kept: readonly number[]): Float64Array {
  const n = Math.sqrt(matrix.length);
  return Float64Array.from(kept.flatMap((i) => kept.map((j) => matrix[i * n + j])));
}
