// Exact sums and products of two doubles, as a rounded result and its error; no fused multiply-add.

/** 2²⁷ + 1: multiplying by it splits a double into two halves (Veltkamp). */
const splitter = 134217729;

/** The part that `a + b` loses in rounding (Knuth): a + b = fl(a + b) + sumError, exactly. */
export function sumError(a: number, b: number, sum: number): number {
  const bRounded = sum - a;
  return a - (sum - bRounded) + (b - bRounded);
}

/** The part that `a · b` loses in rounding (Dekker); |a|, |b| < 2⁹⁹⁶ and no underflow. */
export function productError(a: number, b: number, product: number): number {
  const aShifted = splitter * a;
  const aHigh = aShifted - (aShifted - a);
  const aLow = a - aHigh;
  const bShifted = splitter * b;
  const bHigh = bShifted - (bShifted - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
