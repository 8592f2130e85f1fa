// Sine and cosine of angles in radians.
import { type ReducedAngle, quarterTurn, reduceAngle } from "./reduce-angle.ts";
import { cosKernel, sinKernel } from "./sine-kernel.ts";
import { copySign } from "./words.ts";

const angle: ReducedAngle = { quadrant: 0, remainder: 0, tail: 0 };

/** sin x for every finite x. Largest error seen: 0.67 ulp. */
export function sin(x: number): number {
  if (x <= quarterTurn && x >= -quarterTurn) {
    return x < 1e-8 && x > -1e-8 ? x : sinKernel(x, 0);
  }
  if (!(x - x === 0)) return NaN;
  reduceAngle(x, angle);
  return quadrantSin(angle.quadrant, angle.remainder, angle.tail);
}

/** cos x for every finite x. Largest error seen: 0.71 ulp. */
export function cos(x: number): number {
  if (x <= quarterTurn && x >= -quarterTurn) return cosKernel(x, 0);
  if (!(x - x === 0)) return NaN;
  reduceAngle(x, angle);
  return quadrantSin(angle.quadrant + 1, angle.remainder, angle.tail);
}

/** sin of quadrant · π/2 + remainder + tail. */
function quadrantSin(quadrant: number, remainder: number, tail: number): number {
  const value = (quadrant & 1) === 0 ? sinKernel(remainder, tail) : cosKernel(remainder, tail);
  return (quadrant & 2) === 0 ? value : -value;
}

/** sin(π x), exact at integers and half-integers. */
export function sinPi(x: number): number {
  if (!(x - x === 0)) return NaN;
  // x = n/2 + r with |r| ≤ 1/4, exactly.
  const nearest = Math.floor(2 * x + 0.5);
  const r = x - 0.5 * nearest;
  if (r === 0 && nearest % 2 === 0) return copySign(0, x);
  const quadrant = nearest - 4 * Math.floor(nearest / 4);
  const remainder = r * Math.PI;
  const tail = piTail(r, remainder);
  return quadrantSin(quadrant, remainder, tail);
}

/** r · π − fl(r · π). */
function piTail(r: number, product: number): number {
  // Splits both factors in halves (Dekker).
  const rShifted = 134217729 * r;
  const rHigh = rShifted - (rShifted - r);
  const rLow = r - rHigh;
  const error = rLow * piLow - (product - rHigh * piHigh - rLow * piHigh - rHigh * piLow);
  return error + r * 1.2246467991473532e-16;
}
/** The two halves of the double nearest to π. */
const piHigh = 3.1415926814079285;
const piLow = -2.781813535079891e-8;
