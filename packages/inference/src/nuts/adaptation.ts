// Warm-up of a Hamiltonian sampler: windows in which the metric is estimated, as in Stan.
import type { MetricKind } from "./metric.ts";

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

/** Running mean and centred products (Welford) of positions: a diagonal, or row-major dimension × dimension. */
export interface CovarianceState {
  readonly count: number;
  readonly mean: Float64Array;
  readonly products: Float64Array;
}

export function startCovariance(dimension: number, kind: MetricKind): CovarianceState {
  return {
    count: 0,
    mean: new Float64Array(dimension),
    products: new Float64Array(kind === "dense" ? dimension * dimension : dimension),
  };
}

export function covarianceStep(
  { count, mean, products }: CovarianceState,
  position: Float64Array,
): CovarianceState {
  const dimension = position.length;
  const isDense = products.length !== dimension;
  const before = position.map((x, i) => x - mean[i]);
  const nextMean = mean.map((m, i) => m + before[i] / (count + 1));
  const after = position.map((x, i) => x - nextMean[i]);
  return {
    count: count + 1,
    mean: nextMean,
    products: isDense
      ? products.map((sum, at) => sum + after[Math.floor(at / dimension)] * before[at % dimension])
      : products.map((sum, i) => sum + before[i] * after[i]),
  };
}

/** The inverse mass of the estimate, shrunk towards a small multiple of the identity as in Stan. */
export function inverseMassOf({ count, mean, products }: CovarianceState): Float64Array {
  const dimension = mean.length;
  const weight = count / (count + 5);
  return products.map((value, at) => {
    const isDiagonal = products.length === dimension || at % (dimension + 1) === 0;
    return weight * (value / Math.max(1, count - 1)) + (isDiagonal ? 1e-3 * (5 / (count + 5)) : 0);
  });
}
