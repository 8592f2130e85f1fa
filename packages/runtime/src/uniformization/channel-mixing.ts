// Mixing of one channel in one lane: from the vectors of a sweep to values at times, and from weights of times to steps.
import type { ExponentialRequest as Request } from "../jets/exponential-request.ts";
import { exponentialConstants, exponentialItems, leftCountOf } from "../jets/exponential-request.ts";
import type { Jet } from "../jets/subsets.ts";
import { productSupport, supportOf } from "../jets/subsets.ts";
import { special } from "@phxlang/autodiff";
import { kernelHost } from "../wasm/index.ts";
import { nonzeroPositions } from "./jet-adjoint.ts";
import type { JetTape } from "./jet-tape.ts";
import type { Window } from "./mixing-law.ts";
import { fillWeights, logCenter } from "./mixing-law.ts";
import type { LaneSweep } from "./reference-sweep.ts";

/** Which lane of how many, and its reference. */
export interface MixedLane {
  readonly lane: number;
  readonly laneCount: number;
  readonly reference: LaneSweep;
  /** Of rows 0 … steps of this lane. */
  readonly exponents: Int32Array;
}

/** e^−scale left_mᵀ exp(A t) start, for each time: one channel's share of the values. */
export function channelValues(request: Request, tape: JetTape, own: MixedLane, channel: number): Jet {
  const { reference } = own;
  const times = request.items[exponentialItems.times][0] ?? new Float64Array(0);
  const leftOfTime = request.constants[exponentialConstants.leftOfTime];
  const sequences = leftSequences(request, tape, own);
  const stride = reference.steps + 1;
  const values = sequences.map((sequence) => (sequence === null ? null : new Float64Array(times.length)));
  forWindows(request, own, channel, (n, window, weights) => {
    for (const [a, sequence] of sequences.entries()) {
      const target = values[a];
      if (sequence === null || target === null) continue;
      const base = leftOfTime[n] * stride;
      let sum = 0;
      for (let k = window.first; k <= window.last; k++) sum += weights[k - window.first] * sequence[base + k];
      target[n] = sum;
    }
  });
  return values;
}

/** left_m · u_k as products of jets, m · (steps + 1) + k. */
function leftSequences(request: Request, tape: JetTape, own: MixedLane): (Float64Array | null)[] {
  const left = request.items[exponentialItems.left];
  const leftCount = leftCountOf(request);
  const { rowCount } = request.parameters.pattern;
  const { lane, laneCount, reference } = own;
  const stride = reference.steps + 1;
  const support = productSupport(supportOf(left), tape.support);
  const sequences = support.map((present) => (present ? new Float64Array(leftCount * stride) : null));
  const entries = left.map((part) => (part === null ? new Int32Array(0) : nonzeroPositions(part)));
  for (let s = 0; s < tape.segmentCount; s++) {
    const segment = tape.segment(s);
    const memory = kernelHost().f64;
    // Row 0 of a later segment is the last row of the one before it.
    const firstRow = s === 0 ? 0 : 1;
    const lastRow = Math.min(segment.steps, reference.steps - segment.firstStep);
    for (const [a, sequence] of sequences.entries()) {
      if (sequence === null) continue;
      for (let b = a; ; b = (b - 1) & a) {
        const x = left[b];
        const u = segment.vectors[a ^ b];
        if (x !== null && u !== null) {
          for (const position of entries[b]) {
            const r = position % rowCount;
            const base = ((position - r) / rowCount) * stride + segment.firstStep;
            for (let row = firstRow; row <= lastRow; row++) {
              sequence[base + row] += x[position] * memory[u / 8 + (row * rowCount + r) * laneCount + lane];
            }
          }
        }
        if (b === 0) break;
      }
    }
  }
  return sequences;
}

/** The transpose of mixing: adds weights of times to weights of steps, (k · leftCount + m) · lanes + lane. */
export function spreadWeights(
  request: Request,
  termWeights: Jet,
  own: MixedLane,
  channel: number,
  spread: Jet,
): void {
  const leftCount = leftCountOf(request);
  const leftOfTime = request.constants[exponentialConstants.leftOfTime];
  const { lane, laneCount } = own;
  forWindows(request, own, channel, (n, window, weights) => {
    for (const [a, target] of spread.entries()) {
      const weight = termWeights[a]?.[n] ?? 0;
      if (target === null || weight === 0) continue;
      let at = (window.first * leftCount + leftOfTime[n]) * laneCount + lane;
      for (let k = window.first; k <= window.last; k++, at += leftCount * laneCount) {
        target[at] += weights[k - window.first] * weight;
      }
    }
  });
}

/** Calls back for every time, with its window and the weights of its terms: Pois(k; mean) 2^exponents[k] e^−scale. */
function forWindows(
  request: Request,
  { reference, exponents }: MixedLane,
  channel: number,
  visit: (n: number, window: Window, weights: Float64Array) => void,
): void {
  const { law } = request.parameters;
  const times = request.items[exponentialItems.times][0] ?? new Float64Array(0);
  const scales = request.constants[exponentialConstants.scales];
  const windows = reference.windows.map((window) => channelWindow(window, channel));
  const longest = windows.reduce((most, { first, last }) => Math.max(most, last - first + 1), 1);
  const weights = new Float64Array(longest);
  for (let n = 0; n < times.length; n++) {
    const window = windows[n];
    if (window.last < window.first) continue;
    const mean = reference.rate * times[n];
    const center = special.exp(logCenter(law, mean, window, exponents) - scales[n]);
    fillWeights(law, mean, window, exponents, center, weights);
    visit(n, window, weights);
  }
}

/** A^j right may meet left j steps before right does. */
function channelWindow(window: Window, channel: number): Window {
  return channel === 0 || window.last < window.first
    ? window
    : { ...window, first: Math.max(0, window.first - channel) };
}
