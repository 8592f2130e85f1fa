// The energy of linear solves: Φ = Σ_r left_rᵀ (diag(killing) − S(slots))⁻¹ right_r.
import { zeroLanes } from "../kernels/lane-arrays.ts";
import { LaneGenerator } from "../kernels/lane-generator.ts";
import { factorLength } from "../kernels/phase-type-kernels.ts";
import { vectorKernels } from "../kernels/wasm/lane-machine.ts";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import { runWithSolvers } from "./choose-solver.ts";
import type { LaneEnergy, LaneGradientRequest, LaneJet } from "./energy.ts";
import type { OperatorGradient } from "./jet-solver.ts";
import { withoutLastEpsilon } from "./linear-items.ts";
import type { EliminationTrace } from "@phxlang/graph";
import { zeroJet } from "./subsets.ts";

export type SolveParameters = { readonly trace: EliminationTrace };

/** Positions of the items. */
export const solveItems = { slots: 0, killing: 1, right: 2, left: 3 } as const;

export const solveEnergy: LaneEnergy<SolveParameters> = {
  name: "solve",
  documentation:
    "leftᵀ (diag(killing) − S)⁻¹ right over rows of a trace: slots [slots], killing [rows], right [R, rows], left [R, rows]",
  items: ["slots", "killing", "right", "left"],
  constants: ["factors"],
  bytesPerLane: ({ trace }) => 8 * (2 * trace.slotCount + factorLength(trace) + 4 * trace.rowCount),
  laneGradient: (request) => withoutLastEpsilon(request, [solveItems.right, solveItems.left], gradient),
};

function gradient(request: LaneGradientRequest<SolveParameters>): readonly LaneJet[] {
  const { arena, lanes, parameters, items, constants, order, wanted, shapes } = request;
  const { trace } = parameters;
  const slots = items[solveItems.slots];
  const killing = items[solveItems.killing];
  const generator = new LaneGenerator(arena, lanes, trace, slots[0] ?? 0, { factors: constants[0] });
  const wants = (item: number, a: number): boolean => wanted[(item << order) + a];
  const wantsAny = (item: number): boolean => wanted.slice(item << order, (item + 1) << order).includes(true);
  const wantsOperator = wantsAny(solveItems.slots) || wantsAny(solveItems.killing);
  const isOperatorJet = [slots, killing].some((jet) => jet.some((part, a) => a > 0 && part !== null));
  const operator = { generator, arena, order, slots, killing };
  return runWithSolvers(operator, wantsOperator || isOperatorJet, shapes, (makeSolver) => {
    const slotBars = zeroJet<number>(order);
    const killingBars = zeroJet<number>(order);
    const solver = makeSolver(
      operatorGradient(
        arena,
        generator,
        slotBars,
        killingBars,
        (a) => wants(solveItems.slots, a) || wants(solveItems.killing, a),
      ),
    );
    const solutions = zeroJet<number>(order);
    const cosolutions = zeroJet<number>(order);
    const vectorBytes = 8 * lanes * trace.rowCount;
    const [vectorCount] = shapes[solveItems.right];
    for (let start = 0; start < vectorCount * vectorBytes; start += vectorBytes) {
      const vectorOf = (item: number): LaneJet =>
        items[item].map((part) => (part === null ? null : part + start));
      const put = (results: (number | null)[], vector: LaneJet): void => {
        for (const [a, part] of vector.entries()) {
          if (part === null) continue;
          const result = (results[a] ??= zeroLanes(arena, lanes, vectorCount * trace.rowCount));
          kernelHost().u8.copyWithin(result + start, part, part + vectorBytes);
        }
      };
      const right = vectorOf(solveItems.right);
      const isSolved = wantsOperator || wantsAny(solveItems.left);
      const solution = isSolved ? solver.solve(right) : zeroJet<number>(order);
      put(solutions, solution);
      if (!wantsOperator && !wantsAny(solveItems.right)) continue;
      put(cosolutions, solver.back(right, solution, vectorOf(solveItems.left)));
    }
    solver.finish();
    return [slotBars, killingBars, cosolutions, solutions];
  });
}

/** Fills the adjoints of slots [slots] and killing [rows], making them when they are first added to. */
function operatorGradient(
  arena: Arena,
  generator: LaneGenerator,
  slotBars: (number | null)[],
  killingBars: (number | null)[],
  wants: (component: number) => boolean,
): OperatorGradient {
  const { lanes, trace } = generator;
  const { addScaled, addScaledProduct } = vectorKernels();
  const barsOf = (a: number): [slots: number, killing: number] => [
    (slotBars[a] ??= zeroLanes(arena, lanes, trace.slotCount)),
    (killingBars[a] ??= zeroLanes(arena, lanes, trace.rowCount)),
  ];
  return {
    wants,
    addEdges(a, left, right) {
      const [slots, killing] = barsOf(a);
      generator.addEdgeProducts(left, right, slots);
      addScaledProduct(lanes * trace.rowCount, -1, left, right, killing);
    },
    addSlots(a, ownSlots, ownKilling) {
      const [slots, killing] = barsOf(a);
      addScaled(lanes * trace.slotCount, 1, ownSlots, slots);
      addScaled(lanes * trace.rowCount, 1, ownKilling, killing);
    },
  };
}
