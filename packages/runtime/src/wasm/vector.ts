// The vector instructions (SIMD128) as functions: f64x2, f32x4, i64x2, i32x4, and v128 for bits.
import { expression, instruction, noOperands, toExpression, vectorInstruction } from "./expression.ts";
import type { Expression, Operand } from "./expression.ts";
import { load } from "./scalar.ts";
import type { Load, Storable } from "./scalar.ts";

/** A vector, or a number that stands for a vector of equal lanes. */
export type Vector = Expression<"v128">;
type Unary = (operand: Vector) => Vector;

function one(opcode: number): Unary {
  const code = vectorInstruction(opcode);
  return (operand) => expression("v128", code, [operand]);
}

function test(opcode: number): (operand: Vector) => Expression<"i32"> {
  const code = vectorInstruction(opcode);
  return (operand) => expression("i32", code, [operand]);
}

function laneConstant(write: (view: DataView) => void): Vector {
  const bytes = new Uint8Array(18);
  bytes[0] = 0xfd;
  bytes[1] = 12;
  write(new DataView(bytes.buffer, 2));
  const lanes = bytes.subarray(2);
  const cheap = lanes.every((byte) => byte === 0) || lanes.every((byte) => byte === 0xff);
  const constant = expression("v128", bytes, noOperands);
  return cheap ? constant : { ...constant, hoistable: true };
}

/** Bits of a vector; load, store and choice. */
export const v128: Storable<"v128"> & {
  readonly load: Load<"v128">;
  /** One double or float read and repeated in every lane. */
  readonly load64Splat: Load<"v128">;
  readonly load32Splat: Load<"v128">;
  /** One double or float read into the first lane, the others zero. */
  readonly load64Zero: Load<"v128">;
  readonly load32Zero: Load<"v128">;
  readonly not: Unary;
  readonly and: (left: Vector, right: Vector) => Vector;
  /** left and not right. */
  readonly andnot: (left: Vector, right: Vector) => Vector;
  readonly or: (left: Vector, right: Vector) => Vector;
  readonly xor: (left: Vector, right: Vector) => Vector;
  /** Bits of `whenSet` where the mask is 1, of `whenClear` where it is 0. */
  readonly bitselect: (mask: Vector, whenSet: Vector, whenClear: Vector) => Vector;
  readonly anyTrue: (operand: Vector) => Expression<"i32">;
  /** 16 bytes chosen from the 32 of left and right. */
  readonly shuffle: (left: Vector, right: Vector, bytes: readonly number[]) => Vector;
} = {
  type: "v128",
  storeOpcode: [0xfd, 11],
  alignmentExponent: 3,
  load: load("v128", [0xfd, 0], 3),
  load32Splat: load("v128", [0xfd, 9], 2),
  load64Splat: load("v128", [0xfd, 10], 3),
  load32Zero: load("v128", [0xfd, 92], 2),
  load64Zero: load("v128", [0xfd, 93], 3),
  not: one(77),
  and: two(78),
  andnot: two(79),
  or: two(80),
  xor: two(81),
  bitselect: (mask, whenSet, whenClear) =>
    expression("v128", vectorInstruction(82), [whenSet, whenClear, mask]),
  anyTrue: test(83),
  shuffle: (left, right, bytes) => expression("v128", instruction([0xfd, 13], ...bytes), [left, right]),
};

function two(opcode: number): (left: Vector, right: Vector) => Vector {
  const code = vectorInstruction(opcode);
  return (left, right) => expression("v128", code, [left, right]);
}

interface LaneTypes {
  f64x2: { scalar: "f64"; literal: number };
  f32x4: { scalar: "f32"; literal: number };
  i64x2: { scalar: "i64"; literal: bigint };
  i32x4: { scalar: "i32"; literal: number };
}
type Shape = keyof LaneTypes;
type Lane<S extends Shape> = LaneTypes[S]["scalar"];
type VectorOperand<S extends Shape> = Vector | LaneTypes[S]["literal"];
type VectorUnary<S extends Shape> = (operand: VectorOperand<S>) => Vector;
type VectorBinary<S extends Shape> = (left: VectorOperand<S>, right: VectorOperand<S>) => Vector;
type Shift = (operand: Vector, bits: Operand<"i32">) => Vector;

interface Lanes<S extends Shape> {
  readonly lanes: number;
  readonly const: (...lanes: readonly LaneTypes[S]["literal"][]) => Vector;
  readonly splat: (lane: Operand<Lane<S>>) => Vector;
  readonly extractLane: (operand: Vector, lane: number) => Expression<Lane<S>>;
  readonly replaceLane: (operand: Vector, lane: number, value: Operand<Lane<S>>) => Vector;
}

