// Linear forms over features and their transpose in WebAssembly, for a number of lanes.
import { f64, i32 } from "../../wasm/index.ts";
import type { Expression, FunctionBuilder, LaneValue, ModuleBuilder } from "../../wasm/index.ts";
import { at } from "../../wasm/index.ts";
import type { LaneKernel } from "./lane-kernel.ts";
import { element, forSegment } from "./trace-frame.ts";

/**
 * forms(rowCount, rowOffsets or 0, columns, coefficients, features, result, smallest): result [rows] = the forms at
 * the features. rowOffsets 0: every row has one term. smallest [1]: the smallest of the results and 0, NaNs apart.
 */
export function exportForms(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "forms",
    ["i32", "i32", "i32", "i32", "i32", "i32", "i32"],
    "none",
    (f, rowCount, rowOffsets, columns, coefficients, features, result, smallest) => {
      const least = lanes.let(f, lanes.splat(0));
      const value = lanes.local(f);
      const term = (e: Expression<"i32">): LaneValue =>
        lanes.mul(coefficient(kernel, f, coefficients, e), kernel.load(f, features, element(columns, e)));
      const finish = (row: Expression<"i32">): void => {
        kernel.store(f, result, row, value);
        lanes.set(f, least, lanes.smaller(least, value));
      };
      f.if(
        rowOffsets,
        () => {
          f.forRange(0, rowCount, (row) => {
            lanes.set(f, value, lanes.splat(0));
            forSegment(f, rowOffsets, row, (e) => lanes.set(f, value, lanes.add(value, term(e))));
            finish(row);
          });
        },
        () => {
          f.forRange(0, rowCount, (row) => {
            lanes.set(f, value, term(row));
            finish(row);
          });
        },
      );
      lanes.store(f, smallest, least);
    },
  );
}

/**
 * addFormsTransposed(rowCount, rowOffsets or 0, columns, coefficients, x, gradient): gradient [features] += the
 * transposed forms of x [rows].
 */
export function exportAddFormsTransposed(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "addFormsTransposed",
    ["i32", "i32", "i32", "i32", "i32", "i32"],
    "none",
    (f, rowCount, rowOffsets, columns, coefficients, x, gradient) => {
      const spread = (e: Expression<"i32">, own: LaneValue): void => {
        const share = lanes.mul(coefficient(kernel, f, coefficients, e), own);
        kernel.accumulate(f, gradient, element(columns, e), share);
      };
      f.forRange(0, rowCount, (row) => {
        const own = lanes.let(f, kernel.load(f, x, row));
        f.if(
          rowOffsets,
          () => forSegment(f, rowOffsets, row, (e) => spread(e, own)),
          () => spread(row, own),
        );
      });
    },
  );
}

/**
 * addFeatureGradient(featureCount, offsets, terms, coefficients, left, right, gradient): gradient [features] += the
 * derivatives of leftᵀ S right. The terms of feature f are offsets[f] .. offsets[f + 1): each is a row and a column of
 * S, the column rowCount standing for an exit; `right` has one element more, 0, for it. Sums stay in registers.
 */
export function exportAddFeatureGradient(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "addFeatureGradient",
    ["i32", "i32", "i32", "i32", "i32", "i32", "i32"],
    "none",
    (f, featureCount, offsets, terms, coefficients, left, right, gradient) => {
      const sum = lanes.local(f);
      f.forRange(0, featureCount, (feature) => {
        lanes.set(f, sum, lanes.splat(0));
        forSegment(f, offsets, feature, (e) => {
          const term = f.let(at(terms, e, 3));
          const row = f.let(i32.load(term));
          const column = f.let(i32.load(term, 4));
          const difference = lanes.sub(kernel.load(f, right, column), kernel.load(f, right, row));
          const product = kernel.product(f, kernel.load(f, left, row), difference);
          lanes.set(f, sum, lanes.add(sum, lanes.mul(coefficient(kernel, f, coefficients, e), product)));
        });
        kernel.accumulate(f, gradient, feature, sum);
      });
    },
  );
}

/** Coefficient e, the same in every lane. */
function coefficient(
  { lanes }: LaneKernel,
  f: FunctionBuilder,
  coefficients: Expression<"i32">,
  e: Expression<"i32">,
): LaneValue {
  return lanes.splat(f.let(f64.load(at(coefficients, e, 3))));
}
