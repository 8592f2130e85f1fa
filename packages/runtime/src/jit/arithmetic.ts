// Arithmetic on packs of any dtype: additions, products, extremes and comparisons.
import { internalError } from "@phxlang/autodiff";
import type { Expression } from "../wasm/index.ts";
import { f32, f32x4, f64, f64x2, i32, i32x4, select, v128 } from "../wasm/index.ts";
import type { Mode, Pack } from "./pack.ts";
import { mapParts, narrowMask, vectorPart } from "./pack.ts";

type Word = Expression<"i32">;
type Vector = Expression<"v128">;

export type Arithmetic = "add" | "sub" | "mul" | "max" | "min";

/** Integers wrap; extremes of floats are NaN when either operand is. */
export function arithmetic(mode: Mode, name: Arithmetic, a: Pack, b: Pack): Pack {
  const { dtype } = a;
  if (dtype === "f64" || dtype === "f32") return mapParts(mode, name, [a, b]);
  if (dtype === "bool") throw internalError(`${name} of bools`);
  if (mode === "scalar") {
    const [x, y] = [a.parts[0] as Word, b.parts[0] as Word];
    if (name === "max" || name === "min") {
      const less = dtype === "u32" ? i32.ltU(x, y) : i32.ltS(x, y);
      return { dtype, parts: [name === "max" ? select("i32", less, y, x) : select("i32", less, x, y)] };
    }
    return { dtype, parts: [i32[name](x, y)] };
  }
  const [x, y] = [vectorPart(a, 0), vectorPart(b, 0)];
  if (name === "max") return { dtype, parts: [dtype === "u32" ? i32x4.maxU(x, y) : i32x4.maxS(x, y)] };
  if (name === "min") return { dtype, parts: [dtype === "u32" ? i32x4.minU(x, y) : i32x4.minS(x, y)] };
  return { dtype, parts: [i32x4[name](x, y)] };
}

export type Comparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

export function compare(mode: Mode, name: Comparison, a: Pack, b: Pack): Pack {
  const { dtype } = a;
  const parts: Expression[] = [];
  if (dtype === "f64" || dtype === "f32") {
    a.parts.forEach((left, i) => {
      const right = b.parts[i];
      if (mode === "vector") {
        parts.push((dtype === "f64" ? f64x2 : f32x4)[name](left as Vector, right as Vector));
      } else if (dtype === "f64")
        parts.push(f64[name](left as Expression<"f64">, right as Expression<"f64">));
      else parts.push(f32[name](left as Expression<"f32">, right as Expression<"f32">));
    });
  } else {
    const signed = dtype === "i32";
    const key = name === "eq" || name === "ne" ? name : (`${name}${signed ? "S" : "U"}` as const);
    if (mode === "scalar") parts.push(i32[key](a.parts[0] as Word, b.parts[0] as Word));
    else if (dtype === "bool") parts.push(maskComparison(name, narrowMask(a), narrowMask(b)));
    else parts.push(i32x4[key](vectorPart(a, 0), vectorPart(b, 0)));
  }
  return { dtype: "bool", parts };
}

/** Comparison of false < true, on masks whose ones are −1. */
function maskComparison(name: Comparison, a: Vector, b: Vector): Vector {
  switch (name) {
    case "eq":
      return v128.not(v128.xor(a, b));
    case "ne":
      return v128.xor(a, b);
    case "lt":
      return v128.andnot(b, a);
    case "gt":
      return v128.andnot(a, b);
    case "le":
      return v128.or(v128.not(a), b);
    case "ge":
      return v128.or(a, v128.not(b));
  }
}

export type Bitwise = "and" | "or" | "xor";

/** Bits of integers; logic of bools. */
export function bitwise(mode: Mode, name: Bitwise, a: Pack, b: Pack): Pack {
  const { dtype } = a;
  if (mode === "scalar") return { dtype, parts: [i32[name](a.parts[0] as Word, b.parts[0] as Word)] };
  if (dtype !== "bool") return { dtype, parts: [v128[name](vectorPart(a, 0), vectorPart(b, 0))] };
  if (a.parts.length === 2 && b.parts.length === 2) {
    return { dtype, parts: a.parts.map((part, i) => v128[name](part as Vector, vectorPart(b, i))) };
  }
  return { dtype, parts: [v128[name](narrowMask(a), narrowMask(b))] };
}

export function not(mode: Mode, a: Pack): Pack {
  const { dtype } = a;
  if (mode === "scalar") {
    const word = a.parts[0] as Word;
    return { dtype, parts: [dtype === "bool" ? i32.eqz(word) : i32.xor(word, -1)] };
  }
  return { dtype, parts: a.parts.map((part) => v128.not(part as Vector)) };
}
