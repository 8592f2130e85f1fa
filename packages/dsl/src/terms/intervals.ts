// Interval arithmetic of the scalar operations: bounds that hold whatever the state and the parameters are.
import { choose, factorial } from "./operations.ts";
import type { ScalarOperation } from "./operations.ts";

/** All values lie in low ≤ x ≤ high; infinite ends are allowed. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export const wholeLine: Interval = { low: -Infinity, high: Infinity };
const truth: Interval = { low: 0, high: 1 };
const yes: Interval = { low: 1, high: 1 };
const no: Interval = { low: 0, high: 0 };

/** Operands beyond the arity are not read. Where nothing is known, the whole line. */
export function intervalOf(operation: ScalarOperation, a: Interval, b: Interval, c: Interval): Interval {
  switch (operation) {
    case "add":
      return ordered(a.low + b.low, a.high + b.high);
    case "sub":
      return ordered(a.low - b.high, a.high - b.low);
    case "neg":
      return { low: -a.high, high: -a.low };
    case "mul":
      return corners(a, b, (x, y) => (x === 0 || y === 0 ? 0 : x * y));
    case "div":
      return quotient(a, b);
    case "pow":
      return power(a, b);
    case "exp":
      return ordered(Math.exp(a.low), Math.exp(a.high));
    case "log":
      return a.low < 0 ? wholeLine : ordered(Math.log(a.low), Math.log(a.high));
    case "sqrt":
      return a.low < 0 ? wholeLine : ordered(Math.sqrt(a.low), Math.sqrt(a.high));
    case "abs":
      return absolute(a);
    case "min":
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) };
    case "max":
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) };
    case "floor":
      return { low: Math.floor(a.low), high: Math.floor(a.high) };
    case "ceil":
      return { low: Math.ceil(a.low), high: Math.ceil(a.high) };
    case "quotient": {
      const exact = quotient(a, b);
      return { low: Math.floor(exact.low), high: Math.floor(exact.high) };
    }
    case "remainder":
      return b.low > 0 ? { low: 0, high: b.high } : wholeLine;
    case "choose":
      return chooseInterval(a, b);
    case "factorial":
      return a.low < 0 ? wholeLine : ordered(factorial(a.low), factorial(a.high));
    case "less":
      return a.high < b.low ? yes : a.low >= b.high ? no : truth;
    case "lessEqual":
      return a.high <= b.low ? yes : a.low > b.high ? no : truth;
    case "equal":
      return isPoint(a) && isPoint(b) && a.low === b.low ? yes : overlap(a, b) ? truth : no;
    case "not":
      return { low: 1 - a.high, high: 1 - a.low };
    case "and":
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) };
    case "or":
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) };
    case "if":
      if (a.low === 1) return b;
      if (a.high === 0) return c;
      return { low: Math.min(b.low, c.low), high: Math.max(b.high, c.high) };
  }
}

function ordered(low: number, high: number): Interval {
  return Number.isNaN(low) || Number.isNaN(high) ? wholeLine : { low, high };
}

function isPoint(a: Interval): boolean {
  return a.low === a.high;
}

function overlap(a: Interval, b: Interval): boolean {
  return a.low <= b.high && b.low <= a.high;
}

function corners(a: Interval, b: Interval, combine: (x: number, y: number) => number): Interval {
  const values = [
    combine(a.low, b.low),
    combine(a.low, b.high),
    combine(a.high, b.low),
    combine(a.high, b.high),
  ];
  return ordered(Math.min(...values), Math.max(...values));
}

function quotient(a: Interval, b: Interval): Interval {
  if (b.low > 0 || b.high < 0)
    return corners(a, b, (x, y) => (Number.isFinite(x / y) ? x / y : signedInfinity(x, y)));
  // A divisor that touches zero from one side keeps the sign of the quotient.
  if (b.low === 0 && b.high > 0 && a.low >= 0) return { low: finite(a.low / b.high), high: Infinity };
  if (b.low === 0 && b.high > 0 && a.high <= 0) return { low: -Infinity, high: finite(a.high / b.high) };
  return wholeLine;
}

function signedInfinity(x: number, y: number): number {
  if (!Number.isFinite(y)) return 0;
  return Math.sign(x) * Math.sign(y) * Infinity;
}

function finite(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

function absolute(a: Interval): Interval {
  if (a.low >= 0) return a;
  if (a.high <= 0) return { low: -a.high, high: -a.low };
  return { low: 0, high: Math.max(-a.low, a.high) };
}

function power(a: Interval, b: Interval): Interval {
  if (a.low >= 0) return corners(a, b, (x, y) => (Number.isNaN(x ** y) ? 1 : x ** y));
  if (!isPoint(b) || !Number.isInteger(b.low) || b.low < 0) return wholeLine;
  const exponent = b.low;
  if (exponent % 2 === 1) return ordered(a.low ** exponent, a.high ** exponent);
  const size = absolute(a);
  return ordered(size.low ** exponent, size.high ** exponent);
}

function chooseInterval(n: Interval, k: Interval): Interval {
  if (isPoint(k) && n.low >= 0) return ordered(choose(n.low, k.low), choose(n.high, k.low));
  const largest = Number.isFinite(n.high)
    ? choose(Math.max(n.high, 0), Math.floor(Math.max(n.high, 0) / 2))
    : Infinity;
  return { low: 0, high: Math.max(largest, 0) };
}
