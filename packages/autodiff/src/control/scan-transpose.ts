// Reverse mode of a scan that is linear in some operands: a scan of cotangents in the other direction.
import { bind } from "../bind.ts";
import { addTangents, zeros } from "../engine-operations.ts";
import { simplify } from "../passes/simplify.ts";
import { dependentOutputs } from "../passes/dependence.ts";
import type { LinearSplit } from "../passes/split-linear.ts";
import { splitLinear } from "../passes/split-linear.ts";
import type { Primitive, Tangent } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import { inputTypes, outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { transposeProgram } from "../transforms/transpose-program.ts";
import { instantiateOne } from "../transforms/zero-tangents.ts";
import { closedCarries } from "./scan-jvp.ts";
import type { ScanParameters } from "./scan-primitive.ts";

/**
 * With x' = A x + B s + C k in every step (x carry, s slice, k constant), cotangents go x̄ = Aᵀ x̄', s̄ = Bᵀ x̄'
 * and k̄ += Cᵀ x̄', from the last step to the first. What A, B and C are made of may be computed in the body
 * from operands that are not linear: that part runs forwards first and is stacked.
 */
export function scanTranspose(
  scan: Primitive<ScanParameters>,
  cotangents: readonly Tangent[],
  operands: readonly (Value | LinearOperand)[],
  parameters: ScanParameters,
): Tangent[] {
  const { program, carryCount, sliceCount } = parameters;
  const sliceEnd = carryCount + sliceCount;
  // A carry that starts as a known value but takes up linear ones is linear too; its start gets no cotangent.
  const linear = closedCarries(
    operands.map((operand) => operand instanceof LinearOperand),
    carryCount,
    (inputs) => dependentOutputs(program, inputs),
  );
  const split = splitLinear(program, linear);
  const residuals = knownResiduals(scan, operands, linear, split, parameters);
  const linearTypes = inputTypes(split.linear).slice(0, linear.filter(Boolean).length);
  const counts = {
    carry: linear.slice(0, carryCount).filter(Boolean).length,
    slice: linear.slice(carryCount, sliceEnd).filter(Boolean).length,
    constant: linear.slice(sliceEnd).filter(Boolean).length,
  };
  const linearCotangents = cotangents.filter((_, i) => split.linearOutputs[i]);
  const carryTypes = linearTypes.slice(0, counts.carry);
  const constantTypes = linearTypes.slice(counts.carry + counts.slice);
  const startCarry = splitOutputs(split, linear, carryCount).map((output, i) =>
    instantiateOne({ type: carryTypes[i] }, output < 0 ? null : linearCotangents[output]),
  );
  const stackOutputs = linearStacks(split, carryCount).filter((output) => linearCotangents[output] !== null);
  const body = backwardBody(split, counts, linear, carryCount, stackOutputs, residuals.isConstant);
  const results = bind(
    scan,
    [
      ...startCarry,
      ...constantTypes.map(zeros),
      ...stackOutputs.map((output) => linearCotangents[output] as Value),
      ...residuals.values.filter((_, i) => !residuals.isConstant[i]),
      ...residuals.values.filter((_, i) => residuals.isConstant[i]),
    ],
    {
      program: body,
      carryCount: counts.carry + counts.constant,
      sliceCount: stackOutputs.length + residuals.isConstant.filter((flag) => !flag).length,
      length: parameters.length,
      reverse: !parameters.reverse,
      checkpoint: parameters.checkpoint,
    },
  );
  // Results: carries, constants, slices; operands: carries, slices, constants.
  let nextCarry = 0;
  let nextConstant = counts.carry;
  let nextSlice = counts.carry + counts.constant;
  return operands.map((operand, i) => {
    if (!linear[i]) return null;
    const result = results[i < carryCount ? nextCarry++ : i < sliceEnd ? nextSlice++ : nextConstant++];
    return operand instanceof LinearOperand ? result : null;
  });
}

/** For each linear carry, the linear output that is its next value; −1 where the next value is known. */
function splitOutputs(split: LinearSplit, linear: readonly boolean[], carryCount: number): number[] {
  let next = 0;
  const outputOf = split.linearOutputs.map((flag) => (flag ? next++ : -1));
  return outputOf.slice(0, carryCount).filter((_, i) => linear[i]);
}

/** The linear outputs that are stacked. */
function linearStacks(split: LinearSplit, carryCount: number): number[] {
  let next = 0;
  return split.linearOutputs.flatMap((flag, i) => {
    if (!flag) return [];
    const output = next++;
    return i < carryCount ? [] : [output];
  });
}

interface Residuals {
  /** Stacked along axis 0, or, where `isConstant`, the same for every step. */
  readonly values: readonly Value[];
  readonly isConstant: readonly boolean[];
}

/** What the linear part reads: slices and constants as they are, everything else from a scan of the known part. */
function knownResiduals(
  scan: Primitive<ScanParameters>,
  operands: readonly (Value | LinearOperand)[],
  linear: readonly boolean[],
  split: LinearSplit,
  parameters: ScanParameters,
): Residuals {
  const { carryCount, sliceCount } = parameters;
  const sliceEnd = carryCount + sliceCount;
  const knownPositions = operands.map((_, i) => i).filter((i) => !linear[i]);
  const knownCarries = knownPositions.filter((i) => i < carryCount).length;
  const outputs = split.known.outputs;
  const firstResidual = outputs.length - split.residualCount;
  const sources = Array.from(outputs.subarray(firstResidual), (variable) =>
    variable < split.known.inputCount ? knownPositions[variable] : -1,
  );
  const isConstant = sources.map((source) => source >= sliceEnd);
  if (sources.every((source) => source >= carryCount)) {
    return { values: sources.map((source) => operands[source] as Value), isConstant };
  }
  const results = bind(
    scan,
    knownPositions.map((i) => operands[i] as Value),
    {
      ...parameters,
      program: split.known,
      carryCount: knownCarries,
      sliceCount: knownPositions.filter((i) => i >= carryCount && i < sliceEnd).length,
    },
  );
  const values = sources.map((source, i) =>
    source >= carryCount ? (operands[source] as Value) : results[firstResidual + i],
  );
  return { values, isConstant };
}

/** One step of the backward scan. Inputs: x̄', k̄, stack cotangents, stacked residuals, constant residuals. */
function backwardBody(
  split: LinearSplit,
  counts: { readonly carry: number; readonly slice: number; readonly constant: number },
  linear: readonly boolean[],
  carryCount: number,
  stackOutputs: readonly number[],
  isConstant: readonly boolean[],
): Program {
  const types = inputTypes(split.linear);
  const linearCount = counts.carry + counts.slice + counts.constant;
  const linearTypes = types.slice(0, linearCount);
  const residualTypes = types.slice(linearCount);
  const carryTypes = linearTypes.slice(0, counts.carry);
  const constantTypes = linearTypes.slice(counts.carry + counts.slice);
  const outTypes = outputTypes(split.linear);
  const carryOutputs = splitOutputs(split, linear, carryCount);
  const { program } = traceProgram(
    (inputs) => {
      let next = counts.carry + counts.constant;
      const cotangents: Tangent[] = outTypes.map(() => null);
      carryOutputs.forEach((output, i) => {
        if (output >= 0) cotangents[output] = inputs[i];
      });
      for (const output of stackOutputs) cotangents[output] = inputs[next++];
      const residuals: Value[] = [];
      isConstant.forEach((flag, i) => {
        if (!flag) residuals[i] = inputs[next++];
      });
      isConstant.forEach((flag, i) => {
        if (flag) residuals[i] = inputs[next++];
      });
      const back = transposeProgram(
        split.linear,
        [...linearTypes.map((type) => new LinearOperand(type)), ...residuals],
        cotangents,
      );
      const whole = linearTypes.map((type, i) => instantiateOne({ type }, back[i]));
      const constantStart = counts.carry + counts.slice;
      const accumulated = constantTypes.map((_, i) => {
        const addend = back[constantStart + i];
        const sofar = inputs[counts.carry + i];
        return addend === null ? sofar : addTangents(sofar, addend);
      });
      return [...whole.slice(0, counts.carry), ...accumulated, ...whole.slice(counts.carry, constantStart)];
    },
    [
      ...carryTypes,
      ...constantTypes,
      ...stackOutputs.map((output) => outTypes[output]),
      ...residualTypes.filter((_, i) => !isConstant[i]),
      ...residualTypes.filter((_, i) => isConstant[i]),
    ],
    "scan",
  );
  return simplify(program);
}
