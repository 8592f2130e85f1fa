// Doubles: one text of a numerical function for one double and for two side by side.
import { internalError } from "@phxlang/autodiff";
import type { Expression } from "../expression.ts";
import { noOperands } from "../expression.ts";
import type { FunctionBuilder, Local } from "../function-builder.ts";
import { f64, i32, i64, select } from "../scalar.ts";
import { f64x2, i64x2, v128 } from "../vector.ts";
import type { Vector } from "../vector.ts";

/** A double (type "f64") or two ("v128"); which one, the `Doubles` that made it knows. */
export type Real = Expression;
/** The 64 bits of each double: i64, or the same v128. */
export type Bits = Expression;
/** Where a comparison holds: i32, or a v128 of all ones and zeros. */
export type Mask = Expression;
export type RealOrNumber = Real | number;

type Binary = (left: RealOrNumber, right: RealOrNumber) => Real;
type Comparison = (left: RealOrNumber, right: RealOrNumber) => Mask;
type BitBinary = (left: Bits | bigint, right: Bits | bigint) => Bits;

/**
 * The operations that numerical functions are made of. Both implementations round each lane exactly as one
 * double alone is rounded, so a text written with them has the same bits in every lane of either.
 */
export interface Doubles {
  readonly type: "f64" | "v128";
  readonly constant: (value: number) => Real;
  readonly add: Binary;
  readonly sub: Binary;
  readonly mul: Binary;
  readonly div: Binary;
  readonly neg: (value: Real) => Real;
  readonly abs: (value: Real) => Real;
  readonly sqrt: (value: Real) => Real;
  readonly floor: (value: Real) => Real;
  readonly lt: Comparison;
  readonly le: Comparison;
  readonly gt: Comparison;
  readonly ge: Comparison;
  readonly eq: Comparison;
  readonly and: (left: Mask, right: Mask) => Mask;
  readonly or: (left: Mask, right: Mask) => Mask;
  readonly select: (mask: Mask, whenTrue: RealOrNumber, whenFalse: RealOrNumber) => Real;
  /** Whether a mask holds in all lanes, as a condition of the program. */
  readonly all: (mask: Mask) => Expression<"i32">;
  readonly bits: (value: Real) => Bits;
  readonly fromBits: (bits: Bits) => Real;
  readonly bitAdd: BitBinary;
  readonly bitSub: BitBinary;
  readonly bitAnd: BitBinary;
  readonly bitOr: BitBinary;
  readonly bitXor: BitBinary;
  readonly shiftLeft: (bits: Bits, count: number) => Bits;
  readonly shiftRight: (bits: Bits, count: number) => Bits;
  /** The mask of lanes whose bits are not all zero. */
  readonly nonZero: (bits: Bits) => Mask;
}

type Scalar = Expression<"f64">;
type Word = Expression<"i64">;
type Flag = Expression<"i32">;
type Named<F> = Record<"add" | "sub" | "mul" | "div", F>;

const asScalar = (value: RealOrNumber): Scalar | number => value as Scalar | number;
const asWord = (value: Bits | bigint): Word | bigint => value as Word | bigint;
const asVector = (value: RealOrNumber): Vector | number => value as Vector | number;
const asBitVector = (value: Bits | bigint): Vector =>
  typeof value === "bigint" ? i64x2.const(value) : (value as Vector);

const scalarArithmetic: Named<Binary> = {
  add: (left, right) => f64.add(asScalar(left), asScalar(right)),
  sub: (left, right) => f64.sub(asScalar(left), asScalar(right)),
  mul: (left, right) => f64.mul(asScalar(left), asScalar(right)),
  div: (left, right) => f64.div(asScalar(left), asScalar(right)),
};

/** One double. */
export const oneDouble: Doubles = {
  type: "f64",
  constant: (value) => f64.const(value),
  ...scalarArithmetic,
  neg: (value) => f64.neg(value as Scalar),
  abs: (value) => f64.abs(value as Scalar),
  sqrt: (value) => f64.sqrt(value as Scalar),
  floor: (value) => f64.floor(value as Scalar),
  lt: (left, right) => f64.lt(asScalar(left), asScalar(right)),
  le: (left, right) => f64.le(asScalar(left), asScalar(right)),
  gt: (left, right) => f64.gt(asScalar(left), asScalar(right)),
  ge: (left, right) => f64.ge(asScalar(left), asScalar(right)),
  eq: (left, right) => f64.eq(asScalar(left), asScalar(right)),
  and: (left, right) => i32.and(left as Flag, right as Flag),
  or: (left, right) => i32.or(left as Flag, right as Flag),
  select: (mask, whenTrue, whenFalse) =>
    select<"f64">("f64", mask as Flag, asScalar(whenTrue), asScalar(whenFalse)),
  all: (mask) => mask as Flag,
  bits: (value) => i64.reinterpretF64(value as Scalar),
  fromBits: (bits) => f64.reinterpretI64(bits as Word),
  bitAdd: (left, right) => i64.add(asWord(left), asWord(right)),
  bitSub: (left, right) => i64.sub(asWord(left), asWord(right)),
  bitAnd: (left, right) => i64.and(asWord(left), asWord(right)),
  bitOr: (left, right) => i64.or(asWord(left), asWord(right)),
  bitXor: (left, right) => i64.xor(asWord(left), asWord(right)),
  shiftLeft: (bits, count) => i64.shl(bits as Word, BigInt(count)),
  shiftRight: (bits, count) => i64.shrU(bits as Word, BigInt(count)),
  nonZero: (bits) => i64.ne(bits as Word, 0n),
};