const laneCounts: Readonly<Record<Shape, number>> = { f64x2: 2, f32x4: 4, i64x2: 2, i32x4: 4 };

function constant(shape: Shape, values: readonly (number | bigint)[]): Vector {
  const count = laneCounts[shape];
  return laneConstant((view) => {
    for (let i = 0; i < count; i++) {
      const value = values[values.length === 1 ? 0 : i];
      if (shape === "f64x2") view.setFloat64(8 * i, Number(value), true);
      else if (shape === "f32x4") view.setFloat32(4 * i, Number(value), true);
      else if (shape === "i64x2") view.setBigInt64(8 * i, BigInt(value), true);
      else view.setInt32(4 * i, Number(value), true);
    }
  });
}

function toVector<S extends Shape>(shape: S, operand: VectorOperand<S>): Vector {
  if (typeof operand === "number" || typeof operand === "bigint") return constant(shape, [operand]);
  return operand;
}

function lanes<S extends Shape>(
  shape: S,
  scalar: Lane<S>,
  splatOpcode: number,
  extractOpcode: number,
): Lanes<S> {
  const splatCode = vectorInstruction(splatOpcode);
  return {
    lanes: laneCounts[shape],
    const: (...values) => constant(shape, values),
    splat: (lane) => expression("v128", splatCode, [toExpression<Lane<S>>(scalar, lane)]),
    extractLane: (operand, lane) =>
      expression<Lane<S>>(scalar, [...vectorInstruction(extractOpcode), lane], [operand]),
    replaceLane: (operand, lane, value) =>
      expression(
        "v128",
        [...vectorInstruction(extractOpcode + 1), lane],
        [operand, toExpression<Lane<S>>(scalar, value)],
      ),
  };
}

function unaryOf<S extends Shape>(shape: S, opcode: number): VectorUnary<S> {
  const code = vectorInstruction(opcode);
  return (operand) => expression("v128", code, [toVector(shape, operand)]);
}

function binaryOf<S extends Shape>(shape: S, opcode: number): VectorBinary<S> {
  const code = vectorInstruction(opcode);
  return (left, right) => expression("v128", code, [toVector(shape, left), toVector(shape, right)]);
}

function shift(opcode: number): Shift {
  const code = vectorInstruction(opcode);
  return (operand, bits) => expression("v128", code, [operand, toExpression("i32", bits)]);
}

type FloatVector<S extends "f64x2" | "f32x4"> = Lanes<S> &
  Record<"abs" | "neg" | "sqrt" | "ceil" | "floor" | "trunc" | "nearest", VectorUnary<S>> &
  Record<
    "add" | "sub" | "mul" | "div" | "min" | "max" | "pmin" | "pmax" | "eq" | "ne" | "lt" | "gt" | "le" | "ge",
    VectorBinary<S>
  >;

function floatVector<S extends "f64x2" | "f32x4">(
  shape: S,
  opcodes: {
    splat: number;
    extract: number;
    compare: number;
    arithmetic: number;
    rounding: readonly number[];
  },
): FloatVector<S> {
  const unary = (opcode: number): VectorUnary<S> => unaryOf(shape, opcode);
  const binary = (opcode: number): VectorBinary<S> => binaryOf(shape, opcode);
  const [ceil, floor, trunc, nearest] = opcodes.rounding as readonly [number, number, number, number];
  const { compare, arithmetic } = opcodes;
  return {
    ...lanes(shape, (shape === "f64x2" ? "f64" : "f32") as Lane<S>, opcodes.splat, opcodes.extract),
    eq: binary(compare),
    ne: binary(compare + 1),
    lt: binary(compare + 2),
    gt: binary(compare + 3),
    le: binary(compare + 4),
    ge: binary(compare + 5),
    ceil: unary(ceil),
    floor: unary(floor),
    trunc: unary(trunc),
    nearest: unary(nearest),
    abs: unary(arithmetic),
    neg: unary(arithmetic + 1),
    sqrt: unary(arithmetic + 3),
    add: binary(arithmetic + 4),
    sub: binary(arithmetic + 5),
    mul: binary(arithmetic + 6),
    div: binary(arithmetic + 7),
    min: binary(arithmetic + 8),
    max: binary(arithmetic + 9),
    pmin: binary(arithmetic + 10),
    pmax: binary(arithmetic + 11),
  };
}

