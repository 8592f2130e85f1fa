// Products with the generator of a trace and its edges in WebAssembly, for a number of lanes.
import type { ModuleBuilder } from "../../wasm/index.ts";
import type { LaneKernel } from "./lane-kernel.ts";
import { element, forSegment, readFrame } from "./trace-frame.ts";

/** addGenerated(frame, slots, x, y): y += S(slots) x, with differences x[column] − x[row] on transitions. */
export function exportAddGenerated(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export("addGenerated", ["i32", "i32", "i32", "i32"], "none", (f, frame, slots, x, y) => {
    const trace = readFrame(f, frame);
    const exitSlots = f.let(kernel.at(slots, trace.transitionCount));
    const sum = lanes.local(f);
    f.forRange(0, trace.rowCount, (r) => {
      const own = lanes.let(f, kernel.load(f, x, r));
      lanes.set(f, sum, lanes.splat(0));
      forSegment(f, trace.rowOffsets, r, (s) => {
        const difference = lanes.sub(kernel.load(f, x, element(trace.columns, s)), own);
        lanes.set(f, sum, lanes.add(sum, kernel.product(f, kernel.load(f, slots, s), difference)));
      });
      forSegment(f, trace.exitOffsets, r, (s) => {
        lanes.set(f, sum, lanes.sub(sum, kernel.product(f, kernel.load(f, exitSlots, s), own)));
      });
      kernel.accumulate(f, y, r, sum);
    });
  });
}

/** addGeneratedTransposed(frame, slots, x, y): y += S(slots)ᵀ x. */
export function exportAddGeneratedTransposed(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export("addGeneratedTransposed", ["i32", "i32", "i32", "i32"], "none", (f, frame, slots, x, y) => {
    const trace = readFrame(f, frame);
    const exitSlots = f.let(kernel.at(slots, trace.transitionCount));
    const out = lanes.local(f);
    const flow = lanes.local(f);
    f.forRange(0, trace.rowCount, (r) => {
      const own = lanes.let(f, kernel.load(f, x, r));
      lanes.set(f, out, lanes.splat(0));
      forSegment(f, trace.rowOffsets, r, (s) => {
        lanes.set(f, flow, kernel.product(f, own, kernel.load(f, slots, s)));
        kernel.accumulate(f, y, element(trace.columns, s), flow);
        lanes.set(f, out, lanes.add(out, flow));
      });
      forSegment(f, trace.exitOffsets, r, (s) => {
        lanes.set(f, out, lanes.add(out, kernel.product(f, own, kernel.load(f, exitSlots, s))));
      });
      kernel.accumulate(f, y, r, lanes.neg(out));
    });
  });
}

/** addEdgeProducts(frame, left, right, gradient): gradient [slots] += ∂(leftᵀ S(slots) right)/∂slots. */
export function exportAddEdgeProducts(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "addEdgeProducts",
    ["i32", "i32", "i32", "i32"],
    "none",
    (f, frame, left, right, gradient) => {
      const trace = readFrame(f, frame);
      const exitGradient = f.let(kernel.at(gradient, trace.transitionCount));
      f.forRange(0, trace.rowCount, (r) => {
        const weight = lanes.let(f, kernel.load(f, left, r));
        const own = lanes.let(f, kernel.load(f, right, r));
        forSegment(f, trace.rowOffsets, r, (s) => {
          const difference = lanes.sub(kernel.load(f, right, element(trace.columns, s)), own);
          kernel.accumulate(f, gradient, s, kernel.product(f, weight, difference));
        });
        const lost = lanes.let(f, lanes.neg(kernel.product(f, weight, own)));
        forSegment(f, trace.exitOffsets, r, (s) => kernel.accumulate(f, exitGradient, s, lost));
      });
    },
  );
}

/** outRates(frame, slots, rates): rates [rows] at which rows are left, without what kills. */
export function exportOutRates(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export("outRates", ["i32", "i32", "i32"], "none", (f, frame, slots, rates) => {
    const trace = readFrame(f, frame);
    const exitSlots = f.let(kernel.at(slots, trace.transitionCount));
    const sum = lanes.local(f);
    f.forRange(0, trace.rowCount, (r) => {
      lanes.set(f, sum, lanes.splat(0));
      forSegment(f, trace.rowOffsets, r, (s) => lanes.set(f, sum, lanes.add(sum, kernel.load(f, slots, s))));
      forSegment(f, trace.exitOffsets, r, (s) => {
        lanes.set(f, sum, lanes.add(sum, kernel.load(f, exitSlots, s)));
      });
      kernel.store(f, rates, r, sum);
    });
  });
}

/** extremes(count, x, result): result [2] = the smallest and the largest of the elements; NaN if one is. */
export function exportExtremes(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export("extremes", ["i32", "i32", "i32"], "none", (f, count, x, result) => {
    const smallest = lanes.let(f, lanes.splat(Infinity));
    const largest = lanes.let(f, lanes.splat(-Infinity));
    f.forRange(0, count, (i) => {
      const value = lanes.let(f, kernel.load(f, x, i));
      lanes.set(f, smallest, lanes.min(smallest, value));
      lanes.set(f, largest, lanes.max(largest, value));
    });
    lanes.store(f, result, smallest);
    lanes.store(f, result, largest, lanes.byteCount);
  });
}
