// GTH elimination and its solves in WebAssembly, for a number of lanes; gth.ts is the text they must reproduce.
import { i32 } from "../../wasm/index.ts";
import type { ModuleBuilder } from "../../wasm/index.ts";
import { addInflow, setToRight } from "./lane-kernel.ts";
import type { LaneKernel } from "./lane-kernel.ts";
import { element, forInnerSlots, forOuterSlots, forSegment, readFrame } from "./trace-frame.ts";

/**
 * factor(frame, slots, killing or 0, factors, work, extremes): `work` [rows] is 0 before and after. extremes [2]
 * receives the smallest pivot, NaNs apart, and the sum of all.
 */
export function exportFactor(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "factor",
    ["i32", "i32", "i32", "i32", "i32", "i32"],
    "none",
    (f, frame, slots, killing, factors, work, extremes) => {
      const trace = readFrame(f, frame);
      const exitSlots = f.let(kernel.at(slots, trace.transitionCount));
      const { lower, upper, pivots, exits } = kernel.factors(f, factors, trace);
      const exit = lanes.local(f);
      const pivot = lanes.local(f);
      const zero = lanes.splat(0);
      const smallest = lanes.let(f, lanes.splat(Infinity));
      const total = lanes.let(f, zero);
      f.forRange(0, trace.blockCount, (block) => {
        f.forRange(element(trace.blockOffsets, block), element(trace.blockOffsets, block, 1), (i) => {
          f.if(
            killing,
            () => lanes.set(f, exit, kernel.load(f, killing, i)),
            () => lanes.set(f, exit, zero),
          );
          forSegment(f, trace.exitOffsets, i, (x) => {
            lanes.set(f, exit, lanes.add(exit, kernel.load(f, exitSlots, x)));
          });
          forOuterSlots(f, trace, i, (s) => {
            lanes.set(f, exit, lanes.add(exit, kernel.load(f, slots, s)));
          });
          forInnerSlots(f, trace, i, (s) => {
            kernel.store(f, work, element(trace.columns, s), kernel.load(f, slots, s));
          });
          forSegment(f, trace.lowerOffsets, i, (p) => {
            const k = f.let(element(trace.lowerColumns, p));
            const rateAddress = f.let(kernel.at(work, k));
            const rate = lanes.let(f, lanes.load(rateAddress));
            lanes.store(f, rateAddress, zero);
            const earlier = lanes.let(f, kernel.load(f, pivots, k));
            const quotient = lanes.div(rate, earlier);
            const multiplier = lanes.let(
              f,
              kernel.guarded ? lanes.select(lanes.eq(earlier, zero), rate, quotient) : quotient,
            );
            kernel.store(f, lower, p, multiplier);
            const flow = lanes.mul(multiplier, kernel.load(f, exits, k));
            lanes.set(
              f,
              exit,
              lanes.add(exit, kernel.guarded ? lanes.select(lanes.eq(earlier, zero), rate, flow) : flow),
            );
            forSegment(f, trace.upperOffsets, k, (q) => {
              const entry = kernel.load(f, upper, q);
              kernel.accumulate(f, work, element(trace.upperColumns, q), lanes.mul(multiplier, entry));
            });
          });
          kernel.store(f, work, i, zero);
          lanes.set(f, pivot, exit);
          forSegment(f, trace.upperOffsets, i, (q) => {
            const address = f.let(kernel.at(work, element(trace.upperColumns, q)));
            const rate = lanes.let(f, lanes.load(address));
            kernel.store(f, upper, q, rate);
            lanes.set(f, pivot, lanes.add(pivot, rate));
            lanes.store(f, address, zero);
          });
          kernel.store(f, pivots, i, pivot);
          kernel.store(f, exits, i, exit);
          lanes.set(f, smallest, lanes.smaller(smallest, pivot));
          lanes.set(f, total, lanes.add(total, pivot));
        });
      });
      lanes.store(f, extremes, smallest);
      lanes.store(f, extremes, total, lanes.byteCount);
    },
  );
}

