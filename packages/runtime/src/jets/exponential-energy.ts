// The energy of time-dependent quantities: Φ = Σ_n weight_n e^−scale_n left_mᵀ exp(A(slots) time_n) right.
import type { Operator } from "../kernels/phase-type-kernels.ts";
import { backwardSweep } from "../uniformization/backward-sweep.ts";
import { JetTape } from "../uniformization/jet-tape.ts";
import type { TimeLaw } from "../uniformization/mixing-law.ts";
import type { ReferenceSweep } from "../uniformization/reference-sweep.ts";
import type { Energy } from "./energy.ts";
import { channelValues, spreadWeights } from "./exponential-mixing.ts";
import { chooseReference } from "./exponential-reference.ts";
import type { ExponentialParameters, ExponentialRequest as Request } from "./exponential-request.ts";
import { exponentialItems, leftCountOf, sizeOfShape, wantsItem } from "./exponential-request.ts";
import type { Jet } from "./subsets.ts";
import { forProducts, multiplyJets, productSupport, supportOf, zeroJet } from "./subsets.ts";

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

function wantedParts(request: Request, item: number, length: number): Parts {
  const size = 1 << request.order;
  return Array.from({ length: size }, (_, a) =>
    request.wanted[item * size + a] ? new Float64Array(length) : null,
  );
}

function isConstant(jet: Jet): boolean {
  return jet.every((part, component) => component === 0 || part === null);
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
