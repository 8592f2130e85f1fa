// sin and cos on [−π/4, π/4], of an angle given as a rounded number and its error.

/** S with sin(x) = x + x³ S(x²) for |x| ≤ π/4: relative error 6e-18. */
export const sinCoefficients: readonly number[] = [
  -0.16666666666666666, 0.008333333333333331, -0.00019841269841265017, 2.755731921930192e-6,
  -2.5052106219521895e-8, 1.6058529572267877e-10, -7.586576588171073e-13,
];
/** C with cos(x) = 1 − x²/2 + x⁴ C(x²) for |x| ≤ π/4: relative error 1e-18. */
export const cosCoefficients: readonly number[] = [
  0.041666666666666664, -0.0013888888888887382, 2.480158729874307e-5, -2.7557317260008837e-7,
  2.0876143827993133e-9, -1.1382456778061306e-11,
];
const [s0, s1, s2, s3, s4, s5, s6] = sinCoefficients;
const [c0, c1, c2, c3, c4, c5] = cosCoefficients;

/** sin(x + tail) − x: add it to x, or keep the two as a pair. */
export function sinRest(x: number, tail: number): number {
  const z = x * x;
  const series = s1 + z * (s2 + z * (s3 + z * (s4 + z * (s5 + z * s6))));
  // sin(x + tail) ≈ sin x + tail (1 − x²/2)
  return z * x * (s0 + z * series) + (tail - 0.5 * z * tail);
}

/** cos(x + tail) − high, where high = fl(1 − x²/2). */
export function cosRest(x: number, tail: number, high: number): number {
  const z = x * x;
  const half = 0.5 * z;
  const series = c0 + z * (c1 + z * (c2 + z * (c3 + z * (c4 + z * c5))));
  return 1 - high - half + (z * z * series - x * tail);
}

export function sinKernel(x: number, tail: number): number {
  return x + sinRest(x, tail);
}

export function cosKernel(x: number, tail: number): number {
  const high = 1 - 0.5 * (x * x);
  return high + cosRest(x, tail, high);
}
