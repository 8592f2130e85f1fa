// Packs: what a loop body computes with, one element at a time or four side by side.
import type { DType } from "@phxlang/autodiff";
import { internalError } from "@phxlang/autodiff";
import type { Expression, FunctionBuilder } from "../wasm/index.ts";
import { f32, f32x4, f64, f64x2, i32, i32x4, i8, select, v128 } from "../wasm/index.ts";

export type Mode = "scalar" | "vector";

/** Elements side by side in the vector mode. */
export const packWidth = 4;

/**
 * One value of a loop body. Scalar mode: one part, an f64, f32 or i32 expression ("bool" is 0 or 1). Vector mode:
 * four elements, as two f64x2, one f32x4 or one i32x4; a "bool" is a mask of all ones or all zeros per element,
 * as one i32x4 or, next to doubles, as two i64x2.
 */
export interface Pack {
  readonly dtype: DType;
  readonly parts: readonly Expression[];
}

type Vector = Expression<"v128">;
type Float = "f64" | "f32";

export const elementBytes: Readonly<Record<DType, number>> = { f64: 8, f32: 4, i32: 4, u32: 4, bool: 1 };

export const isFloat = (dtype: DType): dtype is Float => dtype === "f64" || dtype === "f32";

const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const highHalf = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const evenWords = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
const lowWordsTwice = [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7];
const highWordsTwice = [8, 9, 10, 11, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15];
const firstBytes = [0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12];

export const vectorPart = (pack: Pack, index: number): Vector => pack.parts[index] as Vector;

export function constantPack(mode: Mode, dtype: DType, value: number): Pack {
  const parts: Expression[] = [];
  if (mode === "scalar") {
    parts.push(dtype === "f64" ? f64.const(value) : dtype === "f32" ? f32.const(value) : i32.const(value));
  } else if (dtype === "f64") parts.push(f64x2.const(value), f64x2.const(value));
  else if (dtype === "f32") parts.push(f32x4.const(value));
  else parts.push(i32x4.const(dtype === "bool" ? (value === 0 ? 0 : -1) : value));
  return { dtype, parts };
}

/** A scalar element, repeated in all four places. */
export function splatPack({ dtype, parts: [value] }: Pack): Pack {
  if (dtype === "f64") {
    const splat = f64x2.splat(value as Expression<"f64">);
    return { dtype, parts: [splat, splat] };
  }
  if (dtype === "f32") return { dtype, parts: [f32x4.splat(value as Expression<"f32">)] };
  const word = value as Expression<"i32">;
  return { dtype, parts: [i32x4.splat(dtype === "bool" ? i32.sub(0, word) : word)] };
}

/** The element at an address. */
export function loadScalar(dtype: DType, address: Expression<"i32">, offset: number): Pack {
  const part: Expression =
    dtype === "f64"
      ? f64.load(address, offset)
      : dtype === "f32"
        ? f32.load(address, offset)
        : dtype === "bool"
          ? i32.load8U(address, offset)
          : i32.load(address, offset);
  return { dtype, parts: [part] };
}

/** Four elements that lie side by side. */
export function loadVector(dtype: DType, address: Expression<"i32">, offset: number): Pack {
  if (dtype === "f64") return { dtype, parts: [v128.load(address, offset), v128.load(address, offset + 16)] };
  if (dtype !== "bool") return { dtype, parts: [v128.load(address, offset)] };
  const bytes = v128.load32Zero(address, offset);
  return { dtype, parts: [i32x4.ne(i32x4.extendBytes(bytes), 0)] };
}

