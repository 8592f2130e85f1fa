// The scalar operations of the language: one table of names, arities and meanings on numbers.
import { special } from "@phxlang/autodiff";

export type ScalarOperation =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "neg"
  | "pow"
  | "exp"
  | "log"
  | "sqrt"
  | "abs"
  | "min"
  | "max"
  | "floor"
  | "ceil"
  | "quotient"
  | "remainder"
  | "choose"
  | "factorial"
  | "less"
  | "lessEqual"
  | "equal"
  | "not"
  | "and"
  | "or"
  | "if";

/** Yes/no is 1 and 0; enum values are their positions from 0. */
interface OperationRule {
  readonly arity: 1 | 2 | 3;
  evaluate(a: number, b: number, c: number): number;
}

export const scalarOperations: Readonly<Record<ScalarOperation, OperationRule>> = {
  add: { arity: 2, evaluate: (a, b) => a + b },
  sub: { arity: 2, evaluate: (a, b) => a - b },
  mul: { arity: 2, evaluate: (a, b) => a * b },
  div: { arity: 2, evaluate: (a, b) => a / b },
  neg: { arity: 1, evaluate: (a) => -a },
  pow: { arity: 2, evaluate: (a, b) => special.pow(a, b) },
  exp: { arity: 1, evaluate: (a) => special.exp(a) },
  log: { arity: 1, evaluate: (a) => special.log(a) },
  sqrt: { arity: 1, evaluate: (a) => Math.sqrt(a) },
  abs: { arity: 1, evaluate: (a) => Math.abs(a) },
  min: { arity: 2, evaluate: (a, b) => Math.min(a, b) },
  max: { arity: 2, evaluate: (a, b) => Math.max(a, b) },
  floor: { arity: 1, evaluate: (a) => Math.floor(a) },
  ceil: { arity: 1, evaluate: (a) => Math.ceil(a) },
  quotient: { arity: 2, evaluate: (a, b) => Math.floor(a / b) },
  remainder: { arity: 2, evaluate: (a, b) => a - b * Math.floor(a / b) },
  choose: { arity: 2, evaluate: (a, b) => choose(a, b) },
  factorial: { arity: 1, evaluate: (a) => factorial(a) },
  less: { arity: 2, evaluate: (a, b) => (a < b ? 1 : 0) },
  lessEqual: { arity: 2, evaluate: (a, b) => (a <= b ? 1 : 0) },
  equal: { arity: 2, evaluate: (a, b) => (a === b ? 1 : 0) },
  not: { arity: 1, evaluate: (a) => 1 - a },
  and: { arity: 2, evaluate: (a, b) => a * b },
  or: { arity: 2, evaluate: (a, b) => (a + b > 0 ? 1 : 0) },
  /** a ? b : c */
  if: { arity: 3, evaluate: (a, b, c) => (a === 0 ? c : b) },
};

/** The value of an operation; operands beyond its arity are not read. */
export function applyOperation(operation: ScalarOperation, a: number, b: number, c: number): number {
  return scalarOperations[operation].evaluate(a, b, c);
}

export function arityOf(operation: ScalarOperation): number {
  return scalarOperations[operation].arity;
}

/**
 * Number of ways to choose k of n: 0 for k < 0 or k > n, exact while it is below 2^53. The loop ends early: for
 * k ≤ n / 2 each step at least doubles the value, so after 1,024 steps it is Infinity.
 */
export function choose(n: number, k: number): number {
  if (Number.isNaN(n) || Number.isNaN(k)) return Number.NaN;
  if (k < 0 || k > n) return 0;
  const steps = Math.min(k, n - k);
  let ways = 1;
  for (let step = 1; step <= steps && ways < Infinity; step++) {
    const factor = n - steps + step;
    const product = ways * factor;
    if (product < 2 ** 53 || !Number.isInteger(n)) {
      ways = product / step;
    } else {
      // The product has lost digits: divide what divides before multiplying.
      const common = gcd(ways, step);
      ways = (ways / common) * (factor / (step / common));
    }
  }
  return ways < 2 ** 53 ? Math.round(ways) : ways;
}

function gcd(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

/** n! for a whole number n ≥ 0: Infinity above 170, not a number below 0. */
export function factorial(n: number): number {
  if (!(n >= 0)) return Number.NaN;
  if (n > 170) return Infinity;
  let product = 1;
  for (let factor = 2; factor <= n; factor++) product *= factor;
  return product;
}
