// The scalar instructions of WebAssembly as typed functions: i32, i64, f32, f64.
import { expression, instruction, toExpression } from "./expression.ts";
import type { Expression, Operand, ValueType } from "./expression.ts";

type Unary<A extends ValueType, R extends ValueType = A> = (operand: Operand<A>) => Expression<R>;
type Binary<A extends ValueType, R extends ValueType = A> = (
  left: Operand<A>,
  right: Operand<A>,
) => Expression<R>;
/** Reads at `address + offset`; the offset is a constant number of bytes. */
export type Load<T extends ValueType> = (address: Operand<"i32">, offset?: number) => Expression<T>;

export function unary<A extends ValueType, R extends ValueType>(
  operandType: A,
  result: R,
  ...opcode: readonly number[]
): Unary<A, R> {
  const code = Uint8Array.from(opcode);
  return (operand) => expression(result, code, [toExpression(operandType, operand)]);
}

export function binary<A extends ValueType, R extends ValueType>(
  operandType: A,
  result: R,
  ...opcode: readonly number[]
): Binary<A, R> {
  const code = Uint8Array.from(opcode);
  return (left, right) =>
    expression(result, code, [toExpression(operandType, left), toExpression(operandType, right)]);
}

export function load<T extends ValueType>(
  type: T,
  opcode: readonly number[],
  alignmentExponent: number,
): Load<T> {
  const plain = instruction(opcode, alignmentExponent, 0);
  return (address, offset = 0) =>
    expression(type, offset === 0 ? plain : instruction(opcode, alignmentExponent, offset), [
      toExpression("i32", address),
    ]);
}

/** What `f.store` needs to know of an element. */
export interface Storable<T extends ValueType = ValueType> {
  readonly type: T;
  readonly storeOpcode: readonly number[];
  readonly alignmentExponent: number;
}

function storable<T extends ValueType>(
  type: T,
  storeOpcode: readonly number[],
  alignmentExponent: number,
): Storable<T> {
  return { type, storeOpcode, alignmentExponent };
}

type Integer<T extends "i32" | "i64"> = Record<
  | "add"
  | "sub"
  | "mul"
  | "divS"
  | "divU"
  | "remS"
  | "remU"
  | "and"
  | "or"
  | "xor"
  | "shl"
  | "shrS"
  | "shrU"
  | "rotl"
  | "rotr",
  Binary<T>
> &
  Record<"eq" | "ne" | "ltS" | "ltU" | "gtS" | "gtU" | "leS" | "leU" | "geS" | "geU", Binary<T, "i32">> &
  Record<"clz" | "ctz" | "popcnt", Unary<T>> & {
    readonly const: (value: Operand<T>) => Expression<T>;
    readonly load: Load<T>;
    readonly eqz: Unary<T, "i32">;
  } & Storable<T>;

function integer<T extends "i32" | "i64">(
  type: T,
  compare: number,
  bits: number,
  loadOpcode: number,
  storeOpcode: number,
  alignmentExponent: number,
): Integer<T> {
  const comparison = (index: number): Binary<T, "i32"> => binary(type, "i32", compare + 1 + index);
  const arithmetic = (index: number): Binary<T> => binary(type, type, bits + 3 + index);
  return {
    ...storable(type, [storeOpcode], alignmentExponent),
    const: (value) => toExpression(type, value),
    load: load(type, [loadOpcode], alignmentExponent),
    eqz: unary(type, "i32", compare),
    eq: comparison(0),
    ne: comparison(1),
    ltS: comparison(2),
    ltU: comparison(3),
    gtS: comparison(4),
    gtU: comparison(5),
    leS: comparison(6),
    leU: comparison(7),
    geS: comparison(8),
    geU: comparison(9),
    clz: unary(type, type, bits),
    ctz: unary(type, type, bits + 1),
    popcnt: unary(type, type, bits + 2),
    add: arithmetic(0),
    sub: arithmetic(1),
    mul: arithmetic(2),
    divS: arithmetic(3),
    divU: arithmetic(4),
    remS: arithmetic(5),
    remU: arithmetic(6),
    and: arithmetic(7),
    or: arithmetic(8),
    xor: arithmetic(9),
    shl: arithmetic(10),
    shrS: arithmetic(11),
    shrU: arithmetic(12),
    rotl: arithmetic(13),
    rotr: arithmetic(14),
  };
}

type Float<T extends "f32" | "f64"> = Record<
  "abs" | "neg" | "ceil" | "floor" | "trunc" | "nearest" | "sqrt",
  Unary<T>
> &
  Record<"add" | "sub" | "mul" | "div" | "min" | "max" | "copysign", Binary<T>> &
  Record<"eq" | "ne" | "lt" | "gt" | "le" | "ge", Binary<T, "i32">> & {
    readonly const: (value: number) => Expression<T>;
    readonly load: Load<T>;
    readonly convertI32S: Unary<"i32", T>;
    readonly convertI32U: Unary<"i32", T>;
    readonly convertI64S: Unary<"i64", T>;
    readonly convertI64U: Unary<"i64", T>;
  } & Storable<T>;

