// What the sweeps share: how they read their frames, and the product of an operator with a vector.
import { at, f64, f64x2, i32, v128 } from "../../wasm/index.ts";
import type { Expression, FunctionBuilder, LaneValue, Local } from "../../wasm/index.ts";
import { leftFrame, operatorFrame } from "../sweep-kernels.ts";
import type { LaneKernel } from "./lane-kernel.ts";
import { element } from "./trace-frame.ts";

export type LaneLocal = readonly Local[];
export type LeftLocals = Readonly<Record<keyof typeof leftFrame, Local<"i32">>>;

/** Locals that hold the named fields of an operator's frame. */
export function readOperator<const F extends readonly (keyof typeof operatorFrame)[]>(
  f: FunctionBuilder,
  frame: Expression<"i32">,
  ...names: F
): Readonly<Record<F[number], Local<"i32">>> {
  const entries = names.map((name) => [name, f.let(i32.load(frame, 4 * operatorFrame[name]))] as const);
  return Object.fromEntries(entries) as Record<F[number], Local<"i32">>;
}

export function readLeft(f: FunctionBuilder, frame: Expression<"i32">): LeftLocals {
  const field = (name: keyof typeof leftFrame): Local<"i32"> => f.let(i32.load(frame, 4 * leftFrame[name]));
  return { count: field("count"), offsets: field("offsets"), rows: field("rows"), values: field("values") };
}

/** The arrays of one direction of a product. */
export interface ProductArrays {
  readonly rowCount: Local<"i32">;
  readonly offsets: Local<"i32">;
  readonly indices: Local<"i32">;
  readonly values: Local<"i32">;
  readonly diagonal: Local<"i32">;
}

export function productArrays(
  f: FunctionBuilder,
  operator: Expression<"i32">,
  isTransposed: boolean,
): ProductArrays {
  const { rowCount, diagonal } = readOperator(f, operator, "rowCount", "diagonal");
  if (isTransposed) {
    const own = readOperator(f, operator, "columnOffsets", "sourceRows", "transposedValues");
    const { columnOffsets, sourceRows, transposedValues } = own;
    return { rowCount, diagonal, offsets: columnOffsets, indices: sourceRows, values: transposedValues };
  }
  const { rowOffsets, columns, values } = readOperator(f, operator, "rowOffsets", "columns", "values");
  return { rowCount, diagonal, offsets: rowOffsets, indices: columns, values };
}

/**
 * For every row: `store` gets (start of the row +) P x there. Entries of the rows follow each other, so one pointer runs
 * through all of them.
 */
export function forProducts(
  f: FunctionBuilder,
  kernel: LaneKernel,
  arrays: ProductArrays,
  x: Local<"i32">,
  start: ((r: Local<"i32">) => LaneValue) | null,
  store: (r: Local<"i32">, sum: LaneLocal) => void,
): void {
  const { lanes } = kernel;
  const sum = lanes.local(f);
  const value = f.let(arrays.values);
  const index = f.let(arrays.indices);
  const keptDiagonal = f.let(kernel.at(arrays.diagonal, arrays.rowCount));
  f.forRange(0, arrays.rowCount, (r) => {
    const own = lanes.let(f, kernel.load(f, x, r));
    const first = lanes.mul(kernel.load(f, arrays.diagonal, r), own);
    lanes.set(f, sum, start === null ? first : lanes.add(start(r), first));
    const end = f.let(at(arrays.indices, element(arrays.offsets, r, 1), 2));
    const term = (ahead: number): void => {
      const address = f.let(kernel.at(x, i32.load(index, 4 * ahead)));
      const entry = lanes.load(value, ahead * lanes.byteCount);
      lanes.set(f, sum, lanes.add(sum, lanes.mul(entry, lanes.load(address))));
    };
    const advance = (count: number): void => {
      f.set(value, i32.add(value, count * lanes.byteCount));
      f.set(index, i32.add(index, 4 * count));
    };
    f.if(i32.and(i32.sub(end, index), 4), () => {
      term(0);
      advance(1);
    });
    f.if(i32.ltU(index, end), () => {
      f.loop((again) => {
        term(0);
        term(1);
        advance(2);
        f.branchIf(again, i32.ltU(index, end));
      });
    });
    lanes.set(f, sum, lanes.add(sum, lanes.mul(kernel.load(f, keptDiagonal, r), own)));
    store(r, sum);
  });
}

/** Whether some lane of a value is other than a number. */
export function anyOtherThan(laneCount: number, value: LaneValue, number: number): Expression<"i32"> {
  if (laneCount === 1) return f64.ne(value[0] as Expression<"f64">, number);
  const parts = value.map((part) => v128.anyTrue(f64x2.ne(part as Expression<"v128">, number)));
  return parts.reduce((any, part) => i32.or(any, part));
}
