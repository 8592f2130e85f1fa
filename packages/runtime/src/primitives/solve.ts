// Linear solves with the generator of a trace: factorization, solutions, transposed solutions.
import type { Primitive, Value } from "@phxlang/autodiff";
import { bind, NdArray, sizeOf } from "@phxlang/autodiff";
import type { EliminationTrace } from "@phxlang/graph";
import { solveEnergy } from "../jets/solve-energy.ts";
import { solveItems } from "../jets/solve-energy.ts";
import { LaneGenerator } from "../kernels/lane-generator.ts";
import { factorLength } from "../kernels/phase-type-kernels.ts";
import type { EnergyPrimitives } from "./energy-primitives.ts";
import { energyPrimitives } from "./energy-primitives.ts";
import type { BatchedParameters } from "./leading-batch.ts";
import { evaluateInLanes } from "./lane-batch.ts";
import { batchByLeadingAxis, batchedType, batchLength } from "./leading-batch.ts";

type FactorParameters = BatchedParameters & { readonly trace: EliminationTrace };

/**
 * Carries no derivative: whatever uses the factors differentiates with respect to the slots themselves.
 */
export const factorPrimitive: Primitive<FactorParameters> = {
  name: "gth_factor",
  documentation:
    "slots [slots] (rates), optional killing [rows] (rates) → GTH factors of diag(killing) − S, opaque to all but solves",
  type: (operands, { trace, batched }) => [
    batchedType([factorLength(trace)], batchLength(operands, batched)),
  ],
  evaluate(operands, { trace, batched }, [type]) {
    const factors = new Float64Array(sizeOf(type.shape));
    const bytesPerLane = 8 * (trace.slotCount + factorLength(trace) + 2 * trace.rowCount);
    evaluateInLanes(operands, batched, bytesPerLane, [factors], (arena, lanes, [slots, killing]) => [
      new LaneGenerator(arena, lanes, trace, slots, { killing: killing ?? null }).factors,
    ]);
    return [new NdArray(factors, type.shape, "f64")];
  },
  jvp: (primals, _tangents, parameters) => ({
    primals: bind(factorPrimitive, primals, parameters),
    tangents: [null],
  }),
  batch: (operands, axes, parameters, size) =>
    batchByLeadingAxis(operands, axes, parameters.batched, size, (merged, batched) =>
      bind(factorPrimitive, merged, { ...parameters, batched }),
    ),
};

export const solvePrimitives: EnergyPrimitives<{ readonly trace: EliminationTrace }> =
  energyPrimitives(solveEnergy);

/** A factored generator: what all solves at one θ share. */
export interface FactoredGenerator {
  readonly trace: EliminationTrace;
  readonly slots: Value;
  readonly killing: Value | null;
  readonly factors: Value;
}

/** Factors diag(killing) − S(slots); slots [slots], killing [rows] or null. */
export function factorGenerator(
  trace: EliminationTrace,
  slots: Value,
  killing: Value | null,
): FactoredGenerator {
  const operands = killing === null ? [slots] : [slots, killing];
  const [factors] = bind(factorPrimitive, operands, { trace, batched: operands.map(() => 0) });
  return { trace, slots, killing, factors };
}

/** right [R, rows] → (diag(killing) − S)⁻¹ right, row by row of the argument: [R, rows]. */
export function solveRight(generator: FactoredGenerator, right: Value): Value {
  return solve(generator, right, solveItems.right, solveItems.left);
}

/** left [R, rows] → (diag(killing) − S)⁻ᵀ left: [R, rows]. */
export function solveLeft(generator: FactoredGenerator, left: Value): Value {
  return solve(generator, left, solveItems.left, solveItems.right);
}

function solve(
  { trace, slots, killing, factors }: FactoredGenerator,
  given: Value,
  item: number,
  output: number,
): Value {
  const hasKilling = killing !== null;
  const operands = hasKilling ? [factors, slots, killing, given] : [factors, slots, given];
  const [result] = bind(solvePrimitives.gradient, operands, {
    trace,
    order: 0,
    base: hasKilling ? [solveItems.slots, solveItems.killing, item] : [solveItems.slots, item],
    direction: [],
    outputs: [output],
    shapes: [[trace.slotCount], [trace.rowCount], given.shape, given.shape],
    batched: operands.map(() => 0),
  });
  return result;
}
