// Natural logarithm in double precision.
import { ln2High, ln2Low } from "./exp.ts";
import { highWord, withHighWord } from "./words.ts";

/** R with log((1 + s)/(1 − s)) = 2s + s³ R(s²) for |s| ≤ (√2 − 1)/(√2 + 1): relative error 5e-18. */
export const logCoefficients: readonly number[] = [
  0.666666666666667, 0.3999999999989827, 0.2857142862653362, 0.22222211043776857, 0.18182895750119193,
  0.1533150161114533, 0.1461916613488797,
];
const [l0, l1, l2, l3, l4, l5, l6] = logCoefficients;

export function logSeries(z: number): number {
  return l0 + z * (l1 + z * (l2 + z * (l3 + z * (l4 + z * (l5 + z * l6)))));
}

/** High word of √½, from which the significand is counted: it lies in [√½, √2). */
const sqrtHalfHigh = 0x3fe6a09e;

/** log x; −∞ at 0 and NaN below. Largest error seen: 0.72 ulp. */
export function log(x: number): number {
  let high = highWord(x);
  let scaled = x;
  let k = 0;
  if (high < 0x00100000 || high >= 0x7ff00000) {
    if (x === 0) return -Infinity;
    if (!(x > 0)) return NaN;
    if (x === Infinity) return x;
    // Subnormal: brought into range by 2⁵⁴.
    scaled = x * 18014398509481984;
    high = highWord(scaled);
    k = -54;
  }
  // x = 2ᵏ (1 + f) with √½ ≤ 1 + f < √2
  const shifted = high - sqrtHalfHigh;
  const exponent = shifted >> 20;
  k += exponent;
  const f = withHighWord(scaled, high - (exponent << 20)) - 1;
  return logReduced(k, f, 0);
}

/** k ln 2 + log(1 + f) + tail, with 1 + f in [√½, √2] and f exact. */
export function logReduced(k: number, f: number, tail: number): number {
  // log(1 + f) = f − f²/2 + s (f²/2 + s² R), s = f / (2 + f)
  const s = f / (2 + f);
  const z = s * s;
  const halfSquare = 0.5 * f * f;
  const correction = s * (halfSquare + z * logSeries(z));
  return k * ln2High - (halfSquare - (correction + (k * ln2Low + tail)) - f);
}
