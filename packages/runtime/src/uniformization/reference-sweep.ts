// The sweep that decides: how many steps, which terms matter at each time, and the logarithms of the values.
import { special } from "@phxlang/autodiff";
import type { LaneCount } from "../kernels/lane-arrays.ts";
import { placeLanes } from "../kernels/lane-arrays.ts";
import type { SweepKernels } from "../kernels/sweep-kernels.ts";
import { blockSteps } from "../kernels/sweep-kernels.ts";
import { largestRate } from "../kernels/operator.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import type { Arena } from "../wasm/index.ts";
import { everyNth } from "./growing-array.ts";
import { JetTape, segmentStepsFor } from "./jet-tape.ts";
import type { Keeping } from "./jet-tape.ts";
import { LeftBlock } from "./left-block.ts";
import type { TimeLaw, Window } from "./mixing-law.ts";
import { logMixture, MixedSequence } from "./mixing-law.ts";
import { OperatorBlock } from "./operator-block.ts";
import { logPoisson } from "./poisson.ts";
import { largestTapeBytes, largestWork } from "./limits.ts";
import { tooManySteps, unusableTime } from "./refusals.ts";

/** What one lane is given; nothing of it may be negative. */
export interface ReferenceItem {
  readonly slots: Float64Array;
  /** Row-major leftCount × rows. */
  readonly left: Float64Array;
  /** [rows] */
  readonly right: Float64Array;
  readonly times: Float64Array;
  /** Left row that each time belongs to. */
  readonly leftOfTime: Float64Array;
}

export interface ReferenceRequest {
  readonly kernels: SweepKernels;
  readonly pattern: OperatorPattern;
  readonly law: TimeLaw;
  readonly leftCount: number;
  /** One for each lane: 1, 2, 4 or 8. */
  readonly items: readonly ReferenceItem[];
  /** Whether the vectors will be walked backwards. */
  readonly keep: boolean;
  /** What may be left out: e^−depth of the value. */
  readonly depth: number;
}

/** Far below rounding, for derivatives as for values. */
export const valueDepth = 44;

/**
 * What may be left out of values with a relative tolerance: e^−16 of it, for what derivatives lose more. That is
 * `valueDepth` at tolerances of 1e-12 and below, and fewer steps at larger ones.
 */
export function depthFor(tolerance: number): number {
  return Math.min(valueDepth, 16.5 - special.log(tolerance));
}
/** Of vectors: entries down to 10⁻⁵⁰ of their sum keep full relative accuracy. */
export const vectorDepth = 160;

/** F_n = left_mᵀ exp(A t_n) right (continuous) or left_mᵀ Aᵗ right (discrete), m = leftOfTime[n], of one lane. */
export interface LaneSweep {
  /** The rate of uniformization; 1 in discrete time. */
  readonly rate: number;
  /** Number of products with the operator that count. */
  readonly steps: number;
  /** Of rows 0 … steps. */
  readonly exponents: Int32Array;
  readonly windows: readonly Window[];
  /** log F_n, −Infinity where F_n = 0. */
  readonly logValues: Float64Array;
}

export interface ReferenceSweep {
  readonly lanes: readonly LaneSweep[];
  readonly operator: OperatorBlock;
  readonly left: LeftBlock;
  readonly tape: JetTape;
}

/**
 * The rate of uniformization over the largest rate. Every state then stays with positive probability, so that no
 * term of a derivative lies outside of the terms of the value: those windows serve both.
 */
const headroom = 33 / 32;

/** Sweeps until every lane has what its largest time needs; all of it is allocated in the arena. */
export function referenceSweep(arena: Arena, request: ReferenceRequest): ReferenceSweep {
  const { kernels, pattern, leftCount, items } = request;
  const { rowCount } = pattern;
  const lanes = items.length as LaneCount;
  const operator = new OperatorBlock(arena, pattern, lanes);
  const states = items.map((item, lane) => new LaneState(request, item, lane, operator));
  const expected = states.reduce((most, state) => Math.max(most, state.expected), 0);
  const bytes = 8 * lanes * rowCount * expected;
  const keeping: Keeping = !request.keep
    ? "newest"
    : bytes <= largestTapeBytes
      ? "everything"
      : "checkpoints";
  const left = new LeftBlock(
    arena,
    items.map((item) => item.left),
    leftCount,
    rowCount,
  );
  const start = placeLanes(
    arena,
    items.map((item) => item.right),
  );
  const tape = new JetTape({
    kernels,
    arena,
    operators: [operator],
    start: [start],
    rowCount,
    lanes,
    left,
    segmentSteps: segmentStepsFor(expected, keeping),
    keeping,
  });
  // Each lane is looked at after the numbers of steps at which it would be looked at alone.
  for (let open = states.filter((state) => !state.isDone); open.length > 0;) {
    const next = open.reduce((least, { nextCheck }) => Math.min(least, nextCheck), Infinity);
    tape.advance(next - tape.steps);
    for (const state of open) if (state.nextCheck === next) state.look(tape);
    open = open.filter((state) => !state.isDone);
  }
  return {
    lanes: states.map((state) => state.finish(tape)),
    operator,
    left,
    tape,
  };
}

/** The smallest multiple of four that is not below x. */
function roundUp(x: number): number {
  return Math.max(1, Math.ceil(x / blockSteps)) * blockSteps;
}

