// Joint moments of accumulated rewards: one linear solve for each multi-index, from small to large.
import type { Value } from "@phxlang/autodiff";
import { add, filled, mul, reshape, sub, take } from "../array-operations.ts";
import type { FactoredGenerator } from "../primitives/solve.ts";
import { solveRight } from "../primitives/solve.ts";
import type { TimeLaw } from "../uniformization/mixing-law.ts";
import type { RewardValues } from "./reward-values.ts";
import { overPayments } from "./reward-values.ts";

/** Exponents of each reward. */
export type MultiIndex = readonly number[];

export function keyOf(index: MultiIndex): string {
  return index.join();
}

/** All multi-indices below `orders`, componentwise, without 0, smaller ones before larger ones. */
export function indicesUpTo(orders: MultiIndex): MultiIndex[] {
  let indices: number[][] = [[]];
  for (const order of orders) {
    indices = indices.flatMap((index) => Array.from({ length: order + 1 }, (_, i) => [...index, i]));
  }
  const total = (index: MultiIndex): number => index.reduce((sum, i) => sum + i, 0);
  return indices.filter((index) => total(index) > 0).sort((a, b) => total(a) - total(b));
}

export function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return Math.round(result);
}

/** Π_j C(a_j, b_j) */
export function binomials(a: MultiIndex, b: MultiIndex): number {
  return a.reduce((product, n, j) => product * binomial(n, b[j]), 1);
}

/** Π_j x_j^{b_j}; null for the empty product 1, undefined where a factor is 0 (a null x). */
export function monomial(values: readonly (Value | null)[], powers: MultiIndex): Value | null | undefined {
  let product: Value | null = null;
  for (const [j, power] of powers.entries()) {
    const x = values[j];
    if (power === 0) continue;
    if (x === null) return undefined;
    for (let i = 0; i < power; i++) product = product === null ? x : mul(product, x);
  }
  return product;
}

/**
 * E[Π_j Y_j^{a_j} | start in row i] for all a up to `orders`: vectors [rows] by key. Y_j accumulates rewards.rates[j]
 * per unit time (per step, for the row that is left) and what the payments give. The row's own equation is
 *   continuous: −S m_a = Σ_j a_j r_j m_{a−e_j} + Σ_b C(a, b) Σ_t w_t Π amount_t^b m_{a−b}(target)
 *   discrete:   (1 − P) m_a = Σ_b C(a, b) Σ_t p_t Π (r + amount_t)^b m_{a−b}(target),
 * where transitions without payment give r^b P m_{a−b}, and P m_c = m_c − right-hand side of c.
 */
export function momentLattice(
  generator: FactoredGenerator,
  law: TimeLaw,
  rewards: RewardValues,
  orders: MultiIndex,
): Map<string, Value> {
  const rows = generator.trace.rowCount;
  const moments = new Map<string, Value>();
  const rightSides = new Map<string, Value>();
  for (const a of indicesUpTo(orders)) {
    const right = rightSideOf(law, rows, rewards, a, moments, rightSides);
    moments.set(keyOf(a), reshape(solveRight(generator, reshape(right, [1, rows])), [rows]));
    rightSides.set(keyOf(a), right);
  }
  return moments;
}

/** The right-hand side of the equation of m_a, from moments (and their right-hand sides) of smaller indices. */
export function rightSideOf(
  law: TimeLaw,
  rows: number,
  rewards: RewardValues,
  a: MultiIndex,
  moments: ReadonlyMap<string, Value>,
  rightSides: ReadonlyMap<string, Value>,
): Value {
  let right: Value = filled(rows, 0);
  for (const b of indicesUpTo(a)) {
    const key = keyOf(a.map((n, j) => n - b[j]));
    const before = moments.get(key) ?? null;
    const term =
      law === "continuous"
        ? continuousTerm(rewards, b, before)
        : discreteTerm(rewards, b, before, rightSides.get(key) ?? null);
    if (term !== null) right = add(right, mul(term, binomials(a, b)));
  }
  return right;
}

function continuousTerm(rewards: RewardValues, b: MultiIndex, before: Value | null): Value | null {
  let term: Value | null = null;
  const isUnit = b.reduce((sum, power) => sum + power, 0) === 1;
  const rate = isUnit ? rewards.rates[b.indexOf(1)] : null;
  if (rate !== null) term = before === null ? rate : mul(rate, before);
  const { payments } = rewards;
  if (payments === null) return term;
  const amount = monomial(payments.amounts, b);
  if (amount === undefined || amount === null) return term;
  const paid = overPayments(payments, mul(payments.weights, amount), before);
  return term === null ? paid : add(term, paid);
}

/** Per step; `beforeRight` is the right-hand side that belongs to `before`. */
function discreteTerm(
  rewards: RewardValues,
  b: MultiIndex,
  before: Value | null,
  beforeRight: Value | null,
): Value | null {
  const rate = monomial(rewards.rates, b);
  let term: Value | null = null;
  if (rate !== undefined && rate !== null) {
    term = before === null || beforeRight === null ? rate : mul(rate, sub(before, beforeRight));
  }
  const { payments } = rewards;
  if (payments === null) return term;
  const { sources } = payments;
  const ownRates = rewards.rates.map((own) => (own === null ? null : take(own, sources)));
  const totals = payments.amounts.map((amount, j) => {
    const own = ownRates[j];
    return own === null ? amount : add(own, amount);
  });
  const withPayment = monomial(totals, b);
  if (withPayment === undefined || withPayment === null) return term;
  const without = monomial(ownRates, b);
  const extra = without === undefined || without === null ? withPayment : sub(withPayment, without);
  const paid = overPayments(payments, mul(payments.weights, extra), before);
  return term === null ? paid : add(term, paid);
}
