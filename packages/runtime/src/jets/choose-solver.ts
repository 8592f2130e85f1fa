// The J rule: whether derivatives of solves come from differences of solutions or from elimination, lane by lane.
import { readLane, writeLane } from "../kernels/lane-arrays.ts";
import { EliminatedJetSolver, EliminatedSolver } from "./eliminated-solver.ts";
import type { LaneJet } from "./energy.ts";
import { ImplicitSolver } from "./implicit-solver.ts";
import type { JetOperator, JetSolver, OperatorGradient } from "./jet-solver.ts";
import { sizeOf } from "@phxlang/autodiff";

/** Expected jumps beyond which differences of a solution lose more than 1e-12. */
const largestJumpCount = 1e-12 * 2 ** 53;

/** One computation of a gradient with a solver; `gradient` collects what it finds for the operator. */
export type SolverRun = (makeSolver: (gradient: OperatorGradient) => JetSolver) => readonly LaneJet[];

/**
 * Runs with differences in lanes of few expected jumps, and with elimination in the others. `differentiates`: whether
 * anything is derived with respect to the operator at all. `shapes` are those of the results.
 */
export function runWithSolvers(
  operator: JetOperator,
  differentiates: boolean,
  shapes: readonly (readonly number[])[],
  run: SolverRun,
): readonly LaneJet[] {
  const { generator, order } = operator;
  const eliminated = differentiates ? generator.jumpsExceed(largestJumpCount) : [false];
  const implicitly = (): readonly LaneJet[] => run((gradient) => new ImplicitSolver(operator, gradient));
  if (!eliminated.includes(true)) return implicitly();
  const byElimination = run((gradient) =>
    order === 0
      ? new EliminatedSolver(operator, gradient)
      : new EliminatedJetSolver(operator, gradient, eliminated),
  );
  if (!eliminated.includes(false)) return byElimination;
  return implicitly().map((jet, item) => {
    const elements = new Float64Array(sizeOf(shapes[item]));
    return jet.map((part, component) => {
      const other = byElimination[item][component];
      if (part === null || other === null) return part;
      for (const [lane, isChosen] of eliminated.entries()) {
        if (!isChosen) continue;
        readLane(other, generator.lanes, lane, elements);
        writeLane(part, generator.lanes, lane, elements);
      }
      return part;
    });
  });
}