/** How far one lane has come. */
class LaneState {
  readonly expected: number;
  nextCheck: number;
  isDone: boolean;
  readonly #request: ReferenceRequest;
  readonly #item: ReferenceItem;
  readonly #lane: number;
  readonly #rate: number;
  readonly #growth: number;
  readonly #largestMean: number;
  readonly #leftSums: Float64Array;
  #steps = 0;

  constructor(request: ReferenceRequest, item: ReferenceItem, lane: number, operator: OperatorBlock) {
    const { pattern, law, leftCount, depth } = request;
    this.#request = request;
    this.#item = item;
    this.#lane = lane;
    const isContinuous = law === "continuous";
    const outRate = isContinuous ? largestRate(pattern, item.slots) * headroom : 1;
    this.#rate = outRate > 0 ? outRate : 1;
    operator.gather(lane, item.slots, 1 / this.#rate, isContinuous ? 1 : 0);
    this.#growth = isContinuous ? operator.largestGrowth(lane) : 1;
    let mean = 0;
    for (const time of item.times) mean = Math.max(mean, this.#rate * time);
    if (!(mean < Infinity)) throw unusableTime(mean);
    this.#largestMean = mean;
    const spread = isContinuous ? Math.sqrt(2 * depth * mean) : 0;
    this.expected = isContinuous ? mean + spread + depth / 2 : mean;
    const work = this.expected * (pattern.entryCount + pattern.rowCount);
    if (work > largestWork) throw tooManySteps(mean / this.#rate, this.expected, work);
    this.#leftSums = absoluteSums(item.left, leftCount, pattern.rowCount);
    this.isDone = mean === 0;
    this.nextCheck = roundUp(isContinuous ? (mean + 0.9 * spread) * this.#growth : mean);
  }

  /** Decides whether the steps so far are enough, else when to look again. */
  look(tape: JetTape): void {
    const steps = tape.steps;
    const { law, pattern } = this.#request;
    const peak = tape.peak(this.#lane);
    this.#steps = steps;
    this.isDone = law === "discrete" || peak === 0;
    if (this.isDone) return;
    const mean = this.#largestMean * this.#growth;
    if (steps + 2 > mean) this.isDone = this.#isTailSmall(tape, steps, peak, pattern.rowCount);
    // The further away, the rarer.
    this.nextCheck = roundUp(steps + Math.max(blockSteps, 0.1 * (steps - this.#largestMean)));
  }

  /** For k ≥ mean: Σ_{j > k} Pois(j) a_j ≤ |left| max u_k · growth · Pois(k + 1) / (1 − mean · growth / (k + 2)). */
  #isTailSmall(tape: JetTape, steps: number, peak: number, rowCount: number): boolean {
    const { law, depth } = this.#request;
    const mean = this.#largestMean;
    const growth = this.#growth;
    const exponents = this.#exponents(tape);
    const tail =
      special.log(peak * growth) +
      exponents[steps] * Math.LN2 +
      logPoisson(steps + 1, mean) -
      special.log1p((-mean * growth) / (steps + 2));
    return this.#sequences(tape, exponents).every((sequence, m) => {
      const window = sequence.window(mean, depth);
      if (window.last < window.first) return steps >= rowCount;
      const scratch = new Float64Array(window.last - window.first + 1);
      const value = logMixture(law, mean, window, sequence, scratch);
      return tail + special.log(this.#leftSums[m]) <= value - depth;
    });
  }

  finish(tape: JetTape): LaneSweep {
    const { law, depth } = this.#request;
    const { times, leftOfTime } = this.#item;
    const exponents = this.#exponents(tape);
    const sequences = this.#sequences(tape, exponents);
    const windows: Window[] = [];
    const logValues = new Float64Array(times.length);
    let scratch = new Float64Array(64);
    for (let n = 0; n < times.length; n++) {
      const sequence = sequences[leftOfTime[n]];
      const mean = this.#rate * times[n];
      const window: Window =
        law === "discrete" ? { first: mean, peak: mean, last: mean } : sequence.window(mean, depth);
      windows.push(window);
      const length = window.last - window.first + 1;
      if (length > scratch.length) scratch = new Float64Array(2 * length);
      logValues[n] = logMixture(law, mean, window, sequence, scratch);
    }
    return { rate: this.#rate, steps: this.#steps, exponents, windows, logValues };
  }

  /** Of rows 0 … steps of this lane. */
  #exponents(tape: JetTape): Int32Array {
    return everyNth(tape.exponents, this.#request.items.length, this.#lane, this.#steps + 1);
  }

  /** left_m · u_k of this lane, k = 0 … steps. */
  #sequences(tape: JetTape, exponents: Int32Array): MixedSequence[] {
    const { leftCount, items } = this.#request;
    const stride = leftCount * items.length;
    return Array.from({ length: leftCount }, (_, m) => {
      const place = m * items.length + this.#lane;
      return new MixedSequence(everyNth(tape.sums, stride, place, this.#steps + 1), exponents);
    });
  }
}

function absoluteSums(left: Float64Array, leftCount: number, rowCount: number): Float64Array {
  const sums = new Float64Array(leftCount);
  for (let m = 0; m < leftCount; m++) {
    for (let r = 0; r < rowCount; r++) sums[m] += Math.abs(left[m * rowCount + r]);
  }
  return sums;
}
