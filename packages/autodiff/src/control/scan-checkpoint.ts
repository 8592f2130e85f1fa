// Scan in chunks of √n steps, each of which reverse mode computes again instead of keeping its residuals.
import type { ArrayType } from "../array.ts";
import { typeText } from "../array.ts";
import { bind } from "../bind.ts";
import { concatenateLeading, reshapeTo, sliceLeading } from "../engine-operations.ts";
import type { Primitive } from "../primitive.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import { inputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { checkpointPrimitive } from "../transforms/checkpoint-primitive.ts";
import { kept } from "../transforms/program-transforms.ts";
import type { ScanParameters } from "./scan-primitive.ts";

/** In shorter loops the residuals of all steps are few, and computing steps again costs more than it saves. */
const shortestChunkedLength = 16;

export function isChunked({ checkpoint, length }: ScanParameters): boolean {
  return checkpoint && length >= shortestChunkedLength;
}

const programs = kept<Program>();

/** A program with the operands and results of the scan that runs it in chunks; kept with the body. */
export function chunkedProgram(
  scan: Primitive<ScanParameters>,
  operands: readonly ArrayType[],
  parameters: ScanParameters,
): Program {
  const { program, length, reverse, carryCount, sliceCount } = parameters;
  const key = [length, reverse, carryCount, sliceCount, ...operands.map(typeText)].join(" ");
  return programs(program, key, () => {
    const plain = { ...parameters, checkpoint: false };
    return traceProgram((inputs) => scanInChunks(scan, inputs, plain), operands, "scan").program;
  });
}

/**
 * n = chunks · steps + rest with steps = ⌈√n⌉: an outer scan over chunks whose body is a checkpointed inner scan,
 * then one scan of the rest (before them when the loop is reversed).
 */
function scanInChunks(
  scan: Primitive<ScanParameters>,
  operands: readonly Value[],
  parameters: ScanParameters,
): readonly Value[] {
  const { carryCount, sliceCount, length, reverse } = parameters;
  const steps = Math.ceil(Math.sqrt(length));
  const chunks = Math.floor(length / steps);
  const inChunks = chunks * steps;
  const rest = length - inChunks;
  const slices = operands.slice(carryCount, carryCount + sliceCount);
  const constants = operands.slice(carryCount + sliceCount);
  // The rest are the last slices, which a reversed loop runs first.
  const whole = slices.map((slice) =>
    reshapeTo(sliceLeading(slice, 0, inChunks), [chunks, steps, ...slice.shape.slice(1)]),
  );
  const tail = slices.map((slice) => sliceLeading(slice, inChunks, length));
  const runChunks = (carry: readonly Value[]): readonly Value[] => {
    const inputs = [...carry, ...whole, ...constants];
    const program = checkpointedScan(scan, inputs, parameters, steps);
    const results = bind(scan, inputs, { ...parameters, program, length: chunks });
    return results.map((result, i) =>
      i < carryCount ? result : reshapeTo(result, [inChunks, ...result.shape.slice(2)]),
    );
  };
  const runRest = (carry: readonly Value[]): readonly Value[] =>
    bind(scan, [...carry, ...tail, ...constants], { ...parameters, length: rest });
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
  scan: Primitive<ScanParameters>,
  operands: readonly Value[],
  parameters: ScanParameters,
  steps: number,
): Program {
  const { carryCount, sliceCount } = parameters;
  const types = operands.map(({ type }, i) => {
    const isSlice = i >= carryCount && i < carryCount + sliceCount;
    return { dtype: type.dtype, shape: isSlice ? type.shape.slice(1) : type.shape, weak: type.weak === true };
  });
  const inner = traceProgram(
    (inputs) => bind(scan, inputs, { ...parameters, length: steps }),
    types,
    "scan",
  ).program;
  return traceProgram(
    (inputs) => bind(checkpointPrimitive, inputs, { program: inner, name: "scan chunk" }),
    inputTypes(inner),
    "scan",
  ).program;
}
