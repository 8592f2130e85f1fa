// The part of a scan that some of its results need.
import { neededInputs, restrictProgram } from "../passes/dead-code.ts";
import type { Pruned } from "../primitive.ts";
import type { ScanParameters } from "./scan-primitive.ts";

/** Carries stay if their last value is used or if a used result of any step reads them. */
export function pruneScan(
  used: readonly boolean[],
  parameters: ScanParameters,
): Pruned<ScanParameters> | null {
  const { program, carryCount, sliceCount } = parameters;
  const live = used.slice();
  const chosen = (): number[] => live.flatMap((flag, i) => (flag ? [i] : []));
  let inputs = neededInputs(program, chosen());
  for (;;) {
    const missing = live.findIndex((flag, i) => i < carryCount && inputs[i] && !flag);
    if (missing < 0) break;
    for (let i = 0; i < carryCount; i++) if (inputs[i]) live[i] = true;
    inputs = neededInputs(program, chosen());
  }
  const kept = inputs.flatMap((flag, i) => ((i < carryCount ? live[i] : flag) ? [i] : []));
  const results = chosen();
  if (results.length === program.outputs.length && kept.length === program.inputCount) return null;
  return {
    parameters: {
      ...parameters,
      program: restrictProgram(program, results, kept),
      carryCount: kept.filter((i) => i < carryCount).length,
      sliceCount: kept.filter((i) => i >= carryCount && i < carryCount + sliceCount).length,
    },
    operands: kept,
    results,
  };
}
