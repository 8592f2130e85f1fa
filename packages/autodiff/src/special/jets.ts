// Truncated Taylor series in one or two small variables: arithmetic that carries derivatives along.
//
// A jet is a Float64Array of Taylor coefficients, entry p that of ε₁^i ε₂^j with (i, j) = monomials[p]; monomials are
// sorted by total degree, so entry 0 is the value.
import { exp } from "./exp.ts";

export type Jet = Float64Array;

export interface JetAlgebra {
  readonly monomials: readonly (readonly [number, number])[];
  /** value + (coefficient of ε₁) ε₁ + (coefficient of ε₂) ε₂ */
  linear(value: number, first: number, second: number): Jet;
  add(a: Jet, b: Jet): Jet;
  multiply(a: Jet, b: Jet): Jet;
  divide(a: Jet, b: Jet): Jet;
  exponential(a: Jet): Jet;
  /** The partial derivative of order (i, j): i! j! times a coefficient. */
  derivative(a: Jet, i: number, j: number): number;
}

/** Series up to total degree `degree` in one or two variables. */
export function jetAlgebra(variables: 1 | 2, degree: number): JetAlgebra {
  const monomials: (readonly [number, number])[] = [];
  for (let d = 0; d <= degree; d++) {
    for (let j = 0; j <= (variables === 2 ? d : 0); j++) monomials.push([d - j, j]);
  }
  const indexOf = (i: number, j: number): number => monomials.findIndex(([p, q]) => p === i && q === j);
  // Triples (p, q, r): monomial p times monomial q is monomial r; sorted by r.
  const triples: number[] = [];
  for (let r = 0; r < monomials.length; r++) {
    for (let p = 0; p <= r; p++) {
      const q = indexOf(monomials[r][0] - monomials[p][0], monomials[r][1] - monomials[p][1]);
      if (q >= 0) triples.push(p, q, r);
    }
  }
  const size = monomials.length;
  const multiply = (a: Jet, b: Jet): Jet => {
    const out = new Float64Array(size);
    for (let t = 0; t < triples.length; t += 3) out[triples[t + 2]] += a[triples[t]] * b[triples[t + 1]];
    return out;
  };
  return {
    monomials,
    linear(value, first, second) {
      const out = new Float64Array(size);
      out[0] = value;
      if (size > 1) out[indexOf(1, 0)] = first;
      if (variables === 2 && size > 1) out[indexOf(0, 1)] = second;
      return out;
    },
    add: (a, b) => a.map((value, p) => value + b[p]),
    multiply,
    divide(a, b) {
      const out = a.slice();
      for (let r = 0, t = 0; r < size; r++) {
        for (; t < triples.length && triples[t + 2] === r; t += 3) {
          if (triples[t] > 0) out[r] -= b[triples[t]] * out[triples[t + 1]];
        }
        out[r] /= b[0];
      }
      return out;
    },
    exponential(a) {
      // e^(a₀) (1 + n + n²/2 + …), with n nilpotent
      const nilpotent = a.slice();
      nilpotent[0] = 0;
      let power = new Float64Array(size);
      power[0] = exp(a[0]);
      const sum = power.slice();
      for (let k = 1; k <= degree; k++) {
        power = multiply(power, nilpotent).map((value) => value / k);
        for (let p = 0; p < size; p++) sum[p] += power[p];
      }
      return sum;
    },
    derivative(a, i, j) {
      let factor = 1;
      for (let k = 2; k <= i; k++) factor *= k;
      for (let k = 2; k <= j; k++) factor *= k;
      return factor * a[indexOf(i, j)];
    },
  };
}
