// The logistic function, its inverse, and the logarithm of a sum of exponentials.
import { exp } from "./exp.ts";
import { log } from "./log.ts";
import { log1p } from "./log1p.ts";

/** 1 / (1 + e^(−x)) */
export function expit(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/** log(p / (1 − p)), accurate near ½; ∓∞ at 0 and 1. */
export function logit(p: number): number {
  if (p > 0.25 && p < 0.75) return log1p((2 * p - 1) / (1 - p));
  return log(p / (1 - p));
}

/** log(e^x + e^y) */
export function logaddexp(x: number, y: number): number {
  const larger = x > y ? x : y;
  const difference = x > y ? y - x : x - y;
  // The same infinity twice: the difference is NaN.
  if (x === y) return x + Math.LN2;
  return larger + log1p(exp(difference));
}
