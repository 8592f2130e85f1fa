// Kernels of Stein variational gradient descent: attraction along gradients, repulsion between particles.
import { special } from "@phxlang/autodiff";

/**
 * - "dimension-scaled": Gaussian kernel whose squared width is half the mean squared distance, so that it keeps pace
 *   with distances that grow with the dimension: the default.
 * - "median": Gaussian kernel with the median heuristic h² = median² / (2 log(P + 1)); collapses above ten dimensions.
 * - "inverse-multiquadric": (1 + r² / h²)^−1/2 with the same median width; heavier tails.
 */
export type KernelName = "dimension-scaled" | "median" | "inverse-multiquadric";

/** Particles and gradients are row-major count × dimension. */
export interface Ensemble {
  readonly count: number;
  readonly dimension: number;
  readonly positions: Float64Array;
}

export function squaredDistance(positions: Float64Array, dimension: number, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < dimension; k++) {
    const difference = positions[i * dimension + k] - positions[j * dimension + k];
    sum += difference * difference;
  }
  return sum;
}

/** Squared width h² of a kernel at these positions; 1 where all particles coincide. */
export function squaredWidth(kernel: KernelName, { count, dimension, positions }: Ensemble): number {
  const distances = new Float64Array((count * (count - 1)) / 2);
  let next = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) distances[next++] = squaredDistance(positions, dimension, i, j);
  }
  if (distances.length === 0) return 1;
  const width =
    kernel === "dimension-scaled"
      ? distances.reduce((sum, d) => sum + d, 0) / distances.length / 2
      : medianOf(distances) / (2 * special.log(count + 1));
  return width > 0 ? width : 1;
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The direction φ(x_i) = 1/P Σ_j [k(x_j, x_i) ∇log p(x_j) + ∇_{x_j} k(x_j, x_i)] (Liu & Wang 2016, equation 8). Sums
 * run over j in index order, whatever computes the gradients.
 */
export function steinDirection(
  kernel: KernelName,
  ensemble: Ensemble,
  gradients: Float64Array,
): Float64Array {
  const { count, dimension, positions } = ensemble;
  const width = squaredWidth(kernel, ensemble);
  const direction = new Float64Array(positions.length);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const distance = squaredDistance(positions, dimension, i, j);
      let value: number;
      /** ∂k/∂(r²) */
      let slope: number;
      if (kernel === "inverse-multiquadric") {
        value = 1 / Math.sqrt(1 + distance / width);
        slope = (-0.5 * value * value * value) / width;
      } else {
        value = special.exp(-distance / (2 * width));
        slope = -value / (2 * width);
      }
      for (let k = 0; k < dimension; k++) {
        const away = positions[j * dimension + k] - positions[i * dimension + k];
        direction[i * dimension + k] += value * gradients[j * dimension + k] + 2 * slope * away;
      }
    }
  }
  for (let k = 0; k < direction.length; k++) direction[k] /= count;
  return direction;
}
