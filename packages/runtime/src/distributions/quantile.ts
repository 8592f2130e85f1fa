// Quantiles of the time to absorption of a chain: found by bracketing and Newton steps, differentiated implicitly.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { CsrMatrix, Primitive, Structure, Tangent, Value } from "@phxlang/autodiff";
import { bind, internalError, jvp, NdArray, special, vmap } from "@phxlang/autodiff";
import { ArrayReader, arraysToBytes, csrMatrixFromBytes } from "../array-bytes.ts";
import { add, div, less, mul, reshape, vector, where } from "../array-operations.ts";
import type { Accuracy } from "../densities/accuracy.ts";
import { densityMethods } from "../densities/accuracy.ts";
import type { Chain } from "./chain.ts";
import { ChainPattern } from "./chain-pattern.ts";
import { cumulative, density, logCumulative, logDensity, logSurvival, survival } from "./time-laws.ts";
import type { BatchedParameters } from "../primitives/leading-batch.ts";
import { batchByLeadingAxis, batchedType, batchLength, itemOf } from "../primitives/leading-batch.ts";

/** What of a chain does not depend on θ. */
export class ChainShape implements Structure {
  readonly structureKind = "chain-shape";
  readonly patterns: readonly ChainPattern[];
  readonly entries: readonly CsrMatrix[];
  readonly startMask: Float64Array;
  readonly accuracy: Accuracy;
  #hash: string | null = null;

  constructor(
    patterns: readonly ChainPattern[],
    entries: readonly CsrMatrix[],
    startMask: Float64Array,
    accuracy: Accuracy,
  ) {
    this.patterns = patterns;
    this.entries = entries;
    this.startMask = startMask;
    this.accuracy = accuracy;
  }

  get contentHash(): string {
    this.#hash ??= bytesToHex(sha256(this.toBytes()));
    return this.#hash;
  }

  /** How many patterns and entries there are, the accuracy, the start mask, the numbers and arrays of each pattern, the entries. */
  toBytes(): Uint8Array {
    return arraysToBytes([
      Int32Array.of(this.patterns.length, this.entries.length, densityMethods.indexOf(this.accuracy.method)),
      Float64Array.of(this.accuracy.tolerance),
      this.startMask,
      ...this.patterns.flatMap(({ law, rowCount, causeCount, neverCause, sources, targets }) => [
        Int32Array.of(law === "continuous" ? 0 : 1, rowCount, causeCount, neverCause),
        sources,
        targets,
      ]),
      ...this.entries.map((entry) => entry.toBytes()),
    ]);
  }
}

/** The inverse of toBytes. */
export function chainShapeFromBytes(bytes: Uint8Array): ChainShape {
  const reader = new ArrayReader(bytes);
  const [patternCount, entryCount, method] = reader.integers();
  const [tolerance] = reader.doubles();
  const startMask = reader.doubles();
  const patterns = Array.from({ length: patternCount }, () => {
    const [law, rowCount, causeCount, neverCause] = reader.integers();
    return new ChainPattern({
      law: law === 0 ? "continuous" : "discrete",
      rowCount,
      causeCount,
      neverCause,
      sources: reader.integers(),
      targets: reader.integers(),
    });
  });
  const entries = Array.from({ length: entryCount }, () => csrMatrixFromBytes(reader.bytes()));
  return new ChainShape(patterns, entries, startMask, { method: densityMethods[method], tolerance });
}

type QuantileParameters = BatchedParameters & { readonly shape: ChainShape };

