// The primitive `scan`: a loop of known length that carries a state and maps over slices.
import type { ArrayType, Elements } from "../array.ts";
import { allocate, sizeOf } from "../array.ts";
import { bind } from "../bind.ts";
import { moveAxis } from "../engine-operations.ts";
import { evaluateProgram } from "../evaluate-program.ts";
import { NdArray } from "../ndarray.ts";
import { dependentOutputs } from "../passes/dependence.ts";
import type { Batched, Parameters, Primitive } from "../primitive.ts";
import type { Program } from "../program.ts";
import { outputTypes } from "../program-types.ts";
import { batchAll } from "../transforms/call-primitive.ts";
import { pruneScan } from "./scan-prune.ts";
import { scanBatchProgram } from "./scan-batch.ts";
import { closedCarries, scanJvp } from "./scan-jvp.ts";
import { scanLinearize } from "./scan-linearize.ts";
import { scanTranspose } from "./scan-transpose.ts";

/**
 * Operands: carry, then arrays that are sliced along axis 0, then constants of the loop. The program takes one
 * carry, one slice of each, and the constants, and returns the next carry, then one slice of each stacked result.
 * Results: the last carry, then the stacks. `reverse` runs from the last slice to the first; stacks keep their
 * places. `checkpoint` says how reverse mode gets at what the steps computed (`ScanOptions`).
 */
export interface ScanParameters extends Parameters {
  readonly program: Program;
  readonly carryCount: number;
  readonly sliceCount: number;
  readonly length: number;
  readonly reverse: boolean;
  readonly checkpoint: boolean;
}

export const scanPrimitive: Primitive<ScanParameters> = {
  name: "scan",
  documentation:
    "runs a program `length` times, handing a carry on and mapping over axis 0 of sliced operands and stacked results",
  type(operands, { program, carryCount, length }) {
    const types = outputTypes(program);
    return types.map((type, i): ArrayType => {
      if (i < carryCount) return plain(operands[i]);
      return { dtype: type.dtype, shape: [length, ...type.shape], weak: type.weak === true };
    });
  },
  evaluate: evaluateScan,
  prune: pruneScan,
  dependence(operands, { program, carryCount }) {
    return dependentOutputs(
      program,
      closedCarries(operands, carryCount, (inputs) => dependentOutputs(program, inputs)),
    );
  },
  jvp: (primals, tangents, parameters) => scanJvp(scanPrimitive, primals, tangents, parameters),
  linearize: (primals, tangents, parameters) => scanLinearize(scanPrimitive, primals, tangents, parameters),
  transpose: (cotangents, operands, parameters) =>
    scanTranspose(scanPrimitive, cotangents, operands, parameters),
  batch(operands, axes, parameters, size, axisName): Batched {
    const { carryCount, sliceCount } = parameters;
    const body = scanBatchProgram(parameters, axes, size, axisName);
    const aligned = batchAll(operands, axes, body.batchedInputs, size).map((operand, i) => {
      const isSlice = i >= carryCount && i < carryCount + sliceCount;
      // A batched slice keeps the loop as axis 0 and has the batch as axis 1.
      return isSlice && body.batchedInputs[i] ? moveAxis(operand, 0, 1) : operand;
    });
    const results = bind(scanPrimitive, aligned, { ...parameters, program: body.program });
    return {
      results,
      axes: body.batchedOutputs.map((flag, i) => (flag ? (i < carryCount ? 0 : 1) : null)),
    };
  },
};

function plain(type: ArrayType): ArrayType {
  return { dtype: type.dtype, shape: type.shape, weak: type.weak === true };
}

function evaluateScan(
  operands: readonly NdArray[],
  { program, carryCount, sliceCount, length, reverse }: ScanParameters,
  types: readonly ArrayType[],
): readonly NdArray[] {
  let carry = operands.slice(0, carryCount);
  const sliced = operands.slice(carryCount, carryCount + sliceCount);
  const constants = operands.slice(carryCount + sliceCount);
  const stackTypes = types.slice(carryCount);
  const stacks = stackTypes.map((type) => allocate(type.dtype, sizeOf(type.shape)));
  for (let step = 0; step < length; step++) {
    const at = reverse ? length - 1 - step : step;
    const results = evaluateProgram(program, [...carry, ...sliced.map((x) => sliceOf(x, at)), ...constants]);
    carry = results.slice(0, carryCount);
    for (let s = 0; s < stacks.length; s++) {
      const part: Elements = results[carryCount + s].elements;
      (stacks[s] as Float64Array).set(part, at * part.length);
    }
  }
  const last = carry.map(
    (value, i) => new NdArray(value.elements, types[i].shape, types[i].dtype, types[i].weak),
  );
  return [
    ...last,
    ...stacks.map(
      (elements, s) => new NdArray(elements, stackTypes[s].shape, stackTypes[s].dtype, stackTypes[s].weak),
    ),
  ];
}

/** Entry `at` along axis 0, without copying: arrays are immutable. */
function sliceOf(x: NdArray, at: number): NdArray {
  const shape = x.shape.slice(1);
  const size = sizeOf(shape);
  return new NdArray(x.elements.subarray(at * size, (at + 1) * size), shape, x.dtype, x.weak);
}
