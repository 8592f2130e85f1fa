// How far an ensemble of particles is from the distribution that it stands for.
import { variance } from "../diagnostics/ranks.ts";
import { squaredDistance } from "./kernel.ts";
import type { Ensemble } from "./kernel.ts";

/** Per coordinate, standard deviation of the particles. */
export function spreads({ dimension, positions }: Ensemble): Float64Array {
  return Float64Array.from({ length: dimension }, (_, k) =>
    Math.sqrt(variance(positions.filter((__, i) => i % dimension === k))),
  );
}

/** Distance of the closest two particles. */
export function closestDistance({ count, dimension, positions }: Ensemble): number {
  let least = Infinity;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) least = Math.min(least, squaredDistance(positions, dimension, i, j));
  }
  return Math.sqrt(least);
}

/**
 * Kernel Stein discrepancy of the particles for a density whose gradients of the logarithm are given (Gorham & Mackey
 * 2017), with the kernel (1 + r²)^−1/2, which tells apart what converges from what does not. 0 for the density itself;
 * about 1 / √P for as many independent draws.
 */
export function steinDiscrepancy(ensemble: Ensemble, gradients: Float64Array): number {
  const { count, dimension, positions } = ensemble;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const base = 1 / (1 + squaredDistance(positions, dimension, i, j));
      const kernel = Math.sqrt(base);
      const slope = kernel * base;
      let product = 0;
      let pull = 0;
      for (let k = 0; k < dimension; k++) {
        const a = gradients[i * dimension + k];
        const b = gradients[j * dimension + k];
        product += a * b;
        pull += (a - b) * (positions[i * dimension + k] - positions[j * dimension + k]);
      }
      // ∇ₓk = −(x − y) s, ∇ₓ·∇ᵧk = d s − 3 r² s b for s = k³, b = k².
      const trace = dimension * slope - 3 * (1 - base) * slope;
      sum += product * kernel + pull * slope + trace;
    }
  }
  return Math.sqrt(Math.max(0, sum)) / count;
}
