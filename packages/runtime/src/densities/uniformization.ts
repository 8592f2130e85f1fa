// Uniformization as a TimeMethod: one sweep through powers of the operator serves all times.
import { largestRate } from "../kernels/operator.ts";
import type { Operator } from "../kernels/phase-type-kernels.ts";
import { channelValues, spreadWeights } from "../jets/exponential-mixing.ts";
import { chooseReference } from "../jets/exponential-reference.ts";
import type { ExponentialRequest } from "../jets/exponential-request.ts";
import { exponentialItems, leftCountOf } from "../jets/exponential-request.ts";
import type { Jet } from "../jets/subsets.ts";
import { backwardSweep } from "../uniformization/backward-sweep.ts";
import { JetTape } from "../uniformization/jet-tape.ts";
import type { ReferenceSweep } from "../uniformization/reference-sweep.ts";
import { referenceSweep, valueDepth } from "../uniformization/reference-sweep.ts";
import { sweepToKeep } from "../uniformization/sweep-memo.ts";
import type { TimeChannel, TimeMethod, TimeProblem } from "./time-method.ts";

/** The tail that a sweep leaves out, relative to the value. */
const truncation = Math.exp(-valueDepth);

export const uniformization: TimeMethod = {
  name: "uniformization",
  values(problem, keepsSweep) {
    const request = { ...problem, keep: keepsSweep, depth: valueDepth };
    const { logValues, steps } = keepsSweep ? sweepToKeep(request) : referenceSweep(request);
    const isDiscrete = problem.law === "discrete";
    const error = isDiscrete ? 0 : truncation;
    const method = isDiscrete ? "powers" : "uniformization";
    const used = [{ method, times: logValues.length, work: steps, error }] as const;
    return { logValues, errors: new Float64Array(logValues.length).fill(error), used };
  },
  channels(request) {
    const { parameters, kernels } = request;
    const left = request.items[exponentialItems.left];
    const reference = chooseReference(request);
    const operators = gatherAll(request, reference);
    return (start, channel): TimeChannel => {
      const isReference =
        reference.start === start[0] &&
        isConstant(start) &&
        operators.slice(1).every((part) => part === null);
      const tape = isReference ? reference.sweep.tape : runTape(request, operators, start, reference.sweep);
      // Without a right-hand side the cotangents keep the scale of the reference.
      const hasStart = start.some((part) => part !== null);
      const exponents = hasStart ? tape.exponents : reference.sweep.exponents;
      return {
        values: () => channelValues(request, reference.sweep, tape, left, exponents, channel),
        adjoint: (weights, slotParts, leftParts) =>
          backwardSweep({
            kernels,
            pattern: parameters.pattern,
            operators,
            tape,
            steps: reference.sweep.steps,
            exponents,
            scale: 1 / reference.sweep.rate,
            left,
            leftCount: leftCountOf(request),
            stepWeights: spreadWeights(request, reference.sweep, weights, exponents, channel),
            slotParts,
            leftParts,
          }),
      };
    };
  },
};

/** About how long a sweep takes. */
export function uniformizationNanoseconds({ pattern, slots, times }: TimeProblem): number {
  const mean = largestRate(pattern, slots) * times.reduce((largest, time) => Math.max(largest, time), 0);
  const steps = mean + Math.sqrt(2 * valueDepth * mean) + valueDepth / 2;
  const window = Math.min(steps, 20 * Math.sqrt(mean) + 20);
  const perStep = 60 + 0.6 * (pattern.entryCount + pattern.rowCount);
  return steps * perStep + times.length * window * 1.5;
}

function isConstant(jet: Jet): boolean {
  return jet.every((part, component) => component === 0 || part === null);
}

/** P for component 0, its derivatives A(slots_C) · scale for the others. */
function gatherAll(
  request: ExponentialRequest,
  reference: { readonly sweep: ReferenceSweep },
): (Operator | null)[] {
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

/** A sweep of the same number of steps as the reference, from another start or with derivatives. */
function runTape(
  request: ExponentialRequest,
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
