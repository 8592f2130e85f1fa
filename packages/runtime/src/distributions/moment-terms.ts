// The right-hand sides of moments: which terms they have, and the vectors that these are made of.
import type { Value } from "@phxlang/autodiff";
import type { RewardDeclaration } from "@phxlang/graph";
import { add, filled, mul, sub, take } from "../array-operations.ts";
import type { MomentTerms, PaymentTerm, RateTerm } from "../patterns/moment-plan.ts";
import type { TimeLaw } from "../uniformization/mixing-law.ts";
import type { Evaluation } from "./evaluation.ts";
import type { MultiIndex } from "./multi-index.ts";
import { binomials, indicesUpTo, keyOf } from "./multi-index.ts";
import type { RewardValues } from "./reward-values.ts";
import { overPayments, rewardValues } from "./reward-values.ts";

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

/** Of one reward in one epoch: whether it is time, and whether states or transitions give any of it. */
export interface RewardKind {
  readonly isTime: boolean;
  readonly hasRates: boolean;
  readonly pays: boolean;
}

export interface TermTable {
  /** In the order of `indicesUpTo`. */
  readonly moments: readonly MomentTerms[];
  /** Powers of the rewards that the rate vectors and the payment vectors are products of. */
  readonly rates: readonly MultiIndex[];
  readonly payments: readonly MultiIndex[];
}

/**
 * E[Π_j Y_j^{a_j} | start in row i] for all a up to `orders`, where Y_j accumulates rates r_j per unit time (per step,
 * for the row that is left) and what transitions t, of weight w_t, pay. The row's own equation is
 *   continuous: −S m_a = Σ_j a_j r_j m_{a−e_j} + Σ_b C(a, b) Σ_t w_t Π amount_t^b m_{a−b}(target)
 *   discrete:   (1 − P) m_a = Σ_b C(a, b) Σ_t p_t Π (r + amount_t)^b m_{a−b}(target),
 * where transitions without payment give r^b P m_{a−b}, and those with one the rest.
 */
export function termTable(law: TimeLaw, rewards: readonly RewardKind[], orders: MultiIndex): TermTable {
  const rates: MultiIndex[] = [];
  const payments: MultiIndex[] = [];
  const indices = indicesUpTo(orders);
  const places = new Map(indices.map((index, i) => [keyOf(index), i]));
  const moments = indices.map((a): MomentTerms => {
    const rateTerms: RateTerm[] = [];
    const paymentTerms: PaymentTerm[] = [];
    for (const b of indicesUpTo(a)) {
      const coefficient = binomials(a, b);
      const before = places.get(keyOf(a.map((n, j) => n - b[j]))) ?? null;
      const involved = rewards.filter((_, j) => b[j] > 0);
      const isUnit = b.reduce((total, power) => total + power, 0) === 1;
      if ((isUnit || law === "discrete") && involved.every(({ hasRates }) => hasRates)) {
        const powers = b.map((power, j) => (rewards[j].isTime ? 0 : power));
        const rate = powers.some((power) => power > 0) ? placeIn(rates, powers) : null;
        rateTerms.push({ coefficient, rate, before });
      }
      const isPaid =
        law === "continuous"
          ? involved.every(({ pays }) => pays)
          : involved.some(({ pays }) => pays) && involved.every(({ pays, hasRates }) => pays || hasRates);
      if (isPaid) paymentTerms.push({ coefficient, payment: placeIn(payments, b), before });
    }
    return { rates: rateTerms, payments: paymentTerms };
  });
  return { moments, rates, payments };
}

/** The kinds of rewards with the given values; null is time. */
export function kindsOf(
  rewards: readonly (RewardDeclaration | null)[],
  { rates, payments }: RewardValues,
): RewardKind[] {
  return rewards.map((reward, j) => ({
    isTime: reward === null,
    hasRates: rates[j] !== null,
    pays: payments !== null && payments.pays[j],
  }));
}

function placeIn(list: MultiIndex[], index: MultiIndex): number {
  const place = list.findIndex((other) => keyOf(other) === keyOf(index));
  return place >= 0 ? place : list.push(index) - 1;
}

/** The rate vectors of a table, [rows] each. */
export function rateVectors({ rates }: TermTable, rewards: RewardValues): Value[] {
  return rates.map((powers) => given(monomial(rewards.rates, powers)));
}

/** The payment vectors of a table, [paying transitions] each. */
export function paymentVectors({ payments }: TermTable, law: TimeLaw, rewards: RewardValues): Value[] {
  return payments.map((powers) => {
    if (rewards.payments === null) throw new RangeError("internal: payments of a reward that none pays");
    return mul(rewards.payments.weights, given(paidPowers(law, rewards, powers)));
  });
}

/** What a payment adds to Π Y^b, [paying transitions]: Π amount^b, or in discrete time Π (r + amount)^b − Π r^b. */
export function paidPowers(
  law: TimeLaw,
  { rates, payments }: RewardValues,
  powers: MultiIndex,
): Value | null | undefined {
  if (payments === null) return undefined;
  if (law === "continuous") return monomial(payments.amounts, powers);
  const { sources, amounts } = payments;
  const own = rates.map((rate) => (rate === null ? null : take(rate, sources)));
  const totals = amounts.map((amount, j) => {
    const rate = own[j];
    return rate === null ? amount : add(rate, amount);
  });
  const withPayment = monomial(totals, powers) ?? null;
  const without = monomial(own, powers) ?? null;
  return withPayment !== null && without !== null ? sub(withPayment, without) : withPayment;
}

function given(value: Value | null | undefined): Value {
  if (value === undefined || value === null) throw new RangeError("internal: a term without factors");
  return value;
}

/** A moment with the right-hand side of its equation, [rows] each. */
export interface SolvedMoment {
  readonly moment: Value;
  readonly right: Value;
}

/** The right-hand side of the equation of m_a, [rows], from all smaller moments by key. One epoch only. */
export function rightSide(
  evaluation: Evaluation,
  rewards: readonly (RewardDeclaration | null)[],
  a: MultiIndex,
  smaller: ReadonlyMap<string, SolvedMoment>,
): Value {
  const { law, rowCount } = evaluation.last.pattern;
  const values = rewardValues(evaluation, 0, rewards);
  const table = termTable(law, kindsOf(rewards, values), a);
  const indices = indicesUpTo(a);
  const before = (i: number | null): SolvedMoment | null =>
    i === null ? null : (smaller.get(keyOf(indices[i])) ?? null);
  const rates = rateVectors(table, values);
  const paid = paymentVectors(table, law, values);
  let sum: Value = filled(rowCount, 0);
  const terms = table.moments[indices.length - 1];
  for (const term of terms.rates) {
    const known = before(term.before);
    const rate = term.rate === null ? null : rates[term.rate];
    const seen = known === null ? null : law === "discrete" ? sub(known.moment, known.right) : known.moment;
    const product = rate !== null && seen !== null ? mul(rate, seen) : (rate ?? seen ?? filled(rowCount, 1));
    sum = add(sum, mul(product, term.coefficient));
  }
  for (const term of terms.payments) {
    if (values.payments === null) continue;
    const x = before(term.before)?.moment ?? null;
    sum = add(sum, mul(overPayments(values.payments, paid[term.payment], x), term.coefficient));
  }
  return sum;
}
