// The matrix product for small or thin operands: no packing, four rows at a time, every entry summed in order.
import type {
  Expression,
  FunctionBuilder,
  FunctionReference,
  Local,
  ModuleBuilder,
} from "../../wasm/index.ts";
import { at, f32, f64, i32 } from "../../wasm/index.ts";

type Pointer = Local<"i32">;

/** C and its row stride in bytes; A and B with row and column strides; m, n, k. */
export type SmallMatmulSignature = readonly [
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
];

export type MatmulDtype = "f64" | "f32" | "i32";

/** i32 serves u32 too: products and sums wrap alike. */
const operations = {
  f64: { scale: 3, zero: f64.const(0), load: (p: Expression<"i32">): Expression => f64.load(p) },
  f32: { scale: 2, zero: f32.const(0), load: (p: Expression<"i32">): Expression => f32.load(p) },
  i32: { scale: 2, zero: i32.const(0), load: (p: Expression<"i32">): Expression => i32.load(p) },
} as const;

function multiplyAdd(dtype: MatmulDtype, sum: Expression, a: Expression, b: Expression): Expression {
  if (dtype === "f64") {
    return f64.add(sum as Expression<"f64">, f64.mul(a as Expression<"f64">, b as Expression<"f64">));
  }
  if (dtype === "f32") {
    return f32.add(sum as Expression<"f32">, f32.mul(a as Expression<"f32">, b as Expression<"f32">));
  }
  return i32.add(sum as Expression<"i32">, i32.mul(a as Expression<"i32">, b as Expression<"i32">));
}

function storeElement(
  f: FunctionBuilder,
  dtype: MatmulDtype,
  address: Expression<"i32">,
  value: Expression,
): void {
  if (dtype === "f64") f.store(f64, address, value as Expression<"f64">);
  else if (dtype === "f32") f.store(f32, address, value as Expression<"f32">);
  else f.store(i32, address, value as Expression<"i32">);
}

export function defineSmallMatmul(
  module: ModuleBuilder,
  dtype: MatmulDtype,
): FunctionReference<SmallMatmulSignature, "none"> {
  const { scale, zero, load } = operations[dtype];
  const i = "i32";
  return module.function(
    [i, i, i, i, i, i, i, i, i, i, i],
    "none",
    (f, c, cRow, a, aRow, aColumn, b, bRow, bColumn, m, n, k) => {
      /** `count` rows of C from `row` on: one sum each in registers. */
      const rows = (row: Pointer, count: number): void => {
        const firstRow = f.let(i32.add(a, i32.mul(row, aRow)));
        const target = f.let(i32.add(c, i32.mul(row, cRow)));
        const columnOfB = f.let(b);
        f.forRange(0, n, (j) => {
          const sums = Array.from({ length: count }, () => f.let(zero as Expression));
          const lefts = [f.let(firstRow)];
          for (let r = 1; r < count; r++) lefts.push(f.let(i32.add(lefts[r - 1], aRow)));
          const right = f.let(columnOfB);
          f.forRange(0, k, () => {
            const factor = f.let(load(right));
            lefts.forEach((left, r) => {
              f.set(sums[r], multiplyAdd(dtype, sums[r], load(left), factor));
              f.set(left, i32.add(left, aColumn));
            });
            f.set(right, i32.add(right, bRow));
          });
          const place = f.let(at(target, j, scale));
          sums.forEach((sum, r) => {
            storeElement(f, dtype, place, sum);
            if (r + 1 < count) f.set(place, i32.add(place, cRow));
          });
          f.set(columnOfB, i32.add(columnOfB, bColumn));
        });
      };
      const row = f.let(i32.const(0));
      f.while(
        () => i32.leS(i32.add(row, 4), m),
        () => {
          rows(row, 4);
          f.set(row, i32.add(row, 4));
        },
      );
      f.while(
        () => i32.ltS(row, m),
        () => {
          rows(row, 1);
          f.set(row, i32.add(row, 1));
        },
      );
    },
  );
}
