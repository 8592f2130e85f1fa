// The Euclidean metric of a Hamiltonian sampler: a positive-definite inverse mass matrix, diagonal or dense.
import { cholesky } from "../matrices/cholesky.ts";
import type { RandomStream } from "../random-stream.ts";

export type MetricKind = "diagonal" | "dense";

export interface Metric {
  /** Draws a momentum from N(0, M). */
  sampleMomentum(stream: RandomStream): Float64Array;
  /** M⁻¹ p */
  velocity(momentum: Float64Array): Float64Array;
  /** The inverse mass matrix: its diagonal, or row-major. */
  readonly inverseMass: Float64Array;
}

/** The metric of a diagonal [dimension] or of a whole matrix [dimension × dimension]. */
export function metricOf(inverseMass: Float64Array, dimension: number): Metric {
  return inverseMass.length === dimension ? diagonalMetric(inverseMass) : denseMetric(inverseMass, dimension);
}

function diagonalMetric(inverseMass: Float64Array): Metric {
  const scale = inverseMass.map((v) => 1 / Math.sqrt(v));
  return {
    inverseMass,
    sampleMomentum: (stream) => scale.map((s) => s * stream.normal()),
    velocity: (momentum) => momentum.map((p, i) => inverseMass[i] * p),
  };
}

/** `inverseMass` is symmetric positive definite, row-major; with M⁻¹ = L Lᵀ, p = L⁻ᵀ z has covariance M. */
function denseMetric(inverseMass: Float64Array, dimension: number): Metric {
  const factor = cholesky(inverseMass, dimension);
  return {
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
