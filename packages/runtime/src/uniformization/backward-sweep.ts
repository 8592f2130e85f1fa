// The backward sweep of jets: from weights of steps to derivatives in slots, left and right vectors.
import type { Operator, PhaseTypeKernels } from "../kernels/phase-type-kernels.ts";
import type { Jet } from "../jets/subsets.ts";
import { forProducts, orbitSupport, productSupport, supportOf } from "../jets/subsets.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import type { JetTape, TapeChunk } from "./jet-tape.ts";

export interface BackwardRequest {
  readonly kernels: PhaseTypeKernels;
  readonly pattern: OperatorPattern;
  readonly operators: readonly (Operator | null)[];
  readonly tape: JetTape;
  readonly steps: number;
  /** Of rows 0 … steps; cotangents are stored in the scale of the vectors they meet. */
  readonly exponents: Int32Array;
  /** ∂P/∂A. */
  readonly scale: number;
  readonly left: Jet;
  readonly leftCount: number;
  /** Row-major (steps + 1) × leftCount, stored in the scale of the exponents. */
  readonly stepWeights: Jet;
  /** Parts to add to; null where nothing is wanted. */
  readonly slotParts: readonly (Float64Array | null)[];
  readonly leftParts: readonly (Float64Array | null)[];
}

/** Returns the derivative in the start vector of the tape. */
export function backwardSweep(request: BackwardRequest): Jet {
  const { operators, tape, left, stepWeights } = request;
  const operatorSupport = operators.map((operator) => operator !== null);
  const only = stepWeights.findIndex((part) => part !== null);
  const isPlain =
    only >= 0 &&
    stepWeights.every((part, a) => a === only || part === null) &&
    [operatorSupport, tape.support, supportOf(left)].every((support) =>
      support.every((present, a) => present === (a === 0)),
    );
  if (isPlain) return plainSweep(request, only);
  const support = orbitSupport(operatorSupport, productSupport(supportOf(stepWeights), supportOf(left)));
  return jetSweep(request, support);
}

/** One component only: the kernel walks each chunk. */
function plainSweep(request: BackwardRequest, component: number): Jet {
  const { kernels, pattern, tape, steps, scale, leftCount } = request;
  const operator = request.operators[0];
  const left = request.left[0];
  const weights = request.stepWeights[component];
  const result = request.stepWeights.map((): Float64Array | null => null);
  if (operator === null || left === null || weights === null) return result;
  const cotangent = kernels.allocate(pattern.rowCount);
  const entryGradient = kernels.allocate(pattern.entryCount);
  const rowGradient = kernels.allocate(pattern.rowCount);
  const leftGradient = request.leftParts[component];
  for (let c = tape.chunkCount - 1; c >= 0; c--) {
    const chunk = tape.chunk(c);
    // Row 0 of a later chunk is the last row of the chunk before it and is walked there.
    const first = c === 0 ? 0 : 1;
    const last = chunk.steps;
    enterChunk(cotangent, chunk, last, request.exponents, steps);
    const vectors = chunk.vectors[0];
    if (vectors === null) continue;
    kernels.sweepAdjoint(
      operator,
      { vectors, exponents: chunk.exponents, peaks: chunk.peaks },
      first,
      last,
      weights.subarray((chunk.firstStep + first) * leftCount, (chunk.firstStep + last + 1) * leftCount),
      left,
      leftCount,
      cotangent,
      entryGradient,
      rowGradient,
      leftGradient,
    );
  }
  const slotGradient = request.slotParts[component];
  if (slotGradient !== null) scatterEntries(pattern, entryGradient, rowGradient, scale, slotGradient);
  result[component] = cotangent;
  return result;
}

/** Brings a cotangent of row last + 1 into the scale of row last. */
function enterChunk(
  cotangent: Float64Array,
  chunk: TapeChunk,
  last: number,
  exponents: Int32Array,
  steps: number,
): void {
  const k = chunk.firstStep + last;
  if (k >= steps || exponents[k + 1] === exponents[k]) return;
  const factor = 2 ** (exponents[k] - exponents[k + 1]);
  for (let r = 0; r < cotangent.length; r++) cotangent[r] *= factor;
}

function scatterEntries(
  pattern: OperatorPattern,
  entryGradient: Float64Array,
  rowGradient: Float64Array,
  scale: number,
  slotGradient: Float64Array,
): void {
  for (let e = 0; e < entryGradient.length; e++)
    slotGradient[pattern.entrySlots[e]] += scale * entryGradient[e];
  for (let r = 0; r < pattern.rowCount; r++) {
    for (let x = pattern.exitOffsets[r]; x < pattern.exitOffsets[r + 1]; x++) {
      slotGradient[pattern.exitSlots[x]] += scale * rowGradient[r];
    }
  }
}

/** Any components, step by step: c_k = Pᵀ c_{k+1} + Σ_m g_k^m left_m as a product of jets. */
function jetSweep(request: BackwardRequest, support: readonly boolean[]): Jet {
  const { kernels, pattern, operators, tape, steps, exponents, scale, left, leftCount } = request;
  const rows = pattern.rowCount;
  const allocate = (): (Float64Array | null)[] =>
    support.map((present) => (present ? kernels.allocate(rows) : null));
  let cotangent = allocate();
  let next = allocate();
  let chunk: TapeChunk | null = null;
  for (let k = steps; k >= 0; k--) {
    const index = tape.indexOf(k);
    if (chunk === null || chunk.firstStep !== index * tape.chunkSteps) chunk = tape.chunk(index);
    const row = k - chunk.firstStep;
    const vectors: Jet = chunk.vectors.map((part) => part?.subarray(row * rows, (row + 1) * rows) ?? null);
    if (k < steps && exponents[k] !== exponents[k + 1]) {
      const factor = 2 ** (exponents[k] - exponents[k + 1]);
      for (const part of cotangent) if (part !== null) for (let r = 0; r < rows; r++) part[r] *= factor;
    }
    for (const [a, target] of request.slotParts.entries()) {
      if (target === null || k === steps) continue;
      forProducts(cotangent, vectors, a, (c, u) => kernels.addEdgeProducts(pattern, c, u, scale, target));
    }
    for (const [a, target] of next.entries()) {
      if (target === null) continue;
      target.fill(0);
      for (let b = a; ; b = (b - 1) & a) {
        const operator = operators[b];
        const source = cotangent[a ^ b];
        if (operator !== null && source !== null) kernels.addAppliedTransposed(operator, source, target);
        if (b === 0) break;
      }
      addWeighted(request.stepWeights, left, a, k, leftCount, rows, target);
    }
    for (const [a, target] of request.leftParts.entries()) {
      if (target === null) continue;
      forProducts(request.stepWeights, vectors, a, (g, u) => {
        for (let m = 0; m < leftCount; m++) {
          const weight = g[k * leftCount + m];
          if (weight !== 0) for (let r = 0; r < rows; r++) target[m * rows + r] += weight * u[r];
        }
      });
    }
    [cotangent, next] = [next, cotangent];
  }
  return cotangent;
}

function addWeighted(
  stepWeights: Jet,
  left: Jet,
  component: number,
  k: number,
  leftCount: number,
  rows: number,
  target: Float64Array,
): void {
  forProducts(stepWeights, left, component, (g, x) => {
    for (let m = 0; m < leftCount; m++) {
      const weight = g[k * leftCount + m];
      if (weight !== 0) for (let r = 0; r < rows; r++) target[r] += weight * x[m * rows + r];
    }
  });
}
