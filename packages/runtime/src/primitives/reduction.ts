// Elimination of states from a chain as a differentiable operation.
import type { Value } from "@phxlang/autodiff";
import { bind } from "@phxlang/autodiff";
import type { ReductionParameters } from "../jets/reduction-energy.ts";
import { reductionEnergy, reductionItems } from "../jets/reduction-energy.ts";
import type { ReductionPlan } from "../patterns/reduction-plan.ts";
import type { EnergyPrimitives } from "./energy-primitives.ts";
import { energyPrimitives } from "./energy-primitives.ts";

export const reductionPrimitives: EnergyPrimitives<ReductionParameters> = energyPrimitives(reductionEnergy);

/** Entries of a chain [inputs] → entries of the chain without the eliminated states [outputs]. */
export function reduce(plan: ReductionPlan, inputs: Value): Value {
  const [outputs] = bind(reductionPrimitives.gradient, [inputs], {
    plan,
    order: 0,
    base: [reductionItems.inputs],
    direction: [],
    outputs: [reductionItems.weights],
    shapes: [[plan.inputCount], [plan.outputs.length]],
    batched: [0],
  });
  return outputs;
}
