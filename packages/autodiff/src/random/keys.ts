// Keys: two u32 words from which everything random follows, and how new keys are made of old ones.
//
// A key is a u32 array [2] (several keys: [..., 2]). Counters enumerate what is drawn, as in JAX with
// jax_threefry_partitionable: entry i of a draw depends on the key and on i alone, so that splitting a draw over
// devices changes nothing.
import type { DType } from "../array.ts";
import { sizeOf } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { asValue } from "../as-value.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import { constant, convert } from "../primitives/arithmetic.ts";
import { xor } from "../primitives/comparison.ts";
import { concatenate, sliceAxis } from "../primitives/slicing.ts";
import { reshape } from "../primitives/structural.ts";
import type { Value } from "../trace.ts";
import { threefry } from "../primitives/random-bits.ts";

/** The key of a seed, an integer from 0 to 2⁵³: its high and low word. */
export function key(seed: number): NdArray {
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new PhxError({
      code: "PHX949",
      what: `random.key(${seed})`,
      why: "a seed is an integer from 0 to 2⁵³ − 1",
      fix: "give such a number",
    });
  }
  return new NdArray(Uint32Array.of(Math.floor(seed / 4294967296), seed >>> 0), [2], "u32");
}

/** The two words of a key as scalars; PHX949 unless it is a u32 array [2]. */
export function wordsOf(of: ArrayLike): readonly [Value, Value] {
  const value = asValue(of);
  if (value.dtype !== "u32" || value.shape.length !== 1 || value.shape[0] !== 2) {
    throw new PhxError({
      code: "PHX949",
      what: `a random key of dtype ${value.dtype} and shape [${value.shape.join(", ")}]`,
      why: "a key is a u32 array [2]; functions of many keys are made with vmap",
      fix: "make keys with random.key(seed) and random.split(key, count)",
    });
  }
  return [word(value, 0), word(value, 1)];
}

function word(value: Value, at: number): Value {
  return reshape(sliceAxis(value, 0, at, at + 1), []);
}

/** Counters 0, 1, … as high and low words. */
function counters(count: number): readonly [NdArray, NdArray] {
  const low = Uint32Array.from({ length: count }, (_, i) => i);
  return [new NdArray(Uint32Array.of(0), [], "u32"), new NdArray(low, [count], "u32")];
}

/** `count` new keys [count, 2] that have nothing to do with each other or with the old one, which must not be used again. */
export function split(of: ArrayLike, count = 2): Value {
  const [k0, k1] = wordsOf(of);
  const [high, low] = counters(count);
  const [first, second] = threefry(k0, k1, high, low);
  return concatenate([reshape(first, [count, 1]), reshape(second, [count, 1])], 1);
}

/** The keys of `split` as a list, to be taken apart: `const [a, b] = random.splitList(key)`. */
export function splitList(of: ArrayLike, count = 2): Value[] {
  const keys = split(of, count);
  return Array.from({ length: count }, (_, i) => reshape(sliceAxis(keys, 0, i, i + 1), [2]));
}

/** A new key from a key and a number (an integer, possibly traced), such as the number of a step. */
export function fold(of: ArrayLike, data: ArrayLike): Value {
  const [k0, k1] = wordsOf(of);
  const low = convert(asValue(data), "u32");
  const [first, second] = threefry(k0, k1, constant(0, low), low);
  return concatenate([reshape(first, [1]), reshape(second, [1])], 0);
}

/** Two words of 32 random bits for every entry of a shape. */
export function wordPairs(of: ArrayLike, shape: readonly number[]): readonly [Value, Value] {
  const [k0, k1] = wordsOf(of);
  const [high, low] = counters(sizeOf(shape));
  const [first, second] = threefry(k0, k1, high, low);
  return [reshape(first, shape), reshape(second, shape)];
}

/** 32 random bits (u32) for every entry of a shape. */
export function bits(of: ArrayLike, shape: readonly number[] = []): Value {
  const [first, second] = wordPairs(of, shape);
  return xor(first, second);
}

/** The float dtypes that can be drawn. */
export type FloatDType = Extract<DType, "f64" | "f32">;
