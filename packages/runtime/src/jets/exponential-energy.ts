// The energy of time-dependent quantities: Φ = Σ_n weight_n e^−scale_n left_mᵀ exp(A(slots) time_n) right.
import type { Operator } from "../kernels/phase-type-kernels.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import { backwardSweep } from "../uniformization/backward-sweep.ts";
import { JetTape } from "../uniformization/jet-tape.ts";
import type { TimeLaw, Window } from "../uniformization/mixing-law.ts";
import { fillWeights } from "../uniformization/mixing-law.ts";
import type { ReferenceSweep } from "../uniformization/reference-sweep.ts";
import { valueDepth, vectorDepth } from "../uniformization/reference-sweep.ts";
import { keptSweep } from "../uniformization/sweep-memo.ts";
import type { Energy, GradientRequest } from "./energy.ts";
import type { Jet } from "./subsets.ts";
import { forProducts, multiplyJets, productSupport, supportOf, zeroJet } from "./subsets.ts";

export type ExponentialParameters = {
  readonly pattern: OperatorPattern;
  /** "discrete": powers A^time instead of exp(A time); times are then whole numbers and not differentiated. */
  readonly law: TimeLaw;
};

/** Positions of the items; left is [M, rows], right [rows], times and weights [N]. */
export const exponentialItems = { slots: 0, left: 1, right: 2, times: 3, weights: 4 } as const;
/**
 * Positions of the constants: log scales [N]; left row of each time [N]; for left and right, 1 where an entry may be
 * other than 0 at other parameters, shaped as they are: a 0 there still has derivatives.
 */
export const exponentialConstants = { scales: 0, leftOfTime: 1, leftMask: 2, rightMask: 3 } as const;

type Request = GradientRequest<ExponentialParameters>;
type Parts = (Float64Array | null)[];

/**
 * Derivatives in time come from A once more: exp(A (t + δ)) right = Σ_j δ^j / j! exp(A t) A^j right for a
 * nilpotent δ. Each j is a *channel*: a sweep of its own, started from A^j right.
 */
export const exponentialEnergy: Energy<ExponentialParameters> = {
  name: "exponential",
  documentation:
    "Σ_n weights_n e^−scales_n left_mᵀ exp(A t_n) right: slots [slots], left [M, rows], right [rows], times [N], weights [N]",
  items: ["slots", "left", "right", "times", "weights"],
  constants: ["scales", "leftOfTime", "leftMask", "rightMask"],
  gradient(request) {
    const { order, parameters, kernels } = request;
    const { pattern, law } = parameters;
    const left = request.items[exponentialItems.left];
    const weights = request.items[exponentialItems.weights];
    const wants = (item: number): boolean => wantsItem(request, item);
    const goesBack =
      wants(exponentialItems.slots) || wants(exponentialItems.left) || wants(exponentialItems.right);
    const reference = chooseReference(request);
    const operators = gatherAll(request, reference);
    const powers = timePowers(request.items[exponentialItems.times], order);
    const channelCount = powers.length + (wants(exponentialItems.times) ? 1 : 0);
    const starts = channelStarts(request, channelCount);
    const values: Jet[] = [];
    const slotParts = wantedParts(request, exponentialItems.slots, pattern.slotCount);
    const leftLength = sizeOfShape(request.shapes[exponentialItems.left]);
    const leftParts = wantedParts(request, exponentialItems.left, leftLength);
    const startBars: Jet[] = [];
    for (let channel = 0; channel < channelCount; channel++) {
      const start = starts[channel];
      const isReference =
        reference.start === start[0] &&
        isConstant(start) &&
        operators.slice(1).every((part) => part === null);
      const tape = isReference ? reference.sweep.tape : runTape(request, operators, start, reference.sweep);
      // Without a right-hand side the cotangents keep the scale of the reference.
      const hasStart = start.some((part) => part !== null);
      const exponents = hasStart ? tape.exponents : reference.sweep.exponents;
      values.push(channelValues(request, reference.sweep, tape, left, exponents, channel));
      if (channel >= powers.length || !goesBack) {
        startBars.push(zeroJet(order));
        continue;
      }
      const termWeights = multiplyJets(weights, powers[channel]);
      startBars.push(
        backwardSweep({
          kernels,
          pattern,
          operators,
          tape,
          steps: reference.sweep.steps,
          exponents,
          scale: 1 / reference.sweep.rate,
          left,
          leftCount: leftCountOf(request),
          stepWeights: spreadWeights(request, reference.sweep, termWeights, exponents, channel),
          slotParts,
          leftParts,
        }),
      );
    }
    const rightParts = descendChannels(request, starts, startBars, slotParts);
    return [
      slotParts,
      leftParts,
      rightParts,
      timeParts(request, weights, powers, values),
      sumOfProducts(powers, values, 0, law),
    ];
  },
};

