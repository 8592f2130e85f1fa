// The logarithm as the sum of two doubles: 66 bits, what pow needs.
import { productError, sumError } from "./double-double.ts";
import { highWord, withHighWord } from "./words.ts";

/** A number high + low with |low| ≤ ½ ulp(high). */
export interface Pair {
  high: number;
  low: number;
}

/** R with log((1 + s)/(1 − s)) = 2s + ⅔ s³ + s⁵ R(s²) for |s| ≤ (√2 − 1)/(√2 + 1): relative error 1e-20. */
export const logPairCoefficients: readonly number[] = [
  0.4, 0.28571428571429375, 0.22222222221649277, 0.18181818336889324, 0.15384594802772, 0.13334813373687013,
  0.11706004128016817, 0.11725604536475413,
];
const [r0, r1, r2, r3, r4, r5, r6, r7] = logPairCoefficients;

export const twoThirdsHigh = 0.6666666666666666;
export const twoThirdsLow = 3.700743415417188e-17;
/** ln 2 in two parts: the first has 42 bits, so that k times it is exact for |k| < 2¹¹. */
export const ln2High42 = 0.6931471805598903;
export const ln2Low42 = 5.497923018708371e-14;

/** log x for finite x > 0, into `out`. Relative error 2⁻⁶⁶. */
export function logPair(x: number, out: Pair): void {
  let scaled = x;
  let k = 0;
  let word = highWord(x);
  if (word < 0x00100000) {
    scaled = x * 18014398509481984;
    word = highWord(scaled);
    k = -54;
  }
  const exponent = (word - 0x3fe6a09e) >> 20;
  k += exponent;
  const f = withHighWord(scaled, word - (exponent << 20)) - 1;
  // s = f / (2 + f) as a pair
  const sum = 2 + f;
  const sumRest = 2 - sum + f;
  const s = f / sum;
  const back = s * sum;
  const sLow = (f - back - productError(s, sum, back) - s * sumRest) / sum;
  const z = s * s;
  const zLow = productError(s, s, z) + 2 * s * sLow;
  const cube = s * z;
  const cubeLow = productError(s, z, cube) + (s * zLow + sLow * z);
  // ⅔ s³ as a pair
  const third = cube * twoThirdsHigh;
  const thirdLow = productError(cube, twoThirdsHigh, third) + (cube * twoThirdsLow + cubeLow * twoThirdsHigh);
  const series = r0 + z * (r1 + z * (r2 + z * (r3 + z * (r4 + z * (r5 + z * (r6 + z * r7))))));
  const rest = z * cube * series;
  const base = k * ln2High42;
  const first = base + 2 * s;
  const second = first + third;
  const low =
    sumError(base, 2 * s, first) +
    sumError(first, third, second) +
    (thirdLow + 2 * sLow + k * ln2Low42 + rest);
  const high = second + low;
  out.high = high;
  out.low = second - high + low;
}
