// Inverse sine and cosine.
import { productError, sumError } from "./double-double.ts";
import { polynomial } from "./polynomial.ts";

/** asin(x) = x + x³ P(x²)/Q(x²) for |x| ≤ ½: relative error 2e-18. */
export const asinNumerator: readonly number[] = [
  0.16666666666666666, -0.32506281072499676, 0.20050098243982578, -0.039804643833901816,
  0.0007824047361233684, 3.4197032079123224e-5,
];
export const asinDenominator: readonly number[] = [
  1, -2.4003768643499854, 2.0153183407399062, -0.6850546943675666, 0.07648737359869638,
];

/** π/2 as the sum of two doubles. */
export const piHalfHigh = 1.5707963267948966;
export const piHalfLow = 6.123233995736766e-17;

/** asin(x) − x for |x| ≤ ½. */
function asinRest(x: number): number {
  const z = x * x;
  return (x * z * polynomial(asinNumerator, z)) / polynomial(asinDenominator, z);
}

/** asin x in [−π/2, π/2]; NaN beyond ±1. Largest error seen: 0.62 ulp. */
export function asin(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude <= 0.5) return magnitude < 1e-8 ? x : x + asinRest(x);
  if (!(magnitude <= 1)) return NaN;
  // asin x = π/2 − 2 asin √((1 − x)/2)
  const half = 0.5 * (1 - magnitude);
  const root = Math.sqrt(half);
  const rest = asinRest(root) + rootError(half, root);
  const sum = piHalfHigh - 2 * root;
  const value = sum + (sumError(piHalfHigh, -2 * root, sum) + piHalfLow - 2 * rest);
  return x < 0 ? -value : value;
}

/** acos x in [0, π]; NaN beyond ±1. Largest error seen: 0.61 ulp. */
export function acos(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude <= 0.5) {
    const sum = piHalfHigh - x;
    return sum + (sumError(piHalfHigh, -x, sum) + piHalfLow - asinRest(x));
  }
  if (!(magnitude <= 1)) return NaN;
  const half = 0.5 * (1 - magnitude);
  const root = Math.sqrt(half);
  const rest = asinRest(root) + rootError(half, root);
  if (x > 0) return 2 * (root + rest);
  const pi = 2 * piHalfHigh;
  const sum = pi - 2 * root;
  return sum + (sumError(pi, -2 * root, sum) + 2 * piHalfLow - 2 * rest);
}

/** √x − root */
function rootError(x: number, root: number): number {
  if (root === 0) return 0;
  const square = root * root;
  return (x - square - productError(root, root, square)) / (2 * root);
}
