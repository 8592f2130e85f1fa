// LaneGenerator: diag(killing) − S of a trace for several batch items at once, factored, in the kernels' memory.
import type { EliminationTrace } from "@phxlang/graph";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import type { LaneCount } from "./lane-arrays.ts";
import { allocateLanes, copyLanes, zeroLanes } from "./lane-arrays.ts";
import { factorLength } from "./phase-type-kernels.ts";
import type { LaneKernels } from "./wasm/lane-machine.ts";
import { laneKernels } from "./wasm/lane-machine.ts";
import { frameOf } from "./wasm/trace-frame.ts";

/** Arrays are addresses of lane arrays; those that a method returns are allocated in the generator's arena. */
export class LaneGenerator {
  readonly arena: Arena;
  readonly lanes: LaneCount;
  readonly trace: EliminationTrace;
  /** [slots] */
  readonly slots: number;
  /** As `factorLength` describes them. */
  readonly factors: number;
  readonly #frame: number;
  #kernels: LaneKernels | null = null;

  /** Takes the factors, or computes them. */
  constructor(
    arena: Arena,
    lanes: LaneCount,
    trace: EliminationTrace,
    slots: number,
    source: { readonly factors: number } | { readonly killing: number | null },
  ) {
    this.arena = arena;
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
    const work = zeroLanes(arena, lanes, trace.rowCount);
    const extremes = allocateLanes(arena, lanes, 2);
    const factorWith = ({ factor }: LaneKernels): void => {
      factor(this.#frame, slots, killing, this.factors, work, extremes);
    };
    factorWith(laneKernels(lanes, false));
    this.#kernels = this.#kernelsFor(extremes);
    if (!this.isRegular) factorWith(this.#kernels);
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
    const { arena, lanes } = this;
    const { rowCount } = this.trace;
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

  /** By lane, the largest expected number of jumps from any row; 0 for acyclic traces, which visit a row once. */
  jumpCounts(): number[] {
    const { arena, lanes, trace } = this;
    if (trace.blockOffsets.length - 1 === trace.rowCount) return Array.from({ length: lanes }, () => 0);
    const jumps = allocateLanes(arena, lanes, trace.rowCount);
    this.kernels().outRates(this.#frame, this.slots, jumps);
    this.solve(jumps, jumps);
    const extremes = allocateLanes(arena, lanes, 2);
    this.kernels().extremes(trace.rowCount, jumps, extremes);
    return Array.from(kernelHost().f64.subarray(extremes / 8 + lanes, extremes / 8 + 2 * lanes));
  }

  /** Guarded if these factors need it. */
  kernels(): LaneKernels {
    if (this.#kernels !== null) return this.#kernels;
    const { lanes, trace } = this;
    const pivots = this.factors + 8 * lanes * (trace.lowerColumns.length + trace.upperColumns.length);
    const extremes = allocateLanes(this.arena, lanes, 2);
    laneKernels(lanes, false).extremes(trace.rowCount, pivots, extremes);
    this.#kernels = this.#kernelsFor(extremes);
    return this.#kernels;
  }

  /** Without guards where every pivot is positive and finite: extremes [2] bound them, or hold their sum. */
  #kernelsFor(extremes: number): LaneKernels {
    const { lanes } = this;
    const pivots = kernelHost().f64.subarray(extremes / 8, extremes / 8 + 2 * lanes);
    const isRegular = pivots.every((pivot, i) => (i < lanes ? pivot > 0 : pivot < Infinity));
    return laneKernels(lanes, !isRegular);
  }
}
