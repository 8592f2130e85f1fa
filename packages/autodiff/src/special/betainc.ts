// The regularized incomplete beta function I_x(a, b) and its derivatives in a and b.
import { digamma, polygamma } from "./digamma.ts";
import { exp } from "./exp.ts";
import type { Jet, JetAlgebra } from "./jets.ts";
import { jetAlgebra } from "./jets.ts";
import { lgamma } from "./lgamma.ts";
import { bd0, stirlerr } from "./loader.ts";
import { log } from "./log.ts";
import { log1p } from "./log1p.ts";

/** x^a (1 − x)^b / B(a, b), for 0 < x < 1; y = 1 − x. */
function betaWeight(a: number, b: number, x: number, y: number): number {
  if (a < 1 || b < 1) {
    const logY = x < 0.5 ? log1p(-x) : log(y);
    return exp(a * log(x) + b * logY + lgamma(a + b) - lgamma(a) - lgamma(b));
  }
  // Γ(a + b)/(Γ(a) Γ(b)) = a b/(a + b) · (a + b)!/(a! b!), and the binomial probability by deviances
  const n = a + b;
  const exponent = stirlerr(n) - stirlerr(a) - stirlerr(b) - bd0(a, n * x) - bd0(b, n * y);
  return Math.sqrt((a * b) / (2 * Math.PI * n)) * exp(exponent);
}

/** Whether the continued fraction of I_x(a, b) converges fast; else that of I_y(b, a) does. */
function isFast(a: number, b: number, x: number): boolean {
  return x <= (a + 1) / (a + b + 2);
}

/** I_x(a, b) = ∫₀ˣ t^(a−1) (1 − t)^(b−1) dt / B(a, b), for a, b > 0 and 0 ≤ x ≤ 1; NaN elsewhere. Relative error below 1e-13. */
export function betainc(a: number, b: number, x: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return NaN;
  if (x === 0 || x === 1) return x;
  const y = 1 - x;
  const weight = betaWeight(a, b, x, y);
  return isFast(a, b, x) ? (weight / a) * fraction(a, b, x) : 1 - (weight / b) * fraction(b, a, y);
}

/** 1/(1 + d₁/(1 + d₂/(1 + …))) by Lentz: I_x(a, b) is it times weight / a. */
function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; ; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    h *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    const factor = c * d;
    h *= factor;
    if (factor - 1 < 2.3e-16 && 1 - factor < 2.3e-16) return h;
  }
}

/** Highest total order of derivatives in a and b. */
export const betaincMaximalOrder = 2;
const algebras: readonly JetAlgebra[] = [0, 1, 2].map((degree) => jetAlgebra(2, degree));

/** ∂^(i+j) I_x(a, b) / ∂a^i ∂b^j for 1 ≤ i + j ≤ 2. */
export function betaincDerivative(i: number, j: number, a: number, b: number, x: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return NaN;
  if (x === 0 || x === 1) return 0;
  // I_x(a, b) = 1 − I_y(b, a)
  if (!isFast(a, b, x)) return -fastDerivative(j, i, b, a, 1 - x, x);
  return fastDerivative(i, j, a, b, x, 1 - x);
}

function fastDerivative(i: number, j: number, a: number, b: number, x: number, y: number): number {
  const algebra = algebras[i + j];
  const { monomials } = algebra;
  const first = algebra.linear(a, 1, 0);
  const second = algebra.linear(b, 0, 1);
  // log of x^a y^b / B(a, b), relative to its value: derivatives of log Γ(a + b) − log Γ(a) − log Γ(b)
  const logarithm = monomials.map(([p, q]) => {
    if (p + q === 0) return 0;
    const psi = (z: number): number => (p + q === 1 ? digamma(z) : polygamma(1, z));
    const symmetric = psi(a + b);
    if (p + q === 1) return p === 1 ? log(x) + symmetric - psi(a) : log(y) + symmetric - psi(b);
    if (p === 1) return symmetric;
    return 0.5 * (symmetric - psi(p === 2 ? a : b));
  });
  const weight = algebra.divide(algebra.exponential(Float64Array.from(logarithm)), first);
  const jet = algebra.multiply(weight, fractionJet(algebra, first, second, x));
  return betaWeight(a, b, x, y) * algebra.derivative(jet, i, j);
}

function fractionJet(algebra: JetAlgebra, a: Jet, b: Jet, x: number): Jet {
  const one = algebra.linear(1, 0, 0);
  const shift = (jet: Jet, by: number): Jet => jet.map((value, p) => (p === 0 ? value + by : value));
  const scale = (jet: Jet, by: number): Jet => jet.map((value) => value * by);
  const total = algebra.add(a, b);
  let c = one;
  let d = algebra.divide(one, shift(scale(algebra.divide(total, shift(a, 1)), -x), 1));
  let h = d;
  for (let m = 1; ; m++) {
    const middle = shift(a, 2 * m);
    const even = algebra.divide(scale(shift(b, -m), m * x), algebra.multiply(shift(a, 2 * m - 1), middle));
    d = algebra.divide(one, shift(algebra.multiply(even, d), 1));
    c = shift(algebra.divide(even, c), 1);
    h = algebra.multiply(h, algebra.multiply(c, d));
    const odd = algebra.divide(
      scale(algebra.multiply(shift(a, m), shift(total, m)), -x),
      algebra.multiply(middle, shift(a, 2 * m + 1)),
    );
    d = algebra.divide(one, shift(algebra.multiply(odd, d), 1));
    c = shift(algebra.divide(odd, c), 1);
    const factor = algebra.multiply(c, d);
    h = algebra.multiply(h, factor);
    if (factor.every((value, p) => Math.abs(value - one[p]) < 1e-15)) return h;
  }
}