/** Operands: p [N], start, slots of each epoch, times of each later epoch ([1] each). */
export const quantilePrimitive: Primitive<QuantileParameters> = {
  name: "chain_quantile",
  documentation: "p [N], start, slots and times of a chain → smallest t [N] with P(T ≤ t) ≥ p",
  type: (operands, { batched }) => {
    const length = batchLength(operands, batched);
    const count = operands[0].shape[operands[0].shape.length - 1];
    return [batchedType([count], length)];
  },
  evaluate(operands, { shape, batched }, [type]) {
    const length = batchLength(operands, batched) ?? 1;
    const count = type.shape[type.shape.length - 1];
    const results = new Float64Array(length * count);
    for (let b = 0; b < length; b++) {
      const items = operands.map((operand, i) => itemOf(operand, batched[i] === 1, b));
      const chain = chainOf(shape, items.map(vector));
      const found =
        shape.patterns[0].law === "discrete" ? wholeQuantiles(chain, items[0]) : quantiles(chain, items[0]);
      results.set(found, b * count);
    }
    return [new NdArray(results, type.shape, "f64")];
  },
  // F(t, chain) = p, so dt = (dp − ∂F·dchain) / f; with survival functions where p > 1/2.
  jvp(primals, tangents, parameters) {
    const { shape, batched } = parameters;
    const [times] = bind(quantilePrimitive, primals, parameters);
    if (shape.patterns[0].law === "discrete") return { primals: [times], tangents: [null] };
    const present = tangents.flatMap((tangent, i) => (tangent === null ? [] : [i]));
    if (!batched.includes(1))
      return { primals: [times], tangents: [tangentOf(shape, times, primals, tangents)] };
    const rule = (...inputs: Value[]): Value => {
      const own = primals.map((_, i) => inputs[i + 1]);
      const moved = tangents.map((_, i) => {
        const at = present.indexOf(i);
        return at < 0 ? null : inputs[1 + primals.length + at];
      });
      return tangentOf(shape, inputs[0], own, moved) ?? inputs[0];
    };
    const flags = [1, ...batched, ...present.map((i) => batched[i])];
    const inAxes = flags.map((flag) => (flag === 1 ? 0 : null));
    const moving = present.map((i) => tangents[i] ?? primals[i]);
    return { primals: [times], tangents: [vmap(rule, { inAxes })(times, ...primals, ...moving)] };
  },
  batch: (operands, axes, parameters, size) =>
    batchByLeadingAxis(operands, axes, parameters.batched, size, (merged, batched) =>
      bind(quantilePrimitive, merged, { ...parameters, batched }),
    ),
};

/** The tangent of quantiles that were found, for chains without a batch. */
function tangentOf(
  shape: ChainShape,
  times: Value,
  primals: readonly Value[],
  tangents: readonly Tangent[],
): Tangent {
  const [p, ...operands] = primals;
  const [dp, ...moving] = tangents;
  const isFinite = less(times, Infinity);
  const at = where(isFinite, times, 0);
  const slope = density(chainOf(shape, primals), at, null);
  const lower = change(shape, operands, moving, (chain) => cumulative(chain, at, null));
  const upper = change(shape, operands, moving, (chain) => survival(chain, at));
  let shift: Tangent = dp;
  if (lower !== null && upper !== null) {
    const moved = where(less(p, 0.5), mul(lower, -1), upper);
    shift = shift === null ? moved : add(shift, moved);
  }
  return shift === null ? null : where(isFinite, div(shift, slope), 0);
}

/** p [N] → quantiles [N] of the time to absorption. */
export function quantile(chain: Chain, p: Value): Value {
  const operands = [
    p,
    chain.start,
    ...chain.epochs.map(({ slots }) => slots),
    ...chain.times.map((time) => reshape(time, [1])),
  ];
  const [times] = bind(quantilePrimitive, operands, {
    shape: new ChainShape(
      chain.epochs.map(({ pattern }) => pattern),
      chain.entries,
      chain.startMask,
      chain.accuracy,
    ),
    batched: operands.map(() => 0),
  });
  return times;
}

function chainOf(shape: ChainShape, [, start, ...rest]: readonly Value[]): Chain {
  const count = shape.patterns.length;
  return {
    epochs: shape.patterns.map((pattern, e) => ({ pattern, slots: rest[e], trace: null })),
    times: rest.slice(count).map((time) => reshape(time, [])),
    entries: shape.entries,
    startMask: shape.startMask,
    accuracy: shape.accuracy,
    start,
  };
}

/** Directional derivative of a function of a chain; null where nothing moves. */
function change(
  shape: ChainShape,
  operands: readonly Value[],
  tangents: readonly Tangent[],
  f: (chain: Chain) => Value,
): Tangent {
  if (tangents.every((tangent) => tangent === null)) return null;
  const zeros = operands.map(
    (operand, i) => tangents[i] ?? new NdArray(new Float64Array(operand.size), operand.shape, "f64"),
  );
  const [, tangent] = jvp(
    (...values: Value[]) => f(chainOf(shape, [values[0], ...values])),
    operands as Value[],
    zeros,
  );
  return tangent;
}

function numbersOf(x: Value): Float64Array {
  if (x instanceof NdArray && x.elements instanceof Float64Array) return x.elements;
  throw internalError("a quantile is searched on concrete values");
}

