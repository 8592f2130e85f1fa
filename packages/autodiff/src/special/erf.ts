// The error function, its complement, and the scaled complement.
import { productError } from "./double-double.ts";
import { exp, expSum } from "./exp.ts";
import { type RationalPiece, polynomial, rational } from "./polynomial.ts";
import { leadingHalf } from "./words.ts";

/** P with erf(x) = x + x P(x²) for |x| < 0.84375: relative error 2e-17. */
export const erfSmall: readonly number[] = [
  0.12837916709551256, -0.376126389031834, 0.11283791670935311, -0.02686617064077985, 0.005223977576377844,
  -0.000854832379116413, 0.00012055199941321885, -1.4922121574443055e-5, 1.640162967934702e-6,
  -1.571446067260244e-7, 1.0726571432176348e-8,
];

/** erf(1 + s) for 0.84375 ≤ 1 + s < 1.25. */
export const erfNearOne: RationalPiece = {
  value: 0.8427007929497149,
  numerator: [
    -2.460158161960648e-17, 0.41510749742059483, -0.370827420319971, 0.3176643141550747, -0.11011118940568566,
    0.03522857974549304, -0.0021103854817379713,
  ],
  denominator: [
    1, 0.10667134989315517, 0.5385959705333493, 0.07111273013053435, 0.12533500935482428,
    0.013448268959373899, 0.011890635173064646,
  ],
};

/** x erfcx(x) at x = 1.25 + s for 0 ≤ s < 0.75. */
export const erfcxMiddle: RationalPiece = {
  value: 0.4597786455654514,
  numerator: [
    -2.7581229482239154e-17, 0.10679557149659874, 0.11593617323773073, 0.05628131105328605,
    0.014764923639892805, 0.002074438144110642, 0.00012417287492370104,
  ],
  denominator: [
    1, 1.790931797557574, 1.3780050721242962, 0.5845639739993584, 0.14463797870913958, 0.019866988572084552,
    0.001189313204209982,
  ],
};

/** x erfcx(x) at x = 2 + s for 0 ≤ s < 2. */
export const erfcxFar: RationalPiece = {
  value: 0.5107913526210115,
  numerator: [
    -6.914328356187256e-18, 0.041802752603526255, 0.04364160212572555, 0.019560720230537457,
    0.004642461269913175, 0.000579924846720824, 3.036224321965428e-5,
  ],
  denominator: [
    1, 1.5987597612535143, 1.0945693433386392, 0.4116682128396197, 0.08994482276552003, 0.010860340559153407,
    0.0005686011674091062,
  ],
};

/** x erfcx(x) as a function of 1/x² for x ≥ 4. */
export const erfcxTail: RationalPiece = {
  value: 0.5641895835477563,
  numerator: [
    6.885733952003639e-18, -0.2820947917738766, -8.077368828830165, -78.07359834724812, -304.5770110479448,
    -443.2258099940725, -162.56090003741207,
  ],
  denominator: [
    1, 30.133526971685633, 318.21399054762, 1457.1426517899436, 2900.0461588501657, 2183.6872868854584,
    408.1226055839355,
  ],
};

/** x e^(x²) erfc(x) for x ≥ 1.25. */
function scaledTail(x: number): number {
  if (x < 2) return rational(erfcxMiddle, x - 1.25);
  if (x < 4) return rational(erfcxFar, x - 2);
  return rational(erfcxTail, 1 / (x * x));
}

/** e^(−x²) to half an ulp: x² is split so that its leading part is exact. */
export function expNegativeSquare(x: number): number {
  const high = leadingHalf(x);
  return expSum(-(high * high), -(x - high) * (x + high));
}

/** erfc(x) for 0 ≤ x < 1.25 or erfc's tail above. */
function erfcPositive(x: number): number {
  if (x < 0.25) return 1 - (x + x * polynomial(erfSmall, x * x));
  if (x < 0.84375) {
    // 1 − erf x = ½ + (½ − x − x P), where ½ − x is exact
    return 0.5 + (0.5 - x - x * polynomial(erfSmall, x * x));
  }
  if (x < 1.25) {
    const s = x - 1;
    return 1 - erfNearOne.value - polynomial(erfNearOne.numerator, s) / polynomial(erfNearOne.denominator, s);
  }
  if (x > 27.3) return 0;
  // exp(−x²) · (tail / x), with the error of the quotient
  const tail = scaledTail(x);
  const quotient = tail / x;
  const product = quotient * x;
  const rest = (tail - product - productError(quotient, x, product)) / x;
  const decay = expNegativeSquare(x);
  return decay * quotient + decay * rest;
}

/** (2/√π) ∫₀ˣ exp(−t²) dt. Largest error seen: 0.77 ulp. */
export function erf(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude < 0.84375) return x + x * polynomial(erfSmall, x * x);
  let value = 1;
  if (magnitude < 1.25) value = rational(erfNearOne, magnitude - 1);
  else if (magnitude < 6) value = 1 - erfcPositive(magnitude);
  else if (x !== x) return x;
  return x < 0 ? -value : value;
}

/** 1 − erf(x), accurate far into the tail; 0 beyond 27.3. Largest error seen: 2.2 ulp. */
export function erfc(x: number): number {
  if (x !== x) return x;
  if (x >= 0) return erfcPositive(x);
  if (x > -0.84375) return 1 - (x + x * polynomial(erfSmall, x * x));
  return x > -6 ? 2 - erfcPositive(-x) : 2;
}

/** e^(x²) erfc(x): erfc without its underflow. ∞ below −26.6. */
export function erfcx(x: number): number {
  if (x >= 1.25) return scaledTail(x) / x;
  if (x < -26.7) return Infinity;
  if (x !== x) return x;
  const high = leadingHalf(x);
  const growth = x * x < 1e-20 ? exp(x * x) : expSum(high * high, (x - high) * (x + high));
  return growth * erfc(x);
}
