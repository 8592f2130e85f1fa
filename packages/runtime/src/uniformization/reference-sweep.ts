// The sweep that decides: how many steps, which terms matter at each time, and the logarithms of the values.
import { PhxError } from "@phxlang/autodiff";
import type { Operator, PhaseTypeKernels } from "../kernels/phase-type-kernels.ts";
import { largestRate } from "../kernels/operator.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import type { Keeping } from "./jet-tape.ts";
import { JetTape } from "./jet-tape.ts";
import type { TimeLaw, Window } from "./mixing-law.ts";
import { LogSequence, logMixture } from "./mixing-law.ts";
import { logPoisson } from "./poisson.ts";

export interface ReferenceRequest {
  readonly kernels: PhaseTypeKernels;
  readonly pattern: OperatorPattern;
  readonly law: TimeLaw;
  readonly slots: Float64Array;
  /** Row-major leftCount × rows; nonnegative. */
  readonly left: Float64Array;
  readonly leftCount: number;
  /** [rows], nonnegative. */
  readonly right: Float64Array;
  readonly times: Float64Array;
  /** Left row that each time belongs to. */
  readonly leftOfTime: ArrayLike<number>;
  /** Whether the vectors will be walked backwards. */
  readonly keep: boolean;
  /** What may be left out: e^−depth of the value. */
  readonly depth: number;
}

/** Full relative accuracy of values. */
export const valueDepth = 44;
/** Of vectors: entries down to 10⁻⁵⁰ of their sum keep full relative accuracy. */
export const vectorDepth = 160;

/** F_n = left_mᵀ exp(A t_n) right (continuous) or left_mᵀ Aᵗ right (discrete), m = leftOfTime[n], and how it was found. */
export interface ReferenceSweep {
  readonly operator: Operator;
  /** The rate of uniformization; 1 in discrete time. */
  readonly rate: number;
  /** Number of products with the operator. */
  readonly steps: number;
  /** Of rows 0 … steps. */
  readonly exponents: Int32Array;
  readonly windows: readonly Window[];
  /** log F_n, −Infinity where F_n = 0. */
  readonly logValues: Float64Array;
  readonly tape: JetTape;
}

/** Vectors beyond this many numbers are kept by checkpoints. */
const largestTape = 2 ** 25;
/** Multiply-adds beyond which a sweep is refused. */
const largestWork = 1e11;
/**
 * The rate of uniformization over the largest rate. Every state then stays with positive probability, so that no
 * term of a derivative lies outside of the terms of the value: those windows serve both.
 */
const headroom = 33 / 32;

