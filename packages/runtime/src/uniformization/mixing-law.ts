// How the vectors of a sweep are mixed into the value at a time: Poisson weights, or one step of discrete time.
import { special } from "@phxlang/autodiff";
import { rescaledBits } from "../kernels/sweep-kernels.ts";
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

const emptyWindow: Window = { first: 0, peak: 0, last: -1 };

/** A term is in the body of a mixture if it is at most e^5 times below the largest of the sequence. */
const bodyDepth = 5;

/**
 * A nonnegative sequence a_k = mantissas[k] · 2^exponents[k], k = 0 … K, whose mixtures Σ_k Pois(k; mean) a_k are
 * asked for.
 */
export class MixedSequence {
  readonly mantissas: Float64Array;
  readonly exponents: Int32Array;
  /** The first and the last k with a_k ≠ 0. */
  readonly #first: number;
  readonly #last: number;
  readonly #logMaximum: number;
  #tails: Tails | null = null;

  constructor(mantissas: Float64Array, exponents: Int32Array) {
    this.mantissas = mantissas;
    this.exponents = exponents;
    const { length } = mantissas;
    let first = 0;
    while (first < length && mantissas[first] === 0) first++;
    let last = length - 1;
    while (last >= first && mantissas[last] === 0) last--;
    this.#first = first;
    this.#last = last;
    let logMaximum = -Infinity;
    for (let k = first; k <= last;) {
      const exponent = exponents[k];
      let largest = 0;
      for (; k <= last && exponents[k] === exponent; k++) largest = Math.max(largest, Math.abs(mantissas[k]));
      logMaximum = Math.max(logMaximum, special.log(largest) + exponent * ln2);
    }
    this.#logMaximum = logMaximum;
  }

  /** log a_k. */
  log(k: number): number {
    const magnitude = Math.abs(this.mantissas[k]);
    return magnitude === 0 ? -Infinity : special.log(magnitude) + this.exponents[k] * ln2;
  }

