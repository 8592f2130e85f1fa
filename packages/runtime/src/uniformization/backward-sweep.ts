// The backward sweep of jets: from weights of steps to derivatives in slots, left and right vectors.
import type { Jet } from "../jets/subsets.ts";
import { orbitSupport, productSupport, supportOf } from "../jets/subsets.ts";
import type { LaneCount } from "../kernels/lane-arrays.ts";
import { readLane, zeroLanes } from "../kernels/lane-arrays.ts";
import type { SweepFunctions, SweepKernels } from "../kernels/sweep-kernels.ts";
import { blockSteps } from "../kernels/sweep-kernels.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import { JetAdjoint } from "./jet-adjoint.ts";
import type { JetTape } from "./jet-tape.ts";
import { LeftBlock } from "./left-block.ts";
import type { OperatorBlock } from "./operator-block.ts";
import { scatterEntries } from "./scatter.ts";

/** What belongs to one lane. */
export interface BackwardLane {
  /** ∂P/∂A. */
  readonly scale: number;
  readonly left: Jet;
  /** Parts to add to; null where nothing is wanted. */
  readonly slotParts: readonly (Float64Array | null)[];
  readonly leftParts: readonly (Float64Array | null)[];
}

export interface BackwardRequest {
  readonly kernels: SweepKernels;
  /** For what is needed on the way. */
  readonly arena: Arena;
  readonly pattern: OperatorPattern;
  readonly operators: readonly (OperatorBlock | null)[];
  readonly tape: JetTape;
  /** A multiple of four. */
  readonly steps: number;
  /** Of rows 0 … steps, k · lanes + lane; cotangents are stored in the scale of the vectors they meet. */
  readonly exponents: Int32Array;
  readonly leftCount: number;
  /**
   * Weights g_k^m of the steps 0 … steps, stored in the scale of the exponents: (k · leftCount + m) · lanes + lane of each
   * component.
   */
  readonly stepWeights: Jet;
  readonly lanes: readonly BackwardLane[];
}

/** Returns the derivative in the start vector of the tape: for each lane a jet. */
export function backwardSweep(request: BackwardRequest): Jet[] {
  const { operators, tape, lanes, stepWeights } = request;
  const [{ left }] = lanes;
  const operatorSupport = operators.map((operator) => operator !== null);
  const only = stepWeights.findIndex((part) => part !== null);
  for (const operator of operators) operator?.transpose();
  const isPlain =
    only >= 0 &&
    stepWeights.every((part, a) => a === only || part === null) &&
    [operatorSupport, tape.support, supportOf(left)].every((support) =>
      support.every((present, a) => present === (a === 0)),
    );
  if (isPlain) return plainSweep(request, only);
  const support = orbitSupport(operatorSupport, productSupport(supportOf(stepWeights), supportOf(left)));
  return new JetAdjoint(request, support).run();
}

/** One component only: the kernel walks each segment. */
function plainSweep(request: BackwardRequest, component: number): Jet[] {
  const { kernels, arena, pattern, tape, steps, exponents, leftCount, lanes } = request;
  const laneCount = lanes.length as LaneCount;
  const functions: SweepFunctions = kernels(laneCount);
  const operator = request.operators[0];
  const weights = request.stepWeights[component];
  const result = lanes.map(() => request.stepWeights.map((): Float64Array | null => null));
  if (operator === null || weights === null) return result;
  const rows = pattern.rowCount;
  const zeros = (count: number): number => zeroLanes(arena, laneCount, count);
  const lefts = lanes.map(({ left }) => left[0] ?? new Float64Array(leftCount * rows));
  const left = new LeftBlock(arena, lefts, leftCount, rows);
  const wantsLeft = lanes.some(({ leftParts }) => leftParts[component] !== null);
  const leftGradient = wantsLeft ? zeros(leftCount * rows) : 0;
  const entryGradient = zeros(pattern.entryCount);
  const rowGradient = zeros(rows);
  const ring = zeros((blockSteps + 1) * rows);
  const scratch = arena.allocate(8 * laneCount * blockSteps * rows);
  const weightAddress = arena.place(weights);
  const factorAddress = arena.place(factorsOf(exponents, steps, laneCount));
  const top = ring + 8 * blockSteps * rows * laneCount;
  addTopRow(request, weights, lefts, top / 8, leftGradient / 8);
  for (let s = tape.segmentCount - 1; s >= 0; s--) {
    const segment = tape.segment(s);
    const vectors = segment.vectors[0];
    if (vectors === null) continue;
    functions.sweepBack(
      operator.frame,
      left.frame,
      vectors,
      weightAddress + 8 * laneCount * segment.firstStep * leftCount,
      factorAddress + 8 * laneCount * segment.firstStep,
      segment.steps / blockSteps,
      ring,
      scratch,
      entryGradient,
      rowGradient,
      leftGradient,
    );
  }
  for (const [lane, { scale, slotParts, leftParts }] of lanes.entries()) {
    const read = (address: number, count: number): Float64Array => {
      const target = new Float64Array(count);
      readLane(address, laneCount, lane, target);
      return target;
    };
    const slotGradient = slotParts[component];
    if (slotGradient !== null) {
      const entries = read(entryGradient, pattern.entryCount);
      scatterEntries(pattern, entries, read(rowGradient, rows), scale, slotGradient);
    }
    const ownLeft = leftParts[component];
    if (ownLeft !== null) read(leftGradient, leftCount * rows).forEach((x, i) => (ownLeft[i] += x));
    result[lane][component] = read(top, rows);
  }
  return result;
}

/** 2^(exponents[k] − exponents[k + 1]): from the scale of a vector to that of the one before. */
function factorsOf(exponents: Int32Array, steps: number, lanes: number): Float64Array {
  const factors = new Float64Array(steps * lanes);
  for (let i = 0; i < factors.length; i++) {
    const bits = exponents[i] - exponents[i + lanes];
    factors[i] = bits === 0 ? 1 : 2 ** bits;
  }
  return factors;
}

/** The last vector meets no step: its weights start the cotangent, and the gradient of left. */
function addTopRow(
  { pattern, tape, steps, leftCount, lanes }: BackwardRequest,
  weights: Float64Array,
  lefts: readonly Float64Array[],
  cotangent: number,
  leftGradient: number,
): void {
  const { f64 } = kernelHost();
  const laneCount = lanes.length;
  const rows = pattern.rowCount;
  const last = tape.newest[0];
  for (let lane = 0; lane < laneCount; lane++) {
    for (let m = 0; m < leftCount; m++) {
      const weight = weights[(steps * leftCount + m) * laneCount + lane];
      if (weight === 0) continue;
      for (let r = 0; r < rows; r++) {
        f64[cotangent + r * laneCount + lane] += weight * lefts[lane][m * rows + r];
        if (leftGradient === 0 || last === null) continue;
        f64[leftGradient + (m * rows + r) * laneCount + lane] +=
          weight * f64[last / 8 + r * laneCount + lane];
      }
    }
  }
}