function wantsItem(request: Request, item: number): boolean {
  const size = 1 << request.order;
  return request.wanted.slice(item * size, (item + 1) * size).some(Boolean);
}

function wantedParts(request: Request, item: number, length: number): Parts {
  const size = 1 << request.order;
  return Array.from({ length: size }, (_, a) =>
    request.wanted[item * size + a] ? new Float64Array(length) : null,
  );
}

/** A left item of shape [rows] is one row vector. */
function leftCountOf(request: Request): number {
  return sizeOfShape(request.shapes[exponentialItems.left]) / request.parameters.pattern.rowCount;
}

function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/**
 * The nonnegative problem that decides steps and windows. A side that is not there (or zero) is replaced by the
 * magnitudes of its other components, or by ones. Rates of 0 that are differentiated count as a small positive
 * rate: the terms that they would open must not be left out.
 */
function chooseReference(request: Request): {
  readonly sweep: ReferenceSweep;
  readonly start: Float64Array;
} {
  const { items, shapes, constants, parameters, kernels } = request;
  const side = (item: number, mask: number): Float64Array => {
    const base = magnitudes(items[item], shapes[item]);
    return differentiates(request, item) ? withoutZeros(base, constants[mask]) : base;
  };
  const left = side(exponentialItems.left, exponentialConstants.leftMask);
  const right = side(exponentialItems.right, exponentialConstants.rightMask);
  const slots = items[exponentialItems.slots];
  const base = slots[0] ?? new Float64Array(parameters.pattern.slotCount);
  const positive = magnitude(
    differentiates(request, exponentialItems.slots) ? withoutZeros(base, null) : base,
  );
  const isBase = positive === base;
  return {
    // A tape of other slots or another start cannot be walked backwards.
    start: isBase ? right : new Float64Array(0),
    sweep: keptSweep({
      kernels,
      pattern: parameters.pattern,
      law: parameters.law,
      slots: positive,
      left,
      leftCount: leftCountOf(request),
      right,
      times: items[exponentialItems.times][0] ?? new Float64Array(0),
      leftOfTime: constants[exponentialConstants.leftOfTime],
      keep: isBase,
      depth:
        isMissing(request, exponentialItems.left) || isMissing(request, exponentialItems.right)
          ? vectorDepth
          : valueDepth,
    }),
  };
}

/** Without one side the other one is propagated: a vector. */
function isMissing(request: Request, item: number): boolean {
  return request.items[item].every((part) => part === null);
}

/** The same array where nothing is negative. */
function magnitude(x: Float64Array): Float64Array {
  return x.some((entry) => entry < 0) ? x.map(Math.abs) : x;
}

function isConstant(jet: Jet): boolean {
  return jet.every((part, component) => component === 0 || part === null);
}

function magnitudes(jet: Jet, shape: readonly number[]): Float64Array {
  const base = jet[0];
  if (base !== null && base.some((x) => x !== 0)) return magnitude(base);
  const result = new Float64Array(sizeOfShape(shape));
  for (const part of jet) {
    if (part !== null) for (let i = 0; i < part.length; i++) result[i] += Math.abs(part[i]);
  }
  return result.some((x) => x !== 0) ? result : result.fill(1);
}

/** Whether a derivative in an item is asked for or given. */
function differentiates(request: Request, item: number): boolean {
  return wantsItem(request, item) || request.items[item].some((part, c) => c > 0 && part !== null);
}

/** Zeros (where the mask is not 0) made small beside the largest entry; the same array where there are none. */
function withoutZeros(x: Float64Array, mask: Float64Array | null): Float64Array {
  const isOpen = (entry: number, i: number): boolean => entry === 0 && (mask === null || mask[i] !== 0);
  if (!x.some(isOpen)) return x;
  const largest = x.reduce((most, entry) => Math.max(most, entry), 0);
  const small = (largest === 0 ? 1 : largest) * 2 ** -10;
  return x.map((entry, i) => (isOpen(entry, i) ? small : entry));
}

/** P for component 0, its derivatives A(slots_C) · scale for the others. */
function gatherAll(request: Request, reference: { readonly sweep: ReferenceSweep }): (Operator | null)[] {
  const { parameters, kernels, items } = request;
  const { pattern, law } = parameters;
  return items[exponentialItems.slots].map((slots, component) => {
    if (slots === null) return null;
    const operator = {
      pattern,
      values: kernels.allocate(pattern.entryCount),
      diagonal: kernels.allocate(2 * pattern.rowCount),
    };
    const identity = component === 0 && law === "continuous" ? 1 : 0;
    kernels.gather(operator, slots, 1 / reference.sweep.rate, identity);
    return operator;
  });
}

