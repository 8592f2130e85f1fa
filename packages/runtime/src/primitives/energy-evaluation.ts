// The gradient of an energy on concrete arrays: item by item, or several batch items at once in lanes.
import type { ArrayType, Parameters } from "@phxlang/autodiff";
import { NdArray, sizeOf } from "@phxlang/autodiff";
import type { Energy, ItemEnergy, LaneEnergy } from "../jets/energy.ts";
import { zeroJet } from "../jets/subsets.ts";
import { kernels } from "../kernels/index.ts";
import { evaluateInLanes } from "./lane-batch.ts";
import { batchLength, itemOf } from "./leading-batch.ts";

interface Evaluation<P extends Parameters> {
  readonly order: number;
  readonly shapes: readonly (readonly number[])[];
  readonly parameters: P;
  readonly wanted: readonly boolean[];
  /** Constants of the energy, then components of its items. */
  readonly operands: readonly NdArray[];
  readonly batched: readonly number[];
  /** Places of the operands that are no constants, item · 2^order + component; and of the results. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly types: readonly ArrayType[];
}

export function evaluateGradient<P extends Parameters>(
  energy: Energy<P>,
  evaluation: Evaluation<P>,
): NdArray[] {
  const results = evaluation.types.map(({ shape }) => new Float64Array(sizeOf(shape)));
  if ("laneGradient" in energy) evaluateLanes(energy, evaluation, results);
  else evaluateItems(energy, evaluation, results);
  return results.map((elements, i) => new NdArray(elements, evaluation.types[i].shape, "f64"));
}

function evaluateItems<P extends Parameters>(
  energy: ItemEnergy<P>,
  { order, operands, batched, inputs, outputs, ...rest }: Evaluation<P>,
  results: readonly Float64Array[],
): void {
  const constantCount = energy.constants.length;
  const length = batchLength(operands, batched) ?? 1;
  for (let b = 0; b < length; b++) {
    const taken = operands.map((operand, i) => itemOf(operand, batched[i] === 1, b));
    const items = energy.items.map(() => zeroJet(order));
    inputs.forEach((place, i) => {
      items[place >> order][componentOf(place, order)] = taken[constantCount + i];
    });
    const constants = taken.slice(0, constantCount);
    const gradient = energy.gradient({ ...rest, order, items, constants, kernels });
    outputs.forEach((place, i) => {
      const part = gradient[place >> order][componentOf(place, order)];
      if (part !== null) results[i].set(part, (b * results[i].length) / length);
    });
  }
}

function evaluateLanes<P extends Parameters>(
  energy: LaneEnergy<P>,
  { order, operands, batched, inputs, outputs, ...rest }: Evaluation<P>,
  results: readonly Float64Array[],
): void {
  const constantCount = energy.constants.length;
  // First derivatives, of order 1, carry a second component of little but the results.
  const bytesPerLane = energy.bytesPerLane(rest.parameters) << Math.max(0, order - 1);
  evaluateInLanes(operands, batched, bytesPerLane, results, (arena, lanes, placed) => {
    const items = energy.items.map(() => zeroJet<number>(order));
    inputs.forEach((place, i) => {
      items[place >> order][componentOf(place, order)] = placed[constantCount + i];
    });
    const constants = placed.slice(0, constantCount);
    const gradient = energy.laneGradient({ ...rest, order, lanes, items, constants, arena });
    return outputs.map((place) => gradient[place >> order][componentOf(place, order)]);
  });
}

function componentOf(place: number, order: number): number {
  return place & ((1 << order) - 1);
}
