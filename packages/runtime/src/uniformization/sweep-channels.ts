// Values and derivatives by one sweep through powers of the operator, for the requests of several lanes at once.
import { propagatesVector, referenceProblem } from "../jets/exponential-reference.ts";
import type { ExponentialRequest } from "../jets/exponential-request.ts";
import { exponentialItems, leftCountOf } from "../jets/exponential-request.ts";
import type { Jet } from "../jets/subsets.ts";
import { orbitSupport, supportOf } from "../jets/subsets.ts";
import type { LaneCount } from "../kernels/lane-arrays.ts";
import { placeLanes } from "../kernels/lane-arrays.ts";
import { sweepKernels } from "../kernels/index.ts";
import type { Arena } from "../wasm/index.ts";
import { backwardSweep } from "./backward-sweep.ts";
import type { MixedLane } from "./channel-mixing.ts";
import { channelValues, spreadWeights } from "./channel-mixing.ts";
import { everyNth } from "./growing-array.ts";
import { JetTape, segmentStepsFor } from "./jet-tape.ts";
import { LeftBlock } from "./left-block.ts";
import { largestTapeBytes } from "./limits.ts";
import { OperatorBlock } from "./operator-block.ts";
import type { ReferenceSweep } from "./reference-sweep.ts";
import { depthFor, vectorDepth } from "./reference-sweep.ts";
import { keptSweep } from "./sweep-memo.ts";

type Parts = readonly (Float64Array | null)[];

/** A right-hand side of every lane: e^−scale_n left_mᵀ exp(A t_n) start as jets, and the way back. */
export interface LaneChannels {
  values(): Jet[];
  adjoint(weights: readonly Jet[], slotParts: readonly Parts[], leftParts: readonly Parts[]): Jet[];
}

/**
 * The channels of 1, 2, 4 or 8 requests that differ in their numbers only, not in what is there and wanted; they share
 * an arena.
 */
export function sweepChannels(
  requests: readonly ExponentialRequest[],
): (starts: readonly Jet[], channel: number) => LaneChannels {
  const [request] = requests;
  const { arena } = request;
  const { pattern, law } = request.parameters;
  const laneCount = requests.length as LaneCount;
  const leftCount = leftCountOf(request);
  const problems = requests.map(referenceProblem);
  // A tape of other slots or another start cannot be walked backwards.
  const canWalkBack = requests.every(
    ({ items }, lane) => items[exponentialItems.slots][0] === problems[lane].slots,
  );
  const sweep = keptSweep(
    {
      kernels: sweepKernels,
      pattern,
      law,
      leftCount,
      items: problems,
      keep: canWalkBack,
      depth: propagatesVector(request) ? vectorDepth : depthFor(request.parameters.tolerance),
    },
    arena,
  );
  const operators = gatherAll(requests, sweep, arena);
  return (starts, channel): LaneChannels => {
    const isReference =
      canWalkBack &&
      operators.slice(1).every((part) => part === null) &&
      starts.every((start, lane) => isConstantAt(start, problems[lane].right));
    const tape = isReference ? sweep.tape : runTape(operators, starts, sweep, arena);
    // Without a right-hand side the cotangents keep the scale of the reference.
    const hasStart = starts[0].some((part) => part !== null);
    const scaled = hasStart ? tape.exponents : sweep.tape.exponents;
    const lanes = sweep.lanes.map((reference, lane): MixedLane => ({
      lane,
      laneCount,
      reference,
      exponents: everyNth(scaled, laneCount, lane, reference.steps + 1),
    }));
    return {
      values: () => requests.map((own, lane) => channelValues(own, tape, lanes[lane], channel)),
      adjoint(weights, slotParts, leftParts) {
        const steps = sweep.tape.steps;
        const stepWeights = weights[0].map((part) =>
          part === null ? null : new Float64Array((steps + 1) * leftCount * laneCount),
        );
        for (const [lane, own] of requests.entries()) {
          spreadWeights(own, weights[lane], lanes[lane], channel, stepWeights);
        }
        return backwardSweep({
          kernels: sweepKernels,
          arena,
          pattern,
          operators,
          tape,
          steps,
          exponents: scaled,
          leftCount,
          stepWeights,
          lanes: requests.map((own, lane) => ({
            scale: 1 / sweep.lanes[lane].rate,
            left: own.items[exponentialItems.left],
            slotParts: slotParts[lane],
            leftParts: leftParts[lane],
          })),
        });
      },
    };
  };
}

function isConstantAt(start: Jet, right: Float64Array): boolean {
  return start[0] === right && start.every((part, component) => component === 0 || part === null);
}

/** P for component 0, its derivatives A(slots_C) · scale for the others. */
function gatherAll(
  requests: readonly ExponentialRequest[],
  sweep: ReferenceSweep,
  arena: Arena,
): (OperatorBlock | null)[] {
  const { parameters, items } = requests[0];
  const { pattern, law } = parameters;
  const lanes = requests.length as LaneCount;
  return items[exponentialItems.slots].map((present, component) => {
    if (present === null) return null;
    const operator = new OperatorBlock(arena, pattern, lanes);
    const identity = component === 0 && law === "continuous" ? 1 : 0;
    for (const [lane, request] of requests.entries()) {
      const slots = request.items[exponentialItems.slots][component];
      if (slots !== null) operator.gather(lane, slots, 1 / sweep.lanes[lane].rate, identity);
    }
    return operator;
  });
}

/** A sweep of the same number of steps as the reference, from another start or with derivatives. */
function runTape(
  operators: readonly (OperatorBlock | null)[],
  starts: readonly Jet[],
  sweep: ReferenceSweep,
  arena: Arena,
): JetTape {
  const lanes = starts.length as LaneCount;
  const { rowCount } = sweep.operator.pattern;
  const { steps } = sweep.tape;
  const support = orbitSupport(supportOf(operators), supportOf(starts[0]));
  const bytes = 8 * lanes * rowCount * (steps + 1) * support.filter(Boolean).length;
  const keeping = bytes <= largestTapeBytes ? "everything" : "checkpoints";
  const tape = new JetTape({
    kernels: sweepKernels,
    arena,
    operators,
    start: starts[0].map((part, component) =>
      part === null
        ? null
        : placeLanes(
            arena,
            starts.map((start) => start[component] ?? new Float64Array(rowCount)),
          ),
    ),
    rowCount,
    lanes,
    left: LeftBlock.empty(arena, lanes),
    segmentSteps: segmentStepsFor(steps, keeping),
    keeping,
  });
  if (support.some(Boolean)) tape.advance(steps);
  return tape;
}