/** Two doubles. */
export const twoDoubles: Doubles = {
  type: "v128",
  constant: (value) => f64x2.const(value),
  add: (left, right) => f64x2.add(asVector(left), asVector(right)),
  sub: (left, right) => f64x2.sub(asVector(left), asVector(right)),
  mul: (left, right) => f64x2.mul(asVector(left), asVector(right)),
  div: (left, right) => f64x2.div(asVector(left), asVector(right)),
  neg: (value) => f64x2.neg(value as Vector),
  abs: (value) => f64x2.abs(value as Vector),
  sqrt: (value) => f64x2.sqrt(value as Vector),
  floor: (value) => f64x2.floor(value as Vector),
  lt: (left, right) => f64x2.lt(asVector(left), asVector(right)),
  le: (left, right) => f64x2.le(asVector(left), asVector(right)),
  gt: (left, right) => f64x2.gt(asVector(left), asVector(right)),
  ge: (left, right) => f64x2.ge(asVector(left), asVector(right)),
  eq: (left, right) => f64x2.eq(asVector(left), asVector(right)),
  and: (left, right) => v128.and(left as Vector, right as Vector),
  or: (left, right) => v128.or(left as Vector, right as Vector),
  select: (mask, whenTrue, whenFalse) =>
    v128.bitselect(mask as Vector, toVector(whenTrue), toVector(whenFalse)),
  all: (mask) => i64x2.allTrue(mask as Vector),
  bits: (value) => value,
  fromBits: (bits) => bits,
  bitAdd: (left, right) => i64x2.add(asBitVector(left), asBitVector(right)),
  bitSub: (left, right) => i64x2.sub(asBitVector(left), asBitVector(right)),
  bitAnd: (left, right) => v128.and(asBitVector(left), asBitVector(right)),
  bitOr: (left, right) => v128.or(asBitVector(left), asBitVector(right)),
  bitXor: (left, right) => v128.xor(asBitVector(left), asBitVector(right)),
  shiftLeft: (bits, count) => i64x2.shl(bits as Vector, count),
  shiftRight: (bits, count) => i64x2.shrU(bits as Vector, count),
  nonZero: (bits) => i64x2.ne(bits as Vector, 0n),
};

function toVector(value: RealOrNumber): Vector {
  return typeof value === "number" ? f64x2.const(value) : (value as Vector);
}

/** c[0] + c[1] x + … by Horner's rule from the highest coefficient; x is used once per step: pass a local. */
export function horner(d: Doubles, coefficients: readonly number[], x: Real): Real {
  let sum: RealOrNumber = coefficients[coefficients.length - 1];
  for (let i = coefficients.length - 2; i >= 0; i--) sum = d.add(d.mul(sum, x), coefficients[i]);
  return typeof sum === "number" ? d.constant(sum) : sum;
}

/** Several vectors as one value: what a text computes for one, it computes for all, instruction by instruction. */
interface Group extends Expression<"v128"> {
  readonly vectors: readonly Local<"v128">[];
}

const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && "vectors" in value;

/** A value of `groupedDoubles`. It has no code of its own: written as an expression it traps. */
export function group(vectors: readonly Local<"v128">[]): Real {
  const grouped: Group = { type: "v128", operands: noOperands, code: [0x00], vectors };
  return grouped;
}

export function vectorsOf(value: Real): readonly Local<"v128">[] {
  if (!isGroup(value)) throw internalError("a single vector where a group was expected");
  return value.vectors;
}

/**
 * Groups of vectors. Every operation is written at once for all vectors of its group, so that independent chains of
 * operations alternate in the code and in the processor.
 */
export function groupedDoubles(f: FunctionBuilder, count: number): Doubles {
  const apply =
    (operation: (...operands: never[]) => Expression) =>
    (...operands: unknown[]): Expression =>
      group(
        Array.from({ length: count }, (_, i) => {
          const own = operands.map((operand) => (isGroup(operand) ? operand.vectors[i] : operand));
          return f.let((operation as (...own: unknown[]) => Expression<"v128">)(...own));
        }),
      );
  const grouped = Object.entries(twoDoubles).map(([name, operation]): [string, unknown] => {
    if (typeof operation === "string" || name === "constant") return [name, operation];
    return [name, apply(operation as (...operands: never[]) => Expression)];
  });
  return Object.fromEntries(grouped) as unknown as Doubles;
}

/** Keeps a value in a local, so that it is computed once. */
export function keep(f: FunctionBuilder, value: Real): Real {
  return isGroup(value) ? value : f.let(value);
}
