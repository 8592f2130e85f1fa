// LaneGenerator: diag(killing) − S of a trace for several batch items at once, factored, in the kernels' memory.
import type { EliminationTrace } from "@phxlang/graph";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import type { LaneCount } from "./lane-arrays.ts";
import { allocateLanes, allocateVector, copyLanes, ones, zeroLanes } from "./lane-arrays.ts";
import { factorLength } from "./phase-type-kernels.ts";
import type { LaneKernels } from "./wasm/lane-machine.ts";
import { laneKernels } from "./wasm/lane-machine.ts";
import { frameOf } from "./wasm/trace-frame.ts";

/** Arrays are addresses of lane arrays; what the generator keeps lies in its arena. */
export class LaneGenerator {
  readonly lanes: LaneCount;
  readonly trace: EliminationTrace;
  /** [slots] */
  readonly slots: number;
  /** As `factorLength` describes them. */
  readonly factors: number;
  readonly #arena: Arena;
  readonly #frame: number;
  #times = 0;
  #kernels: LaneKernels | null = null;

  /** Takes the factors, or computes them. */
  constructor(
    arena: Arena,
    lanes: LaneCount,
    trace: EliminationTrace,
    slots: number,
    source: { readonly factors: number } | { readonly killing: number | null },
  ) {
    this.#arena = arena;
    this.lanes = lanes;
    this.trace = trace;
    this.slots = slots;
    this.#frame = frameOf(kernelHost(), trace);
    if ("factors" in source) {
      this.factors = source.factors;
      return;
    }
    this.factors = allocateLanes(arena, lanes, factorLength(trace));
    const killing = source.killing ?? 0;
    this.#kernels = this.#withScratch((scratch) => {
      const work = zeroLanes(scratch, lanes, trace.rowCount);
      const extremes = allocateLanes(scratch, lanes, 2);
      const factorWith = ({ factor }: LaneKernels): void => {
        factor(this.#frame, slots, killing, this.factors, work, extremes);
      };
      factorWith(laneKernels(lanes, false));
      const kernels = this.#kernelsFor(...this.#pair(extremes));
      if (kernels !== laneKernels(lanes, false)) factorWith(kernels);
      return kernels;
    });
  }

  /** Whether all pivots are positive and finite, in every lane: then so are all rates finite. */
  get isRegular(): boolean {
    return this.kernels() === laneKernels(this.lanes, false);
  }

  /**
   * result = (diag(killing) − S)⁻¹ right, [rows]; the two may be the same array, the right side may be
   * `ones`. Infinity where time is infinite.
   */
  solve(right: number, result: number): void {
    this.kernels().solve(this.#frame, this.slots, this.factors, right, result);
  }

  /** result = (diag(killing) − S)⁻ᵀ left, [rows]; the two may be the same array. */
  solveTransposed(left: number, result: number): void {
    if (result !== left) {
      kernelHost().u8.copyWithin(result, left, left + 8 * this.lanes * this.trace.rowCount);
    }
    this.kernels().solveTransposed(this.#frame, this.slots, this.factors, result);
  }

  /**
   * Reverse mode through factorization and solve: adds the derivatives of leftᵀ solve(right) to slotGradient and, if
   * it is not null, killingGradient. `solution` is solve(right); the right side may be `ones`.
   */
  reverseSolve(
    right: number,
    solution: number,
    left: number,
    slotGradient: number,
    killingGradient: number | null,
  ): void {
    const { lanes } = this;
    const { rowCount } = this.trace;
    this.#withScratch((arena) => {
      this.kernels().reverseSolve(
        this.#frame,
        this.slots,
        this.factors,
        right,
        solution,
        copyLanes(arena, lanes, solution, rowCount),
        copyLanes(arena, lanes, left, rowCount),
        zeroLanes(arena, lanes, rowCount),
        zeroLanes(arena, lanes, factorLength(this.trace)),
        zeroLanes(arena, lanes, rowCount),
        slotGradient,
        killingGradient ?? 0,
      );
    });
  }

  /** y += S(rates) x, for rates [slots] of the trace that need not be its own. */
  addGenerated(rates: number, x: number, y: number): void {
    this.kernels().addGenerated(this.#frame, rates, x, y);
  }

  /** y += S(rates)ᵀ x. */
  addGeneratedTransposed(rates: number, x: number, y: number): void {
    this.kernels().addGeneratedTransposed(this.#frame, rates, x, y);
  }

  /** gradient [slots] += ∂(leftᵀ S(slots) right)/∂slots. */
  addEdgeProducts(left: number, right: number, gradient: number): void {
    this.kernels().addEdgeProducts(this.#frame, left, right, gradient);
  }

  /** Expected times [rows] until the chain stops, and a 0 behind them; computed once. Not to be written to. */
  times(): number {
    if (this.#times === 0) {
      this.#times = allocateVector(this.#arena, this.lanes, this.trace.rowCount);
      this.solve(ones, this.#times);
    }
    return this.#times;
  }

  /**
   * By lane, whether more than so many jumps are expected from some row. Bounds from rates and times decide where they
   * can, by lane: a lane's answer does not depend on the others. Acyclic traces visit a row once.
   */
  jumpsExceed(limit: number): boolean[] {
    const { lanes, trace } = this;
    const none = Array.from({ length: lanes }, () => false);
    if (trace.blockOffsets.length - 1 === trace.rowCount) return none;
    return this.#withScratch((arena) => {
      const rates = allocateLanes(arena, lanes, trace.rowCount);
      this.kernels().outRates(this.#frame, this.slots, rates);
      const [smallest, largest] = this.#extremes(arena, rates);
      const [, longest] = this.#extremes(arena, this.times());
      const decided = none.map((_, lane) => {
        if (smallest[lane] * longest[lane] > limit) return true;
        return largest[lane] * longest[lane] <= limit ? false : null;
      });
      if (!decided.includes(null)) return decided.map((exceeds) => exceeds === true);
      this.solve(rates, rates);
      const [, counts] = this.#extremes(arena, rates);
      return decided.map((exceeds, lane) => exceeds ?? counts[lane] > limit);
    });
  }

  /** Guarded if these factors need it. */
  kernels(): LaneKernels {
    if (this.#kernels !== null) return this.#kernels;
    const { lanes, trace } = this;
    const pivots = this.factors + 8 * lanes * (trace.lowerColumns.length + trace.upperColumns.length);
    this.#withScratch((arena) => {
      const [smallest, largest] = this.#extremes(arena, pivots);
      this.#kernels = this.#kernelsFor(smallest, largest);
    });
    return this.#kernels ?? laneKernels(lanes, true);
  }

  /** Without guards where every pivot is positive and finite; `bound` is the largest, or the sum of all. */
  #kernelsFor(smallest: Float64Array, bound: Float64Array): LaneKernels {
    const isRegular = smallest.every((pivot) => pivot > 0) && bound.every((pivot) => pivot < Infinity);
    return laneKernels(this.lanes, !isRegular);
  }

  /** By lane, the smallest and the largest element of x [rows]; NaN if one is. */
  #extremes(arena: Arena, x: number): [smallest: Float64Array, largest: Float64Array] {
    const result = allocateLanes(arena, this.lanes, 2);
    laneKernels(this.lanes, false).extremes(this.trace.rowCount, x, result);
    return this.#pair(result);
  }

  #pair(address: number): [Float64Array, Float64Array] {
    const { lanes } = this;
    const first = address / 8;
    const { f64 } = kernelHost();
    return [f64.slice(first, first + lanes), f64.slice(first + lanes, first + 2 * lanes)];
  }

  #withScratch<T>(work: (arena: Arena) => T): T {
    const arena = kernelHost().arena();
    try {
      return work(arena);
    } finally {
      arena.release();
    }
  }
}
