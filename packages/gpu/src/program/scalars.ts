// Scalars: what one element is in WGSL, for every dtype of a device: its type, its words, its operations.
import type { DType } from "@phxlang/autodiff";
import type { Arithmetic } from "../arithmetic/arithmetic.ts";

/** Expressions of one dtype. An operation that the device lacks is undefined. */
export interface Scalar {
  readonly dtype: DType;
  /** The WGSL type of a value. */
  readonly type: string;
  readonly words: 1 | 2;
  literal(value: number): string;
  /** By the name of the primitive. */
  unary(name: string, x: string): string | undefined;
  binary(name: string, x: string, y: string): string | undefined;
  /** A WGSL bool: equal, notEqual, less, lessEqual. */
  compare(name: string, x: string, y: string): string;
  /** The value in the words that begin at `place` of an array of words. */
  load(words: string, place: string): string;
  /** The statement that writes a value there. */
  store(words: string, place: string, value: string): string;
}

export type Scalars = (dtype: DType) => Scalar;

const comparisons: Readonly<Record<string, string>> = {
  equal: "==",
  notEqual: "!=",
  less: "<",
  lessEqual: "<=",
};

const integerOperators: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  and: "&",
  or: "|",
  xor: "^",
};

function integer(dtype: "i32" | "u32"): Scalar {
  const literal = (value: number): string =>
    dtype === "u32" ? `${value >>> 0}u` : value === -2147483648 ? "i32(-2147483648)" : `${value | 0}i`;
  return {
    dtype,
    type: dtype,
    words: 1,
    literal,
    unary(name, x) {
      if (name === "neg") return dtype === "i32" ? `(-${x})` : `(0u - ${x})`;
      if (name === "abs") return `abs(${x})`;
      if (name === "sign") return dtype === "i32" ? `sign(${x})` : `min(${x}, 1u)`;
      if (name === "not") return `(~${x})`;
      if (name === "stop_gradient") return x;
      return undefined;
    },
    binary(name, x, y) {
      const operator = integerOperators[name];
      if (operator !== undefined) return `(${x} ${operator} ${y})`;
      if (name === "max" || name === "min") return `${name}(${x}, ${y})`;
      // 0 where the divisor is 0, which the hardware never sees.
      const divisor = `select(${y}, ${literal(1)}, ${y} == ${literal(0)})`;
      if (name === "div") return `select(${x} / ${divisor}, ${literal(0)}, ${y} == ${literal(0)})`;
      if (name === "rem") return `select(${x} % ${divisor}, ${literal(0)}, ${y} == ${literal(0)})`;
      const inside = `u32(${y}) < 32u`;
      if (name === "shiftLeft") return `select(${literal(0)}, ${x} << (u32(${y}) & 31u), ${inside})`;
      if (name === "shiftRight") {
        return `select(${literal(0)}, ${dtype}(u32(${x}) >> (u32(${y}) & 31u)), ${inside})`;
      }
      return undefined;
    },
    compare: (name, x, y) => `(${x} ${comparisons[name]} ${y})`,
    load: (words, place) => (dtype === "u32" ? `${words}[${place}]` : `bitcast<i32>(${words}[${place}])`),
    store: (words, place, value) =>
      `${words}[${place}] = ${dtype === "u32" ? value : `bitcast<u32>(${value})`};`,
  };
}

const bool: Scalar = {
  dtype: "bool",
  type: "bool",
  words: 1,
  literal: (value) => (value === 0 ? "false" : "true"),
  unary(name, x) {
    if (name === "not") return `(!${x})`;
    return name === "stop_gradient" ? x : undefined;
  },
  binary(name, x, y) {
    if (name === "and" || name === "min") return `(${x} && ${y})`;
    if (name === "or" || name === "max") return `(${x} || ${y})`;
    return name === "xor" ? `(${x} != ${y})` : undefined;
  },
  compare(name, x, y) {
    if (name === "equal" || name === "notEqual") return `(${x} ${comparisons[name]} ${y})`;
    return name === "less" ? `(!${x} && ${y})` : `(!${x} || ${y})`;
  },
  load: (words, place) => `(${words}[${place}] != 0u)`,
  store: (words, place, value) => `${words}[${place}] = select(0u, 1u, ${value});`,
};

function float(dtype: "f32" | "f64", arithmetic: Arithmetic): Scalar {
  const wide = arithmetic.wordsPerElement === 2;
  return {
    dtype,
    type: arithmetic.type,
    words: arithmetic.wordsPerElement,
    literal: (value) => arithmetic.constant(value),
    unary: (name, x) => (name === "stop_gradient" ? x : arithmetic.unary(name, x)),
    binary: (name, x, y) => arithmetic.binary(name, x, y),
    compare: (name, x, y) => arithmetic.compare(name, x, y),
    load: (words, place) =>
      wide
        ? `vec2<f32>(bitcast<f32>(${words}[${place}]), bitcast<f32>(${words}[${place} + 1u]))`
        : `bitcast<f32>(${words}[${place}])`,
    store: (words, place, value) =>
      wide
        ? `${words}[${place}] = bitcast<u32>((${value}).x); ${words}[${place} + 1u] = bitcast<u32>((${value}).y);`
        : `${words}[${place}] = bitcast<u32>(${value});`,
  };
}

/** The scalars of a device on which arrays of "f32" and of "f64" have these arithmetics. */
export function scalarsOf(single: Arithmetic, double: Arithmetic): Scalars {
  const all: Readonly<Record<DType, Scalar>> = {
    f64: float("f64", double),
    f32: float("f32", single),
    i32: integer("i32"),
    u32: integer("u32"),
    bool,
  };
  return (dtype) => all[dtype];
}
