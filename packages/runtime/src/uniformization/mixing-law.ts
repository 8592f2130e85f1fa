// How the vectors of a sweep are mixed into the value at a time: Poisson weights, or one step of discrete time.
import { logPoisson } from "./poisson.ts";

/** How time runs: in continuous time t mixes steps with Poisson weights of mean rate · t. */
export type TimeLaw = "continuous" | "discrete";

const ln2 = Math.LN2;
/** The terms first … last of a mixture, and one of them that is about the largest; empty if last < first. */
export interface Window {
  readonly first: number;
  readonly peak: number;
  readonly last: number;
}

/**
 * A nonnegative sequence a_k = mantissas[k] · 2^exponents[k], k = 0 … K, prepared for the choice of windows:
 * its logarithms and their running maxima from either side.
 */
export class LogSequence {
  readonly logs: Float64Array;
  readonly maximaUpTo: Float64Array;
  readonly maximaFrom: Float64Array;
  readonly length: number;
  /** The first and the last k with a_k ≠ 0. */
  readonly #first: number;
  readonly #last: number;

  constructor(mantissas: Float64Array, exponents: Int32Array) {
    const length = mantissas.length;
    this.length = length;
    this.logs = new Float64Array(length);
    this.maximaUpTo = new Float64Array(length);
    this.maximaFrom = new Float64Array(length);
    let highest = -Infinity;
    let first = length;
    let last = -1;
    for (let k = 0; k < length; k++) {
      const magnitude = Math.abs(mantissas[k]);
      this.logs[k] = magnitude === 0 ? -Infinity : Math.log(magnitude) + exponents[k] * ln2;
      highest = Math.max(highest, this.logs[k]);
      this.maximaUpTo[k] = highest;
      if (magnitude === 0) continue;
      first = Math.min(first, k);
      last = k;
    }
    this.#first = first;
    this.#last = last;
    highest = -Infinity;
    for (let k = length - 1; k >= 0; k--) {
      highest = Math.max(highest, this.logs[k]);
      this.maximaFrom[k] = highest;
    }
  }

  /**
   * The terms of Σ_k Pois(k; mean) a_k that matter: what is left out on either side is at most e^−depth of a
   * term that is not, whatever the shape of a.
   */
  window(mean: number, depth: number): Window {
    const last = this.length - 1;
    if (last < 0 || this.maximaUpTo[last] === -Infinity) return { first: 0, peak: 0, last: -1 };
    if (mean === 0) return { first: 0, peak: 0, last: this.#first === 0 ? 0 : -1 };
    const peak = this.#largeTerm(mean);
    const threshold = this.#term(peak, mean) - depth;
    const middle = Math.min(last, Math.floor(mean));
    // Left: Σ_{j ≤ k} ≤ max_{j ≤ k} a_j · Pois(k) / (1 − k / mean), increasing in k.
    let below = -1;
    for (let above = middle; above - below > 1;) {
      const k = (below + above) >> 1;
      const bound = this.maximaUpTo[k] + logPoisson(k, mean) - Math.log1p(-k / mean);
      if (bound < threshold) below = k;
      else above = k;
    }
    // Right: Σ_{j ≥ k} ≤ max_{j ≥ k} a_j · Pois(k) / (1 − mean / (k + 1)), decreasing in k beyond the mean.
    let inside = Math.min(last, Math.max(middle, 0));
    for (let outside = last + 1; outside - inside > 1;) {
      const k = (inside + outside) >> 1;
      const bound = this.maximaFrom[k] + logPoisson(k, mean) - Math.log1p(-mean / (k + 1));
      if (bound < threshold) outside = k;
      else inside = k;
    }
    return {
      first: Math.max(Math.min(below + 1, peak), this.#first),
      peak,
      last: Math.min(Math.max(inside, peak), this.#last),
    };
  }

  #term(k: number, mean: number): number {
    return this.logs[k] + logPoisson(k, mean);
  }

  /**
   * A term that is not far below the largest. In the body it is at the mean; in the tails a ladder of steps finds
   * a hill and a ternary search climbs it.
   */
  #largeTerm(mean: number): number {
    const last = this.length - 1;
    const middle = Math.min(last, Math.round(mean));
    let best = middle;
    let highest = this.#term(middle, mean);
    const tryTerm = (k: number): void => {
      const term = k < 0 || k > last ? -Infinity : this.#term(k, mean);
      if (term > highest) {
        best = k;
        highest = term;
      }
    };
    if (highest > this.maximaUpTo[last] + logPoisson(middle, mean) - 5) return best;
    for (let distance = 1; distance <= last; distance = Math.ceil(distance * 1.5)) {
      tryTerm(middle - distance);
      tryTerm(middle + distance);
      tryTerm(distance);
    }
    if (highest === -Infinity) for (let k = 0; k <= last; k++) tryTerm(k);
    for (let reach = Math.ceil(Math.max(best, Math.abs(best - middle)) / 2); reach > 0;) {
      const before = best;
      tryTerm(before - reach);
      tryTerm(before + reach);
      if (best === before) reach >>= 1;
    }
    return best;
  }
}

/**
 * Weights of the terms of a window, into `weights`: Pois(k; mean) · 2^exponents[k] · e^−logScale, so that their
 * sum with the stored mantissas is the mixture divided by e^logScale. In discrete time the one term has weight
 * 2^exponents[k] · e^−logScale.
 */
export function fillWeights(
  law: TimeLaw,
  mean: number,
  window: Window,
  exponents: Int32Array,
  logScale: number,
  weights: Float64Array,
): void {
  const { first, last } = window;
  if (last < first) return;
  if (law === "discrete") {
    weights[0] = Math.exp(exponents[first] * ln2 - logScale);
    return;
  }
  const middle = window.peak;
  const center = Math.exp(logPoisson(middle, mean) + exponents[middle] * ln2 - logScale);
  weights[middle - first] = center;
  let weight = center;
  for (let k = middle; k < last; k++) {
    weight *= mean / (k + 1);
    if (exponents[k + 1] !== exponents[k]) weight *= 2 ** (exponents[k + 1] - exponents[k]);
    weights[k + 1 - first] = weight;
  }
  weight = center;
  for (let k = middle; k > first; k--) {
    weight *= k / mean;
    if (exponents[k - 1] !== exponents[k]) weight *= 2 ** (exponents[k - 1] - exponents[k]);
    weights[k - 1 - first] = weight;
  }
}

/** log Σ_k Pois(k; mean) a_k over a window; −Infinity for an empty one. `scratch` holds the window. */
export function logMixture(
  law: TimeLaw,
  mean: number,
  window: Window,
  mantissas: Float64Array,
  logs: Float64Array,
  exponents: Int32Array,
  scratch: Float64Array,
): number {
  const { first, last } = window;
  if (last < first) return -Infinity;
  if (law === "discrete") return logs[first];
  const middle = window.peak;
  const logScale = logPoisson(middle, mean) + exponents[middle] * ln2;
  fillWeights(law, mean, window, exponents, logScale, scratch);
  let sum = 0;
  for (let k = first; k <= last; k++) sum += scratch[k - first] * mantissas[k];
  return Math.log(sum) + logScale;
}