/** 1, δ, δ²/2, … as long as they are not zero, for the ε-parts δ of the times. */
function timePowers(times: Jet, order: number): Jet[] {
  const length = (times[0] ?? new Float64Array(0)).length;
  const one = zeroJet(order);
  one[0] = new Float64Array(length).fill(1);
  const delta = times.map((part, component) => (component === 0 ? null : part));
  const powers: Jet[] = [one];
  for (let j = 1; j <= order; j++) {
    const next = multiplyJets(powers[j - 1], delta).map((part) => part?.map((x) => x / j) ?? null);
    if (next.every((part) => part === null)) break;
    powers.push(next);
  }
  return powers;
}

/** right, A right, A² right, … */
function channelStarts(request: Request, count: number): Jet[] {
  const { items, parameters, kernels } = request;
  const slots = items[exponentialItems.slots];
  const starts: Jet[] = [items[exponentialItems.right]];
  for (let channel = 1; channel < count; channel++) {
    const before = starts[channel - 1];
    const support = productSupport(supportOf(slots), supportOf(before));
    starts.push(
      support.map((present, component) => {
        if (!present) return null;
        const result = new Float64Array(parameters.pattern.rowCount);
        forProducts(slots, before, component, (rates, x) =>
          kernels.addGenerated(parameters.pattern, rates, x, result),
        );
        return result;
      }),
    );
  }
  return starts;
}

/** A sweep of the same number of steps as the reference, from another start or with derivatives. */
function runTape(
  request: Request,
  operators: readonly (Operator | null)[],
  start: Jet,
  reference: ReferenceSweep,
): JetTape {
  const rowCount = request.parameters.pattern.rowCount;
  const { chunkSteps } = reference.tape;
  const numbers = (reference.steps + 1) * rowCount * (1 << request.order);
  const keeping = numbers <= 2 ** 25 ? "everything" : "checkpoints";
  const tape = new JetTape(request.kernels, operators, start, rowCount, chunkSteps, keeping);
  if (start.some((part) => part !== null))
    for (let k = 0; k < reference.steps; k += chunkSteps) tape.advance();
  return tape;
}

/** e^−scale left_mᵀ exp(A t) start, for each time: one channel's share of the values. */
function channelValues(
  request: Request,
  reference: ReferenceSweep,
  tape: JetTape,
  left: Jet,
  exponents: Int32Array,
  channel: number,
): Jet {
  const wantsValues =
    wantsItem(request, exponentialItems.weights) || wantsItem(request, exponentialItems.times);
  if (!wantsValues) return zeroJet(request.order);
  const { constants, items, parameters } = request;
  const leftCount = leftCountOf(request);
  const rowCount = parameters.pattern.rowCount;
  const support = productSupport(supportOf(left), tape.support);
  const sequences = support.map((present) =>
    present ? new Float64Array(leftCount * (reference.steps + 1)) : null,
  );
  const stride = reference.steps + 1;
  const entries = left.map((part) => (part === null ? new Int32Array(0) : nonzeroPositions(part)));
  for (let c = 0; c < tape.chunkCount; c++) {
    const chunk = tape.chunk(c);
    // Row 0 of a later chunk is the last row of the chunk before it.
    const firstRow = c === 0 ? 0 : 1;
    for (const [a, sequence] of sequences.entries()) {
      if (sequence === null) continue;
      for (let b = a; ; b = (b - 1) & a) {
        const x = left[b];
        const u = chunk.vectors[a ^ b];
        if (x !== null && u !== null) {
          for (const position of entries[b]) {
            const r = position % rowCount;
            const base = ((position - r) / rowCount) * stride + chunk.firstStep;
            const weight = x[position];
            for (let row = firstRow; row <= chunk.steps; row++) {
              sequence[base + row] += weight * u[row * rowCount + r];
            }
          }
        }
        if (b === 0) break;
      }
    }
  }
  const times = items[exponentialItems.times][0] ?? new Float64Array(0);
  const scales = constants[exponentialConstants.scales];
  const leftOfTime = constants[exponentialConstants.leftOfTime];
  const values = sequences.map((sequence) => (sequence === null ? null : new Float64Array(times.length)));
  const scratch = scratchFor(reference);
  for (let n = 0; n < times.length; n++) {
    const window = channelWindow(reference.windows[n], channel);
    fillWeights(parameters.law, reference.rate * times[n], window, exponents, scales[n], scratch);
    for (const [a, sequence] of sequences.entries()) {
      const target = values[a];
      if (sequence === null || target === null) continue;
      const base = leftOfTime[n] * stride;
      let sum = 0;
      for (let k = window.first; k <= window.last; k++) sum += scratch[k - window.first] * sequence[base + k];
      target[n] = sum;
    }
  }
  return values;
}

