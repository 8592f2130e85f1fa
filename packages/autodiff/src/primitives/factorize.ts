// Factorizations of dense matrices on typed arrays, in place and in fixed order: Cholesky, LU, triangular solves.

/** Numbers of one matrix or right-hand side: computed in doubles whatever the dtype of the array. */
export type Matrix = Float64Array;

/**
 * Replaces the n × n matrix at `at` by its lower Cholesky factor, zeros above. NaN everywhere where the matrix is not
 * positive definite. Reads the lower triangle only.
 */
export function choleskyInPlace(a: Matrix, at: number, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[at + i * n + j];
      for (let k = 0; k < j; k++) sum -= a[at + i * n + k] * a[at + j * n + k];
      if (i > j) a[at + i * n + j] = sum / a[at + j * n + j];
      else if (sum > 0) a[at + j * n + j] = Math.sqrt(sum);
      else {
        a.fill(NaN, at, at + n * n);
        return;
      }
    }
    for (let k = j + 1; k < n; k++) a[at + j * n + k] = 0;
  }
}

/**
 * Replaces the n × n matrix at `at` by L and U of its row-permuted form (L has ones on its diagonal, not stored), by
 * partial pivoting; permutation[i] is the row that came to place i. Returns the sign of the permutation. A column
 * without a pivot leaves 0 on the diagonal of U and goes on.
 */
export function luInPlace(
  a: Matrix,
  at: number,
  n: number,
  permutation: Int32Array,
  permutationAt: number,
): number {
  let sign = 1;
  for (let i = 0; i < n; i++) permutation[permutationAt + i] = i;
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let i = j + 1; i < n; i++) {
      if (Math.abs(a[at + i * n + j]) > Math.abs(a[at + pivot * n + j])) pivot = i;
    }
    if (pivot !== j) {
      sign = -sign;
      swapRows(a, at + pivot * n, at + j * n, n);
      const p = permutation[permutationAt + pivot];
      permutation[permutationAt + pivot] = permutation[permutationAt + j];
      permutation[permutationAt + j] = p;
    }
    const diagonal = a[at + j * n + j];
    if (diagonal === 0) continue;
    for (let i = j + 1; i < n; i++) {
      const factor = a[at + i * n + j] / diagonal;
      a[at + i * n + j] = factor;
      if (factor === 0) continue;
      for (let k = j + 1; k < n; k++) a[at + i * n + k] -= factor * a[at + j * n + k];
    }
  }
  return sign;
}

function swapRows(a: Matrix, first: number, second: number, n: number): void {
  for (let k = 0; k < n; k++) {
    const value = a[first + k];
    a[first + k] = a[second + k];
    a[second + k] = value;
  }
}

export interface TriangularOptions {
  readonly lower: boolean;
  /** Solve with the transposed triangle. */
  readonly transposed: boolean;
  /** The diagonal counts as ones and is not read. */
  readonly unit: boolean;
}

/** Replaces the n × m right-hand sides at `bAt` by the solution of T X = B (or Tᵀ X = B); other entries of T are not read. */
export function solveTriangularInPlace(
  t: Matrix,
  tAt: number,
  b: Matrix,
  bAt: number,
  n: number,
  m: number,
  options: TriangularOptions,
): void {
  const { lower, transposed, unit } = options;
  const forwards = lower !== transposed;
  for (let step = 0; step < n; step++) {
    const i = forwards ? step : n - 1 - step;
    for (let other = 0; other < step; other++) {
      const k = forwards ? other : n - 1 - other;
      const factor = transposed ? t[tAt + k * n + i] : t[tAt + i * n + k];
      if (factor === 0) continue;
      for (let j = 0; j < m; j++) b[bAt + i * m + j] -= factor * b[bAt + k * m + j];
    }
    if (unit) continue;
    const diagonal = t[tAt + i * n + i];
    for (let j = 0; j < m; j++) b[bAt + i * m + j] /= diagonal;
  }
}

