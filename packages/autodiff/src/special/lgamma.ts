// The logarithm of |Γ|.
import { log } from "./log.ts";
import { type Pair, logPair } from "./log-pair.ts";
import { type RationalPiece, polynomial, rational } from "./polynomial.ts";
import { sinPi } from "./sin.ts";

/** lgamma(1 + t) / t for |t| ≤ 0.3. */
export const lgammaNearOne: RationalPiece = {
  value: -0.5772156649015329,
  numerator: [
    4.942915152430645e-18, 0.8224670334241132, 2.4883364242148147, 2.8740107822696035, 1.5777922418583377,
    0.4152048435553576, 0.04576085943011218, 0.0013686427170162975,
  ],
  denominator: [
    1, 3.5126296145557405, 4.876657709448578, 3.390694346081439, 1.2318898912414413, 0.22093445579862017,
    0.016245158604918392, 0.0002863384620838753,
  ],
};

/** lgamma(1.5 + t) for |t| ≤ 0.2. */
export const lgammaMiddle: RationalPiece = {
  value: -0.12078223763524522,
  numerator: [
    -4.20378266960961e-18, 0.03648997397857651, 0.5275525721720821, 0.6674232522224731, 0.2888346685973027,
    0.04549456896461198, 0.0018372902958449582,
  ],
  denominator: [
    1, 1.6484383336381012, 0.9611992436214978, 0.23459369945535205, 0.02157019082619842,
    0.0004555716637251342,
  ],
};

/** lgamma(2 + t) / t for −0.3 ≤ t ≤ 1. */
export const lgammaNearTwo: RationalPiece = {
  value: 0.42278433509846713,
  numerator: [
    4.940277786021082e-18, 0.3224670334241132, 0.46605727739991576, 0.25460993262506704, 0.06525154443670267,
    0.007876621237614002, 0.0003887660871422747, 5.03768003010912e-6,
  ],
  denominator: [
    1, 1.6541522796582, 1.0712415556300534, 0.34342700668315423, 0.056708180960170336, 0.004537846694624619,
    0.00014532296280065154, 1.080557245027616e-6,
  ],
};

/** S with lgamma(x) = (x − ½) log x − x + ½ log 2π + S(1/x²)/x for x ≥ 8: absolute error 5e-17. */
export const stirlingCoefficients: readonly number[] = [
  0.08333333333333333, -0.0027777777777776747, 0.0007936507935117266, -0.0005952380234286479,
  0.000841732526727762, -0.0019149659059377068, 0.006208136501150856, -0.02085581632116246,
];

/** ½ log 2π − ½ */
export const stirlingConstant = 0.4189385332046727;
const logarithm: Pair = { high: 0, low: 0 };
const pi = Math.PI;

/** log |Γ(x)|; ∞ at the poles 0, −1, −2, …; relative error below 2 ulp for x > 0, absolute below 1e-15 · |log Γ| for x < 0. */
export function lgamma(x: number): number {
  if (x > 0) return lgammaPositive(x);
  if (x !== x) return x;
  if (x === -Infinity || x === Math.floor(x)) return Infinity;
  if (x > -1e-18) return -log(-x);
  // Γ(x) Γ(−x) = −π / (x sin πx)
  const sine = sinPi(x) * x;
  return log(pi / (sine < 0 ? -sine : sine)) - lgammaPositive(-x);
}

function lgammaPositive(x: number): number {
  if (x < 0.7) {
    if (x < 1e-18) return -log(x);
    return (x <= 0.3 ? x * rational(lgammaNearOne, x) : rational(lgammaMiddle, x - 0.5)) - log(x);
  }
  if (x <= 3) return lgammaUnitInterval(x);
  if (x < 8) {
    // Γ(x) = (x − 1) (x − 2) … Γ(2 + t), 0 ≤ t < 1
    let product = 1;
    let t = x - 2;
    while (t >= 1) {
      t -= 1;
      product *= t + 2;
    }
    return t * rational(lgammaNearTwo, t) + log(product);
  }
  if (x > 1e306) return x > 2.55e305 ? x * (log(x) - 1) : x;
  const stirling = x < 1e9 ? polynomial(stirlingCoefficients, 1 / (x * x)) / x : 0;
  logPair(x, logarithm);
  return (x - 0.5) * (logarithm.high - 1) + ((x - 0.5) * logarithm.low + (stirlingConstant + stirling));
}

/** lgamma on [0.7, 3], relatively accurate at its zeros 1 and 2. */
function lgammaUnitInterval(x: number): number {
  if (x <= 1.3) return (x - 1) * rational(lgammaNearOne, x - 1) + 0;
  if (x < 1.7) return rational(lgammaMiddle, x - 1.5);
  return (x - 2) * rational(lgammaNearTwo, x - 2) + 0;
}
