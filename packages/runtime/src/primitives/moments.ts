// Moments of rewards from features, in one primitive: slots, factors and solves stay in the kernels' memory.
import type { Value } from "@phxlang/autodiff";
import { bind } from "@phxlang/autodiff";
import type { MomentParameters } from "../jets/moment-energy.ts";
import { momentEnergy, momentItems } from "../jets/moment-energy.ts";
import type { MomentPlan } from "../patterns/moment-plan.ts";
import type { EnergyPrimitives } from "./energy-primitives.ts";
import { energyPrimitives } from "./energy-primitives.ts";

export const momentPrimitives: EnergyPrimitives<MomentParameters> = energyPrimitives(momentEnergy);

/**
 * features [features], rates [vectors, rows] and payments [vectors, paying transitions], null without vectors → the
 * moments of the plan at its rows: [moments, wanted rows].
 */
export function momentsOfPlan(
  plan: MomentPlan,
  features: Value,
  rates: Value | null,
  payments: Value | null,
): Value {
  const operands = [features];
  const base: number[] = [momentItems.features];
  if (rates !== null) {
    operands.push(rates);
    base.push(momentItems.rates);
  }
  if (payments !== null) {
    operands.push(payments);
    base.push(momentItems.payments);
  }
  const [moments] = bind(momentPrimitives.gradient, operands, {
    plan,
    order: 0,
    base,
    direction: [],
    outputs: [momentItems.weights],
    shapes: [
      features.shape,
      [plan.rateCount, plan.trace.rowCount],
      [plan.paymentCount, plan.paying?.targets.length ?? 0],
      [plan.moments.length, plan.rows.length],
    ],
    batched: operands.map(() => 0),
  });
  return moments;
}
