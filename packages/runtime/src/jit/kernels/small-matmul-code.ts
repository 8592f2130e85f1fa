// The matrix product for small or thin operands: no packing, four rows at a time, every entry summed in order.
import type {
  Expression,
  FunctionBuilder,
  FunctionReference,
  Local,
  ModuleBuilder,
} from "../../wasm/index.ts";
import { i32 } from "../../wasm/index.ts";
import { arithmetic } from "../arithmetic.ts";
import type { Pack } from "../pack.ts";
import { constantPack, elementBytes, loadScalar, storePack } from "../pack.ts";

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

/** i32 serves u32 too: products and sums wrap alike. */
export type MatmulDtype = "f64" | "f32" | "i32";

export function defineSmallMatmul(
  module: ModuleBuilder,
  dtype: MatmulDtype,
): FunctionReference<SmallMatmulSignature, "none"> {
  const bytes = elementBytes[dtype];
  const zero = constantPack("scalar", dtype, 0);
  const keep = (f: FunctionBuilder, { parts: [part] }: Pack): Local => f.let(part);
  const pack = (part: Expression): Pack => ({ dtype, parts: [part] });
  const multiplyAdd = (sum: Local, left: Pack, right: Pack): Expression =>
    arithmetic("scalar", "add", pack(sum), arithmetic("scalar", "mul", left, right)).parts[0];
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
          const sums = Array.from({ length: count }, () => keep(f, zero));
          const lefts = [f.let(firstRow)];
          for (let r = 1; r < count; r++) lefts.push(f.let(i32.add(lefts[r - 1], aRow)));
          const right = f.let(columnOfB);
          f.forRange(0, k, () => {
            const factor = pack(keep(f, loadScalar(dtype, right, 0)));
            lefts.forEach((left, r) => {
              f.set(sums[r], multiplyAdd(sums[r], loadScalar(dtype, left, 0), factor));
              f.set(left, i32.add(left, aColumn));
            });
            f.set(right, i32.add(right, bRow));
          });
          const place = f.let(i32.add(target, i32.mul(j, bytes)));
          sums.forEach((sum, r) => {
            storePack(f, "scalar", pack(sum), place, 0);
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