function float<T extends "f32" | "f64">(
  type: T,
  compare: number,
  arithmetic: number,
  convert: number,
  loadOpcode: number,
  storeOpcode: number,
  alignmentExponent: number,
): Float<T> {
  const comparison = (index: number): Binary<T, "i32"> => binary(type, "i32", compare + index);
  const one = (index: number): Unary<T> => unary(type, type, arithmetic + index);
  const two = (index: number): Binary<T> => binary(type, type, arithmetic + index);
  return {
    ...storable(type, [storeOpcode], alignmentExponent),
    const: (value) => toExpression(type, value as Operand<T>),
    load: load(type, [loadOpcode], alignmentExponent),
    eq: comparison(0),
    ne: comparison(1),
    lt: comparison(2),
    gt: comparison(3),
    le: comparison(4),
    ge: comparison(5),
    abs: one(0),
    neg: one(1),
    ceil: one(2),
    floor: one(3),
    trunc: one(4),
    nearest: one(5),
    sqrt: one(6),
    add: two(7),
    sub: two(8),
    mul: two(9),
    div: two(10),
    min: two(11),
    max: two(12),
    copysign: two(13),
    convertI32S: unary("i32", type, convert),
    convertI32U: unary("i32", type, convert + 1),
    convertI64S: unary("i64", type, convert + 2),
    convertI64U: unary("i64", type, convert + 3),
  };
}

/** 32-bit integers; addresses and conditions too. Signed and unsigned variants end in S and U. */
export const i32: Integer<"i32"> & {
  readonly load8U: Load<"i32">;
  readonly load8S: Load<"i32">;
  readonly load16U: Load<"i32">;
  readonly wrapI64: Unary<"i64", "i32">;
  readonly reinterpretF32: Unary<"f32", "i32">;
  /** Toward zero; NaN becomes 0 and what does not fit becomes the nearest bound. */
  readonly truncSatF64S: Unary<"f64", "i32">;
  readonly truncSatF64U: Unary<"f64", "i32">;
  readonly truncSatF32S: Unary<"f32", "i32">;
  readonly truncSatF32U: Unary<"f32", "i32">;
} = {
  ...integer("i32", 0x45, 0x67, 0x28, 0x36, 2),
  load8S: load("i32", [0x2c], 0),
  load8U: load("i32", [0x2d], 0),
  load16U: load("i32", [0x2f], 1),
  wrapI64: unary("i64", "i32", 0xa7),
  reinterpretF32: unary("f32", "i32", 0xbc),
  truncSatF32S: unary("f32", "i32", 0xfc, 0),
  truncSatF32U: unary("f32", "i32", 0xfc, 1),
  truncSatF64S: unary("f64", "i32", 0xfc, 2),
  truncSatF64U: unary("f64", "i32", 0xfc, 3),
};

/** One byte in memory, stored from an i32. */
export const i8: Storable<"i32"> = storable("i32", [0x3a], 0);

/** 64-bit integers; constants are bigints. */
export const i64: Integer<"i64"> & {
  readonly extendI32S: Unary<"i32", "i64">;
  readonly extendI32U: Unary<"i32", "i64">;
  readonly reinterpretF64: Unary<"f64", "i64">;
  readonly truncSatF64S: Unary<"f64", "i64">;
} = {
  ...integer("i64", 0x50, 0x79, 0x29, 0x37, 3),
  extendI32S: unary("i32", "i64", 0xac),
  extendI32U: unary("i32", "i64", 0xad),
  reinterpretF64: unary("f64", "i64", 0xbd),
  truncSatF64S: unary("f64", "i64", 0xfc, 6),
};

export const f32: Float<"f32"> & {
  readonly demoteF64: Unary<"f64", "f32">;
  readonly reinterpretI32: Unary<"i32", "f32">;
} = {
  ...float("f32", 0x5b, 0x8b, 0xb2, 0x2a, 0x38, 2),
  demoteF64: unary("f64", "f32", 0xb6),
  reinterpretI32: unary("i32", "f32", 0xbe),
};

export const f64: Float<"f64"> & {
  readonly promoteF32: Unary<"f32", "f64">;
  readonly reinterpretI64: Unary<"i64", "f64">;
} = {
  ...float("f64", 0x61, 0x99, 0xb7, 0x2b, 0x39, 3),
  promoteF32: unary("f32", "f64", 0xbb),
  reinterpretI64: unary("i64", "f64", 0xbf),
};

/** `condition ≠ 0 ? whenTrue : whenFalse`, both computed. */
export function select<T extends ValueType>(
  type: T,
  condition: Operand<"i32">,
  whenTrue: Operand<T>,
  whenFalse: Operand<T>,
): Expression<T> {
  return expression(type, type === "v128" ? [0x1c, 1, 0x7b] : [0x1b], [
    toExpression(type, whenTrue),
    toExpression(type, whenFalse),
    toExpression("i32", condition),
  ]);
}

/** The address `base + index · 2^scale`. */
export function at(base: Operand<"i32">, index: Operand<"i32">, scale: number): Expression<"i32"> {
  const scaled =
    typeof index === "number" ? i32.const(index << scale) : scale === 0 ? index : i32.shl(index, scale);
  return i32.add(base, scaled);
}
