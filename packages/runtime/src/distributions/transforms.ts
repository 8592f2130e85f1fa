// Laplace transforms of accumulated rewards: the probability of stopping before being killed at the rate s · reward.
import type { Value } from "@phxlang/autodiff";
import { csrLinear, csrLinearTransposed } from "@phxlang/autodiff";
import type { RewardDeclaration } from "@phxlang/graph";
import {
  add,
  concatenate,
  dot,
  exp,
  expm1,
  filled,
  firstEntries,
  mul,
  neg,
  reshape,
  take,
  vector,
} from "../array-operations.ts";
import { PatternBuilder } from "../patterns/pattern-builder.ts";
import { defaultAccuracy } from "../densities/accuracy.ts";
import { propagate } from "../primitives/exponential.ts";
import { factorGenerator, solveRight } from "../primitives/solve.ts";
import { durationOf } from "./chain.ts";
import type { ChainPattern } from "./chain-pattern.ts";
import type { Evaluation } from "./evaluation.ts";
import { summationMatrix } from "./forms-matrix.ts";
import { rewardValues } from "./reward-values.ts";

type Reward = RewardDeclaration | null;

/** E[exp(−Σ_j s_j Y_j)] for s [R]: a scalar. */
export function laplaceTransform(evaluation: Evaluation, rewards: readonly Reward[], s: Value): Value {
  const lastEpoch = evaluation.epochCount - 1;
  const { trace } = evaluation.structure;
  const { pattern } = evaluation.last;
  const { rowCount } = pattern;
  const killed = killedSlots(evaluation, lastEpoch, rewards, s);
  const own = firstEntries(killed.slots, trace.slotCount);
  const generator = factorGenerator(trace, own, killed.killing);
  const exits = csrLinear(pattern.exits(null), killed.slots);
  let rows = reshape(solveRight(generator, reshape(exits, [1, rowCount])), [rowCount]);
  for (let e = lastEpoch - 1; e >= 0; e--) rows = transformBefore(evaluation, e, rewards, s, rows);
  const first = evaluation.structure.epochs[0].pattern;
  return dot(evaluation.start(), concatenate([rows, vector(stoppedValues(first))]));
}

/** 1 for causes that count as stopping, 0 for never. */
function stoppedValues(pattern: ChainPattern): Float64Array {
  return Float64Array.from({ length: pattern.causeCount }, (_, cause) =>
    cause === pattern.neverCause ? 0 : 1,
  );
}

/**
 * Operator slots and killing [rows] under which the chain survives with the weight exp(−Σ s Y):
 *   continuous: killing s r + Σ_t w_t (1 − e^{−s amount}), slots w e^{−s amount}
 *   discrete, with z = e^{−s r} for the row that is left: slots z p e^{−s amount}, killing what is missing to 1.
 */
function killedSlots(
  evaluation: Evaluation,
  epoch: number,
  rewards: readonly Reward[],
  s: Value,
): { readonly slots: Value; readonly killing: Value } {
  const { pattern } = evaluation.structure.epochs[epoch];
  const { rates, payments } = rewardValues(evaluation, epoch, rewards);
  const share = (j: number): Value => take(s, [j]);
  let slots = evaluation.slots(epoch);
  let exponent: Value = filled(pattern.rowCount, 0);
  for (const [j, rate] of rates.entries()) if (rate !== null) exponent = add(exponent, mul(share(j), rate));
  let killing = exponent;
  let factor: Value | null = null;
  if (pattern.law === "discrete") {
    factor = exp(neg(exponent));
    killing = neg(expm1(neg(exponent)));
    // The last slot is the constant 1 and belongs to no row.
    const ones = Float64Array.from({ length: slots.shape[0] }, (_, i) =>
      i < pattern.sources.length ? 0 : 1,
    );
    slots = mul(slots, add(take(factor, [...pattern.sources, -1]), vector(ones)));
  }
  if (payments !== null) {
    let paid: Value = filled(payments.count, 0);
    for (const [j, amount] of payments.amounts.entries()) paid = add(paid, mul(share(j), amount));
    let lost = mul(payments.weights, expm1(neg(paid)));
    if (factor !== null) lost = mul(lost, take(factor, payments.sources));
    const places = slotPlaces(pattern);
    const slotOf = Array.from(
      payments.sources,
      (source, i) => places.get(`${source},${payments.places[i]}`) ?? -1,
    );
    slots = add(slots, csrLinear(summationMatrix(slotOf, slots.shape[0]), lost));
    killing = add(killing, neg(csrLinear(payments.bySource, lost)));
  }
  return { slots, killing };
}

function slotPlaces(pattern: ChainPattern): Map<string, number> {
  return new Map(Array.from(pattern.sources, (source, s) => [`${source},${pattern.targets[s]}`, s]));
}

/** The transform to come, by row of an earlier epoch, from that by row of the next. */
function transformBefore(
  evaluation: Evaluation,
  epoch: number,
  rewards: readonly Reward[],
  s: Value,
  later: Value,
): Value {
  const chain = evaluation.chain();
  const { pattern } = chain.epochs[epoch];
  const { law, rowCount, sources, targets } = pattern;
  const { slots, killing } = killedSlots(evaluation, epoch, rewards, s);
  const builder = new PatternBuilder(rowCount + 1, slots.shape[0] + rowCount);
  for (const [slot, source] of sources.entries()) {
    const column = targets[slot] >= 0 ? targets[slot] : rowCount;
    if (law === "discrete") builder.coupling(source, column, slot);
    else if (column !== source) builder.transition(source, column, slot);
  }
  if (law === "discrete") builder.coupling(rowCount, rowCount, sources.length);
  else for (let row = 0; row < rowCount; row++) builder.exit(row, slots.shape[0] + row);
  const next = chain.epochs[epoch + 1].pattern;
  const values = concatenate([later, vector(stoppedValues(next))]);
  const entered = csrLinearTransposed(chain.entries[epoch], values);
  const rows = firstEntries(entered, rowCount);
  const moved = propagate(
    builder.finish(),
    law,
    "right",
    concatenate([slots, killing]),
    concatenate([rows, filled(1, 1)]),
    reshape(durationOf(chain, epoch), [1]),
    defaultAccuracy,
  );
  const result = mul(exp(moved.scale), moved.vector);
  return firstEntries(result, rowCount);
}