/** Four elements that lie `stride` bytes apart. */
export function loadStrided(dtype: DType, address: Expression<"i32">, offset: number, stride: number): Pack {
  const element = (index: number): Expression => {
    const start = offset + index * stride;
    const moved = start < 0 ? i32.add(address, start) : address;
    return loadScalar(dtype, moved, Math.max(0, start)).parts[0];
  };
  if (dtype === "f64") {
    const pair = (first: number): Vector =>
      f64x2.replaceLane(
        f64x2.splat(element(first) as Expression<"f64">),
        1,
        element(first + 1) as Expression<"f64">,
      );
    return { dtype, parts: [pair(0), pair(2)] };
  }
  if (dtype === "f32") {
    let vector = f32x4.splat(element(0) as Expression<"f32">);
    for (let i = 1; i < packWidth; i++)
      vector = f32x4.replaceLane(vector, i, element(i) as Expression<"f32">);
    return { dtype, parts: [vector] };
  }
  let vector = i32x4.splat(element(0) as Expression<"i32">);
  for (let i = 1; i < packWidth; i++) vector = i32x4.replaceLane(vector, i, element(i) as Expression<"i32">);
  return { dtype, parts: [dtype === "bool" ? i32x4.ne(vector, 0) : vector] };
}

/** Writes one element, or four side by side. */
export function storePack(
  f: FunctionBuilder,
  mode: Mode,
  pack: Pack,
  address: Expression<"i32">,
  offset: number,
): void {
  const { dtype, parts } = pack;
  if (mode === "scalar") {
    if (dtype === "f64") f.store(f64, address, parts[0] as Expression<"f64">, offset);
    else if (dtype === "f32") f.store(f32, address, parts[0] as Expression<"f32">, offset);
    else f.store(dtype === "bool" ? i8 : i32, address, parts[0] as Expression<"i32">, offset);
  } else if (dtype === "bool") {
    const mask = narrowMask(pack);
    const bytes = i32x4.extractLane(v128.shuffle(mask, mask, firstBytes), 0);
    f.store(i32, address, i32.and(bytes, 0x01010101), offset);
  } else {
    parts.forEach((part, i) => f.store(v128, address, part as Vector, offset + 16 * i));
  }
}

/** A mask as one i32x4. */
export function narrowMask({ parts }: Pack): Vector {
  return parts.length === 1
    ? (parts[0] as Vector)
    : v128.shuffle(parts[0] as Vector, parts[1] as Vector, evenWords);
}

/** A mask as two i64x2. */
export function wideMask({ parts }: Pack): readonly Vector[] {
  if (parts.length === 2) return parts as readonly Vector[];
  const mask = parts[0] as Vector;
  return [v128.shuffle(mask, mask, lowWordsTwice), v128.shuffle(mask, mask, highWordsTwice)];
}

/** `condition ? whenTrue : whenFalse`, element by element. */
export function selectPack(mode: Mode, condition: Pack, whenTrue: Pack, whenFalse: Pack): Pack {
  const { dtype } = whenTrue;
  if (mode === "scalar") {
    const type = whenTrue.parts[0].type;
    const flag = condition.parts[0] as Expression<"i32">;
    return { dtype, parts: [select(type, flag, whenTrue.parts[0], whenFalse.parts[0])] };
  }
  if (dtype === "bool") {
    return {
      dtype,
      parts: [v128.bitselect(narrowMask(condition), narrowMask(whenTrue), narrowMask(whenFalse))],
    };
  }
  const masks = dtype === "f64" ? wideMask(condition) : [narrowMask(condition)];
  return {
    dtype,
    parts: masks.map((mask, i) => v128.bitselect(mask, vectorPart(whenTrue, i), vectorPart(whenFalse, i))),
  };
}

/** Numeric conversion: f64 → f32 rounds, to "bool" compares with 0, to integers truncates and saturates. */
export function convertPack(mode: Mode, pack: Pack, to: DType): Pack {
  const from = pack.dtype;
  if (from === to) return pack;
  const parts = mode === "scalar" ? [convertScalar(pack, to)] : convertVector(pack, to);
  return { dtype: to, parts };
}