/** log F in the lower half, log survival in the upper: the residual of either has full relative accuracy. */
function quantiles(chain: Chain, p: Float64Array): Float64Array {
  const count = p.length;
  const low = new Float64Array(count);
  const high = new Float64Array(count).fill(Infinity);
  const start = numbersOf(cumulative(chain, vector(new Float64Array(1)), null))[0];
  const total = totalMass(chain);
  const result = new Float64Array(count).fill(Number.NaN);
  for (let n = 0; n < count; n++) {
    if (p[n] <= start) result[n] = 0;
    else if (p[n] > total * (1 + 1e-15) || p[n] === 1) result[n] = Infinity;
  }
  const rate = numbersOf(chain.epochs[0].slots).reduce((most, slot) => Math.max(most, slot), 0);
  let guess = new Float64Array(count).fill(1 / (rate > 0 ? rate : 1));
  for (let iteration = 0; iteration < 2000; iteration++) {
    const open = Array.from(result.keys()).filter((n) => Number.isNaN(result[n]));
    if (open.length === 0) return result;
    const times = vector(Float64Array.from(open, (n) => guess[n]));
    const below = numbersOf(logCumulative(chain, times, null));
    const above = numbersOf(logSurvival(chain, times));
    const slope = numbersOf(logDensity(chain, times, null));
    for (const [i, n] of open.entries()) {
      const t = guess[n];
      const inLower = p[n] < 0.5;
      // Positive where t is too small.
      const residual = inLower ? special.log(p[n]) - below[i] : above[i] - special.log1p(-p[n]);
      const derivative = special.exp(slope[i] - (inLower ? below[i] : above[i]));
      if (residual > 0) low[n] = t;
      else high[n] = t;
      // Where the density is tiny Newton's step is far too long, and a sweep costs as much as its time is late.
      let next = Math.min(t + residual / derivative, high[n] === Infinity ? 4 * t : Infinity);
      if (!(next > low[n] && next < high[n])) {
        next = high[n] === Infinity ? 2 * t : low[n] === 0 ? high[n] / 16 : 0.5 * (low[n] + high[n]);
      }
      // An open bracket is as wide as its upper end: only a closed one can be narrow.
      const isNarrow = high[n] < Infinity && high[n] - low[n] <= 4e-16 * high[n];
      const isSettled = residual === 0 || Math.abs(next - t) <= 1e-15 * t || isNarrow;
      if (isSettled) result[n] = residual === 0 ? t : Math.max(low[n], Math.min(next, high[n]));
      guess[n] = next;
    }
    guess = guess.slice();
  }
  throw internalError("a quantile did not settle");
}

/** Smallest whole numbers k with P(T ≤ k) ≥ p. */
function wholeQuantiles(chain: Chain, p: Float64Array): Float64Array {
  const total = totalMass(chain);
  const rows = chain.epochs[0].pattern.rowCount;
  const result = new Float64Array(p.length);
  // P(T ≤ k) is a sum of rounded probabilities: p = 1 − (1 − p) must still find its step.
  const reaches = (k: number, target: number): boolean => {
    const at = vector(Float64Array.of(k));
    if (target < 0.5) return numbersOf(cumulative(chain, at, null))[0] >= target * (1 - 1e-14);
    return numbersOf(survival(chain, at))[0] <= (1 - target) * (1 + 1e-14) + 1e-300;
  };
  for (let n = 0; n < p.length; n++) {
    if (reaches(0, p[n])) continue;
    // A chain without returns has stopped after as many steps as it has rows.
    const isBounded = p[n] === 1 && reaches(rows, 1);
    if (p[n] > total * (1 + 1e-15) || (p[n] === 1 && !isBounded)) {
      result[n] = Infinity;
      continue;
    }
    let high = 1;
    while (!reaches(high, p[n])) high *= 2;
    let low = high / 2;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (reaches(middle, p[n])) high = middle;
      else low = middle;
    }
    result[n] = high;
  }
  return result;
}

/** P(T < ∞): 1 where every state can stop. */
function totalMass(chain: Chain): number {
  const last = chain.epochs[chain.epochs.length - 1];
  if (last.pattern.neverCause < 0) return 1;
  // What stops by a time at which next to nothing is left to decide.
  const slots = numbersOf(last.slots);
  const slowest = slots.reduce((least, slot) => (slot > 0 ? Math.min(least, slot) : least), Infinity);
  let time = 1 / slowest;
  for (let before = -1; ; time *= 4) {
    const mass = numbersOf(cumulative(chain, vector(Float64Array.of(Math.ceil(time))), null))[0];
    if (mass - before <= 1e-16) return mass;
    before = mass;
  }
}
