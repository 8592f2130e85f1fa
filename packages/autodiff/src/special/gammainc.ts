// The regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 − P, and their derivatives in a.
import { digamma, polygamma } from "./digamma.ts";
import { expm1 } from "./expm1.ts";
import { exp } from "./exp.ts";
import type { Jet, JetAlgebra } from "./jets.ts";
import { jetAlgebra } from "./jets.ts";
import { lgamma } from "./lgamma.ts";
import { poissonDensity } from "./loader.ts";
import { log } from "./log.ts";

/** P(a, x) = ∫₀ˣ t^(a−1) e^(−t) dt / Γ(a), for a > 0 and x ≥ 0; NaN elsewhere. Relative error below 1e-13. */
export function gammainc(a: number, x: number): number {
  if (!(a > 0 && x >= 0) || a === Infinity) return NaN;
  if (x === 0) return 0;
  if (x === Infinity) return 1;
  return x < a + 1 ? poissonDensity(a, x) * lowerSeries(a, x) : 1 - gammaincc(a, x);
}

/** Q(a, x) = 1 − P(a, x), accurate far into the tail. */
export function gammaincc(a: number, x: number): number {
  if (!(a > 0 && x >= 0) || a === Infinity) return NaN;
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  if (a < 1 && x < 1.1) return smallShapeUpper(a, x);
  if (x < a + 1) return 1 - poissonDensity(a, x) * lowerSeries(a, x);
  return poissonDensity(a, x) * a * upperFraction(a, x);
}

/** Σ xⁿ / ((a + 1) … (a + n)): P is it times the Poisson density x^a e^(−x)/Γ(a + 1). */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; ; n++) {
    term *= x / (a + n);
    const next = sum + term;
    if (next === sum) return sum;
    sum = next;
  }
}

/** 1/(x + 1 − a − 1(1 − a)/(x + 3 − a − …)) by Lentz: Q is it times x^a e^(−x)/Γ(a). */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let d = 1 / b;
  let c = Infinity;
  let h = d;
  for (let n = 1; ; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const factor = c * d;
    h *= factor;
    if (factor - 1 < 2.3e-16 && 1 - factor < 2.3e-16) return h;
  }
}

/** Q for a < 1, x < 1.1, where 1 − P would cancel: 1 − x^a/Γ(1 + a) (1 + a Σ (−x)ⁿ/((a + n) n!)). */
function smallShapeUpper(a: number, x: number): number {
  const logarithm = a * log(x) - lgamma(1 + a);
  let term = 1;
  let sum = 0;
  for (let n = 1; ; n++) {
    term *= -x / n;
    const next = sum + term / (a + n);
    if (next === sum) break;
    sum = next;
  }
  return -expm1(logarithm) - exp(logarithm) * a * sum;
}

/** Highest order of derivatives in a. */
export const gammaincMaximalOrder = 3;
const algebras: readonly JetAlgebra[] = [0, 1, 2, 3].map((degree) => jetAlgebra(1, degree));

/** The derivative of P(a, x) in a of order 1 to 3; that of Q is its negative. */
export function gammaincDerivative(order: number, a: number, x: number): number {
  if (!(a > 0 && x >= 0)) return NaN;
  if (x === 0 || x === Infinity) return 0;
  const algebra = algebras[order];
  const series = x < a + 1;
  const shape = algebra.linear(a, 1, 0);
  const factor = series ? lowerSeriesJet(algebra, shape, x) : upperFractionJet(algebra, shape, x);
  // log of x^a e^(−x)/Γ(a + 1), or over Γ(a), relative to its value at a
  const pole = series ? a + 1 : a;
  const logarithm = new Float64Array(order + 1);
  logarithm[1] = log(x) - digamma(pole);
  let factorial = 1;
  for (let k = 2; k <= order; k++) {
    factorial *= k;
    logarithm[k] = -polygamma(k - 1, pole) / factorial;
  }
  const weight = algebra.exponential(logarithm);
  const scale = poissonDensity(a, x) * (series ? 1 : -a);
  return scale * algebra.derivative(algebra.multiply(weight, factor), order, 0);
}

function lowerSeriesJet(algebra: JetAlgebra, shape: Jet, x: number): Jet {
  let term = algebra.linear(1, 0, 0);
  let sum = term;
  for (let n = 1; ; n++) {
    const divisor = shape.slice();
    divisor[0] += n;
    term = algebra.divide(
      term.map((value) => value * x),
      divisor,
    );
    const next = algebra.add(sum, term);
    if (next.every((value, p) => value === sum[p])) return sum;
    sum = next;
  }
}

function upperFractionJet(algebra: JetAlgebra, shape: Jet, x: number): Jet {
  const one = algebra.linear(1, 0, 0);
  let b = shape.map((value) => -value);
  b[0] += x + 1;
  let d = algebra.divide(one, b);
  let c: Jet | null = null;
  let h = d;
  for (let n = 1; ; n++) {
    // −n (n − a)
    const numerator = shape.map((value) => n * value);
    numerator[0] -= n * n;
    b = b.slice();
    b[0] += 2;
    d = algebra.divide(one, algebra.add(algebra.multiply(numerator, d), b));
    c = c === null ? b : algebra.add(b, algebra.divide(numerator, c));
    const factor = algebra.multiply(c, d);
    h = algebra.multiply(h, factor);
    if (factor.every((value, p) => Math.abs(value - one[p]) < 4e-16)) return h;
  }
}
