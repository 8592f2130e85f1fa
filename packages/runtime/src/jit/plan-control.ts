// How loops and branches over programs become steps: their bodies are plans of their own.
import type { ArrayType, Parameters, Program } from "@phxlang/autodiff";
import type { CondLowering, ScanLowering, WhileLowering } from "./lowering.ts";
import { bytesOf } from "./frame.ts";
import type { Plan, PlanVariable, Step } from "./plan.ts";
import { align } from "./plan.ts";

/** What the planner of the enclosing program does for its loops and branches. */
export interface EnclosingPlanner {
  planOf(program: Program): Plan;
  dense(operand: PlanVariable): PlanVariable;
  step(
    types: readonly ArrayType[],
    operands: readonly PlanVariable[],
    make: (results: readonly PlanVariable[]) => Step,
  ): readonly PlanVariable[];
}

export function planControl(
  planner: EnclosingPlanner,
  lowering: ScanLowering | WhileLowering | CondLowering,
  parameters: Parameters,
  operands: readonly PlanVariable[],
  types: readonly ArrayType[],
): readonly PlanVariable[] {
  if (lowering.kind === "scan") return planScan(planner, lowering, parameters, operands, types);
  if (lowering.kind === "while") return planWhile(planner, lowering, parameters, operands, types);
  return planCond(planner, lowering, parameters, operands, types);
}

/** Two buffers for each carried array: the body reads one and writes the other. */
function carriedBytes(carried: readonly PlanVariable[]): number {
  let bytes = 0;
  for (const { buffer } of carried) bytes += 2 * align(bytesOf(buffer));
  return bytes;
}

function planScan(
  planner: EnclosingPlanner,
  lowering: ScanLowering,
  parameters: Parameters,
  operands: readonly PlanVariable[],
  types: readonly ArrayType[],
): readonly PlanVariable[] {
  const { body, length, reverse, carryCount, sliceCount } = lowering.read(parameters);
  const plan = planner.planOf(body);
  const placed = operands.map((operand) => planner.dense(operand));
  return planner.step(types, placed, (results) => ({
    kind: "scan",
    body: plan,
    length,
    reverse,
    initial: placed.slice(0, carryCount),
    slices: placed.slice(carryCount, carryCount + sliceCount),
    constants: placed.slice(carryCount + sliceCount),
    finals: results.slice(0, carryCount),
    stacked: results.slice(carryCount),
    space: { bytes: align(plan.frameBytes) + carriedBytes(results.slice(0, carryCount)), offset: 0 },
  }));
}

function planWhile(
  planner: EnclosingPlanner,
  lowering: WhileLowering,
  parameters: Parameters,
  operands: readonly PlanVariable[],
  types: readonly ArrayType[],
): readonly PlanVariable[] {
  const { condition, body, conditionConstants } = lowering.read(parameters);
  const carryCount = body.outputs.length;
  const conditionPlan = planner.planOf(condition);
  const bodyPlan = planner.planOf(body);
  const placed = operands.map((operand) => planner.dense(operand));
  return planner.step(types, placed, (results) => ({
    kind: "while",
    condition: conditionPlan,
    body: bodyPlan,
    initial: placed.slice(0, carryCount),
    conditionConstants: placed.slice(carryCount, carryCount + conditionConstants),
    bodyConstants: placed.slice(carryCount + conditionConstants),
    finals: results,
    // The condition's frame, its one result, the body's frame, the carried arrays.
    space: {
      bytes: align(conditionPlan.frameBytes) + align(1) + align(bodyPlan.frameBytes) + carriedBytes(results),
      offset: 0,
    },
  }));
}

function planCond(
  planner: EnclosingPlanner,
  lowering: CondLowering,
  parameters: Parameters,
  operands: readonly PlanVariable[],
  types: readonly ArrayType[],
): readonly PlanVariable[] {
  const branches = lowering.read(parameters).branches.map((branch) => planner.planOf(branch));
  const placed = operands.map((operand) => planner.dense(operand));
  const bytes = Math.max(0, ...branches.map(({ frameBytes }) => frameBytes));
  return planner.step(types, placed, (results) => ({
    kind: "cond",
    branches,
    selector: placed[0],
    operands: placed.slice(1),
    results,
    space: { bytes, offset: 0 },
  }));
}
