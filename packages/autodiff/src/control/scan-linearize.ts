// Linearization of scan: one scan forwards that keeps residuals, one linear scan of the tangents.
import { bind } from "../bind.ts";
import { callProgram } from "../evaluate-program.ts";
import { simplify } from "../passes/simplify.ts";
import type { Primitive, Tangent } from "../primitive.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import { inputTypes, outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { present, splitTangents } from "../transforms/call-primitive.ts";
import { linearizeProgram } from "../transforms/program-transforms.ts";
import type { LinearizedProgram } from "../transforms/program-transforms.ts";
import { instantiateOne } from "../transforms/zero-tangents.ts";
import { chunkedProgram, isChunked } from "./scan-checkpoint.ts";
import { closedCarries, forcedCarries } from "./scan-jvp.ts";
import type { ScanParameters } from "./scan-primitive.ts";

/**
 * The forward scan stacks what the linear scan will need of every step. A residual that is a constant of the
 * loop or a slice is not stacked again: it is handed over as it is.
 */
export function scanLinearize(
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
    (inputs) => linearizeProgram(program, inputs).nonzeroOutputs,
  );
  const split = linearizeProgram(program, mask, forcedCarries(mask, carryCount, outputCount));
  const stacks = split.residualSources.some((source) => source < carryCount);
  if (stacks && isChunked(parameters)) return linearizeInChunks(scan, primals, tangents, parameters);
  const sliceEnd = carryCount + sliceCount;
  const forward = withCarryResiduals(split, program, carryCount);
  const outputs = bind(scan, primals, { ...parameters, program: forward.primal });
  const residuals = forward.sources.map((source) =>
    source >= 0 ? primals[source] : outputs[outputCount - 1 - source],
  );
  const isConstant = forward.sources.map((source) => source >= sliceEnd);
  const given = tangents.map((tangent, i) => (mask[i] ? instantiateOne(primals[i], tangent) : null));
  const chosen = (from: number, to: number): Value[] =>
    given.slice(from, to).filter((tangent): tangent is Value => tangent !== null);
  const carryTangents = chosen(0, carryCount);
  const sliceTangents = chosen(carryCount, sliceEnd);
  const constantTangents = chosen(sliceEnd, given.length);
  const stacked = residuals.filter((_, i) => !isConstant[i]);
  const constants = residuals.filter((_, i) => isConstant[i]);
  const operands = [...carryTangents, ...sliceTangents, ...stacked, ...constantTangents, ...constants];
  const counts = [carryTangents.length, sliceTangents.length, constantTangents.length] as const;
  const linear = reorderLinear(split.linear, counts, isConstant);
  const results = bind(scan, operands, {
    ...parameters,
    program: linear,
    carryCount: carryTangents.length,
    sliceCount: sliceTangents.length + stacked.length,
  });
  let next = 0;
  return {
    primals: outputs.slice(0, outputCount),
    tangents: split.nonzeroOutputs.map((flag) => (flag ? results[next++] : null)),
  };
}

/** The loop in chunks, linearized: its inner scans are checkpointed, so only the carries between chunks are kept. */
function linearizeInChunks(
  scan: Primitive<ScanParameters>,
  primals: readonly Value[],
  tangents: readonly Tangent[],
  parameters: ScanParameters,
): ReturnType<typeof splitTangents> {
  const types = primals.map(({ type }) => type);
  const split = linearizeProgram(
    chunkedProgram(scan, types, parameters),
    tangents.map((tangent) => tangent !== null),
  );
  const outputs = callProgram(split.primal, primals);
  const outputCount = parameters.program.outputs.length;
  const residuals = split.residualSources.map((source) =>
    source >= 0 ? primals[source] : outputs[outputCount - 1 - source],
  );
  const linear = callProgram(split.linear, [...present(tangents), ...residuals]);
  return splitTangents([...outputs.slice(0, outputCount), ...linear], outputCount, split.nonzeroOutputs);
}

/** Residuals that are the carry itself are stacked like computed ones: every step has its own. */
function withCarryResiduals(
  split: LinearizedProgram,
  body: Program,
  carryCount: number,
): { readonly primal: Program; readonly sources: readonly number[] } {
  const carries = split.residualSources.filter((source) => source >= 0 && source < carryCount);
  if (carries.length === 0) return { primal: split.primal, sources: split.residualSources };
  const firstNew = outputTypes(split.primal).length - body.outputs.length;
  const { program } = traceProgram(
    (inputs) => [...callProgram(split.primal, inputs), ...carries.map((carry) => inputs[carry])],
    inputTypes(split.primal),
    "scan",
  );
  const sources = split.residualSources.map((source) =>
    source >= 0 && source < carryCount ? -1 - (firstNew + carries.indexOf(source)) : source,
  );
  return { primal: program, sources };
}

/** From (tangents of carry, slices, constants; residuals) to (carry; slices, stacked; constants). */
function reorderLinear(
  linear: Program,
  [carry, slice, constant]: readonly [number, number, number],
  isConstant: readonly boolean[],
): Program {
  const types = inputTypes(linear);
  const tangentCount = carry + slice + constant;
  const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  const residualNumbers = isConstant.map((_, i) => tangentCount + i);
  const order = [
    ...range(0, carry),
    ...range(carry, slice),
    ...residualNumbers.filter((_, i) => !isConstant[i]),
    ...range(carry + slice, constant),
    ...residualNumbers.filter((_, i) => isConstant[i]),
  ];
  const { program } = traceProgram(
    (inputs) => {
      const ordered: Value[] = [];
      order.forEach((number, place) => (ordered[number] = inputs[place]));
      return callProgram(linear, ordered);
    },
    order.map((number) => types[number]),
    "scan",
  );
  return simplify(program);
}
