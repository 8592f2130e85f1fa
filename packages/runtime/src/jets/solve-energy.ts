// The energy of linear solves: Φ = Σ_r left_rᵀ (diag(killing) − S(slots))⁻¹ right_r.
import type { EliminationTrace } from "@phxlang/graph";
import { Memo } from "../memo.ts";
import { generatorPattern } from "../patterns/operator-pattern.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import type { Energy, GradientRequest } from "./energy.ts";
import type { JetVector } from "./jet-vector.ts";
import { denseJet } from "./jet-vector.ts";
import { factorJets, jetAdjoints, reverseFactorJets, reverseSolveJets, solveJets } from "./gth-jets.ts";
import type { Jet } from "./subsets.ts";
import { forProducts, orbitSupport, supportOf } from "./subsets.ts";

export type SolveParameters = { readonly trace: EliminationTrace };

/** Positions of the items. */
export const solveItems = { slots: 0, killing: 1, right: 2, left: 3 } as const;

/** Expected jumps beyond which differences of the solution lose more than 1e-12. */
const largestJumpCount = 1e-12 * 2 ** 53;

export const solveEnergy: Energy<SolveParameters> = {
  name: "solve",
  documentation:
    "leftᵀ (diag(killing) − S)⁻¹ right over rows of a trace: slots [slots], killing [rows], right [R, rows], left [R, rows]",
  items: ["slots", "killing", "right", "left"],
  constants: ["factors"],
  gradient(request) {
    const differentiates =
      isWanted(request, solveItems.slots) ||
      isWanted(request, solveItems.killing) ||
      request.items[solveItems.slots].some((part, component) => component > 0 && part !== null) ||
      request.items[solveItems.killing].some((part, component) => component > 0 && part !== null);
    return differentiates && jumpCount(request) > largestJumpCount
      ? eliminatedGradient(request)
      : implicitGradient(request);
  },
};

function isWanted(request: GradientRequest<SolveParameters>, item: number): boolean {
  const size = 1 << request.order;
  return request.wanted.slice(item * size, (item + 1) * size).some(Boolean);
}

function partOf(jet: Jet, component: number): Float64Array {
  const part = jet[component];
  return part ?? new Float64Array(0);
}

/** Largest expected number of jumps from any row; 0 for acyclic traces, where a path visits each row once. */
function jumpCount({
  parameters: { trace },
  items,
  constants,
  kernels,
}: GradientRequest<SolveParameters>): number {
  if (trace.blockOffsets.length - 1 === trace.rowCount) return 0;
  const slots = partOf(items[solveItems.slots], 0);
  const outRates = new Float64Array(trace.rowCount);
  const exitBase = trace.rowOffsets[trace.rowCount];
  for (let r = 0; r < trace.rowCount; r++) {
    for (let s = trace.rowOffsets[r]; s < trace.rowOffsets[r + 1]; s++) outRates[r] += slots[s];
    for (let x = trace.exitOffsets[r]; x < trace.exitOffsets[r + 1]; x++) outRates[r] += slots[exitBase + x];
  }
  const jumps = kernels.allocate(trace.rowCount);
  kernels.solve(trace, slots, constants[0], outRates, jumps);
  return jumps.reduce((largest, count) => Math.max(largest, count), 0);
}

const patterns = new Memo<EliminationTrace, null, OperatorPattern>();

function patternOf(trace: EliminationTrace): OperatorPattern {
  return patterns.get(trace, null, () => generatorPattern(trace));
}

