// From what users write (numbers, nested arrays, typed arrays) to arrays.
import type { DType, Elements } from "./array.ts";
import { allocate, dtypeOfElements } from "./array.ts";
import { PhxError } from "./errors.ts";
import { NdArray } from "./ndarray.ts";
import type { Value } from "./trace.ts";
import { Tracer } from "./trace.ts";

/** Nested plain arrays of numbers or booleans, as deep as the array has axes. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** What every operation accepts as an operand. */
export type ArrayLike = Value | NestedArray | Elements;

export function isValue(x: unknown): x is Value {
  return x instanceof NdArray || x instanceof Tracer;
}

/**
 * An operand as a value. Numbers are weak f64 scalars (they give way to the other operand's dtype) and booleans
 * are "bool" scalars; nested arrays of numbers are f64, of booleans "bool"; typed arrays keep their dtype
 * (bytes are "bool"). PHX925 for anything else.
 */
export function asValue(x: ArrayLike): Value {
  if (x instanceof NdArray || x instanceof Tracer) return x;
  if (typeof x === "number") return new NdArray(Float64Array.of(x), [], "f64", true);
  if (typeof x === "boolean") return new NdArray(Uint8Array.of(x ? 1 : 0), [], "bool");
  return array(x);
}

/**
 * An array from nested numbers or booleans, from a typed array (copied), or from another array. Without a dtype
 * numbers are "f64" (never weak), booleans "bool", typed arrays keep theirs.
 */
export function array(x: NestedArray | Elements | NdArray, dtype?: DType): NdArray {
  if (x instanceof NdArray) {
    const target = dtype ?? x.dtype;
    if (target === x.dtype) return x.weak ? new NdArray(x.elements, x.shape, target) : x;
    return new NdArray(convertElements(x.elements, target), x.shape, target);
  }
  if (ArrayBuffer.isView(x)) {
    const own = elementsDtype(x);
    return new NdArray(convertElements(x, dtype ?? own), [x.length], dtype ?? own);
  }
  const { flat, shape, boolean } = flattenNested(x);
  const target = dtype ?? (boolean ? "bool" : "f64");
  return new NdArray(convertElements(flat, target), shape, target);
}

/** A weak scalar, as a plain number in an operation becomes. */
export function weakScalar(x: number, dtype: "f64" | "i32" = "f64"): NdArray {
  return new NdArray(dtype === "f64" ? Float64Array.of(x) : Int32Array.of(x), [], dtype, true);
}

/** A new copy of elements in another dtype: integers truncate and wrap as in JavaScript, "bool" is x != 0. */
export function convertElements(elements: ArrayLikeNumbers, dtype: DType): Elements {
  const result = allocate(dtype, elements.length);
  if (dtype === "bool") {
    for (let i = 0; i < result.length; i++) result[i] = elements[i] === 0 ? 0 : 1;
  } else if (dtype === "i32") {
    for (let i = 0; i < result.length; i++) result[i] = elements[i] | 0;
  } else if (dtype === "u32") {
    for (let i = 0; i < result.length; i++) result[i] = elements[i] >>> 0;
  } else (result as Float64Array).set(elements);
  return result;
}

interface ArrayLikeNumbers {
  readonly length: number;
  readonly [index: number]: number;
}

function elementsDtype(x: unknown): DType {
  const known =
    x instanceof Float64Array ||
    x instanceof Float32Array ||
    x instanceof Int32Array ||
    x instanceof Uint32Array ||
    x instanceof Uint8Array;
  if (!known) throw notAnArray(x);
  return dtypeOfElements(x);
}

function flattenNested(x: NestedArray): { flat: number[]; shape: number[]; boolean: boolean } {
  const shape: number[] = [];
  let level: readonly NestedArray[] = [x];
  while (level.length > 0 && Array.isArray(level[0])) {
    const length = level[0].length;
    const next: NestedArray[] = [];
    for (const row of level) {
      if (!Array.isArray(row) || row.length !== length) throw raggedArray(shape.length, length, row);
      for (const item of row as readonly NestedArray[]) next.push(item);
    }
    shape.push(length);
    level = next;
  }
  const boolean = level.length > 0 && level.every((item) => typeof item === "boolean");
  const flat = level.map((item) => {
    if (typeof item === "number") return item;
    if (typeof item === "boolean") return item ? 1 : 0;
    if (Array.isArray(item)) throw raggedArray(shape.length, 0, item);
    throw notAnArray(item);
  });
  return { flat, shape, boolean };
}

function raggedArray(axis: number, expected: number, row: unknown): PhxError {
  const found = Array.isArray(row) ? `one of length ${row.length}` : "a number";
  return new PhxError({
    code: "PHX925",
    what: `nested arrays are ragged at axis ${axis}: entries of length ${expected} are followed by ${found}`,
    why: "an array has the same length in every row",
    fix: "pad the short rows, or keep the rows as separate arrays",
  });
}

function notAnArray(x: unknown): PhxError {
  const kind = x === null ? "null" : Array.isArray(x) ? "an array" : `a ${typeof x}`;
  return new PhxError({
    code: "PHX925",
    what: `${describeUnknown(x)} (${kind}) is not a valid array`,
    why: "operations take numbers, booleans, nested arrays of them, typed arrays, NdArrays and traced values; an array that mixes numbers with arrays must be stacked",
    fix: "convert it first, or join traced values with np.stack",
  });
}

/** A short text for any value, for messages. */
export function describeUnknown(x: unknown): string {
  if (typeof x === "string") return JSON.stringify(x);
  if (typeof x === "function") return `function ${x.name === "" ? "(anonymous)" : x.name}`;
  if (isValue(x)) return x.describe();
  if (typeof x === "object" && x !== null) return x.constructor.name;
  return String(x);
}

/** The error for a leaf that is not an array, for other files. */
export function invalidLeafError(x: unknown): PhxError {
  return notAnArray(x);
}
