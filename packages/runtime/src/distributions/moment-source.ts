// Moments of rewards in the last epoch of a model, from any of its rows.
import type { Value } from "@phxlang/autodiff";
import type { RewardDeclaration } from "@phxlang/graph";
import { reshape, stack, take } from "../array-operations.ts";
import { Memo } from "../memo.ts";
import { MomentPlan } from "../patterns/moment-plan.ts";
import { momentsOfPlan } from "../primitives/moments.ts";
import type { Evaluation } from "./evaluation.ts";
import type { ModelStructure } from "./model-structure.ts";
import type { TermTable } from "./moment-terms.ts";
import { kindsOf, paymentVectors, rateVectors, termTable } from "./moment-terms.ts";
import type { MultiIndex } from "./multi-index.ts";
import { indicesUpTo, keyOf } from "./multi-index.ts";
import type { RewardValues } from "./reward-values.ts";
import { rewardValues } from "./reward-values.ts";

type Reward = RewardDeclaration | null;

interface PlannedMoments {
  readonly table: TermTable;
  readonly plan: MomentPlan;
}

const plans = new Memo<ModelStructure, string, PlannedMoments>();
const ascendingRows = new Memo<ModelStructure, null, Int32Array>();

/** All rows of the last epoch. */
export function allRows(structure: ModelStructure): Int32Array {
  return ascendingRows.get(structure, null, () =>
    Int32Array.from({ length: structure.trace.rowCount }, (_, row) => row),
  );
}

/** E[Π Y_j^{a_j} | start in row] for all a ≠ 0 up to `orders`: [rows] by key. */
export function momentsAtRows(
  evaluation: Evaluation,
  rewards: readonly Reward[],
  orders: MultiIndex,
  rows: Int32Array,
): Map<string, Value> {
  const { structure, last, epochCount } = evaluation;
  const values = rewardValues(evaluation, epochCount - 1, rewards);
  const names = rewards.map((reward) => reward?.name ?? "");
  const key = JSON.stringify([names, orders, rows.length === structure.trace.rowCount, epochCount]);
  const { table, plan } = plans.get(structure, key, () =>
    planMoments(evaluation, rewards, values, orders, rows),
  );
  const joined = (vectors: readonly Value[]): Value | null => (vectors.length === 0 ? null : stack(vectors));
  const moments = momentsOfPlan(
    plan,
    evaluation.features(epochCount - 1),
    joined(rateVectors(table, values)),
    joined(paymentVectors(table, last.pattern.law, values)),
  );
  const indices = indicesUpTo(orders);
  const flat = reshape(moments, [indices.length * rows.length]);
  return new Map(
    indices.map((index, i) => [
      keyOf(index),
      take(
        flat,
        Int32Array.from({ length: rows.length }, (_, s) => i * rows.length + s),
      ),
    ]),
  );
}

function planMoments(
  { structure, last }: Evaluation,
  rewards: readonly Reward[],
  values: RewardValues,
  orders: MultiIndex,
  rows: Int32Array,
): PlannedMoments {
  const { law } = last.pattern;
  const table = termTable(law, kindsOf(rewards, values), orders);
  const { payments } = values;
  const { rowCount } = structure.trace;
  const plan = new MomentPlan({
    trace: structure.trace,
    law,
    slotForms: last.slotMatrix,
    checks: last.checks,
    moments: table.moments,
    rateCount: table.rates.length,
    paymentCount: table.payments.length,
    paying:
      payments === null
        ? null
        : {
            offsets: payments.bySource.rowOffsets,
            transitions: payments.bySource.columns,
            targets: payments.targets.map((target) => (target < 0 ? rowCount : target)),
          },
    rows,
  });
  return { table, plan };
}
