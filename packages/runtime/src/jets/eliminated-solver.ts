// Solves over jets by carrying out the elimination itself on them, and going back through it: reverse-GTH.
import { allocateVector, ones, readLane, writeLane, zeroLanes } from "../kernels/lane-arrays.ts";
import type { LaneJet } from "./energy.ts";
import type { JetAdjoints, JetFactors } from "./gth-jets.ts";
import { factorJets, jetAdjoints, reverseFactorJets, reverseSolveJets, solveJets } from "./gth-jets.ts";
import type { JetOperator, JetSolver, OperatorGradient } from "./jet-solver.ts";
import { copyVector } from "./jet-solver.ts";
import type { JetVector } from "./jet-vector.ts";
import { denseJet } from "./jet-vector.ts";
import { zeroJet } from "./subsets.ts";

/** Right for numbers, in all lanes: the kernels go back through factors and solves. */
export class EliminatedSolver implements JetSolver {
  readonly #operator: JetOperator;
  readonly #gradient: OperatorGradient;
  readonly #slots: number;
  readonly #killing: number;

  constructor(operator: JetOperator, gradient: OperatorGradient) {
    const { arena, generator } = operator;
    const { lanes, trace } = generator;
    this.#operator = operator;
    this.#gradient = gradient;
    this.#slots = zeroLanes(arena, lanes, trace.slotCount);
    this.#killing = zeroLanes(arena, lanes, trace.rowCount);
  }

  solve([right]: LaneJet): LaneJet {
    if (right === null) return [null];
    const { arena, generator } = this.#operator;
    if (right === ones) return [generator.times()];
    const solution = allocateVector(arena, generator.lanes, generator.trace.rowCount);
    generator.solve(right, solution);
    return [solution];
  }

  back([right]: LaneJet, [solution]: LaneJet, [adjoint]: LaneJet): LaneJet {
    if (adjoint === null) return [null];
    const { arena, generator } = this.#operator;
    const { lanes, trace } = generator;
    if (right !== null && solution !== null && this.#gradient.wants(0)) {
      generator.reverseSolve(right, solution, adjoint, this.#slots, this.#killing);
    }
    const cosolution = copyVector(arena, lanes, adjoint, trace.rowCount);
    generator.solveTransposed(cosolution, cosolution);
    return [cosolution];
  }

  finish(): void {
    if (this.#gradient.wants(0)) this.#gradient.addSlots(0, this.#slots, this.#killing);
  }
}

/** Any order, in the given lanes alone, one after the other; what other lanes hold is of no use. */
export class EliminatedJetSolver implements JetSolver {
  readonly #operator: JetOperator;
  readonly #gradient: OperatorGradient;
  readonly #items: readonly LaneItem[];
  /** What solving left behind, by solution. */
  readonly #solved = new Map<LaneJet, readonly ReturnType<typeof solveJets>[]>();

  constructor(operator: JetOperator, gradient: OperatorGradient, inLanes: readonly boolean[]) {
    const { generator, order, slots, killing } = operator;
    const { trace } = generator;
    this.#operator = operator;
    this.#gradient = gradient;
    this.#items = inLanes.flatMap((isIn, lane): LaneItem[] => {
      if (!isIn) return [];
      const own = this.#read(slots, lane, trace.slotCount);
      const killed = killing.every((part) => part === null)
        ? null
        : this.#read(killing, lane, trace.rowCount);
      return [{ lane, slots: own, factors: factorJets(trace, own, killed), bars: jetAdjoints(trace, order) }];
    });
  }

  solve(right: LaneJet): LaneJet {
    const { trace } = this.#operator.generator;
    const solved = this.#items.map(({ lane, slots, factors }) =>
      solveJets(trace, slots, factors, this.#read(right, lane, trace.rowCount)),
    );
    const solution = this.#write(solved.map((item) => item.solution));
    this.#solved.set(solution, solved);
    return solution;
  }

  back(_right: LaneJet, solution: LaneJet, adjoint: LaneJet): LaneJet {
    const { trace } = this.#operator.generator;
    const solved = this.#solved.get(solution) ?? [];
    const results = this.#items.map(({ lane, slots, factors, bars }, i) =>
      reverseSolveJets(trace, slots, factors, solved[i], this.#read(adjoint, lane, trace.rowCount), bars),
    );
    return this.#write(results);
  }

  finish(): void {
    const { generator, order } = this.#operator;
    const { trace } = generator;
    const killing = this.#write(
      this.#items.map(({ factors, bars }) => reverseFactorJets(trace, factors, bars)),
    );
    const slots = this.#write(this.#items.map(({ bars }) => bars.slots));
    for (let a = 0; a < 1 << order; a++) {
      const [slotPart, killingPart] = [slots[a], killing[a]];
      if (slotPart === null || killingPart === null || !this.#gradient.wants(a)) continue;
      this.#gradient.addSlots(a, slotPart, killingPart);
    }
  }

  #read(jet: LaneJet, lane: number, length: number): JetVector {
    const { lanes } = this.#operator.generator;
    const parts = jet.map((part) => {
      if (part === null) return null;
      const elements = new Float64Array(length).fill(1);
      if (part !== ones) readLane(part, lanes, lane, elements);
      return elements;
    });
    return denseJet(parts, this.#operator.order, length);
  }

  /** Lane arrays of the items' vectors, each followed by a 0. */
  #write(vectors: readonly JetVector[]): LaneJet {
    const { arena, generator } = this.#operator;
    const { lanes } = generator;
    return zeroJet<number>(this.#operator.order).map((_, a) => {
      const address = zeroLanes(arena, lanes, vectors[0].parts[a].length + 1);
      for (const [i, { lane }] of this.#items.entries()) {
        writeLane(address, lanes, lane, vectors[i].parts[a]);
      }
      return address;
    });
  }
}

/** One batch item. */
interface LaneItem {
  readonly lane: number;
  readonly slots: JetVector;
  readonly factors: JetFactors;
  readonly bars: JetAdjoints;
}
