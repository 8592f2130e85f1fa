// Small dense positive definite matrices as products of triangles.
import { special } from "@phxlang/autodiff";

/** Lower triangle L with L Lᵀ = matrix, row-major; a NaN on its diagonal says that there is none. */
export function cholesky(matrix: Float64Array, dimension: number): Float64Array {
  const factor = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * dimension + j];
      for (let k = 0; k < j; k++) sum -= factor[i * dimension + k] * factor[j * dimension + k];
      factor[i * dimension + j] = i === j ? Math.sqrt(sum) : sum / factor[j * dimension + j];
    }
  }
  return factor;
}

/** L z for a lower triangle L, row-major. */
export function timesTriangle(factor: Float64Array, z: Float64Array): Float64Array {
  return z.map((_, i) => {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += factor[i * z.length + j] * z[j];
    return sum;
  });
}

/** Lᵀ z for a lower triangle L, row-major. */
export function timesTransposedTriangle(factor: Float64Array, z: Float64Array): Float64Array {
  return z.map((_, k) => {
    let sum = 0;
    for (let j = k; j < z.length; j++) sum += factor[j * z.length + k] * z[j];
    return sum;
  });
}

/** log of the determinant of L Lᵀ, halved: Σ log L_ii. */
export function logDiagonal(factor: Float64Array, dimension: number): number {
  let sum = 0;
  for (let i = 0; i < dimension; i++) sum += special.log(factor[i * (dimension + 1)]);
  return sum;
}
