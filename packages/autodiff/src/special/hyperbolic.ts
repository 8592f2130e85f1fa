// Hyperbolic functions and their inverses.
import { exp } from "./exp.ts";
import { expm1 } from "./expm1.ts";
import { log } from "./log.ts";
import { log1p } from "./log1p.ts";

const ln2 = Math.LN2;

/** Largest error seen: 1.4 ulp. */
export function sinh(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude < 1e-8) return x;
  if (magnitude > 709) {
    // e^x overflows before sinh does
    const root = exp(0.5 * magnitude);
    const large = 0.5 * root * root;
    return x < 0 ? -large : large;
  }
  if (magnitude > 22) {
    const large = 0.5 * exp(magnitude);
    return x < 0 ? -large : large;
  }
  const t = expm1(magnitude);
  const value = magnitude < 1 ? 0.5 * (2 * t - (t * t) / (t + 1)) : 0.5 * (t + t / (t + 1));
  return x < 0 ? -value : value;
}

/** Largest error seen: 0.97 ulp. */
export function cosh(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude > 709) {
    const root = exp(0.5 * magnitude);
    return 0.5 * root * root;
  }
  if (magnitude < 0.34657359027997264) {
    const t = expm1(magnitude);
    return 1 + (t * t) / (2 * (1 + t));
  }
  const t = exp(magnitude);
  return 0.5 * t + 0.5 / t;
}

/** Largest error seen: 2.0 ulp. */
export function tanh(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude < 1e-8) return x;
  let value = 1;
  if (magnitude < 1) {
    const t = expm1(-2 * magnitude);
    value = -t / (t + 2);
  } else if (magnitude < 22) value = 1 - 2 / (expm1(2 * magnitude) + 2);
  else if (x !== x) return x;
  return x < 0 ? -value : value;
}

/** log(x + √(x² + 1)). Largest error seen: 1.4 ulp. */
export function asinh(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude < 1e-8 || !(x - x === 0)) return x;
  let value = 0;
  if (magnitude > 268435456) value = log(magnitude) + ln2;
  else if (magnitude > 2) value = log(2 * magnitude + 1 / (Math.sqrt(magnitude * magnitude + 1) + magnitude));
  else {
    const square = magnitude * magnitude;
    value = log1p(magnitude + square / (1 + Math.sqrt(1 + square)));
  }
  return x < 0 ? -value : value;
}

/** log(x + √(x² − 1)); NaN below 1. Largest error seen: 1.3 ulp. */
export function acosh(x: number): number {
  if (!(x >= 1)) return NaN;
  if (x > 268435456) return log(x) + ln2;
  if (x > 2) return log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
  const t = x - 1;
  return log1p(t + Math.sqrt(2 * t + t * t));
}

/** ½ log((1 + x)/(1 − x)); ±∞ at ±1, NaN beyond. Largest error seen: 1.3 ulp. */
export function atanh(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude < 1e-8) return x;
  if (!(magnitude <= 1)) return NaN;
  const doubled = magnitude + magnitude;
  const value =
    magnitude < 0.5
      ? 0.5 * log1p(doubled + (doubled * magnitude) / (1 - magnitude))
      : 0.5 * log1p(doubled / (1 - magnitude));
  return x < 0 ? -value : value;
}