function nonzeroPositions(part: Float64Array): Int32Array {
  const positions: number[] = [];
  for (let i = 0; i < part.length; i++) if (part[i] !== 0) positions.push(i);
  return Int32Array.from(positions);
}

/** More channels than anyone asks for: room at the left of windows. */
const maximumOrder = 16;

/** A^j right may meet left j steps before right does. */
function channelWindow(window: Window, channel: number): Window {
  return channel === 0 || window.last < window.first
    ? window
    : { ...window, first: Math.max(0, window.first - channel) };
}

function scratchFor(reference: ReferenceSweep): Float64Array {
  return new Float64Array(
    reference.windows.reduce((length, { first, last }) => Math.max(length, last - first + 1), 1) +
      maximumOrder,
  );
}

/** The transpose of mixing: weights of times become weights of steps, row-major (steps + 1) × M. */
function spreadWeights(
  request: Request,
  reference: ReferenceSweep,
  termWeights: Jet,
  exponents: Int32Array,
  channel: number,
): Jet {
  const { constants, items, parameters } = request;
  const leftCount = leftCountOf(request);
  const times = items[exponentialItems.times][0] ?? new Float64Array(0);
  const scales = constants[exponentialConstants.scales];
  const leftOfTime = constants[exponentialConstants.leftOfTime];
  const spread = termWeights.map((part) =>
    part === null ? null : new Float64Array((reference.steps + 1) * leftCount),
  );
  const scratch = scratchFor(reference);
  for (let n = 0; n < times.length; n++) {
    const window = channelWindow(reference.windows[n], channel);
    fillWeights(parameters.law, reference.rate * times[n], window, exponents, scales[n], scratch);
    for (const [a, target] of spread.entries()) {
      const weight = termWeights[a]?.[n] ?? 0;
      if (target === null || weight === 0) continue;
      for (let k = window.first; k <= window.last; k++) {
        target[k * leftCount + leftOfTime[n]] += scratch[k - window.first] * weight;
      }
    }
  }
  return spread;
}

/** From the adjoints of A^j right back to right, leaving the shares of the slots. */
function descendChannels(
  request: Request,
  starts: readonly Jet[],
  startBars: readonly Jet[],
  slotParts: Parts,
): Jet {
  const { items, parameters, kernels, order } = request;
  const { pattern } = parameters;
  const slots = items[exponentialItems.slots];
  let bar: Parts = zeroJet(order);
  for (let channel = starts.length - 1; channel >= 0; channel--) {
    bar = bar.map((part, a) => addParts(part, startBars[channel][a]));
    if (channel === 0) break;
    for (const [a, target] of slotParts.entries()) {
      if (target === null) continue;
      forProducts(bar, starts[channel - 1], a, (y, x) => kernels.addEdgeProducts(pattern, y, x, 1, target));
    }
    const support = productSupport(supportOf(slots), supportOf(bar));
    const above = bar;
    bar = support.map((present, a) => {
      if (!present) return null;
      const result = new Float64Array(pattern.rowCount);
      forProducts(slots, above, a, (rates, y) => kernels.addGeneratedTransposed(pattern, rates, y, result));
      return result;
    });
  }
  return bar;
}

function addParts(x: Float64Array | null, y: Float64Array | null): Float64Array | null {
  if (x === null) return y;
  if (y === null) return x;
  return x.map((value, i) => value + y[i]);
}

function timeParts(request: Request, weights: Jet, powers: readonly Jet[], values: readonly Jet[]): Jet {
  if (!wantsItem(request, exponentialItems.times)) return zeroJet(request.order);
  return multiplyJets(weights, sumOfProducts(powers, values, 1, "continuous"));
}

/** Σ_j powers[j] · values[j + shift] */
function sumOfProducts(powers: readonly Jet[], values: readonly Jet[], shift: number, law: TimeLaw): Jet {
  let sum: Parts = powers[0].map(() => null);
  const count = law === "discrete" ? 1 : powers.length;
  for (let j = 0; j < count; j++) {
    const product = multiplyJets(powers[j], values[j + shift]);
    sum = sum.map((part, a) => addParts(part, product[a]));
  }
  return sum;
}
