// Solves over jets by the implicit rule: one solve with the same factors for each component.
import { ones } from "../kernels/lane-arrays.ts";
import { vectorKernels } from "../kernels/wasm/lane-machine.ts";
import type { LaneJet } from "./energy.ts";
import type { JetOperator, JetSolver, OperatorGradient } from "./jet-solver.ts";
import { copyVector } from "./jet-solver.ts";
import { forProducts, orbitSupport, supportOf, zeroJet } from "./subsets.ts";

/** x_A = M⁻¹ (right_A + Σ_C (S_C − killing_C) x_{A∖C}), and the same with transposes on the way back. */
export class ImplicitSolver implements JetSolver {
  readonly #operator: JetOperator;
  readonly #gradient: OperatorGradient;
  /** Components A > ∅ in which the operator is not zero. */
  readonly #support: readonly boolean[];

  constructor(operator: JetOperator, gradient: OperatorGradient) {
    const { slots, killing } = operator;
    this.#operator = operator;
    this.#gradient = gradient;
    this.#support = slots.map((part, c) => c > 0 && (part !== null || killing[c] !== null));
  }

  solve(right: LaneJet): LaneJet {
    return this.#solve(right, false);
  }

  back(_right: LaneJet, solution: LaneJet, adjoint: LaneJet): LaneJet {
    const cosolution = this.#solve(adjoint, true);
    for (let a = 0; a < solution.length; a++) {
      if (!this.#gradient.wants(a)) continue;
      forProducts(cosolution, solution, a, (y, x) => this.#gradient.addEdges(a, y, x));
    }
    return cosolution;
  }

  /** Nothing is left to be done. */
  finish(): void {}

  #solve(right: LaneJet, transposed: boolean): LaneJet {
    const { generator, arena, order, slots, killing } = this.#operator;
    const { lanes, trace } = generator;
    const rows = trace.rowCount;
    const { addScaledProduct } = vectorKernels();
    const solutions = zeroJet<number>(order);
    for (const [a, present] of orbitSupport(this.#support, supportOf(right)).entries()) {
      if (!present) continue;
      if (a === 0 && right[a] === ones && !transposed) {
        solutions[a] = generator.times();
        continue;
      }
      const sum = copyVector(arena, lanes, right[a], rows);
      for (let c = a; c !== 0; c = (c - 1) & a) {
        const x = solutions[a ^ c];
        if (x === null) continue;
        const rates = slots[c];
        const killed = killing[c];
        if (rates !== null && transposed) generator.addGeneratedTransposed(rates, x, sum);
        if (rates !== null && !transposed) generator.addGenerated(rates, x, sum);
        if (killed !== null) addScaledProduct(lanes * rows, -1, killed, x, sum);
      }
      if (transposed) generator.solveTransposed(sum, sum);
      else generator.solve(sum, sum);
      solutions[a] = sum;
    }
    return solutions;
  }
}
