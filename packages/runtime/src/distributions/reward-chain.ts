// The chain whose time to absorption is an accumulated reward.
import { csrLinear } from "@phxlang/autodiff";
import type { RewardDeclaration } from "@phxlang/graph";
import { add, concatenate, div, filled, take, vector } from "../array-operations.ts";
import { Memo } from "../memo.ts";
import { checked } from "../primitives/checked.ts";
import { reduce } from "../primitives/reduction.ts";
import type { Chain } from "./chain.ts";
import type { Evaluation } from "./evaluation.ts";
import { summationMatrix } from "./forms-matrix.ts";
import type { ModelStructure } from "./model-structure.ts";
import type { RewardPlan } from "./reward-plan.ts";
import { planReward } from "./reward-plan.ts";
import { rewardCheck } from "./value-checks.ts";

const plans = new Memo<ModelStructure, string, RewardPlan>();

/** The plan of a reward, made once. PHX983 where the reward has no distribution in closed form. */
export function rewardPlan(structure: ModelStructure, name: string, reward: RewardDeclaration): RewardPlan {
  return plans.get(structure, name, () => planReward(structure, name, reward));
}

export function rewardChain(evaluation: Evaluation, name: string, plan: RewardPlan): Chain {
  const { structure } = evaluation;
  // The slots themselves are not needed here, but their checks are.
  evaluation.slots(0);
  const start = take(evaluation.start(), plan.startPlaces);
  const inputs = concatenate([evaluation.forms(0, plan.entryMatrix), start]);
  const outputs = reduce(plan.reduction, inputs);
  const placed = take(outputs, plan.slotOutputs);
  const ones = vector(Float64Array.from(plan.slotOutputs, (output) => (output < 0 ? 1 : 0)));
  let slots = add(placed, ones);
  if (plan.rateMatrix !== null) {
    const rates = checked(
      evaluation.forms(0, plan.rateMatrix),
      rewardCheck(structure.graph, name, plan.rateStates, structure.trace.contentHash),
    );
    slots = div(slots, take(rates, plan.rateRows));
  }
  if (plan.law === "discrete") slots = concatenate([slots, filled(1, 1)]);
  const { pattern } = plan;
  return {
    epochs: [{ pattern, slots, trace: null }],
    times: [],
    entries: [],
    startMask: startMask(plan),
    accuracy: evaluation.accuracy,
    start: csrLinear(
      summationMatrix(plan.startTargets, pattern.rowCount + pattern.causeCount),
      take(outputs, plan.startOutputs),
    ),
  };
}

function startMask({ startTargets, pattern }: RewardPlan): Float64Array {
  const mask = new Float64Array(pattern.rowCount + pattern.causeCount);
  for (const place of startTargets) mask[place] = 1;
  return mask;
}
