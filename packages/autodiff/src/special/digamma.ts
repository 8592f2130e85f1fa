// The derivatives of log Γ: digamma, trigamma and so on.
import { log } from "./log.ts";
import { type RationalPiece, polynomial, rational } from "./polynomial.ts";
import { cos, sinPi } from "./sin.ts";

/** The positive zero of digamma, as the sum of two doubles. */
export const digammaRootHigh = 1.4616321449683622;
export const digammaRootLow = 9.549995429965697e-17;

/** digamma(x) / (x − root) at x = 1 + s for 0 ≤ s ≤ 1. */
export const digammaNearRoot: RationalPiece = {
  value: 0.9510558760318328,
  numerator: [
    0.29932426147157254, -0.20301457635517178, -0.6105432585771872, -0.32678217489663486, -0.0666951990567986,
    -0.005221255275418949, -0.00011344762903059274,
  ],
  denominator: [
    1, 2.1771665986671342, 1.6630736963665909, 0.5710455727133128, 0.09111902253303285, 0.006100975692434821,
    0.00012043151172286901,
  ],
};

/** B₂ₖ/(2k), k = 1 … 8: the asymptotic series of digamma in 1/x², for x ≥ 10. */
export const digammaAsymptotic: readonly number[] = [
  0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667,
  0.007575757575757576, -0.021092796092796094, 0.08333333333333333, -0.4432598039215686,
];

/** B₂ₖ, k = 1 … 12. */
const bernoulli: readonly number[] = [
  0.16666666666666666, -0.03333333333333333, 0.023809523809523808, -0.03333333333333333, 0.07575757575757576,
  -0.2531135531135531, 1.1666666666666667, -7.092156862745098, 54.971177944862156, -529.1242424242424,
  6192.123188405797, -86580.25311355312,
];

/** Γ′(x)/Γ(x); NaN at the poles 0, −1, −2, …. A few ulp for x > 0, absolutely 1e-15 near its negative zeros. */
export function digamma(x: number): number {
  if (x > 0) return digammaPositive(x);
  if (x !== x || x === Math.floor(x)) return NaN;
  // ψ(x) = ψ(1 − x) − π cot πx
  return digammaPositive(1 - x) - Math.PI * cotPi(x);
}

function digammaPositive(x: number): number {
  if (x >= 10) {
    if (x === Infinity) return x;
    const z = 1 / (x * x);
    return log(x) - 0.5 / x - z * polynomial(digammaAsymptotic, z);
  }
  let shift = 0;
  let y = x;
  while (y > 2) {
    y -= 1;
    shift += 1 / y;
  }
  if (y < 1) {
    shift = -1 / y;
    y += 1;
  }
  return (y - digammaRootHigh - digammaRootLow) * rational(digammaNearRoot, y - 1) + shift;
}

/** cos(πx)/sin(πx) */
function cotPi(x: number): number {
  const r = x - Math.floor(x + 0.5);
  return cos(Math.PI * r) / sinPi(r);
}

/**
 * The derivative of digamma of the given order (0 is digamma, 1 trigamma …). NaN at the poles. Relative error a few
 * ulp for x > 0; by reflection for x < 0, absolutely 1e-14 times the largest term.
 */
export function polygamma(order: number, x: number): number {
  if (order === 0) return digamma(x);
  if (x > 0) return polygammaPositive(order, x);
  if (x !== x || x === Math.floor(x)) return NaN;
  // ψ⁽ⁿ⁾(x) = (−1)ⁿ ψ⁽ⁿ⁾(1 − x) − π dⁿ/dxⁿ cot πx, whose derivatives are polynomials in c = cot πx: c′ = −π (1 + c²).
  let coefficients = [0, 1];
  for (let n = 0; n < order; n++) {
    const next = Array.from({ length: coefficients.length + 1 }, () => 0);
    for (let k = 1; k < coefficients.length; k++) {
      next[k - 1] -= Math.PI * k * coefficients[k];
      next[k + 1] -= Math.PI * k * coefficients[k];
    }
    coefficients = next;
  }
  const reflected = polygammaPositive(order, 1 - x);
  return (order % 2 === 0 ? reflected : -reflected) - Math.PI * polynomial(coefficients, cotPi(x));
}

/** Order n ≥ 1: (−1)ⁿ⁺¹ n! Σ (x + k)⁻ⁿ⁻¹, its far terms by the Euler–Maclaurin series. All terms have one sign. */
function polygammaPositive(order: number, x: number): number {
  let factorial = 1;
  for (let k = 2; k < order; k++) factorial *= k;
  // factorial = (n − 1)!
  let near = 0;
  let y = x;
  while (y < 14 + order) {
    near += reciprocalPower(y, order + 1);
    y += 1;
  }
  const inverseSquare = 1 / (y * y);
  let term = 1;
  let series = 1 + (0.5 * order) / y;
  for (let k = 1; k <= 12; k++) {
    // (2k + n − 1)! / ((2k)! (n − 1)!) y⁻²ᵏ, step by step
    term *= ((2 * k + order - 2) * (2 * k + order - 1) * inverseSquare) / ((2 * k - 1) * (2 * k));
    series += bernoulli[k - 1] * term;
  }
  const sum = factorial * order * near + factorial * series * reciprocalPower(y, order);
  return order % 2 === 1 ? sum : -sum;
}

/** y⁻ⁿ for a small n ≥ 1 */
function reciprocalPower(y: number, n: number): number {
  let power = y;
  for (let k = 1; k < n; k++) power *= y;
  return 1 / power;
}
