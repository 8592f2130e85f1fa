// exp in double precision, and exp of a sum of two doubles.
import { powerOfTwo, roundingShift, scaleByPowerOfTwo } from "./words.ts";

/** ln 2 in two parts: the first has 32 bits, so that k · ln2High is exact for |k| < 2²¹. */
export const ln2High = 0.6931471803691238;
export const ln2Low = 1.9082149292705877e-10;
export const inverseLn2: number = Math.LOG2E;

/** Beyond these the result is ∞ or 0. */
export const expOverflow = 709.782712893384;
export const expUnderflow = -745.1332191019412;

/** Q with exp(r) = 1 + r + r² Q(r) for |r| ≤ ½ ln 2: Chebyshev interpolation, relative error 3e-19. */
export const expCoefficients: readonly number[] = [
  0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326025, 0.001388888888888367,
  0.00019841269875205077, 2.4801587325822283e-5, 2.75572549134867e-6, 2.7557273295539724e-7,
  2.5105419192016337e-8, 2.091483135138041e-9,
];
const [e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10] = expCoefficients;

/** Q(r) above. */
export function expQuotient(r: number): number {
  return (
    e0 +
    r * (e1 + r * (e2 + r * (e3 + r * (e4 + r * (e5 + r * (e6 + r * (e7 + r * (e8 + r * (e9 + r * e10)))))))))
  );
}

/** e^x. Largest error seen: 0.58 ulp, 1 where the result is subnormal. */
export function exp(x: number): number {
  return expSum(x, 0);
}

/**
 * e^(x + tail) for a small correction |tail| ≤ 2⁻²⁰ max(1, |x|). Writes x = k ln 2 + r, so e^x = 2ᵏ e^r, and keeps
 * the rounding error of r and of 1 + r.
 */
export function expSum(x: number, tail: number): number {
  if (!(x <= expOverflow)) return x + (x - x === 0 ? Infinity : 0);
  if (x < expUnderflow) return 0;
  const k = x * inverseLn2 + roundingShift - roundingShift;
  const high = x - k * ln2High;
  const low = k * ln2Low - tail;
  const r = high - low;
  const rError = high - r - low;
  const sum = 1 + r;
  const rest = 1 - sum + r + (r * r * expQuotient(r) + (rError + rError * r));
  const y = sum + rest;
  return k >= -1021 && k <= 1023 ? y * powerOfTwo(k) : scaleByPowerOfTwo(y, k);
}
