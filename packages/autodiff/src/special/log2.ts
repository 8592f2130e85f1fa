// Logarithms to the bases 2 and 10.
import { productError } from "./double-double.ts";
import { type Pair, logPair } from "./log-pair.ts";

/** What log₂ e and log₁₀ e are beyond their doubles. */
export const log2eLow = 2.0355273740931033e-17;
export const log10eLow = 1.098319650216765e-17;

const logarithm: Pair = { high: 0, low: 0 };

/** log₂ x, exact at powers of two. Largest error seen: 0.51 ulp. */
export function log2(x: number): number {
  return scaledLog(x, Math.LOG2E, log2eLow);
}

/** log₁₀ x, exact at powers of ten. Largest error seen: 0.51 ulp. */
export function log10(x: number): number {
  return scaledLog(x, Math.LOG10E, log10eLow);
}

/** log x · (factor + factorLow) */
function scaledLog(x: number, factor: number, factorLow: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  logPair(x, logarithm);
  const product = logarithm.high * factor;
  const rest = productError(logarithm.high, factor, product);
  return product + (rest + (logarithm.low * factor + logarithm.high * factorLow));
}