/** Each component by one solve with the same factors: x_A = M⁻¹ (right_A + Σ_C (S_C − killing_C) x_{A∖C}). */
function implicitGradient(request: GradientRequest<SolveParameters>): readonly Jet[] {
  const { parameters, items, constants, kernels, order, wanted } = request;
  const { trace } = parameters;
  const size = 1 << order;
  const pattern = patternOf(trace);
  const slots = items[solveItems.slots];
  const killing = items[solveItems.killing];
  const base = partOf(slots, 0);
  const rows = trace.rowCount;
  const operatorSupport = slots.map((part, c) => c > 0 && (part !== null || killing[c] !== null));
  const wants = (item: number): boolean => isWanted(request, item);
  const wantsOperator = wants(solveItems.slots) || wants(solveItems.killing);

  const solveAll = (jet: Jet, transposed: boolean): (Float64Array | null)[] => {
    const support = orbitSupport(operatorSupport, supportOf(jet));
    const solutions: (Float64Array | null)[] = Array.from({ length: size }, () => null);
    for (let a = 0; a < size; a++) {
      if (!support[a]) continue;
      const given = jet[a];
      const length = (given ?? solutions.find((part) => part !== null) ?? base).length;
      const sum = given === null ? new Float64Array(length) : given.slice();
      for (let c = a; c !== 0; c = (c - 1) & a) {
        const source = solutions[a ^ c];
        if (!operatorSupport[c] || source === null) continue;
        for (let start = 0; start < length; start += rows) {
          const x = source.subarray(start, start + rows);
          const y = sum.subarray(start, start + rows);
          const rates = slots[c];
          if (rates !== null && transposed) kernels.addGeneratedTransposed(pattern, rates, x, y);
          if (rates !== null && !transposed) kernels.addGenerated(pattern, rates, x, y);
          const kill = killing[c];
          if (kill !== null) for (let i = 0; i < rows; i++) y[i] -= kill[i] * x[i];
        }
      }
      const result = new Float64Array(length);
      for (let start = 0; start < length; start += rows) {
        const right = sum.subarray(start, start + rows);
        const target = result.subarray(start, start + rows);
        if (transposed) kernels.solveTransposed(trace, base, constants[0], right, target);
        else kernels.solve(trace, base, constants[0], right, target);
      }
      solutions[a] = result;
    }
    return solutions;
  };

  const none: Jet = Array.from({ length: size }, () => null);
  const solution = wantsOperator || wants(solveItems.left) ? solveAll(items[solveItems.right], false) : none;
  const cosolution = wantsOperator || wants(solveItems.right) ? solveAll(items[solveItems.left], true) : none;
  const slotParts = Array.from({ length: size }, (_, a) => {
    if (!wanted[solveItems.slots * size + a]) return null;
    const gradient = new Float64Array(trace.slotCount);
    forProducts(cosolution, solution, a, (left, right) => {
      for (let start = 0; start < left.length; start += rows) {
        const end = start + rows;
        kernels.addEdgeProducts(pattern, left.subarray(start, end), right.subarray(start, end), 1, gradient);
      }
    });
    return gradient;
  });
  const killingParts = Array.from({ length: size }, (_, a) => {
    if (!wanted[solveItems.killing * size + a]) return null;
    const gradient = new Float64Array(rows);
    forProducts(cosolution, solution, a, (left, right) => {
      for (let i = 0; i < left.length; i++) gradient[i % rows] -= left[i] * right[i];
    });
    return gradient;
  });
  return [slotParts, killingParts, cosolution, solution];
}

/** The whole computation, factorization included, on jets and back. */
function eliminatedGradient(request: GradientRequest<SolveParameters>): readonly Jet[] {
  const { parameters, items, order } = request;
  const { trace } = parameters;
  const rows = trace.rowCount;
  const slots = denseJet(items[solveItems.slots], order, trace.slotCount);
  const hasKilling = items[solveItems.killing].some((part) => part !== null);
  const killing = hasKilling ? denseJet(items[solveItems.killing], order, rows) : null;
  const columnCount = columnsOf(items, rows);
  const right = denseJet(items[solveItems.right], order, columnCount * rows);
  const left = denseJet(items[solveItems.left], order, columnCount * rows);
  const solution = denseJet([], order, columnCount * rows);
  const cosolution = denseJet([], order, columnCount * rows);
  const factors = factorJets(trace, slots, killing);
  const adjoints = jetAdjoints(trace, order);
  for (let column = 0; column < columnCount; column++) {
    const solved = solveJets(trace, slots, factors, columnOf(right, column, rows));
    const bar = reverseSolveJets(trace, slots, factors, solved, columnOf(left, column, rows), adjoints);
    for (const [a, part] of solved.solution.parts.entries()) solution.parts[a].set(part, column * rows);
    for (const [a, part] of bar.parts.entries()) cosolution.parts[a].set(part, column * rows);
  }
  const killingBar = reverseFactorJets(trace, factors, adjoints);
  return [adjoints.slots.parts, killingBar.parts, cosolution.parts, solution.parts];
}

function columnsOf(items: readonly Jet[], rows: number): number {
  for (const item of [items[solveItems.right], items[solveItems.left]]) {
    for (const part of item) if (part !== null) return part.length / rows;
  }
  return 0;
}

function columnOf(vector: JetVector, column: number, rows: number): JetVector {
  return {
    order: vector.order,
    parts: vector.parts.map((part) => part.subarray(column * rows, (column + 1) * rows)),
  };
}
