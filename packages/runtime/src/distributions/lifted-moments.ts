// Moments across an epoch of finite length: the chain and its moments to come as one larger linear system.
import type { Value } from "@phxlang/autodiff";
import { csrLinearTransposed } from "@phxlang/autodiff";
import {
  add,
  concatenate,
  constantOf,
  div,
  exp,
  filled,
  firstEntries,
  less,
  mul,
  neg,
  reshape,
  sum,
  take,
  where,
} from "../array-operations.ts";
import { PatternBuilder } from "../patterns/pattern-builder.ts";
import { defaultAccuracy } from "../densities/accuracy.ts";
import { propagate } from "../primitives/exponential.ts";
import type { Chain } from "./chain.ts";
import { durationOf } from "./chain.ts";
import { monomial, paidPowers } from "./moment-terms.ts";
import type { MultiIndex } from "./multi-index.ts";
import { binomials, indicesUpTo, keyOf } from "./multi-index.ts";
import type { RewardValues } from "./reward-values.ts";

/**
 * From m_a = E[Π Y_j^{a_j} to come | row] at the beginning of epoch + 1 to the same at the beginning of `epoch`.
 * The vector (m_a for all a ≠ 0, then 1) moves backwards in time by a linear system whose blocks are copies of the
 * generator, linked from a to a − b by what is earned:
 *   continuous: dm_a/du = S m_a + Σ_j a_j r_j m_{a−e_j} + Σ_b C(a, b) Σ_t w_t amount_t^b m_{a−b}(target)
 *   discrete:   m_a ← Σ_b C(a, b) Σ_t p_t (r + amount_t)^b m_{a−b}(target)
 */
export function momentsBefore(
  chain: Chain,
  epoch: number,
  rewards: RewardValues,
  orders: MultiIndex,
  after: ReadonlyMap<string, Value>,
): Map<string, Value> {
  const { pattern, slots } = chain.epochs[epoch];
  const { law, rowCount } = pattern;
  const indices = indicesUpTo(orders);
  const units =
    law === "continuous" ? rewardUnits(slots, rewards) : rewards.rates.map(() => filled(1, 1) as Value);
  const scaled = scaleRewards(rewards, units);
  const places = new Map(indices.map((a, i) => [keyOf(a), i * rowCount]));
  const constantRow = indices.length * rowCount;
  const links: Link[] = [];
  const pieces: Value[] = [slots];
  let slotCount = slots.shape[0];
  const link = (values: Value, rows: ArrayLike<number>, columns: (i: number) => number): void => {
    for (let i = 0; i < rows.length; i++) {
      const column = columns(i);
      if (column >= 0) links.push({ row: rows[i], column, slot: slotCount + i });
    }
    pieces.push(values);
    slotCount += rows.length;
  };
  const own = Int32Array.from({ length: rowCount }, (_, i) => i);
  for (const a of indices) {
    const base = places.get(keyOf(a)) ?? 0;
    const shifted = (rows: Int32Array): Int32Array => rows.map((row) => base + row);
    for (const b of indicesUpTo(a)) {
      const rest = places.get(keyOf(a.map((n, j) => n - b[j]))) ?? constantRow;
      const weight = binomials(a, b);
      const columnOf = (row: number): number =>
        rest === constantRow ? constantRow : row < 0 ? -1 : rest + row;
      const isUnit = b.reduce((total, power) => total + power, 0) === 1;
      const earned = monomial(scaled.rates, b);
      if (law === "continuous" && isUnit && earned)
        link(mul(earned, weight), shifted(own), (i) => columnOf(own[i]));
      if (law === "discrete" && earned) {
        const { sources, targets } = pattern;
        const probabilities = firstEntries(slots, sources.length);
        const values = mul(mul(probabilities, take(earned, sources)), weight);
        link(values, shifted(sources), (i) => columnOf(targets[i] < 0 ? -1 : targets[i]));
      }
      const { payments } = scaled;
      if (payments === null) continue;
      const paid = paidPowers(law, scaled, b);
      if (!paid) continue;
      const values = mul(mul(payments.weights, paid), weight);
      link(values, shifted(payments.sources), (i) => columnOf(payments.targets[i]));
    }
  }
  const builder = new PatternBuilder(constantRow + 1, slotCount);
  for (const start of places.values()) {
    for (const [s, source] of pattern.sources.entries()) {
      const target = pattern.targets[s];
      if (law === "discrete") {
        if (target >= 0) builder.coupling(start + source, start + target, s);
      } else if (target < 0) builder.exit(start + source, s);
      else if (target !== source) builder.transition(start + source, start + target, s);
    }
  }
  if (law === "discrete") builder.coupling(constantRow, constantRow, pattern.sources.length);
  for (const { row, column, slot } of links) builder.coupling(row, column, slot);
  const entered = indices.map((a) =>
    div(enterBackwards(chain, epoch, after.get(keyOf(a))), unitOf(units, a)),
  );
  const moved = propagate(
    builder.finish(),
    law,
    "right",
    concatenate(pieces),
    concatenate([...entered, filled(1, 1)]),
    reshape(durationOf(chain, epoch), [1]),
    defaultAccuracy,
  );
  const result = mul(exp(moved.scale), moved.vector);
  return new Map(
    indices.map((a) => {
      const start = places.get(keyOf(a)) ?? 0;
      const part = take(
        result,
        Int32Array.from({ length: rowCount }, (_, i) => start + i),
      );
      return [keyOf(a), mul(part, unitOf(units, a))];
    }),
  );
}

interface Link {
  readonly row: number;
  readonly column: number;
  readonly slot: number;
}

/** A function of rows of the next epoch as one of the rows of this: 0 where the row stops on entry. */
function enterBackwards(chain: Chain, epoch: number, moments: Value | undefined): Value {
  const from = chain.epochs[epoch].pattern;
  const to = chain.epochs[epoch + 1].pattern;
  const later = moments ?? filled(to.rowCount, 0);
  const all = csrLinearTransposed(chain.entries[epoch], concatenate([later, filled(to.causeCount, 0)]));
  return firstEntries(all, from.rowCount);
}

/**
 * Units in which rewards are small beside the rates, so that links do not slow the sweep down. They carry no
 * derivative: results do not depend on them.
 */
function rewardUnits(slots: Value, { rates, payments }: RewardValues): Value[] {
  const typicalRate = div(sum(slots), 16 * slots.shape[0]);
  return rates.map((rate, j) => {
    const flow = rate === null ? filled(1, 0) : div(reshape(sum(absolute(rate)), [1]), positive(typicalRate));
    const paid = payments === null ? filled(1, 0) : reshape(sum(absolute(payments.amounts[j])), [1]);
    return constantOf(positive(add(flow, paid)));
  });
}

function positive(x: Value): Value {
  return where(less(0, x), x, 1);
}

function absolute(x: Value): Value {
  return where(less(x, 0), neg(x), x);
}

function scaleRewards(rewards: RewardValues, units: readonly Value[]): RewardValues {
  const { rates, payments } = rewards;
  return {
    rates: rates.map((rate, j) => (rate === null ? null : div(rate, units[j]))),
    payments:
      payments === null
        ? null
        : { ...payments, amounts: payments.amounts.map((amount, j) => div(amount, units[j])) },
  };
}

/** Π_j units_j^{a_j}, [1] */
function unitOf(units: readonly Value[], a: MultiIndex): Value {
  return monomial(units, a) ?? filled(1, 1);
}