/**
 * solve(frame, slots, factors, right or 0, result): result = M⁻¹ right; the two may be the same array. A right side of 0
 * is a vector of ones.
 */
export function exportSolve(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "solve",
    ["i32", "i32", "i32", "i32", "i32"],
    "none",
    (f, frame, slots, factors, right, result) => {
      const trace = readFrame(f, frame);
      const { lower, upper, pivots } = kernel.factors(f, factors, trace);
      const sum = lanes.local(f);
      f.forRange(0, trace.blockCount, (block) => {
        const blockStart = f.let(element(trace.blockOffsets, block));
        const blockEnd = f.let(element(trace.blockOffsets, block, 1));
        f.forRange(blockStart, blockEnd, (i) => {
          setToRight(f, kernel, sum, right, i);
          addInflow(f, kernel, trace, { slots, lower, pivots, values: result }, i, sum);
          kernel.store(f, result, i, sum);
        });
        f.forRange(
          i32.sub(blockEnd, 1),
          i32.sub(blockStart, 1),
          (i) => {
            lanes.set(f, sum, kernel.load(f, result, i));
            forSegment(f, trace.upperOffsets, i, (q) => {
              const value = kernel.load(f, result, element(trace.upperColumns, q));
              lanes.set(f, sum, lanes.add(sum, kernel.product(f, kernel.load(f, upper, q), value)));
            });
            const quotient = lanes.div(sum, kernel.load(f, pivots, i));
            const zero = lanes.splat(0);
            kernel.store(
              f,
              result,
              i,
              kernel.guarded ? lanes.select(lanes.eq(sum, zero), zero, quotient) : quotient,
            );
          },
          { step: -1 },
        );
      });
    },
  );
}

/** solveTransposed(frame, slots, factors, result): result holds the left side before and M⁻ᵀ of it after. */
export function exportSolveTransposed(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "solveTransposed",
    ["i32", "i32", "i32", "i32"],
    "none",
    (f, frame, slots, factors, result) => {
      const trace = readFrame(f, frame);
      const { lower, upper, pivots } = kernel.factors(f, factors, trace);
      const value = lanes.local(f);
      const zero = lanes.splat(0);
      f.forRange(
        i32.sub(trace.blockCount, 1),
        -1,
        (block) => {
          const blockStart = f.let(element(trace.blockOffsets, block));
          const blockEnd = f.let(element(trace.blockOffsets, block, 1));
          f.forRange(blockStart, blockEnd, (i) => {
            const address = f.let(kernel.at(result, i));
            lanes.set(f, value, lanes.load(address));
            const quotient = lanes.div(value, kernel.load(f, pivots, i));
            const scaled = kernel.guarded ? lanes.select(lanes.eq(value, zero), zero, quotient) : quotient;
            lanes.set(f, value, scaled);
            lanes.store(f, address, value);
            forSegment(f, trace.upperOffsets, i, (q) => {
              const flow = kernel.product(f, kernel.load(f, upper, q), value);
              kernel.accumulate(f, result, element(trace.upperColumns, q), flow);
            });
          });
          f.forRange(
            i32.sub(blockEnd, 1),
            i32.sub(blockStart, 1),
            (i) => {
              lanes.set(f, value, kernel.load(f, result, i));
              forSegment(f, trace.lowerOffsets, i, (p) => {
                const k = f.let(element(trace.lowerColumns, p));
                const pivot = kernel.guarded ? kernel.load(f, pivots, k) : [];
                kernel.accumulate(
                  f,
                  result,
                  k,
                  kernel.pivotProduct(f, kernel.load(f, lower, p), pivot, value),
                );
              });
              forOuterSlots(f, trace, i, (s) => {
                const flow = kernel.product(f, kernel.load(f, slots, s), value);
                kernel.accumulate(f, result, element(trace.columns, s), flow);
              });
            },
            { step: -1 },
          );
        },
        { step: -1 },
      );
    },
  );
}
