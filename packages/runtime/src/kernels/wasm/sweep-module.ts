// Powers of a sparse matrix on a vector, forward and backward, in WebAssembly; sweep.ts is the text to reproduce.
import { at, f64, i32, ModuleBuilder, select } from "../../wasm/index.ts";
import type { Expression, FunctionBuilder, Local } from "../../wasm/index.ts";
import { element, forSegment } from "./trace-frame.ts";

const smallest = 2 ** -200;
const largest = 2 ** 200;
const step = 200;

function double(base: Expression<"i32">, index: Expression<"i32">): Expression<"f64"> {
  return f64.load(at(base, index, 3));
}

function addTo(
  f: FunctionBuilder,
  base: Expression<"i32">,
  index: Expression<"i32">,
  value: Expression<"f64">,
): void {
  const address = f.let(at(base, index, 3));
  f.store(f64, address, f64.add(f64.load(address), value));
}

/** A module with `sweep` and `sweepAdjoint`. */
export function sweepModule(): ModuleBuilder {
  const module = new ModuleBuilder();
  exportSweep(module);
  exportSweepAdjoint(module);
  return module;
}

/**
 * sweep(rowCount, rowOffsets, columns, values, diagonal, vectors, exponents, peaks, steps): row 0 of `vectors` is
 * there with its exponent; rows 1 … steps, their exponents and peaks are written.
 */
function exportSweep(module: ModuleBuilder): void {
  module.export(
    "sweep",
    ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
    "none",
    (f, rowCount, rowOffsets, columns, values, diagonal, vectors, exponents, peaks, steps) => {
      const source = f.let(vectors);
      const target = f.local("i32");
      const peak = f.local("f64");
      const sum = f.local("f64");
      f.forRange(0, steps, (k) => {
        f.set(target, at(source, rowCount, 3));
        f.set(peak, 0);
        f.forRange(0, rowCount, (r) => {
          f.set(sum, f64.mul(double(diagonal, r), double(source, r)));
          forSegment(f, rowOffsets, r, (e) => {
            f.set(sum, f64.add(sum, f64.mul(double(values, e), double(source, element(columns, e)))));
          });
          const kept = f64.mul(double(diagonal, i32.add(r, rowCount)), double(source, r));
          f.set(sum, f64.add(sum, kept));
          f.store(f64, at(target, r, 3), sum);
          const magnitude = f.let(f64.abs(sum));
          f.set(peak, select("f64", f64.le(magnitude, peak), peak, magnitude));
        });
        const exponent = f.let(element(exponents, k));
        f.if(
          i32.and(f64.lt(peak, smallest), f64.gt(peak, 0)),
          () => rescale(f, target, rowCount, peak, exponent, step),
          () => f.if(f64.gt(peak, largest), () => rescale(f, target, rowCount, peak, exponent, -step)),
        );
        f.store(f64, at(peaks, k, 3), peak, 8);
        f.store(i32, at(exponents, k, 2), exponent, 4);
        f.set(source, target);
      });
    },
  );
}

function rescale(
  f: FunctionBuilder,
  vector: Expression<"i32">,
  rowCount: Expression<"i32">,
  peak: Local<"f64">,
  exponent: Local<"i32">,
  bits: number,
): void {
  const factor = 2 ** bits;
  f.forRange(0, rowCount, (r) => {
    const address = f.let(at(vector, r, 3));
    f.store(f64, address, f64.mul(f64.load(address), factor));
  });
  f.set(peak, f64.mul(peak, factor));
  f.set(exponent, i32.sub(exponent, bits));
}

/**
 * sweepAdjoint(rowCount, rowOffsets, closingEnds, columns, values, diagonal, vector, weights, left, leftCount,
 * cotangent, next, entryGradient, rowGradient, leftGradient or 0): one step k of the backward sweep, on the vector u_k
 * in the scale of the cotangent; `next` receives the cotangent of step k.
 */
function exportSweepAdjoint(module: ModuleBuilder): void {
  module.export(
    "sweepAdjoint",
    ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
    "none",
    (
      f,
      rowCount,
      rowOffsets,
      closingEnds,
      columns,
      values,
      diagonal,
      vector,
      weights,
      left,
      leftCount,
      cotangent,
      next,
      entryGradient,
      rowGradient,
      leftGradient,
    ) => {
      f.fillMemory(next, 0, i32.shl(rowCount, 3));
      f.forRange(0, rowCount, (r) => {
        const weight = f.let(double(cotangent, r));
        f.if(f64.ne(weight, 0), () => {
          const own = f.let(double(vector, r));
          addTo(f, next, r, f64.mul(double(diagonal, r), weight));
          const closingEnd = f.let(element(closingEnds, r));
          f.forRange(element(rowOffsets, r), closingEnd, (e) => {
            const column = f.let(element(columns, e));
            addTo(f, entryGradient, e, f64.mul(weight, f64.sub(double(vector, column), own)));
            addTo(f, next, column, f64.mul(double(values, e), weight));
          });
          f.forRange(closingEnd, element(rowOffsets, r, 1), (e) => {
            const column = f.let(element(columns, e));
            addTo(f, entryGradient, e, f64.mul(weight, double(vector, column)));
            addTo(f, next, column, f64.mul(double(values, e), weight));
          });
          addTo(f, rowGradient, r, f64.neg(f64.mul(weight, own)));
        });
      });
      f.forRange(0, rowCount, (r) => {
        addTo(f, next, r, f64.mul(double(diagonal, i32.add(r, rowCount)), double(cotangent, r)));
      });
      const leftVector = f.let(left);
      const gradient = f.let(leftGradient);
      f.forRange(0, leftCount, (m) => {
        const weight = f.let(double(weights, m));
        f.if(f64.ne(weight, 0), () => {
          f.forRange(0, rowCount, (r) => addTo(f, next, r, f64.mul(weight, double(leftVector, r))));
          f.if(gradient, () => {
            f.forRange(0, rowCount, (r) => addTo(f, gradient, r, f64.mul(weight, double(vector, r))));
          });
        });
        f.set(leftVector, at(leftVector, rowCount, 3));
        f.if(gradient, () => f.set(gradient, at(gradient, rowCount, 3)));
      });
    },
  );
}