export function referenceSweep(request: ReferenceRequest): ReferenceSweep {
  const { kernels, pattern, law, slots, right, times, leftCount } = request;
  const rowCount = pattern.rowCount;
  const outRate = law === "continuous" ? largestRate(pattern, slots) * headroom : 1;
  const rate = outRate > 0 ? outRate : 1;
  const operator = {
    pattern,
    values: kernels.allocate(pattern.entryCount),
    diagonal: kernels.allocate(2 * rowCount),
  };
  kernels.gather(operator, slots, 1 / rate, law === "continuous" ? 1 : 0);
  let largestMean = 0;
  for (const time of times) largestMean = Math.max(largestMean, rate * time);
  if (!(largestMean < Infinity)) throw unusableTime(largestMean);
  const expected =
    law === "discrete"
      ? largestMean
      : largestMean + Math.sqrt(2 * request.depth * largestMean) + request.depth / 2;
  const work = expected * (pattern.entryCount + rowCount);
  if (work > largestWork) throw tooManySteps(largestMean / rate, expected, work);
  const chunkSteps = Math.max(1, Math.min(Math.ceil(Math.sqrt(expected)), 1024));
  const fits = expected * rowCount <= largestTape;
  const keeping: Keeping = !request.keep ? "newest" : fits ? "everything" : "checkpoints";
  const tape = new JetTape(kernels, [operator], [right], rowCount, chunkSteps, keeping);
  const growth = largestGrowth(operator);
  const support = leftSupport(request.left, leftCount, rowCount);
  const sums = absoluteSums(request.left, leftCount, rowCount);
  const sequences = Array.from({ length: leftCount }, () => new GrowingNumbers(expected));
  const exponents = new GrowingNumbers(expected);
  const record = (vectors: Float64Array, row: number, exponent: number): void => {
    exponents.push(exponent);
    const base = row * rowCount;
    for (let m = 0; m < leftCount; m++) {
      let sum = 0;
      for (const r of support[m]) sum += request.left[m * rowCount + r] * vectors[base + r];
      sequences[m].push(sum);
    }
  };
  const logarithms = (): { mantissas: Float64Array[]; exponentArray: Int32Array; logs: LogSequence[] } => {
    const exponentArray = Int32Array.from(exponents.toArray());
    const mantissas = sequences.map((sequence) => sequence.toArray());
    return {
      mantissas,
      exponentArray,
      logs: mantissas.map((sequence) => new LogSequence(sequence, exponentArray)),
    };
  };
  record(right, 0, 0);
  let steps = 0;
  let nextCheck = (largestMean + Math.sqrt(2 * request.depth * largestMean) * 0.9) * growth;
  for (let done = largestMean === 0; !done;) {
    const chunk = tape.advance();
    const vectors = chunk.vectors[0] ?? right;
    for (let row = 1; row <= chunk.steps; row++) record(vectors, row, chunk.exponents[row]);
    steps += chunk.steps;
    const peak = chunk.peaks[chunk.steps];
    if (law === "discrete") done = steps >= largestMean;
    else if (peak === 0) done = true;
    else if (steps >= nextCheck && steps + 2 > largestMean * growth) {
      const { mantissas, exponentArray, logs } = logarithms();
      // For k ≥ mean: Σ_{j > k} Pois(j) a_j ≤ |left| max u_k · growth · Pois(k + 1) / (1 − mean · growth / (k + 2)).
      const tail =
        Math.log(peak * growth) +
        chunk.exponents[chunk.steps] * Math.LN2 +
        logPoisson(steps + 1, largestMean) -
        Math.log1p((-largestMean * growth) / (steps + 2));
      done = mantissas.every((sequence, m) => {
        const window = logs[m].window(largestMean, request.depth);
        if (window.last < window.first) return steps >= rowCount;
        const scratch = new Float64Array(window.last - window.first + 1);
        const value = logMixture(law, largestMean, window, sequence, logs[m].logs, exponentArray, scratch);
        return tail + Math.log(sums[m]) <= value - request.depth;
      });
      // A check looks at the whole sequence: the further away, the rarer.
      nextCheck = steps + 0.2 * (steps - largestMean);
    }
  }
  const { mantissas, exponentArray, logs } = logarithms();
  const windows: Window[] = [];
  const logValues = new Float64Array(times.length);
  let scratch = new Float64Array(64);
  for (let n = 0; n < times.length; n++) {
    const m = request.leftOfTime[n];
    const mean = rate * times[n];
    const window: Window =
      law === "discrete" ? { first: mean, peak: mean, last: mean } : logs[m].window(mean, request.depth);
    windows.push(window);
    const length = window.last - window.first + 1;
    if (length > scratch.length) scratch = new Float64Array(2 * length);
    logValues[n] = logMixture(law, mean, window, mantissas[m], logs[m].logs, exponentArray, scratch);
  }
  return { operator, rate, steps, exponents: exponentArray, windows, logValues, tape };
}

/** A list of numbers that grows as needed. */
class GrowingNumbers {
  #items: Float64Array;
  #length = 0;

  constructor(expected: number) {
    this.#items = new Float64Array(Math.ceil(expected) + 16);
  }

  push(number: number): void {
    if (this.#length === this.#items.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.#length++] = number;
  }

  toArray(): Float64Array {
    return this.#items.slice(0, this.#length);
  }
}

/** Largest row sum of magnitudes, at least 1: how much the largest entry can grow in a step. */
function largestGrowth(operator: Operator): number {
  const { pattern, values, diagonal } = operator;
  let largest = 1;
  for (let r = 0; r < pattern.rowCount; r++) {
    let sum = Math.abs(diagonal[r] + diagonal[pattern.rowCount + r]);
    for (let e = pattern.rowOffsets[r]; e < pattern.rowOffsets[r + 1]; e++) sum += Math.abs(values[e]);
    // Row sums of a generator are 1 up to rounding, which must not count as growth.
    if (sum > largest + 1e-12) largest = sum;
  }
  return largest;
}

function leftSupport(left: Float64Array, leftCount: number, rowCount: number): Int32Array[] {
  return Array.from({ length: leftCount }, (_, m) => {
    const rows: number[] = [];
    for (let r = 0; r < rowCount; r++) if (left[m * rowCount + r] !== 0) rows.push(r);
    return Int32Array.from(rows);
  });
}

function absoluteSums(left: Float64Array, leftCount: number, rowCount: number): Float64Array {
  const sums = new Float64Array(leftCount);
  for (let m = 0; m < leftCount; m++) {
    for (let r = 0; r < rowCount; r++) sums[m] += Math.abs(left[m * rowCount + r]);
  }
  return sums;
}

function unusableTime(mean: number): PhxError {
  return new PhxError({
    code: "PHX907",
    what: `a time gives ${mean} expected steps of uniformization`,
    why: "times must be finite numbers that are not negative, and rates must be finite",
    fix: "look for NaN or Infinity among the times and the parameters",
  });
}

function tooManySteps(time: number, steps: number, work: number): PhxError {
  return new PhxError({
    code: "PHX805",
    what: `the time ${time} needs about ${steps.toExponential(1)} uniformization steps (${work.toExponential(1)} multiply-adds)`,
    why: `the fastest rate times the largest time decides the number of steps; the limit is ${largestWork.toExponential(0)} multiply-adds`,
    fix: "use smaller times, or remove states that are left at once (their rates are far above the others)",
  });
}