function convertScalar({ dtype: from, parts: [value] }: Pack, to: DType): Expression {
  const double = value as Expression<"f64">;
  const single = value as Expression<"f32">;
  const word = value as Expression<"i32">;
  if (to === "bool") {
    return from === "f64" ? f64.ne(double, 0) : from === "f32" ? f32.ne(single, 0) : i32.ne(word, 0);
  }
  if (to === "f64") {
    if (from === "f32") return f64.promoteF32(single);
    return from === "u32" ? f64.convertI32U(word) : f64.convertI32S(word);
  }
  if (to === "f32") {
    if (from === "f64") return f32.demoteF64(double);
    return from === "u32" ? f32.convertI32U(word) : f32.convertI32S(word);
  }
  if (from === "f64") return to === "u32" ? i32.truncSatF64U(double) : i32.truncSatF64S(double);
  if (from === "f32") return to === "u32" ? i32.truncSatF32U(single) : i32.truncSatF32S(single);
  return word;
}

function convertVector(pack: Pack, to: DType): readonly Vector[] {
  const from = pack.dtype;
  const first = vectorPart(pack, 0);
  const upper = (vector: Vector): Vector => v128.shuffle(vector, vector, highHalf);
  const joinLow = (low: Vector, high: Vector): Vector => v128.shuffle(low, high, lowHalves);
  if (to === "bool") {
    if (from === "f64") return [f64x2.ne(first, 0), f64x2.ne(vectorPart(pack, 1), 0)];
    return [from === "f32" ? f32x4.ne(first, 0) : i32x4.ne(first, 0)];
  }
  if (from === "bool") {
    const ones = v128.and(narrowMask(pack), i32x4.const(1));
    return to === "i32" || to === "u32" ? [ones] : convertVector({ dtype: "i32", parts: [ones] }, to);
  }
  if (to === "f64") {
    if (from === "f32") return [f64x2.promoteLowF32x4(first), f64x2.promoteLowF32x4(upper(first))];
    const convert = from === "u32" ? f64x2.convertLowI32x4U : f64x2.convertLowI32x4S;
    return [convert(first), convert(upper(first))];
  }
  if (to === "f32") {
    if (from === "f64") {
      return [joinLow(f32x4.demoteF64x2Zero(first), f32x4.demoteF64x2Zero(vectorPart(pack, 1)))];
    }
    return [from === "u32" ? f32x4.convertI32x4U(first) : f32x4.convertI32x4S(first)];
  }
  if (from === "f64") {
    const truncate = to === "u32" ? i32x4.truncSatF64x2UZero : i32x4.truncSatF64x2SZero;
    return [joinLow(truncate(first), truncate(vectorPart(pack, 1)))];
  }
  if (from === "f32") return [to === "u32" ? i32x4.truncSatF32x4U(first) : i32x4.truncSatF32x4S(first)];
  return [first];
}

/** The element at place `index` of a vector pack, in scalar mode. */
export function extractElement(pack: Pack, index: number): Pack {
  const { dtype } = pack;
  if (dtype === "f64") {
    return { dtype, parts: [f64x2.extractLane(vectorPart(pack, index >> 1), index & 1)] };
  }
  if (dtype === "f32") return { dtype, parts: [f32x4.extractLane(vectorPart(pack, 0), index)] };
  if (dtype === "bool") {
    return { dtype, parts: [i32.and(i32x4.extractLane(narrowMask(pack), index), 1)] };
  }
  return { dtype, parts: [i32x4.extractLane(vectorPart(pack, 0), index)] };
}

/** Applies an operation that both modes name alike to every part. */
export function mapParts(
  mode: Mode,
  name:
    | "add"
    | "sub"
    | "mul"
    | "div"
    | "min"
    | "max"
    | "abs"
    | "neg"
    | "sqrt"
    | "floor"
    | "ceil"
    | "trunc"
    | "nearest",
  operands: readonly Pack[],
): Pack {
  const [{ dtype, parts }] = operands;
  if (!isFloat(dtype)) throw internalError(`${name} of floating-point parts was asked for ${dtype}`);
  const scalar = dtype === "f64" ? f64 : f32;
  const vector = dtype === "f64" ? f64x2 : f32x4;
  return {
    dtype,
    parts: parts.map((part, i) => {
      const other = operands.length > 1 ? operands[1].parts[i] : undefined;
      const operation = (mode === "scalar" ? scalar[name] : vector[name]) as (
        ...x: readonly Expression[]
      ) => Expression;
      return other === undefined ? operation(part) : operation(part, other);
    }),
  };
}
