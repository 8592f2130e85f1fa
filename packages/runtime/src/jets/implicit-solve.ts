// Solves over jets by the implicit rule: one solve with the same factors for each component.
import type { LaneGenerator } from "../kernels/lane-generator.ts";
import { copyLanes, zeroLanes } from "../kernels/lane-arrays.ts";
import { vectorKernels } from "../kernels/wasm/lane-machine.ts";
import type { LaneGradientRequest, LaneJet } from "./energy.ts";
import type { SolveParameters } from "./solve-items.ts";
import { solveItems } from "./solve-items.ts";
import { forProducts, orbitSupport, supportOf, zeroJet } from "./subsets.ts";

/** x_A = M⁻¹ (right_A + Σ_C (S_C − killing_C) x_{A∖C}), and the same with transposes for left. */
export function implicitSolve(
  { order, items, wanted, shapes }: LaneGradientRequest<SolveParameters>,
  generator: LaneGenerator,
): readonly LaneJet[] {
  const { arena, lanes, trace } = generator;
  const { addScaledProduct } = vectorKernels();
  const size = 1 << order;
  const rows = trace.rowCount;
  const [columns] = shapes[solveItems.right];
  const columnBytes = 8 * lanes * rows;
  const slots = items[solveItems.slots];
  const killing = items[solveItems.killing];
  const operatorSupport = slots.map((part, c) => c > 0 && (part !== null || killing[c] !== null));
  const wants = (item: number): boolean => wanted.slice(item * size, (item + 1) * size).includes(true);
  const wantsOperator = wants(solveItems.slots) || wants(solveItems.killing);

  const eachColumn = (...arrays: number[]) => {
    return (visit: (...starts: number[]) => void): void => {
      for (let c = 0; c < columns; c++) visit(...arrays.map((array) => array + c * columnBytes));
    };
  };

  const solveAll = (jet: LaneJet, transposed: boolean): LaneJet => {
    const solutions = zeroJet<number>(order);
    for (const [a, present] of orbitSupport(operatorSupport, supportOf(jet)).entries()) {
      if (!present) continue;
      const given = jet[a];
      const sum =
        given === null
          ? zeroLanes(arena, lanes, columns * rows)
          : copyLanes(arena, lanes, given, columns * rows);
      for (let c = a; c !== 0; c = (c - 1) & a) {
        const source = solutions[a ^ c];
        if (!operatorSupport[c] || source === null) continue;
        const rates = slots[c];
        const killed = killing[c];
        eachColumn(
          source,
          sum,
        )((x, y) => {
          if (rates !== null && transposed) generator.addGeneratedTransposed(rates, x, y);
          if (rates !== null && !transposed) generator.addGenerated(rates, x, y);
          if (killed !== null) addScaledProduct(lanes * rows, -1, killed, x, y);
        });
      }
      eachColumn(sum)((right) => {
        if (transposed) generator.solveTransposed(right, right);
        else generator.solve(right, right);
      });
      solutions[a] = sum;
    }
    return solutions;
  };

  const none = zeroJet<number>(order);
  const solution = wantsOperator || wants(solveItems.left) ? solveAll(items[solveItems.right], false) : none;
  const cosolution = wantsOperator || wants(solveItems.right) ? solveAll(items[solveItems.left], true) : none;
  const operatorParts = (
    item: number,
    length: number,
    add: (left: number, right: number, gradient: number) => void,
  ): LaneJet =>
    none.map((_, a) => {
      if (!wanted[item * size + a]) return null;
      const gradient = zeroLanes(arena, lanes, length);
      forProducts(cosolution, solution, a, (left, right) =>
        eachColumn(left, right)((y, x) => add(y, x, gradient)),
      );
      return gradient;
    });
  return [
    operatorParts(solveItems.slots, trace.slotCount, (y, x, gradient) =>
      generator.addEdgeProducts(y, x, gradient),
    ),
    operatorParts(solveItems.killing, rows, (y, x, gradient) =>
      addScaledProduct(lanes * rows, -1, y, x, gradient),
    ),
    cosolution,
    solution,
  ];
}
