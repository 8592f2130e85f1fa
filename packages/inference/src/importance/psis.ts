// Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao & Gabry 2024).
import { special } from "@phxlang/autodiff";

export interface SmoothedWeights {
  /** Logarithms of weights that sum to 1. */
  readonly logWeights: Float64Array;
  /** Shape of the tail: below 0.7 the weights can be trusted, above they cannot. −Infinity where all are equal. */
  readonly paretoK: number;
}

/** Beyond this shape the variance of importance sampling is out of hand at any affordable number of draws. */
export const largestParetoK = 0.7;

/** Smallest number of weights that a tail is fitted to. */
const smallestTail = 5;

/**
 * Replaces the largest importance ratios by the expected order statistics of a generalised Pareto distribution fitted to
 * them, and normalises. `logRatios` may be off by a constant.
 */
export function smoothWeights(logRatios: Float64Array): SmoothedWeights {
  const count = logRatios.length;
  const most = logRatios.reduce((a, b) => Math.max(a, b), -Infinity);
  const logs = logRatios.map((x) => x - most);
  const tail = Math.min(Math.floor(count / 5), Math.ceil(3 * Math.sqrt(count)));
  if (tail < smallestTail) return { logWeights: normalized(logs), paretoK: Infinity };
  const order = Uint32Array.from(logs.keys()).sort((a, b) => logs[a] - logs[b] || a - b);
  const largest = order.subarray(count - tail);
  const cutoff = special.exp(logs[order[count - tail - 1]]);
  const excess = Float64Array.from(largest, (i) => special.exp(logs[i]) - cutoff);
  if (!(excess[tail - 1] > 0)) return { logWeights: normalized(logs), paretoK: -Infinity };
  const { shape, scale } = fitPareto(excess);
  largest.forEach((i, rank) => {
    const quantile = paretoQuantile((rank + 0.5) / tail, shape, scale);
    logs[i] = Math.min(0, special.log(cutoff + quantile));
  });
  return { logWeights: normalized(logs), paretoK: shape };
}

/** log Σ exp(x) */
export function logSumExp(values: Float64Array): number {
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (most === -Infinity) return -Infinity;
  return most + special.log(values.reduce((sum, x) => sum + special.exp(x - most), 0));
}

function normalized(logs: Float64Array): Float64Array {
  const total = logSumExp(logs);
  return logs.map((x) => x - total);
}

function paretoQuantile(p: number, shape: number, scale: number): number {
  const log = -special.log1p(-p);
  return shape === 0 ? scale * log : (scale * special.expm1(shape * log)) / shape;
}

/**
 * Shape and scale of a generalised Pareto distribution from ascending excesses (Zhang & Stephens 2009), the shape with a
 * weak prior at 0.5 worth ten observations.
 */
export function fitPareto(excess: Float64Array): { readonly shape: number; readonly scale: number } {
  const count = excess.length;
  const gridSize = 30 + Math.floor(Math.sqrt(count));
  const quartile = excess[Math.max(0, Math.floor(count / 4 + 0.5) - 1)];
  const meanLog = (theta: number): number =>
    excess.reduce((sum, x) => sum + special.log1p(-theta * x), 0) / count;
  const grid = Float64Array.from(
    { length: gridSize },
    (_, j) => 1 / excess[count - 1] + (1 - Math.sqrt(gridSize / (j + 0.5))) / (3 * quartile),
  );
  const profile = grid.map((theta) => {
    const k = meanLog(theta);
    return count * (special.log(-theta / k) - k - 1);
  });
  const total = logSumExp(profile);
  const theta = grid.reduce((sum, value, j) => sum + value * special.exp(profile[j] - total), 0);
  const shape = meanLog(theta);
  return { shape: (shape * count + 5) / (count + 10), scale: -shape / theta };
}
