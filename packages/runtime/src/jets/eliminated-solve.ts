// Solves over jets by carrying out the elimination itself on them, and going back through it: reverse-GTH.
import type { EliminationTrace } from "@phxlang/graph";
import { allocateLanes, readLane, writeLane, zeroLanes } from "../kernels/lane-arrays.ts";
import type { LaneGenerator } from "../kernels/lane-generator.ts";
import type { LaneGradientRequest, LaneJet } from "./energy.ts";
import { factorJets, jetAdjoints, reverseFactorJets, reverseSolveJets, solveJets } from "./gth-jets.ts";
import type { JetVector } from "./jet-vector.ts";
import { denseJet } from "./jet-vector.ts";
import type { SolveParameters } from "./solve-items.ts";
import { solveItems } from "./solve-items.ts";
import type { Jet } from "./subsets.ts";

/** All components, wanted or not, in the given lanes; what the others hold is of no use. */
export function eliminatedSolve(
  request: LaneGradientRequest<SolveParameters>,
  generator: LaneGenerator,
  inLanes: readonly boolean[],
): readonly LaneJet[] {
  if (request.order === 0) return numbersBack(request, generator);
  const { arena, lanes, items, shapes, parameters, order } = request;
  const sizes = shapes.map((shape) => shape.reduce((size, length) => size * length, 1));
  const results = items.map((jet, item) => jet.map(() => allocateLanes(arena, lanes, sizes[item])));
  for (const [lane, isIn] of inLanes.entries()) {
    if (!isIn) continue;
    const own = items.map((jet, item) =>
      jet.map((part) => {
        if (part === null) return null;
        const elements = new Float64Array(sizes[item]);
        readLane(part, lanes, lane, elements);
        return elements;
      }),
    );
    const gradient = jetsBack(parameters.trace, order, own, shapes[solveItems.right][0]);
    for (const [item, parts] of gradient.entries()) {
      for (const [a, part] of parts.entries()) writeLane(results[item][a], lanes, lane, part);
    }
  }
  return results;
}

/** Without ε, in all lanes. */
function numbersBack(
  { items, shapes }: LaneGradientRequest<SolveParameters>,
  generator: LaneGenerator,
): readonly LaneJet[] {
  const { arena, lanes, trace } = generator;
  const rows = trace.rowCount;
  const [columns] = shapes[solveItems.right];
  const vectors = columns * rows;
  const [right] = items[solveItems.right];
  const [left] = items[solveItems.left];
  const slotGradient = zeroLanes(arena, lanes, trace.slotCount);
  const killingGradient = zeroLanes(arena, lanes, rows);
  const solution = zeroLanes(arena, lanes, vectors);
  const cosolution = zeroLanes(arena, lanes, vectors);
  for (let start = 0; start < columns * rows; start += rows) {
    const at = (array: number): number => array + 8 * lanes * start;
    if (right !== null) generator.solve(at(right), at(solution));
    if (left !== null) generator.solveTransposed(at(left), at(cosolution));
    if (right === null || left === null) continue;
    generator.reverseSolve(at(right), at(solution), at(left), slotGradient, killingGradient);
  }
  return [[slotGradient], [killingGradient], [cosolution], [solution]];
}

/** One batch item: the whole computation, factorization included, on jets and back. */
function jetsBack(
  trace: EliminationTrace,
  order: number,
  items: readonly Jet[],
  columns: number,
): (readonly Float64Array[])[] {
  const rows = trace.rowCount;
  const slots = denseJet(items[solveItems.slots], order, trace.slotCount);
  const hasKilling = items[solveItems.killing].some((part) => part !== null);
  const killing = hasKilling ? denseJet(items[solveItems.killing], order, rows) : null;
  const right = denseJet(items[solveItems.right], order, columns * rows);
  const left = denseJet(items[solveItems.left], order, columns * rows);
  const solution = denseJet([], order, columns * rows);
  const cosolution = denseJet([], order, columns * rows);
  const factors = factorJets(trace, slots, killing);
  const adjoints = jetAdjoints(trace, order);
  for (let column = 0; column < columns; column++) {
    const solved = solveJets(trace, slots, factors, columnOf(right, column, rows));
    const bar = reverseSolveJets(trace, slots, factors, solved, columnOf(left, column, rows), adjoints);
    for (const [a, part] of solved.solution.parts.entries()) solution.parts[a].set(part, column * rows);
    for (const [a, part] of bar.parts.entries()) cosolution.parts[a].set(part, column * rows);
  }
  const killingBar = reverseFactorJets(trace, factors, adjoints);
  return [adjoints.slots.parts, killingBar.parts, cosolution.parts, solution.parts];
}

function columnOf(vector: JetVector, column: number, rows: number): JetVector {
  return {
    order: vector.order,
    parts: vector.parts.map((part) => part.subarray(column * rows, (column + 1) * rows)),
  };
}
