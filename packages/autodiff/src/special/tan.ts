// Tangent of angles in radians.
import { productError } from "./double-double.ts";
import { type ReducedAngle, reduceAngle } from "./reduce-angle.ts";
import { cosRest, sinRest } from "./sine-kernel.ts";

const angle: ReducedAngle = { quadrant: 0, remainder: 0, tail: 0 };

/** tan x for every finite x: the quotient of sine and cosine, each kept as a pair. Largest error seen: 0.85 ulp. */
export function tan(x: number): number {
  if (x < 1e-8 && x > -1e-8) return x;
  if (!(x - x === 0)) return NaN;
  reduceAngle(x, angle);
  const r = angle.remainder;
  const sinLow = sinRest(r, angle.tail);
  const cosHigh = 1 - 0.5 * (r * r);
  const cosLow = cosRest(r, angle.tail, cosHigh);
  return (angle.quadrant & 1) === 0
    ? quotient(r, sinLow, cosHigh, cosLow)
    : -quotient(cosHigh, cosLow, r, sinLow);
}

/** (a + aLow) / (b + bLow) with |aLow| ≪ |a|, |bLow| ≪ |b|. */
function quotient(aTop: number, aRest: number, bTop: number, bRest: number): number {
  const a = aTop + aRest;
  const aLow = aTop - a + aRest;
  const b = bTop + bRest;
  const bLow = bTop - b + bRest;
  const q = a / b;
  const product = q * b;
  const residual = a - product - productError(q, b, product) + aLow - q * bLow;
  return q + residual / b;
}
