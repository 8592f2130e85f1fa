// What transitions pay, summed by the rows they leave, in WebAssembly, for a number of lanes.
import type { ModuleBuilder } from "../../wasm/index.ts";
import type { LaneKernel } from "./lane-kernel.ts";
import { element, forSegment } from "./trace-frame.ts";

/**
 * addPayments(rowCount, offsets, transitions, targets, factor, amounts, x, y): y [rows] += factor · the sum over the
 * paying transitions t of the row, transitions[offsets[r] .. offsets[r + 1]), of amounts[t] · x[targets[t]].
 */
export function exportAddPayments(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "addPayments",
    ["i32", "i32", "i32", "i32", "f64", "i32", "i32", "i32"],
    "none",
    (f, rowCount, offsets, transitions, targets, factor, amounts, x, y) => {
      const sum = lanes.local(f);
      f.forRange(0, rowCount, (row) => {
        lanes.set(f, sum, lanes.splat(0));
        forSegment(f, offsets, row, (e) => {
          const t = f.let(element(transitions, e));
          const paid = kernel.product(f, kernel.load(f, amounts, t), kernel.load(f, x, element(targets, t)));
          lanes.set(f, sum, lanes.add(sum, paid));
        });
        kernel.accumulate(f, y, row, lanes.mul(lanes.splat(factor), sum));
      });
    },
  );
}

/**
 * addPaymentGradient(rowCount, offsets, transitions, targets, factor, left, x, gradient): gradient [transitions] +=
 * factor · left[row] · x[target].
 */
export function exportAddPaymentGradient(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "addPaymentGradient",
    ["i32", "i32", "i32", "i32", "f64", "i32", "i32", "i32"],
    "none",
    (f, rowCount, offsets, transitions, targets, factor, left, x, gradient) => {
      f.forRange(0, rowCount, (row) => {
        const own = lanes.let(f, lanes.mul(lanes.splat(factor), kernel.load(f, left, row)));
        forSegment(f, offsets, row, (e) => {
          const t = f.let(element(transitions, e));
          const product = kernel.product(f, own, kernel.load(f, x, element(targets, t)));
          kernel.accumulate(f, gradient, t, product);
        });
      });
    },
  );
}

/**
 * addPaymentsTransposed(rowCount, offsets, transitions, targets, factor, amounts, left, y): y[targets[t]] += factor ·
 * amounts[t] · left[row].
 */
export function exportAddPaymentsTransposed(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "addPaymentsTransposed",
    ["i32", "i32", "i32", "i32", "f64", "i32", "i32", "i32"],
    "none",
    (f, rowCount, offsets, transitions, targets, factor, amounts, left, y) => {
      f.forRange(0, rowCount, (row) => {
        const own = lanes.let(f, lanes.mul(lanes.splat(factor), kernel.load(f, left, row)));
        forSegment(f, offsets, row, (e) => {
          const t = f.let(element(transitions, e));
          kernel.accumulate(f, y, element(targets, t), kernel.product(f, kernel.load(f, amounts, t), own));
        });
      });
    },
  );
}
