// Lanes: one kernel text for 1, 2, 4, 8 … doubles side by side.
import { internalError } from "@phxlang/autodiff";
import type { Expression, Operand } from "./expression.ts";
import type { FunctionBuilder, Local } from "./function-builder.ts";
import { f64, select } from "./scalar.ts";
import { f64x2, v128 } from "./vector.ts";
import type { Vector } from "./vector.ts";

/**
 * The same quantity in every lane: for one lane a single f64 expression, otherwise one f64x2 vector per pair of
 * lanes, in order. In memory lanes lie next to each other (lane innermost).
 */
export type LaneValue = readonly Expression[];
export type LaneLocal = readonly Local[];
/** 1 in the lanes where a comparison holds; only for `Lanes.select`. */
export interface LaneMask {
  readonly mask: readonly Expression[];
}

type Pairwise = (left: LaneValue, right: LaneValue) => LaneValue;
type Comparison = (left: LaneValue, right: LaneValue) => LaneMask;

/**
 * Arithmetic on a fixed number of lanes. Each lane gets exactly the roundings that one lane alone would get.
 * Addresses are used once per pair of lanes: pass locals.
 */
export interface Lanes {
  readonly count: number;
  /** Bytes from one element to the next: 8 per lane. */
  readonly byteCount: number;
  readonly splat: (value: Operand<"f64">) => LaneValue;
  readonly load: (address: Expression<"i32">, offset?: number) => LaneValue;
  /** One double, repeated in all lanes. */
  readonly loadSplat: (address: Expression<"i32">, offset?: number) => LaneValue;
  readonly store: (f: FunctionBuilder, address: Expression<"i32">, value: LaneValue, offset?: number) => void;
  readonly local: (f: FunctionBuilder) => LaneLocal;
  readonly let: (f: FunctionBuilder, value: LaneValue) => LaneLocal;
  readonly set: (f: FunctionBuilder, target: LaneLocal, value: LaneValue) => void;
  readonly add: Pairwise;
  readonly sub: Pairwise;
  readonly mul: Pairwise;
  readonly div: Pairwise;
  /** The smaller (larger) one; NaN when either is NaN. */
  readonly min: Pairwise;
  readonly max: Pairwise;
  /** The right one where it is smaller, otherwise (also where either is NaN) the left one: one instruction. Pass locals. */
  readonly smaller: Pairwise;
  readonly neg: (value: LaneValue) => LaneValue;
  readonly abs: (value: LaneValue) => LaneValue;
  readonly sqrt: (value: LaneValue) => LaneValue;
  readonly lt: Comparison;
  readonly le: Comparison;
  readonly eq: Comparison;
  readonly select: (mask: LaneMask, whenTrue: LaneValue, whenFalse: LaneValue) => LaneValue;
}

type Arithmetic = "add" | "sub" | "mul" | "div" | "min" | "max";
type Single = "neg" | "abs" | "sqrt";
type Compare = "lt" | "le" | "eq";

/** Lanes for a count of 1 or any even number. */
export function f64Lanes(count: number): Lanes {
  if (count !== 1 && (count % 2 !== 0 || count < 1)) throw internalError(`${count} lanes are not 1 or even`);
  const scalar = count === 1;
  const parts = scalar ? 1 : count / 2;
  const each = (make: (part: number) => Expression): LaneValue =>
    Array.from({ length: parts }, (_, i) => make(i));
  const single =
    (name: Single) =>
    (value: LaneValue): LaneValue =>
      each((i) => (scalar ? f64[name](value[i] as Expression<"f64">) : f64x2[name](value[i] as Vector)));
  const pairwise =
    (name: Arithmetic): Pairwise =>
    (left, right) =>
      each((i) =>
        scalar
          ? f64[name](left[i] as Expression<"f64">, right[i] as Expression<"f64">)
          : f64x2[name](left[i] as Vector, right[i] as Vector),
      );
  const comparison =
    (name: Compare): Comparison =>
    (left, right) => ({
      mask: each((i) =>
        scalar
          ? f64[name](left[i] as Expression<"f64">, right[i] as Expression<"f64">)
          : f64x2[name](left[i] as Vector, right[i] as Vector),
      ),
    });
  return {
    count,
    byteCount: 8 * count,
    splat: (value) =>
      each(() =>
        typeof value === "number"
          ? scalar
            ? f64.const(value)
            : f64x2.const(value)
          : scalar
            ? value
            : f64x2.splat(value),
      ),
    load: (address, offset = 0) =>
      each((i) => (scalar ? f64.load(address, offset) : v128.load(address, offset + 16 * i))),
    loadSplat: (address, offset = 0) =>
      each(() => (scalar ? f64.load(address, offset) : v128.load64Splat(address, offset))),
    store: (f, address, value, offset = 0) => {
      for (let i = 0; i < parts; i++) {
        if (scalar) f.store(f64, address, value[i] as Expression<"f64">, offset);
        else f.store(v128, address, value[i] as Vector, offset + 16 * i);
      }
    },
    local: (f) => Array.from({ length: parts }, () => f.local(scalar ? "f64" : "v128")),
    let: (f, value) => value.map((part) => f.let(part)),
    set: (f, target, value) => target.forEach((local, i) => f.set(local, value[i])),
    add: pairwise("add"),
    sub: pairwise("sub"),
    mul: pairwise("mul"),
    div: pairwise("div"),
    min: pairwise("min"),
    max: pairwise("max"),
    smaller: (left, right) =>
      each((i) => {
        if (!scalar) return f64x2.pmin(left[i] as Vector, right[i] as Vector);
        const [own, other] = [left[i] as Expression<"f64">, right[i] as Expression<"f64">];
        return select("f64", f64.lt(other, own), other, own);
      }),
    neg: single("neg"),
    abs: single("abs"),
    sqrt: single("sqrt"),
    lt: comparison("lt"),
    le: comparison("le"),
    eq: comparison("eq"),
    select: ({ mask }, whenTrue, whenFalse) =>
      each((i) =>
        scalar
          ? select(
              "f64",
              mask[i] as Expression<"i32">,
              whenTrue[i] as Expression<"f64">,
              whenFalse[i] as Expression<"f64">,
            )
          : v128.bitselect(mask[i] as Vector, whenTrue[i] as Vector, whenFalse[i] as Vector),
      ),
  };
}
