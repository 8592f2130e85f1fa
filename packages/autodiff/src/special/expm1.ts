// exp(x) − 1 without cancellation near 0.
import { exp, expQuotient, inverseLn2, ln2High, ln2Low } from "./exp.ts";
import { sumError } from "./double-double.ts";
import { powerOfTwo, roundingShift } from "./words.ts";

/** e^x − 1. Largest error seen: 0.96 ulp. */
export function expm1(x: number): number {
  if (x >= 40) return exp(x) - 1;
  if (x <= -40) return -1;
  if (x < 5.551115123125783e-17 && x > -5.551115123125783e-17) return x;
  const k = x * inverseLn2 + roundingShift - roundingShift;
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const rError = high - r - low;
  // e^r − 1 = r + rest
  const rest = r * r * expQuotient(r) + (rError + rError * r);
  if (k === 0) return r + rest;
  // 2ᵏ (1 + r + rest) − 1 = (2ᵏ − 1) + 2ᵏ r + 2ᵏ rest, the first sum with its error.
  const scale = powerOfTwo(k);
  const base = scale - 1;
  const scaled = scale * r;
  const sum = base + scaled;
  return sum + (sumError(base, scaled, sum) + scale * rest);
}
