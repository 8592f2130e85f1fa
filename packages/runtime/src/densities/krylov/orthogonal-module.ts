// One step of Gram and Schmidt in WebAssembly SIMD: a vector made orthogonal to the rows of a basis.
import { at, f64, f64x2, i32, ModuleBuilder, v128 } from "../../wasm/index.ts";
import type { Expression, FunctionBuilder, Local } from "../../wasm/index.ts";

/**
 * A module with `project(basis, count, length, vector, coefficients)`, for an even `length`: coefficients_j =
 * ⟨basis_j, vector⟩ for all j < count, then vector −= Σ_j coefficients_j basis_j. Rows of the basis follow each other.
 */
export function orthogonalModule(): ModuleBuilder {
  const module = new ModuleBuilder();
  module.export(
    "project",
    ["i32", "i32", "i32", "i32", "i32"],
    "none",
    (f, basis, count, length, vector, coefficients) => {
      const pairs = f.let(i32.shrU(length, 1));
      const row = f.let(basis);
      f.forRange(0, count, (j) => {
        f.store(f64, at(coefficients, j, 3), dot(f, row, vector, pairs));
        f.set(row, at(row, length, 3));
      });
      f.set(row, basis);
      f.forRange(0, count, (j) => {
        subtract(f, row, vector, pairs, f64.load(at(coefficients, j, 3)));
        f.set(row, at(row, length, 3));
      });
    },
  );
  return module;
}

/** Two sums that alternate, added at the end: always in this order. */
function dot(
  f: FunctionBuilder,
  x: Expression<"i32">,
  y: Expression<"i32">,
  pairs: Local<"i32">,
): Expression<"f64"> {
  const sums = [f.let(f64x2.const(0)), f.let(f64x2.const(0))];
  const [a, b] = [f.let(x), f.let(y)];
  f.forRange(0, i32.shrU(pairs, 1), () => {
    sums.forEach((sum, i) => {
      f.set(sum, f64x2.add(sum, f64x2.mul(v128.load(a, 16 * i), v128.load(b, 16 * i))));
    });
    f.set(a, i32.add(a, 32));
    f.set(b, i32.add(b, 32));
  });
  f.if(i32.and(pairs, 1), () => f.set(sums[0], f64x2.add(sums[0], f64x2.mul(v128.load(a), v128.load(b)))));
  const total = f.let(f64x2.add(sums[0], sums[1]));
  return f64.add(f64x2.extractLane(total, 0), f64x2.extractLane(total, 1));
}

function subtract(
  f: FunctionBuilder,
  x: Expression<"i32">,
  target: Expression<"i32">,
  pairs: Local<"i32">,
  factor: Expression<"f64">,
): void {
  const scale = f.let(f64x2.splat(factor));
  const [a, b] = [f.let(x), f.let(target)];
  f.forRange(0, pairs, () => {
    f.store(v128, b, f64x2.sub(v128.load(b), f64x2.mul(scale, v128.load(a))));
    f.set(a, i32.add(a, 16));
    f.set(b, i32.add(b, 16));
  });
}
