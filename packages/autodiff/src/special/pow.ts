// x to the power y, with IEEE 754's special cases.
import { productError } from "./double-double.ts";
import { expSum } from "./exp.ts";
import { type Pair, logPair } from "./log-pair.ts";

const logarithm: Pair = { high: 0, low: 0 };

/**
 * x^y. As in C and NumPy, and unlike JavaScript's `**`: 1^y = 1 for every y, and (−1)^±∞ = 1. NaN for x < 0 and a
 * fractional y. Largest error seen: 0.87 ulp.
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (x !== x || y !== y) return NaN;
  const base = x < 0 ? -x : x;
  if (y === Infinity || y === -Infinity) {
    if (base === 1) return 1;
    return base > 1 === y > 0 ? Infinity : 0;
  }
  const odd = isOddInteger(y);
  const negative = odd && (x < 0 || 1 / x < 0);
  if (base === 0 || base === Infinity) {
    const magnitude = (base === 0) === y > 0 ? 0 : Infinity;
    return negative ? -magnitude : magnitude;
  }
  if (x < 0 && y !== Math.floor(y)) return NaN;
  const magnitude = positivePow(base, y);
  return negative ? -magnitude : magnitude;
}

/** Finite x > 0, finite y. */
function positivePow(x: number, y: number): number {
  if (x === 1) return 1;
  logPair(x, logarithm);
  const product = y * logarithm.high;
  if (product > 710) return Infinity;
  if (product < -746) return 0;
  if (product < 1e-20 && product > -1e-20) return 1;
  return expSum(product, productError(y, logarithm.high, product) + y * logarithm.low);
}

function isOddInteger(y: number): boolean {
  return y === Math.floor(y) && y * 0.5 !== Math.floor(y * 0.5);
}
