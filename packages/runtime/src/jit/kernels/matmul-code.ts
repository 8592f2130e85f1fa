// The blocked matrix product in WebAssembly SIMD: packed panels, a register tile, every entry summed in order.
import type {
  Expression,
  FunctionBuilder,
  FunctionReference,
  Local,
  ModuleBuilder,
} from "../../wasm/index.ts";
import { f32x4, f64x2, i32, select, v128 } from "../../wasm/index.ts";
import { constantPack, loadScalar, storePack } from "../pack.ts";

type Pointer = Local<"i32">;
type Vector = Expression<"v128">;

/** What differs between the two precisions. */
interface Precision {
  readonly dtype: "f64" | "f32";
  readonly bytes: 8 | 4;
  /** Columns of a register tile: two vectors. */
  readonly tileColumns: 4 | 8;
  readonly splatLoad: (address: Expression<"i32">, offset: number) => Vector;
  readonly multiplyAdd: (sum: Vector, a: Vector, b: Vector) => Vector;
  readonly zero: Vector;
}

const double: Precision = {
  dtype: "f64",
  bytes: 8,
  tileColumns: 4,
  splatLoad: (address, offset) => v128.load64Splat(address, offset),
  multiplyAdd: (sum, a, b) => f64x2.add(sum, f64x2.mul(a, b)),
  zero: f64x2.const(0),
};

const single: Precision = {
  dtype: "f32",
  bytes: 4,
  tileColumns: 8,
  splatLoad: (address, offset) => v128.load32Splat(address, offset),
  multiplyAdd: (sum, a, b) => f32x4.add(sum, f32x4.mul(a, b)),
  zero: f32x4.const(0),
};

/** Copies one element, or writes a zero. */
function move(
  f: FunctionBuilder,
  { dtype }: Precision,
  to: Pointer,
  offset: number,
  from: Pointer | null,
): void {
  const value = from === null ? constantPack("scalar", dtype, 0) : loadScalar(dtype, from, 0);
  storePack(f, "scalar", value, to, offset);
}

export const precisions: Readonly<Record<"f64" | "f32", Precision>> = { f64: double, f32: single };

/** Rows of a register tile. */
const tileRows = 4;
/** Contracted indices of a block: a panel of the right operand stays in the first-level cache. */
const depth = 256;
/** Rows of a block: the packed left block stays in the second-level cache. */
const blockRows = 64;
/** Columns of a block of the right operand. */
const blockColumns = 1024;

const minimum = (a: Expression<"i32">, b: number): Expression<"i32"> => select("i32", i32.ltS(a, b), a, b);
const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/** Scratch bytes of a product [m, k] · [k, n]. */
export function matmulScratchBytes(dtype: "f64" | "f32", m: number, n: number, k: number): number {
  const { bytes, tileColumns } = precisions[dtype];
  const inner = Math.min(k, depth);
  const right = roundUp(Math.min(n, blockColumns), tileColumns) * inner;
  const left = roundUp(Math.min(m, blockRows), tileRows) * inner;
  return bytes * (right + left + tileRows * tileColumns);
}

/** Address of C and its row stride in bytes; A and B with row and column strides; m, n, k; scratch. */
type MatmulSignature = readonly [
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
  "i32",
];

/** Defines C = A B for dense rows of C and any strides of A and B. */
export function defineMatmul(
  module: ModuleBuilder,
  dtype: "f64" | "f32",
): FunctionReference<MatmulSignature, "none"> {
  const precision = precisions[dtype];
  const { bytes, tileColumns } = precision;
  const packRight = definePack(module, precision, tileColumns);
  const packLeft = definePack(module, precision, tileRows);
  const tile = defineTile(module, precision);
  const i = "i32";
  return module.function(
    [i, i, i, i, i, i, i, i, i, i, i, i],
    "none",
    (f, c, cRow, a, aRow, aColumn, b, bRow, bColumn, m, n, k, scratch) => {
      // The tile buffer comes first, then the left block, then the right one.
      const left = f.let(i32.add(scratch, bytes * tileRows * tileColumns));
      blocks(f, n, blockColumns, (j0, columns) => {
        blocks(f, k, depth, (p0, inner) => {
          const leftBytes = i32.mul(
            i32.mul(minimum(roundUpExpression(m, tileRows), blockRows), inner),
            bytes,
          );
          const right = f.let(i32.add(left, leftBytes));
          const bBlock = i32.add(b, i32.add(i32.mul(p0, bRow), i32.mul(j0, bColumn)));
          f.run(packRight, bBlock, bColumn, bRow, columns, inner, right);
          blocks(f, m, blockRows, (i0, rows) => {
            const aBlock = i32.add(a, i32.add(i32.mul(i0, aRow), i32.mul(p0, aColumn)));
            f.run(packLeft, aBlock, aRow, aColumn, rows, inner, left);
            const cBlock = f.let(i32.add(c, i32.add(i32.mul(i0, cRow), i32.mul(j0, bytes))));
            const rightPanel = f.let(right);
            stepping(f, columns, tileColumns, (j, width) => {
              const leftPanel = f.let(left);
              stepping(f, rows, tileRows, (row, height) => {
                const target = i32.add(cBlock, i32.add(i32.mul(row, cRow), i32.mul(j, bytes)));
                f.run(tile, target, cRow, leftPanel, rightPanel, inner, height, width, p0, scratch);
                f.set(leftPanel, i32.add(leftPanel, i32.mul(inner, bytes * tileRows)));
              });
              f.set(rightPanel, i32.add(rightPanel, i32.mul(inner, bytes * tileColumns)));
            });
          });
        });
      });
    },
  );
}