  /**
   * The terms of Σ_k Pois(k; mean) a_k that matter: what is left out on either side is at most e^−depth of a
   * term that is not, whatever the shape of a.
   */
  window(mean: number, depth: number): Window {
    if (this.#last < this.#first) return emptyWindow;
    if (mean === 0) return this.#first === 0 ? { first: 0, peak: 0, last: 0 } : emptyWindow;
    const middle = Math.round(mean);
    const drop = this.#logMaximum - (middle <= this.#last ? this.log(middle) : -Infinity);
    if (!(drop <= bodyDepth)) {
      this.#tails ??= new Tails(this);
      return this.#tails.window(mean, depth, this.#first, this.#last);
    }
    // Bernstein: P(X ≥ λ + r) ≤ exp(−r² / (2 (λ + r / 3))), P(X ≤ λ − r) ≤ exp(−r² / (2 λ)); beside the term in the middle,
    // which is at least e^−1 / √(2π (λ + 1)).
    const exponent = depth + drop + 1 + 0.5 * special.log(2 * Math.PI * (mean + 1));
    const right = exponent / 3 + Math.sqrt((exponent * exponent) / 9 + 2 * exponent * mean);
    const left = Math.sqrt(2 * exponent * mean);
    return {
      first: Math.max(this.#first, Math.ceil(mean - left)),
      peak: middle,
      last: Math.min(this.#last, Math.floor(mean + right)),
    };
  }
}

/** The logarithms of a sequence and their running maxima from either side, for windows far from the mean. */
class Tails {
  readonly #logs: Float64Array;
  readonly #maximaUpTo: Float64Array;
  readonly #maximaFrom: Float64Array;

  constructor(sequence: MixedSequence) {
    const { length } = sequence.mantissas;
    this.#logs = new Float64Array(length);
    this.#maximaUpTo = new Float64Array(length);
    this.#maximaFrom = new Float64Array(length);
    let highest = -Infinity;
    for (let k = 0; k < length; k++) {
      this.#logs[k] = sequence.log(k);
      highest = Math.max(highest, this.#logs[k]);
      this.#maximaUpTo[k] = highest;
    }
    highest = -Infinity;
    for (let k = length - 1; k >= 0; k--) {
      highest = Math.max(highest, this.#logs[k]);
      this.#maximaFrom[k] = highest;
    }
  }

  window(mean: number, depth: number, firstTerm: number, lastTerm: number): Window {
    const last = this.#logs.length - 1;
    const peak = this.#largeTerm(mean);
    const threshold = this.#term(peak, mean) - depth;
    const middle = Math.min(last, Math.floor(mean));
    // Left: Σ_{j ≤ k} ≤ max_{j ≤ k} a_j · Pois(k) / (1 − k / mean), increasing in k.
    let below = -1;
    for (let above = middle; above - below > 1;) {
      const k = (below + above) >> 1;
      const bound = this.#maximaUpTo[k] + logPoisson(k, mean) - special.log1p(-k / mean);
      if (bound < threshold) below = k;
      else above = k;
    }
    // Right: Σ_{j ≥ k} ≤ max_{j ≥ k} a_j · Pois(k) / (1 − mean / (k + 1)), decreasing in k beyond the mean.
    let inside = Math.min(last, Math.max(middle, 0));
    for (let outside = last + 1; outside - inside > 1;) {
      const k = (inside + outside) >> 1;
      const bound = this.#maximaFrom[k] + logPoisson(k, mean) - special.log1p(-mean / (k + 1));
      if (bound < threshold) outside = k;
      else inside = k;
    }
    return {
      first: Math.max(Math.min(below + 1, peak), firstTerm),
      peak,
      last: Math.min(Math.max(inside, peak), lastTerm),
    };
  }

  #term(k: number, mean: number): number {
    return this.#logs[k] + logPoisson(k, mean);
  }

  /**
   * A term that is not far below the largest. In the body it is at the mean; in the tails a ladder of steps finds
   * a hill and a ternary search climbs it.
   */
  #largeTerm(mean: number): number {
    const last = this.#logs.length - 1;
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

/** 2^bits for a multiple of the bits that are taken out of vectors at once; exact, or 0 or Infinity. */
function rescaling(bits: number): number {
  let factor = 1;
  for (let done = 0; done < Math.abs(bits); done += rescaledBits) factor *= 2 ** rescaledBits;
  return bits < 0 ? 1 / factor : factor;
}

/** log of the weight of the term in the middle of a window: log Pois(peak; mean) + exponents[peak] log 2. */
export function logCenter(law: TimeLaw, mean: number, { peak }: Window, exponents: Int32Array): number {
  return (law === "discrete" ? 0 : logPoisson(peak, mean)) + exponents[peak] * ln2;
}

/**
 * Weights of the terms of a window, into `weights`: proportional to Pois(k; mean) · 2^exponents[k], with `center` for the
 * one in the middle. In discrete time there is one term.
 */
export function fillWeights(
  law: TimeLaw,
  mean: number,
  window: Window,
  exponents: Int32Array,
  center: number,
  weights: Float64Array,
): void {
  const { first, last, peak } = window;
  if (last < first) return;
  weights[peak - first] = center;
  if (law === "discrete") return;
  let weight = center;
  for (let k = peak; k < last; k++) {
    weight *= mean / (k + 1);
    if (exponents[k + 1] !== exponents[k]) weight *= rescaling(exponents[k + 1] - exponents[k]);
    weights[k + 1 - first] = weight;
  }
  weight = center;
  for (let k = peak; k > first; k--) {
    weight *= k / mean;
    if (exponents[k - 1] !== exponents[k]) weight *= rescaling(exponents[k - 1] - exponents[k]);
    weights[k - 1 - first] = weight;
  }
}

/** log Σ_k Pois(k; mean) a_k over a window; −Infinity for an empty one. `scratch` holds the window. */
export function logMixture(
  law: TimeLaw,
  mean: number,
  window: Window,
  sequence: MixedSequence,
  scratch: Float64Array,
): number {
  const { first, last, peak } = window;
  if (last < first) return -Infinity;
  if (law === "discrete") return sequence.log(first);
  const { mantissas, exponents } = sequence;
  fillWeights(law, mean, window, exponents, 1, scratch);
  let sum = 0;
  for (let k = first; k <= last; k++) sum += scratch[k - first] * mantissas[k];
  return sum === 0 ? -Infinity : special.log(sum) + logCenter(law, mean, { first, peak, last }, exponents);
}