/** Two doubles. Comparisons give masks of all ones or all zeros; `pmin(a, b)` is `b < a ? b : a`. */
export const f64x2: FloatVector<"f64x2"> & {
  readonly convertLowI32x4S: Unary;
  readonly convertLowI32x4U: Unary;
  readonly promoteLowF32x4: Unary;
} = {
  ...floatVector("f64x2", {
    splat: 20,
    extract: 33,
    compare: 71,
    arithmetic: 236,
    rounding: [116, 117, 122, 148],
  }),
  convertLowI32x4S: one(254),
  convertLowI32x4U: one(255),
  promoteLowF32x4: one(95),
};

/** Four floats. */
export const f32x4: FloatVector<"f32x4"> & {
  readonly convertI32x4S: Unary;
  readonly convertI32x4U: Unary;
  readonly demoteF64x2Zero: Unary;
} = {
  ...floatVector("f32x4", {
    splat: 19,
    extract: 31,
    compare: 65,
    arithmetic: 224,
    rounding: [103, 104, 105, 106],
  }),
  convertI32x4S: one(250),
  convertI32x4U: one(251),
  demoteF64x2Zero: one(94),
};

/** Two 64-bit integers. */
export const i64x2: Lanes<"i64x2"> &
  Record<"add" | "sub" | "mul" | "eq" | "ne" | "ltS" | "gtS" | "leS" | "geS", VectorBinary<"i64x2">> &
  Record<"shl" | "shrS" | "shrU", Shift> &
  Record<"extendLowI32x4S" | "extendLowI32x4U", Unary> & {
    readonly allTrue: (operand: Vector) => Expression<"i32">;
    readonly bitmask: (operand: Vector) => Expression<"i32">;
  } = {
  ...lanes("i64x2", "i64", 18, 29),
  add: binaryOf("i64x2", 206),
  sub: binaryOf("i64x2", 209),
  mul: binaryOf("i64x2", 213),
  eq: binaryOf("i64x2", 214),
  ne: binaryOf("i64x2", 215),
  ltS: binaryOf("i64x2", 216),
  gtS: binaryOf("i64x2", 217),
  leS: binaryOf("i64x2", 218),
  geS: binaryOf("i64x2", 219),
  shl: shift(203),
  shrS: shift(204),
  shrU: shift(205),
  extendLowI32x4S: one(199),
  extendLowI32x4U: one(201),
  allTrue: test(195),
  bitmask: test(196),
};

/** Bytes to 16-bit, and 16-bit to 32-bit lanes, unsigned, of the lower half. */
const extendShorts = one(0x89);
const extendWords = one(0xa9);

/** Four 32-bit integers. */
export const i32x4: Lanes<"i32x4"> &
  Record<
    | "add"
    | "sub"
    | "mul"
    | "minS"
    | "minU"
    | "maxS"
    | "maxU"
    | "eq"
    | "ne"
    | "ltS"
    | "ltU"
    | "gtS"
    | "gtU"
    | "leS"
    | "leU"
    | "geS"
    | "geU",
    VectorBinary<"i32x4">
  > &
  Record<"shl" | "shrS" | "shrU", Shift> &
  Record<
    "abs" | "neg" | "truncSatF64x2SZero" | "truncSatF64x2UZero" | "truncSatF32x4S" | "truncSatF32x4U",
    Unary
  > & {
    /** The four lowest bytes, each as an unsigned lane. */
    readonly extendBytes: Unary;
    readonly allTrue: (operand: Vector) => Expression<"i32">;
    readonly bitmask: (operand: Vector) => Expression<"i32">;
  } = {
  ...lanes("i32x4", "i32", 17, 27),
  add: binaryOf("i32x4", 174),
  sub: binaryOf("i32x4", 177),
  mul: binaryOf("i32x4", 181),
  minS: binaryOf("i32x4", 182),
  minU: binaryOf("i32x4", 183),
  maxS: binaryOf("i32x4", 184),
  maxU: binaryOf("i32x4", 185),
  eq: binaryOf("i32x4", 55),
  ne: binaryOf("i32x4", 56),
  ltS: binaryOf("i32x4", 57),
  ltU: binaryOf("i32x4", 58),
  gtS: binaryOf("i32x4", 59),
  gtU: binaryOf("i32x4", 60),
  leS: binaryOf("i32x4", 61),
  leU: binaryOf("i32x4", 62),
  geS: binaryOf("i32x4", 63),
  geU: binaryOf("i32x4", 64),
  shl: shift(171),
  shrS: shift(172),
  shrU: shift(173),
  abs: one(160),
  neg: one(161),
  truncSatF32x4S: one(248),
  truncSatF32x4U: one(249),
  truncSatF64x2SZero: one(252),
  truncSatF64x2UZero: one(253),
  extendBytes: (operand) => extendWords(extendShorts(operand)),
  allTrue: test(163),
  bitmask: test(164),
};
