// Forward mode of scan: a scan that carries values and tangents side by side.
import { bind } from "../bind.ts";
import { callProgram } from "../evaluate-program.ts";
import { simplify } from "../passes/simplify.ts";
import type { Primitive, Tangent } from "../primitive.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import { inputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { present } from "../transforms/call-primitive.ts";
import { jvpProgram } from "../transforms/program-transforms.ts";
import { instantiateOne } from "../transforms/zero-tangents.ts";
import type { ScanParameters } from "./scan-primitive.ts";

/**
 * Which carries have a property (a tangent, a batch axis) after any number of steps: the smallest set that holds
 * the carries that start with it and is closed under the body. `outputsOf` tells the outputs that get it from
 * inputs that have it. The entries after the carries come back as they are.
 */
export function closedCarries(
  start: readonly boolean[],
  carryCount: number,
  outputsOf: (inputs: readonly boolean[]) => readonly boolean[],
): boolean[] {
  const mask = start.slice();
  for (;;) {
    const outputs = outputsOf(mask);
    let grown = false;
    for (let i = 0; i < carryCount; i++) {
      if (outputs[i] && !mask[i]) {
        mask[i] = true;
        grown = true;
      }
    }
    if (!grown) return mask;
  }
}

/** Marks that force a tangent for the marked carries and leave the stacked outputs as they come. */
export function forcedCarries(mask: readonly boolean[], carryCount: number, outputCount: number): boolean[] {
  return Array.from({ length: outputCount }, (_, i) => i < carryCount && mask[i]);
}

export function scanJvp(
  scan: Primitive<ScanParameters>,
  primals: readonly Value[],
  tangents: readonly Tangent[],
  parameters: ScanParameters,
): { readonly primals: readonly Value[]; readonly tangents: readonly Tangent[] } {
  const { program, carryCount, sliceCount } = parameters;
  const outputCount = program.outputs.length;
  const mask = closedCarries(
    tangents.map((tangent) => tangent !== null),
    carryCount,
    (inputs) => jvpProgram(program, inputs).nonzeroOutputs,
  );
  const body = jvpProgram(program, mask, forcedCarries(mask, carryCount, outputCount));
  const given = tangents.map((tangent, i) => (mask[i] ? instantiateOne(primals[i], tangent) : null));
  const parts = (values: readonly Tangent[], from: number, to: number): Value[] =>
    present(values.slice(from, to));
  const sliceEnd = carryCount + sliceCount;
  const operands = [
    ...primals.slice(0, carryCount),
    ...parts(given, 0, carryCount),
    ...primals.slice(carryCount, sliceEnd),
    ...parts(given, carryCount, sliceEnd),
    ...primals.slice(sliceEnd),
    ...parts(given, sliceEnd, given.length),
  ];
  const carryTangents = mask.slice(0, carryCount).filter(Boolean).length;
  const sliceTangents = mask.slice(carryCount, sliceEnd).filter(Boolean).length;
  const results = bind(scan, operands, {
    ...parameters,
    program: interleave(body.program, parameters, mask, outputCount),
    carryCount: carryCount + carryTangents,
    sliceCount: sliceCount + sliceTangents,
  });
  // Results: carries, their tangents, stacks, their tangents.
  let nextCarryTangent = carryCount;
  const stackStart = carryCount + carryTangents;
  let nextStackTangent = stackStart + outputCount - carryCount;
  return {
    primals: [
      ...results.slice(0, carryCount),
      ...results.slice(stackStart, stackStart + outputCount - carryCount),
    ],
    tangents: body.nonzeroOutputs.map((flag, i) => {
      if (!flag) return null;
      return i < carryCount ? results[nextCarryTangent++] : results[nextStackTangent++];
    }),
  };
}

/** Brings a jvp program (primals first, tangents after) into the order of a scan body. */
function interleave(
  jvp: Program,
  { carryCount, sliceCount }: ScanParameters,
  mask: readonly boolean[],
  outputCount: number,
): Program {
  const types = inputTypes(jvp);
  const inputCount = mask.length;
  const sliceEnd = carryCount + sliceCount;
  /** Input numbers of the jvp program in scan order. */
  const order: number[] = [];
  let nextTangent = inputCount;
  for (const [from, to] of [
    [0, carryCount],
    [carryCount, sliceEnd],
    [sliceEnd, inputCount],
  ]) {
    for (let i = from; i < to; i++) order.push(i);
    for (let i = from; i < to; i++) if (mask[i]) order.push(nextTangent++);
  }
  const carryTangents = mask.slice(0, carryCount).filter(Boolean).length;
  const { program } = traceProgram(
    (inputs) => {
      const ordered: Value[] = [];
      order.forEach((number, place) => (ordered[number] = inputs[place]));
      const results = callProgram(jvp, ordered);
      return [
        ...results.slice(0, carryCount),
        ...results.slice(outputCount, outputCount + carryTangents),
        ...results.slice(carryCount, outputCount),
        ...results.slice(outputCount + carryTangents),
      ];
    },
    order.map((number) => types[number]),
    "scan",
  );
  return simplify(program);
}
