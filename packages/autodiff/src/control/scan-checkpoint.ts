// Scan in chunks of √n steps, each of which reverse mode computes again instead of keeping its residuals.
import { bind } from "../bind.ts";
import { concatenateLeading, reshapeTo, sliceLeading } from "../engine-operations.ts";
import { traceProgram } from "../program-trace.ts";
import { inputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { checkpointPrimitive } from "../transforms/checkpoint-primitive.ts";
import type { ScanParameters } from "./scan-primitive.ts";
import { scanPrimitive } from "./scan-primitive.ts";

/**
 * n = chunks · steps + rest with steps = ⌈√n⌉: an outer scan over chunks whose body is a checkpointed inner scan,
 * then one checkpointed scan of the rest (before them when the loop is reversed).
 */
export function scanInChunks(operands: readonly Value[], parameters: ScanParameters): readonly Value[] {
  const { carryCount, sliceCount, length, reverse } = parameters;
  const steps = Math.ceil(Math.sqrt(length));
  if (length < 4) return bind(scanPrimitive, operands, parameters);
  const chunks = Math.floor(length / steps);
  const inChunks = chunks * steps;
  const rest = length - inChunks;
  const slices = operands.slice(carryCount, carryCount + sliceCount);
  const constants = operands.slice(carryCount + sliceCount);
  const whole = slices.map((slice) =>
    reshapeTo(sliceLeading(slice, 0, inChunks), [chunks, steps, ...slice.shape.slice(1)]),
  );
  const tail = slices.map((slice) => sliceLeading(slice, inChunks, length));
  const runChunks = (carry: readonly Value[]): readonly Value[] => {
    const results = bind(scanPrimitive, [...carry, ...whole, ...constants], {
      ...parameters,
      program: checkpointedScan([...carry, ...whole, ...constants], parameters, steps),
      length: chunks,
    });
    return results.map((result, i) =>
      i < carryCount ? result : reshapeTo(result, [inChunks, ...result.shape.slice(2)]),
    );
  };
  const runRest = (carry: readonly Value[]): readonly Value[] =>
    bind(scanPrimitive, [...carry, ...tail, ...constants], { ...parameters, length: rest });
  const start = operands.slice(0, carryCount);
  if (rest === 0) return runChunks(start);
  const first = reverse ? runRest(start) : runChunks(start);
  const carry = first.slice(0, carryCount);
  const second = reverse ? runChunks(carry) : runRest(carry);
  const [low, high] = reverse ? [second, first] : [first, second];
  return [
    ...second.slice(0, carryCount),
    ...low.slice(carryCount).map((stack, i) => concatenateLeading(stack, high[carryCount + i])),
  ];
}

/** The body of the outer scan: an inner scan of `steps` steps behind a checkpoint. */
function checkpointedScan(
  operands: readonly Value[],
  parameters: ScanParameters,
  steps: number,
): ScanParameters["program"] {
  const { carryCount, sliceCount } = parameters;
  const types = operands.map(({ type }, i) => {
    const isSlice = i >= carryCount && i < carryCount + sliceCount;
    return { dtype: type.dtype, shape: isSlice ? type.shape.slice(1) : type.shape, weak: type.weak === true };
  });
  const inner = traceProgram(
    (inputs) => bind(scanPrimitive, inputs, { ...parameters, length: steps }),
    types,
    "scan",
  ).program;
  return traceProgram(
    (inputs) => bind(checkpointPrimitive, inputs, { program: inner, name: "scan chunk" }),
    inputTypes(inner),
    "scan",
  ).program;
}
