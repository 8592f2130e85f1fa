// The Euclidean metric of a Hamiltonian sampler: a positive-definite inverse mass matrix, diagonal or dense.
import type { RandomStream } from "../random-stream.ts";

export interface Metric {
  readonly kind: "diagonal" | "dense";
  /** Draws a momentum from N(0, M). */
  sampleMomentum(stream: RandomStream): Float64Array;
  /** M⁻¹ p */
  velocity(momentum: Float64Array): Float64Array;
  /** The inverse mass matrix: its diagonal, or row-major. */
  readonly inverseMass: Float64Array;
}

export function diagonalMetric(inverseMass: Float64Array): Metric {
  const scale = inverseMass.map((v) => 1 / Math.sqrt(v));
  return {
    kind: "diagonal",
    inverseMass,
    sampleMomentum: (stream) => scale.map((s) => s * stream.normal()),
    velocity: (momentum) => momentum.map((p, i) => inverseMass[i] * p),
  };
}

/** `inverseMass` is symmetric positive definite, row-major; with M⁻¹ = L Lᵀ, p = L⁻ᵀ z has covariance M. */
export function denseMetric(inverseMass: Float64Array, dimension: number): Metric {
  const factor = cholesky(inverseMass, dimension);
  return {
    kind: "dense",
    inverseMass,
    sampleMomentum(stream) {
      const momentum = new Float64Array(dimension);
      for (let i = 0; i < dimension; i++) momentum[i] = stream.normal();
      for (let i = dimension - 1; i >= 0; i--) {
        for (let j = i + 1; j < dimension; j++) momentum[i] -= factor[j * dimension + i] * momentum[j];
        momentum[i] /= factor[i * dimension + i];
      }
      return momentum;
    },
    velocity(momentum) {
      const result = new Float64Array(dimension);
      for (let i = 0; i < dimension; i++) {
        for (let j = 0; j < dimension; j++) result[i] += inverseMass[i * dimension + j] * momentum[j];
      }
      return result;
    },
  };
}

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
