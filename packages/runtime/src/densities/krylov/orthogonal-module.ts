// One step of Gram and Schmidt in WebAssembly SIMD: a vector made orthogonal to the rows of a basis.
import { at, f64, f64x2, i32, ModuleBuilder, v128 } from "../../wasm/index.ts";
import type { Expression, FunctionBuilder, Local } from "../../wasm/index.ts";

/**
 * A module for vectors of an even `length`:
 * - `project(basis, count, length, vector, coefficients)`: coefficients_j = ⟨basis_j, vector⟩ for all j < count, then
 *   vector −= Σ_j coefficients_j basis_j; rows of the basis follow each other;
 * - `square(vector, length, target)`: ⟨vector, vector⟩.
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
      const last = f.let(i32.sub(count, rowsTogether - 1));
      /** All rows in order, some together and the rest one by one. */
      const forRows = (work: (j: Local<"i32">, rows: readonly Local<"i32">[]) => void): void => {
        const j = f.let(i32.const(0));
        f.set(row, basis);
        const many = (together: number): void => {
          const rows = [row];
          for (let k = 1; k < together; k++) rows.push(f.let(at(rows[k - 1], length, 3)));
          work(j, rows);
          f.set(row, at(rows[together - 1], length, 3));
          f.set(j, i32.add(j, together));
        };
        f.while(
          () => i32.ltS(j, last),
          () => many(rowsTogether),
        );
        f.while(
          () => i32.ltS(j, count),
          () => many(1),
        );
      };
      forRows((j, rows) => dots(f, rows, vector, pairs, at(coefficients, j, 3)));
      forRows((j, rows) => subtract(f, rows, vector, pairs, at(coefficients, j, 3)));
    },
  );
  module.export("square", ["i32", "i32", "i32"], "none", (f, vector, length, target) => {
    dots(f, [vector], vector, f.let(i32.shrU(length, 1)), target);
  });
  return module;
}

/** Rows of the basis that share the loads of the vector. */
const rowsTogether = 4;

/** Products of rows with y: for each row two sums that alternate, added at the end, always in this order. */
function dots(
  f: FunctionBuilder,
  rows: readonly Local<"i32">[],
  y: Expression<"i32">,
  pairs: Local<"i32">,
  target: Expression<"i32">,
): void {
  const sums = rows.map(() => [f.let(f64x2.const(0)), f.let(f64x2.const(0))]);
  const pointers = rows.map((row) => f.let(row));
  const b = f.let(y);
  const add = (part: number): void => {
    const shared = f.let(v128.load(b, 16 * part));
    sums.forEach((sum, k) => {
      f.set(sum[part], f64x2.add(sum[part], f64x2.mul(v128.load(pointers[k], 16 * part), shared)));
    });
  };
  f.forRange(0, i32.shrU(pairs, 1), () => {
    add(0);
    add(1);
    for (const pointer of [...pointers, b]) f.set(pointer, i32.add(pointer, 32));
  });
  f.if(i32.and(pairs, 1), () => add(0));
  const address = f.let(target);
  sums.forEach(([even, odd], k) => {
    const total = f.let(f64x2.add(even, odd));
    f.store(f64, address, f64.add(f64x2.extractLane(total, 0), f64x2.extractLane(total, 1)), 8 * k);
  });
}

/** vector −= factor_0 row_0, then the next, in this order for each entry. */
function subtract(
  f: FunctionBuilder,
  rows: readonly Local<"i32">[],
  vector: Expression<"i32">,
  pairs: Local<"i32">,
  factors: Expression<"i32">,
): void {
  const address = f.let(factors);
  const scales = rows.map((_, k) => f.let(f64x2.splat(f64.load(address, 8 * k))));
  const pointers = rows.map((row) => f.let(row));
  const b = f.let(vector);
  f.forRange(0, pairs, () => {
    const value = f.let(v128.load(b));
    scales.forEach((scale, k) => {
      f.set(value, f64x2.sub(value, f64x2.mul(scale, v128.load(pointers[k]))));
    });
    f.store(v128, b, value);
    for (const pointer of [...pointers, b]) f.set(pointer, i32.add(pointer, 16));
  });
}
