// Every primitive of models: what differentiable distributions are made of.
import type { Primitive } from "@phxlang/autodiff";
import { quantilePrimitive } from "../distributions/quantile.ts";
import { checkedPrimitive } from "./checked.ts";
import { exponentialAction, exponentialPrimitives, propagation } from "./exponential.ts";
import { forgetting } from "./forgetting.ts";
import { momentPrimitives } from "./moments.ts";
import { reductionPrimitives } from "./reduction.ts";
import { simulationPrimitive } from "./simulation.ts";
import { factorPrimitive, solvePrimitives } from "./solve.ts";

export const phaseTypePrimitives: readonly Primitive[] = [
  checkedPrimitive,
  factorPrimitive,
  quantilePrimitive,
  simulationPrimitive,
  exponentialAction,
  forgetting,
  propagation,
  momentPrimitives.gradient,
  momentPrimitives.second,
  reductionPrimitives.gradient,
  reductionPrimitives.second,
  solvePrimitives.gradient,
  solvePrimitives.second,
  exponentialPrimitives.gradient,
  exponentialPrimitives.second,
];
