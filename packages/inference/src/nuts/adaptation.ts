// Warm-up of a Hamiltonian sampler: windows in which the metric is estimated, as in Stan.
import { internalError } from "@phxlang/autodiff";
import { cholesky, denseMetric, diagonalMetric } from "./metric.ts";
import type { Metric } from "./metric.ts";

/** Iterations at which a window of metric estimation ends, for a warm-up of that many iterations. */
export function windowEnds(warmup: number): readonly number[] {
  if (warmup < 20) return [];
  let first = 75;
  let last = 50;
  let base = 25;
  if (first + base + last > warmup) {
    first = Math.floor(0.15 * warmup);
    last = Math.floor(0.1 * warmup);
    base = warmup - first - last;
  }
  const ends: number[] = [];
  let end = first + base;
  let size = base;
  while (end < warmup - last) {
    const next = end + 2 * size;
    // A window that would leave a shorter one after it takes the rest instead.
    if (next + 4 * size > warmup - last && next !== warmup - last) {
      ends.push(end);
      end = warmup - last;
      break;
    }
    ends.push(end);
    size *= 2;
    end = next;
  }
  ends.push(Math.min(end, warmup - last));
  return [...new Set(ends)];
}

/** Where the first window begins. */
export function windowStart(warmup: number): number {
  if (warmup < 20) return warmup;
  return 75 + 25 + 50 > warmup ? Math.floor(0.15 * warmup) : 75;
}

/** Running mean and covariance (Welford) of positions. */
export class CovarianceEstimate {
  readonly #dimension: number;
  readonly #kind: "diagonal" | "dense";
  #count = 0;
  #mean: Float64Array;
  #products: Float64Array;

  constructor(dimension: number, kind: "diagonal" | "dense") {
    this.#dimension = dimension;
    this.#kind = kind;
    this.#mean = new Float64Array(dimension);
    this.#products = new Float64Array(kind === "dense" ? dimension * dimension : dimension);
  }

  add(position: Float64Array): void {
    this.#count += 1;
    const before = position.map((x, i) => x - this.#mean[i]);
    for (let i = 0; i < this.#dimension; i++) this.#mean[i] += before[i] / this.#count;
    for (let i = 0; i < this.#dimension; i++) {
      const after = position[i] - this.#mean[i];
      if (this.#kind === "diagonal") this.#products[i] += before[i] * after;
      else
        for (let j = 0; j < this.#dimension; j++)
          this.#products[i * this.#dimension + j] += after * before[j];
    }
  }

  /** The metric of the estimate, shrunk towards a small multiple of the identity as in Stan; then starts anew. */
  takeMetric(): Metric {
    const n = this.#count;
    const weight = n / (n + 5);
    const shrunk = this.#products.map((value, index) => {
      const isDiagonal = this.#kind === "diagonal" || index % (this.#dimension + 1) === 0;
      return weight * (value / Math.max(1, n - 1)) + (isDiagonal ? 1e-3 * (5 / (n + 5)) : 0);
    });
    this.#count = 0;
    this.#mean = new Float64Array(this.#dimension);
    this.#products = new Float64Array(this.#products.length);
    if (this.#kind === "diagonal") return diagonalMetric(shrunk);
    const factor = cholesky(shrunk, this.#dimension);
    const isPositive = factor.every((value, index) => index % (this.#dimension + 1) !== 0 || value > 0);
    if (!isPositive) throw internalError("the covariance of a warm-up window is not positive definite");
    return denseMetric(shrunk, this.#dimension);
  }
}
