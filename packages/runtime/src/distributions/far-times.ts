// Far right tails: times at which the chain has forgotten its start, so that it decays at one rate η.
import type { Value } from "@phxlang/autodiff";
import { csrLinear, NdArray } from "@phxlang/autodiff";
import { add, div, dot, exp, expm1, less, mul, neg, sub, sum, where } from "../array-operations.ts";
import { propagate } from "../primitives/exponential.ts";
import { forgettingTimeOf } from "../primitives/forgetting.ts";
import { shareOfSearch } from "../densities/choose-method.ts";
import type { Chain, EpochEntry } from "./chain.ts";
import { maskOf } from "./chain.ts";

/**
 * With v the distribution at the time T of forgetting, v e^{S τ} = e^{−η τ} v and η = v · exits / v · 1, a quotient of
 * positive sums. Values beyond T follow from those at T by differentiable formulas, so that derivatives of all orders
 * do too; T itself has none.
 */
export interface FarTimes {
  /** [N]: the times, those beyond T replaced by T. */
  readonly near: Value;
  /** [N]: log of what is left of the value at T; 0 for the others. */
  readonly logDecay: Value;
  /** [N]: probability of stopping with a cause between T and the time. */
  stoppedSince(cause: number | null): Value;
}

/** Of the last epoch's times; null where all are to be swept. */
export function farTimes(
  chain: Chain,
  { scale, vector: start }: EpochEntry,
  within: Value,
  cause: number | null,
): FarTimes | null {
  const { pattern, slots, trace } = chain.epochs[chain.epochs.length - 1];
  const { method } = chain.accuracy;
  const isAllowed = method === "auto" || method === "uniformization";
  if (trace === null || pattern.neverCause >= 0 || !isAllowed) return null;
  const right = csrLinear(pattern.exits(cause), slots);
  const share = shareOfSearch(pattern.pattern, chain.accuracy);
  const limit = forgettingTimeOf(pattern.pattern, trace, slots, start, right, within, share);
  if (limit instanceof NdArray && limit.elements[0] === Infinity) return null;
  const isFar = less(limit, within);
  const hasLimit = less(limit, Infinity);
  const since = where(isFar, sub(within, limit), 0);
  const moved = propagate(
    pattern.pattern,
    pattern.law,
    "left",
    slots,
    start,
    where(hasLimit, limit, 0),
    chain.accuracy,
    maskOf(chain, chain.epochs.length - 1, pattern.rowCount),
  );
  const stopping = (own: number | null): Value => dot(moved.vector, csrLinear(pattern.exits(own), slots));
  // Without a limit any positive rate will do: no time is far.
  const rate = where(hasLimit, div(stopping(null), where(hasLimit, sum(moved.vector), 1)), 1);
  return {
    near: where(isFar, limit, within),
    logDecay: neg(mul(rate, since)),
    stoppedSince(own) {
      const passed = div(neg(expm1(neg(mul(rate, since)))), rate);
      return mul(mul(exp(add(scale, moved.scale)), stopping(own)), passed);
    },
  };
}
