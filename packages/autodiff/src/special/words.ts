// The bits of a double: high and low 32-bit words, and exact powers of two.
//
// Everything in this folder uses only + − × ÷ √ on doubles and integer operations on these words, in a fixed
// order: the bits of a result are the same on every JavaScript engine and in WebAssembly, where `highWord(x)` is
// `i32.wrap(i64.reinterpret(x) >> 32)`. JavaScript engines run on little-endian machines only.

const scratch = new Float64Array(1);
const words = new Int32Array(scratch.buffer);

/** Sign, 11 bits of exponent, and the 20 leading bits of the fraction. */
export function highWord(x: number): number {
  scratch[0] = x;
  return words[1];
}

/** The 32 trailing bits of the fraction. */
export function lowWord(x: number): number {
  scratch[0] = x;
  return words[0];
}

/** x with the sign, exponent and leading fraction bits of `high`. */
export function withHighWord(x: number, high: number): number {
  scratch[0] = x;
  words[1] = high;
  return scratch[0];
}

/** x with its 27 trailing fraction bits cleared: the square of the result is exact. */
export function leadingHalf(x: number): number {
  scratch[0] = x;
  words[0] &= 0xf8000000;
  return scratch[0];
}

/** 2ⁿ for −1022 ≤ n ≤ 1023. */
export function powerOfTwo(n: number): number {
  words[0] = 0;
  words[1] = (n + 1023) << 20;
  return scratch[0];
}

/** x · 2ⁿ for |n| ≤ 2044, rounded once even where the result is subnormal. */
export function scaleByPowerOfTwo(x: number, n: number): number {
  const half = n >> 1;
  return x * powerOfTwo(half) * powerOfTwo(n - half);
}

/** x with the sign of `sign`. */
export function copySign(x: number, sign: number): number {
  const bits = highWord(sign) & 0x80000000;
  return withHighWord(x, (highWord(x) & 0x7fffffff) | bits);
}

/** Adding and subtracting it rounds |x| < 2⁵¹ to the nearest integer, ties to even. */
export const roundingShift = 6755399441055744;

/** Round half to even. */
export function roundHalfEven(x: number): number {
  if (!(x < 2251799813685248 && x > -2251799813685248)) return x;
  return copySign(x + roundingShift - roundingShift, x);
}
