// Loader’s saddle-point terms: densities of Poisson, binomial and gamma laws without cancellation of large terms.
import { lgamma, stirlingCoefficients } from "./lgamma.ts";
import { exp } from "./exp.ts";
import { log } from "./log.ts";
import { polynomial } from "./polynomial.ts";

const halfLogTwoPi = 0.9189385332046728;

/** The error of Stirling's formula: log n! − (n + ½) log n + n − ½ log 2π, for n > 0. */
export function stirlerr(n: number): number {
  if (n >= 8) return polynomial(stirlingCoefficients, 1 / (n * n)) / n;
  if (n < 1) return lgamma(n + 1) - (n + 0.5) * log(n) + n - halfLogTwoPi;
  // From n to n + 1 it falls by (n + ½) log((n + 1)/n) − 1 = v²/3 + v⁴/5 + …, v = 1/(2n + 1).
  let sum = 0;
  let m = n;
  while (m < 8) {
    const v = 1 / (2 * m + 1);
    const square = v * v;
    let power = square;
    for (let k = 3; ; k += 2) {
      const next = sum + power / k;
      if (next === sum) break;
      sum = next;
      power *= square;
    }
    m += 1;
  }
  return sum + polynomial(stirlingCoefficients, 1 / (m * m)) / m;
}

/** The deviance x log(x/m) + m − x ≥ 0, for x ≥ 0 and m > 0; accurate where x is close to m. */
export function bd0(x: number, m: number): number {
  if (x === 0) return m;
  const difference = x - m;
  if (Math.abs(difference) < 0.1 * (x + m)) {
    const v = difference / (x + m);
    const square = v * v;
    let sum = difference * v;
    let term = 2 * x * v;
    for (let k = 3; ; k += 2) {
      term *= square;
      const next = sum + term / k;
      if (next === sum) return sum;
      sum = next;
    }
  }
  return x * log(x / m) + m - x;
}

/** m^x e^(−m) / Γ(x + 1), for x ≥ 0 and m > 0: the Poisson probability of x where it is an integer. */
export function poissonDensity(x: number, m: number): number {
  if (x === 0) return exp(-m);
  if (x < 1e-3) return exp(x * log(m) - m - lgamma(x + 1));
  return exp(-stirlerr(x) - bd0(x, m)) / Math.sqrt(2 * Math.PI * x);
}
