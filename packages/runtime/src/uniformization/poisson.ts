// Poisson weights in Loader's saddle-point form: relative errors of a few units in the last place at any mean.
import { special } from "@phxlang/autodiff";

/** log(n!) − log(√(2πn) (n/e)ⁿ) for n = 0 … 15. */
const smallStirlingErrors = Float64Array.of(
  0,
  0.08106146679532726,
  0.0413406959554093,
  0.02767792568499834,
  0.020790672103765093,
  0.016644691189821193,
  0.013876128823070748,
  0.01189670994589177,
  0.010411265261972096,
  0.009255462182712733,
  0.00833056343336287,
  0.007573675487951841,
  0.00694284010720953,
  0.006408994188004207,
  0.0059513701127588475,
  0.005554733551962801,
);

/** Error of Stirling's formula for log n!, n a whole number: log n! = n log n − n + ½ log(2πn) + δ(n). */
export function stirlingError(n: number): number {
  if (n < smallStirlingErrors.length) return smallStirlingErrors[n];
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** The deviance k log(k/λ) + λ − k ≥ 0, without cancellation near k = λ. */
export function deviance(k: number, mean: number): number {
  const difference = k - mean;
  if (Math.abs(difference) >= 0.1 * (k + mean)) return k * special.log(k / mean) + mean - k;
  const v = difference / (k + mean);
  let sum = difference * v;
  let term = 2 * k * v;
  const square = v * v;
  for (let j = 1; j < 1000; j++) {
    term *= square;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** log of the Poisson probability of k (a whole number ≥ 0) at mean ≥ 0. */
export function logPoisson(k: number, mean: number): number {
  if (mean === 0) return k === 0 ? 0 : -Infinity;
  if (k === 0) return -mean;
  return -stirlingError(k) - deviance(k, mean) - 0.5 * special.log(2 * Math.PI * k);
}