/** Replaces the right-hand sides b [n, m] by the solutions of A X = B (or Aᵀ X = B), given A's factors at `at`. */
export function solveWithFactors(
  factors: Matrix,
  at: number,
  permutation: Int32Array,
  b: Matrix,
  n: number,
  m: number,
  transposed: boolean,
): void {
  const given = b.slice();
  const lower = { lower: true, transposed, unit: true };
  const upper = { lower: false, transposed, unit: false };
  if (transposed) {
    // A = Pᵀ L U, so Aᵀ X = B is Uᵀ Lᵀ P X = B
    solveTriangularInPlace(factors, at, given, 0, n, m, upper);
    solveTriangularInPlace(factors, at, given, 0, n, m, lower);
    for (let i = 0; i < n; i++) b.set(given.subarray(i * m, (i + 1) * m), permutation[i] * m);
  } else {
    for (let i = 0; i < n; i++) {
      const row = permutation[i] * m;
      b.set(given.subarray(row, row + m), i * m);
    }
    solveTriangularInPlace(factors, at, b, 0, n, m, lower);
    solveTriangularInPlace(factors, at, b, 0, n, m, upper);
  }
}

/**
 * The cofactor matrix of the n × n matrix at `at` of a, into out at `at`: the derivative of the determinant by its
 * entries, right for singular matrices too. By complete pivoting P A Q = L U, so that only the last pivot can be
 * small while the others are not: cof A = ± P ᵀ cof(L) cof(U) Qᵀ, and cof U is formed without dividing by that pivot.
 */
export function cofactors(a: Matrix, out: Matrix, at: number, n: number): void {
  const u = a.slice(at, at + n * n);
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const columns = rows.slice();
  let sign = 1;
  for (let j = 0; j < n; j++) {
    let [p, q, largest] = [j, j, -1];
    for (let i = j; i < n; i++) {
      for (let k = j; k < n; k++) {
        const size = Math.abs(u[i * n + k]);
        if (size > largest) [p, q, largest] = [i, k, size];
      }
    }
    if (p !== j) {
      sign = -sign;
      swapRows(u, p * n, j * n, n);
      [rows[p], rows[j]] = [rows[j], rows[p]];
    }
    if (q !== j) {
      sign = -sign;
      for (let i = 0; i < n; i++) [u[i * n + q], u[i * n + j]] = [u[i * n + j], u[i * n + q]];
      [columns[q], columns[j]] = [columns[j], columns[q]];
    }
    if (u[j * n + j] === 0) break;
    for (let i = j + 1; i < n; i++) {
      const factor = u[i * n + j] / u[j * n + j];
      u[i * n + j] = factor;
      for (let k = j + 1; k < n; k++) u[i * n + k] -= factor * u[j * n + k];
    }
  }
  const adjugate = adjugateOfUpper(u, n);
  if (adjugate === null) {
    out.fill(0, at, at + n * n);
    return;
  }
  // adj(P A Q) = adj(U) adj(L) = adj(U) L⁻¹: solve from the right, row by row.
  for (let i = 0; i < n; i++) {
    for (let j = n - 1; j >= 0; j--) {
      let sum = adjugate[i * n + j];
      for (let k = j + 1; k < n; k++) sum -= adjugate[i * n + k] * u[k * n + j];
      adjugate[i * n + j] = sum;
    }
  }
  // adj(A) = ± Q adj(P A Q) P, and the cofactors are its transpose.
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) out[at + rows[j] * n + columns[i]] = sign * adjugate[i * n + j];
  }
}

/**
 * adj U = det(U) U⁻¹ for the upper triangle of u with pivots of descending size. With U = [[V, w], [0, μ]] it is
 * det(V) [[μ V⁻¹, −V⁻¹ w], [0, 1]]: no division by μ. Null if a pivot before the last is 0: then it is zero.
 */
function adjugateOfUpper(u: Matrix, n: number): Matrix | null {
  const result = new Float64Array(n * n);
  const last = n - 1;
  let determinant = 1;
  for (let i = 0; i < last; i++) determinant *= u[i * n + i];
  if (determinant === 0) return null;
  for (let j = 0; j < n; j++) {
    // Column j of V⁻¹ times μ, or of −V⁻¹ w.
    const top = j < last ? j : last - 1;
    if (j === last) {
      for (let i = 0; i < last; i++) result[i * n + j] = -u[i * n + last];
      result[last * n + last] = determinant;
    } else result[j * n + j] = u[last * n + last];
    for (let i = top; i >= 0; i--) {
      let sum = result[i * n + j];
      for (let k = i + 1; k < last; k++) sum -= u[i * n + k] * result[k * n + j];
      result[i * n + j] = sum / u[i * n + i];
    }
    for (let i = 0; i < last; i++) result[i * n + j] *= determinant;
  }
  return result;
}
