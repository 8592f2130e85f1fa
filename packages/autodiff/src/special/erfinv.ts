// Inverses of erf and erfc, and the quantile of the normal distribution.
import { log } from "./log.ts";
import { type RationalPiece, rational } from "./polynomial.ts";

/** erfinv(x) / x as a function of 0.5625 − x² for |x| ≤ 0.75. */
export const erfinvCenter: RationalPiece = {
  value: 0.886226925452758,
  numerator: [
    0.19833287134406666, 0.8497853255463975, 0.573875783289188, -2.0087168721236295, -3.6584795618047603,
    -2.128149668981782, -0.43909620608498395, -0.02205344189177648,
  ],
  denominator: [
    1, 7.121354241112377, 19.70783200731746, 26.78300806716227, 18.607684554381887, 6.247619308964538,
    0.8535064285470091, 0.030108495873496597,
  ],
};

/** erfcinv(q) as a function of r = √(−log q): at r = 1.17 + s, at r = 3 + s and at r = 6 + s. */
export const erfinvTailNear: RationalPiece = {
  value: 0.805931467601295,
  numerator: [
    -6.443393807429269e-17, 1.010044331237565, 2.567903251696896, 2.752027710254424, 1.5394496632948644,
    0.45521882378230843, 0.06314943469768247, 0.002999296950271474,
  ],
  denominator: [
    1, 2.4709899390936116, 2.6211794419495837, 1.4664355625638863, 0.43912339034674247, 0.062106082153459474,
    0.0029983968145749725, 1.4613987839978526e-8,
  ],
};
export const erfinvTailMiddle: RationalPiece = {
  value: 2.714760997939285,
  numerator: [
    -1.4925450541477506e-16, 1.0417526212595272, 2.100608592735905, 1.4466046428480999, 0.4654551979469251,
    0.07438484655588312, 0.00550004657613684, 0.00014108574994679224,
  ],
  denominator: [
    1, 2.021641809102101, 1.3991202380258865, 0.45362893219530476, 0.07317612950342114, 0.005461049675031869,
    0.00014107321218686982, 1.0946263834496327e-10,
  ],
};
const tailFar: RationalPiece = {
  value: 5.8013110350155435,
  numerator: [
    1.9221525154825098e-15, 1.0195222519654827, 0.5979765622127788, 0.1394813176639763, 0.016456644836623208,
    0.00103578287556124, 3.3734860254884464e-5, 5.058738946558805e-7, 2.5532687315783364e-9,
  ],
  denominator: [
    1, 0.5886272248902278, 0.13781621360006124, 0.016318979614796, 0.0010303775106521387,
    3.364291517060282e-5, 5.053707336462023e-7, 2.553261198330424e-9, 1.1584652338620192e-17,
  ],
};

/** erfcinv for 0 < q ≤ 0.25. */
function tail(q: number): number {
  const r = Math.sqrt(-log(q));
  if (r < 3) return rational(erfinvTailNear, r - 1.17);
  return r < 6 ? rational(erfinvTailMiddle, r - 3) : rational(tailFar, r - 6);
}

/** y with erf(y) = x; ±∞ at ±1, NaN beyond. Largest error seen: 2.5 ulp. */
export function erfinv(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude <= 0.75) return x * rational(erfinvCenter, 0.5625 - x * x);
  if (!(magnitude <= 1)) return NaN;
  const value = magnitude === 1 ? Infinity : tail(1 - magnitude);
  return x < 0 ? -value : value;
}

/** y with erfc(y) = q for 0 ≤ q ≤ 2, accurate for the smallest q. Largest error seen: 2.5 ulp. */
export function erfcinv(q: number): number {
  if (!(q >= 0 && q <= 2)) return NaN;
  if (q <= 0.25) return q === 0 ? Infinity : tail(q);
  if (q < 1.75) return erfinv(1 - q);
  return q === 2 ? -Infinity : -tail(2 - q);
}

/** z with Φ(z) = p for 0 ≤ p ≤ 1. */
export function normalQuantile(p: number): number {
  return -Math.SQRT2 * erfcinv(2 * p);
}
