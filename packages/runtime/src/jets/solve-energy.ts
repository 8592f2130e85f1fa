// The energy of linear solves: Φ = Σ_r left_rᵀ (diag(killing) − S(slots))⁻¹ right_r.
import { readLane, writeLane } from "../kernels/lane-arrays.ts";
import { LaneGenerator } from "../kernels/lane-generator.ts";
import { factorLength } from "../kernels/phase-type-kernels.ts";
import { eliminatedSolve } from "./eliminated-solve.ts";
import type { LaneEnergy, LaneGradientRequest, LaneJet } from "./energy.ts";
import { implicitSolve } from "./implicit-solve.ts";
import { withoutLastEpsilon } from "./linear-items.ts";
import type { SolveParameters } from "./solve-items.ts";
import { solveItems } from "./solve-items.ts";

/** Expected jumps beyond which differences of the solution lose more than 1e-12. */
const largestJumpCount = 1e-12 * 2 ** 53;

export const solveEnergy: LaneEnergy<SolveParameters> = {
  name: "solve",
  documentation:
    "leftᵀ (diag(killing) − S)⁻¹ right over rows of a trace: slots [slots], killing [rows], right [R, rows], left [R, rows]",
  items: ["slots", "killing", "right", "left"],
  constants: ["factors"],
  bytesPerLane: ({ trace }) => 8 * (2 * trace.slotCount + factorLength(trace) + 4 * trace.rowCount),
  laneGradient: (request) =>
    withoutLastEpsilon(request, [solveItems.right, solveItems.left], (lowered) => {
      const { arena, lanes, parameters, items, constants } = lowered;
      const slots = items[solveItems.slots][0] ?? 0;
      const generator = new LaneGenerator(arena, lanes, parameters.trace, slots, { factors: constants[0] });
      const eliminated = differentiates(lowered) ? generator.jumpCounts().map(isLarge) : [];
      if (!eliminated.includes(true)) return implicitSolve(lowered, generator);
      if (!eliminated.includes(false)) return eliminatedSolve(lowered, generator, eliminated);
      return choose(
        lowered,
        eliminated,
        eliminatedSolve(lowered, generator, eliminated),
        implicitSolve(lowered, generator),
      );
    }),
};

function isLarge(jumps: number): boolean {
  return jumps > largestJumpCount;
}

/** Whether anything is derived with respect to the operator. */
function differentiates({ order, wanted, items }: LaneGradientRequest<SolveParameters>): boolean {
  return [solveItems.slots, solveItems.killing].some(
    (item) =>
      wanted.slice(item << order, (item + 1) << order).includes(true) ||
      items[item].some((part, component) => component > 0 && part !== null),
  );
}

/** Puts the chosen lanes of the first jets into the others. */
function choose(
  { lanes, shapes }: LaneGradientRequest<SolveParameters>,
  chosen: readonly boolean[],
  whereChosen: readonly LaneJet[],
  elsewhere: readonly LaneJet[],
): readonly LaneJet[] {
  return elsewhere.map((jet, item) => {
    const elements = new Float64Array(shapes[item].reduce((size, length) => size * length, 1));
    return jet.map((part, component) => {
      const other = whereChosen[item][component];
      if (part === null || other === null) return part;
      for (const [lane, isChosen] of chosen.entries()) {
        if (!isChosen) continue;
        readLane(other, lanes, lane, elements);
        writeLane(part, lanes, lane, elements);
      }
      return part;
    });
  });
}
