// Reverse mode through GTH factorization and solve in WebAssembly; reverse-gth.ts is the text it must reproduce.
import { i32 } from "../../wasm/index.ts";
import type { ModuleBuilder } from "../../wasm/index.ts";
import { addInflow, setToRight } from "./lane-kernel.ts";
import type { LaneKernel } from "./lane-kernel.ts";
import { element, forInnerSlots, forOuterSlots, forSegment, readFrame } from "./trace-frame.ts";

/**
 * reverseSolve(frame, slots, factors, right or 0 (ones), solution, forward, solutionBar, forwardBar, factorBar, workBar,
 * slotGradient, killingGradient or 0). On entry `forward` is a copy of the solution, `solutionBar` of the left side,
 * `factorBar` (as factors) and `workBar` [rows] are 0; the last two addresses are added to, all others are scratch.
 */
export function exportReverseSolve(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "reverseSolve",
    ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
    "none",
    (
      f,
      frame,
      slots,
      factors,
      right,
      solution,
      forward,
      solutionBar,
      forwardBar,
      factorBar,
      workBar,
      slotGradient,
      killingGradient,
    ) => {
      const trace = readFrame(f, frame);
      const { lower, upper, pivots, exits } = kernel.factors(f, factors, trace);
      const bars = kernel.factors(f, factorBar, trace);
      const exitGradient = f.let(kernel.at(slotGradient, trace.transitionCount));
      const sum = lanes.local(f);
      const bar = lanes.local(f);
      f.forRange(
        i32.sub(trace.blockCount, 1),
        -1,
        (block) => {
          const blockStart = f.let(element(trace.blockOffsets, block));
          const blockEnd = f.let(element(trace.blockOffsets, block, 1));
          f.forRange(blockStart, blockEnd, (i) => {
            setToRight(f, kernel, sum, right, i);
            addInflow(f, kernel, trace, { slots, lower, pivots, values: forward }, i, sum);
            kernel.store(f, forward, i, sum);
          });
          f.forRange(blockStart, blockEnd, (i) => {
            lanes.set(f, bar, lanes.div(kernel.load(f, solutionBar, i), kernel.load(f, pivots, i)));
            kernel.store(f, forwardBar, i, bar);
            const change = lanes.neg(lanes.mul(bar, kernel.load(f, solution, i)));
            kernel.accumulate(f, bars.pivots, i, change);
            forSegment(f, trace.upperOffsets, i, (q) => {
              const j = f.let(element(trace.upperColumns, q));
              kernel.accumulate(f, bars.upper, q, lanes.mul(bar, kernel.load(f, solution, j)));
              kernel.accumulate(f, solutionBar, j, lanes.mul(bar, kernel.load(f, upper, q)));
            });
          });
          f.forRange(
            i32.sub(blockEnd, 1),
            i32.sub(blockStart, 1),
            (i) => {
              lanes.set(f, bar, kernel.load(f, forwardBar, i));
              forSegment(f, trace.lowerOffsets, i, (p) => {
                const k = f.let(element(trace.lowerColumns, p));
                kernel.accumulate(f, bars.lower, p, lanes.mul(bar, kernel.load(f, forward, k)));
                kernel.accumulate(f, forwardBar, k, lanes.mul(bar, kernel.load(f, lower, p)));
              });
              forOuterSlots(f, trace, i, (s) => {
                const column = f.let(element(trace.columns, s));
                kernel.accumulate(f, slotGradient, s, lanes.mul(bar, kernel.load(f, solution, column)));
                kernel.accumulate(f, solutionBar, column, lanes.mul(bar, kernel.load(f, slots, s)));
              });
            },
            { step: -1 },
          );
          reverseFactorBlock();

          function reverseFactorBlock(): void {
            const pivotBar = lanes.local(f);
            const exitBar = lanes.local(f);
            const multiplierBar = lanes.local(f);
            f.forRange(
              i32.sub(blockEnd, 1),
              i32.sub(blockStart, 1),
              (i) => {
                lanes.set(f, pivotBar, kernel.load(f, bars.pivots, i));
                lanes.set(f, exitBar, lanes.add(kernel.load(f, bars.exits, i), pivotBar));
                forSegment(f, trace.upperOffsets, i, (q) => {
                  const value = lanes.add(kernel.load(f, bars.upper, q), pivotBar);
                  kernel.store(f, workBar, element(trace.upperColumns, q), value);
                });
                kernel.store(f, workBar, i, lanes.splat(0));
                f.forRange(
                  i32.sub(element(trace.lowerOffsets, i, 1), 1),
                  i32.sub(element(trace.lowerOffsets, i), 1),
                  (p) => {
                    const k = f.let(element(trace.lowerColumns, p));
                    const multiplier = lanes.let(f, kernel.load(f, lower, p));
                    const throughExit = lanes.mul(exitBar, kernel.load(f, exits, k));
                    lanes.set(f, multiplierBar, lanes.add(kernel.load(f, bars.lower, p), throughExit));
                    forSegment(f, trace.upperOffsets, k, (q) => {
                      const column = f.let(element(trace.upperColumns, q));
                      const entryBar = lanes.let(f, kernel.load(f, workBar, column));
                      const flow = lanes.mul(entryBar, kernel.load(f, upper, q));
                      lanes.set(f, multiplierBar, lanes.add(multiplierBar, flow));
                      kernel.accumulate(f, bars.upper, q, lanes.mul(multiplier, entryBar));
                    });
                    kernel.accumulate(f, bars.exits, k, lanes.mul(multiplier, exitBar));
                    const rateBar = lanes.let(f, lanes.div(multiplierBar, kernel.load(f, pivots, k)));
                    kernel.store(f, workBar, k, rateBar);
                    kernel.accumulate(f, bars.pivots, k, lanes.neg(lanes.mul(rateBar, multiplier)));
                  },
                  { step: -1 },
                );
                forOuterSlots(f, trace, i, (s) => kernel.accumulate(f, slotGradient, s, exitBar));
                forInnerSlots(f, trace, i, (s) => {
                  const rateBar = kernel.load(f, workBar, element(trace.columns, s));
                  kernel.accumulate(f, slotGradient, s, rateBar);
                });
                forSegment(f, trace.exitOffsets, i, (x) => {
                  kernel.accumulate(f, exitGradient, x, exitBar);
                });
                f.if(killingGradient, () => kernel.accumulate(f, killingGradient, i, exitBar));
              },
              { step: -1 },
            );
          }
        },
        { step: -1 },
      );
    },
  );
}
