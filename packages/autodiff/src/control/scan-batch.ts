// Batching of a scan: the body over a batch, with every carry batched that becomes so in any step.
import type { Program } from "../program.ts";
import { batchProgram } from "../transforms/program-transforms.ts";
import { closedCarries, forcedCarries } from "./scan-jvp.ts";
import type { ScanParameters } from "./scan-primitive.ts";

export interface BatchedBody {
  readonly program: Program;
  readonly batchedInputs: readonly boolean[];
  readonly batchedOutputs: readonly boolean[];
}

export function scanBatchProgram(
  { program, carryCount }: ScanParameters,
  axes: readonly (number | null)[],
  size: number,
  axisName: string | undefined,
): BatchedBody {
  const batchedInputs = closedCarries(
    axes.map((axis) => axis !== null),
    carryCount,
    (inputs) => batchProgram(program, inputs, size, axisName).batchedOutputs,
  );
  const forced = forcedCarries(batchedInputs, carryCount, program.outputs.length);
  const body = batchProgram(program, batchedInputs, size, axisName, forced);
  return { program: body.program, batchedInputs, batchedOutputs: body.batchedOutputs };
}
