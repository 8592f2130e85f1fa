// Polynomials by Horner's rule: one multiplication and one addition a step, from the highest coefficient down.

/** c[0] + c[1] x + … ; the order of operations is part of the meaning, since it fixes the bits. */
export function polynomial(coefficients: readonly number[], x: number): number {
  let sum = coefficients[coefficients.length - 1];
  for (let i = coefficients.length - 2; i >= 0; i -= 1) sum = sum * x + coefficients[i];
  return sum;
}

/** value + P(x) / Q(x), the form of all rational approximations here: `value` is a double near the function. */
export interface RationalPiece {
  readonly value: number;
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

export function rational(piece: RationalPiece, x: number): number {
  return piece.value + polynomial(piece.numerator, x) / polynomial(piece.denominator, x);
}