function roundUpExpression(value: Expression<"i32">, unit: number): Expression<"i32"> {
  return i32.and(i32.add(value, unit - 1), -unit);
}

/** Start and length of consecutive blocks. */
function blocks(
  f: FunctionBuilder,
  count: Pointer,
  size: number,
  body: (start: Pointer, length: Pointer) => void,
): void {
  f.forRange(0, count, (start) => body(start, f.let(minimum(i32.sub(count, start), size))), { step: size });
}

const stepping = blocks;

/**
 * Packs lines of an operand into panels of `width` lines: entry p of the panel's lines side by side, for every p.
 * Lines beyond the last are zeros.
 */
function definePack(
  module: ModuleBuilder,
  precision: Precision,
  width: number,
): FunctionReference<readonly ["i32", "i32", "i32", "i32", "i32", "i32"], "none"> {
  const { bytes } = precision;
  const i = "i32";
  return module.function([i, i, i, i, i, i], "none", (f, source, lineStride, stride, lines, inner, to) => {
    blocks(f, lines, width, (line, present) => {
      const pointer = f.let(i32.add(source, i32.mul(line, lineStride)));
      const panel = (full: boolean): void => {
        f.forRange(0, inner, () => {
          const at = f.let(pointer);
          if (full) {
            const vectors = (width * bytes) / 16;
            f.if(
              i32.eq(lineStride, bytes),
              () => {
                for (let v = 0; v < vectors; v++) f.store(v128, to, v128.load(pointer, 16 * v), 16 * v);
              },
              () => {
                for (let l = 0; l < width; l++) {
                  move(f, precision, to, l * bytes, at);
                  if (l + 1 < width) f.set(at, i32.add(at, lineStride));
                }
              },
            );
          } else {
            for (let l = 0; l < width; l++) {
              f.if(
                i32.ltS(l, present),
                () => move(f, precision, to, l * bytes, at),
                () => move(f, precision, to, l * bytes, null),
              );
              f.set(at, i32.add(at, lineStride));
            }
          }
          f.set(pointer, i32.add(pointer, stride));
          f.set(to, i32.add(to, width * bytes));
        });
      };
      f.if(
        i32.eq(present, width),
        () => panel(true),
        () => panel(false),
      );
    });
  });
}

/** One register tile of C: whole in place, or through the tile buffer where rows or columns are missing. */
function defineTile(
  module: ModuleBuilder,
  precision: Precision,
): FunctionReference<readonly ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"], "none"> {
  const { bytes, tileColumns } = precision;
  const i = "i32";
  const whole = defineWholeTile(module, precision);
  return module.function(
    [i, i, i, i, i, i, i, i, i],
    "none",
    (f, c, cRow, left, right, inner, height, width, before, buffer) => {
      const isWhole = i32.and(i32.eq(height, tileRows), i32.eq(width, tileColumns));
      f.if(isWhole, () => {
        f.run(whole, c, cRow, left, right, inner, before);
        f.return();
      });
      const rowBytes = bytes * tileColumns;
      const each = (body: (inC: Pointer, inBuffer: Pointer) => void): void => {
        f.forRange(0, height, (row) => {
          const inC = f.let(i32.add(c, i32.mul(row, cRow)));
          const inBuffer = f.let(i32.add(buffer, i32.mul(row, rowBytes)));
          f.forRange(0, width, () => {
            body(inC, inBuffer);
            f.set(inC, i32.add(inC, bytes));
            f.set(inBuffer, i32.add(inBuffer, bytes));
          });
        });
      };
      f.if(before, () => each((inC, inBuffer) => move(f, precision, inBuffer, 0, inC)));
      f.run(whole, buffer, i32.const(rowBytes), left, right, inner, before);
      each((inC, inBuffer) => move(f, precision, inC, 0, inBuffer));
    },
  );
}

/** C tile (+)= left panel · right panel; starts from zeros unless `before` ≠ 0 indices were summed already. */
function defineWholeTile(
  module: ModuleBuilder,
  { bytes, tileColumns, splatLoad, multiplyAdd, zero }: Precision,
): FunctionReference<readonly ["i32", "i32", "i32", "i32", "i32", "i32"], "none"> {
  const i = "i32";
  return module.function([i, i, i, i, i, i], "none", (f, c, cRow, left, right, inner, before) => {
    const rows: Pointer[] = [f.let(c)];
    for (let r = 1; r < tileRows; r++) rows.push(f.let(i32.add(rows[r - 1], cRow)));
    const sums = rows.map(() => [f.let(zero), f.let(zero)] as const);
    f.if(before, () => {
      rows.forEach((row, r) => sums[r].forEach((sum, v) => f.set(sum, v128.load(row, 16 * v))));
    });
    f.forRange(0, inner, () => {
      const b = [f.let(v128.load(right)), f.let(v128.load(right, 16))];
      for (let r = 0; r < tileRows; r++) {
        const a = f.let(splatLoad(left, r * bytes));
        sums[r].forEach((sum, v) => f.set(sum, multiplyAdd(sum, a, b[v])));
      }
      f.set(left, i32.add(left, tileRows * bytes));
      f.set(right, i32.add(right, tileColumns * bytes));
    });
    rows.forEach((row, r) => sums[r].forEach((sum, v) => f.store(v128, row, sum, 16 * v)));
  });
}
