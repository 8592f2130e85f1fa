// Splits a program into the part that does not depend on some inputs, and the part that does.
import { zeros } from "../engine-operations.ts";
import { GrowingInts } from "../growing-ints.ts";
import type { Program } from "../program.ts";
import { dependentVariables } from "./dependence.ts";
import { ProgramBuilder } from "../program-builder.ts";

export interface LinearSplit {
  /** Inputs: the known inputs. Outputs: the known outputs, then the residuals. */
  readonly known: Program;
  readonly residualCount: number;
  /** Inputs: the linear inputs, then the residuals. Outputs: the linear outputs. */
  readonly linear: Program;
  /** For each output of the program, whether it depends on a linear input. */
  readonly linearOutputs: readonly boolean[];
}

/**
 * Equations without an operand that depends on a linear input go to `known`; what the others need of them, and
 * of the known inputs, are the residuals.
 */
export function splitLinear(program: Program, linearInputs: readonly boolean[]): LinearSplit {
  const { inputCount, equationCount, operandOffsets, operands, firstResult, types, variableTypes } = program;
  const isLinear = dependentVariables(program, linearInputs);
  const known = new ProgramBuilder();
  const linear = new ProgramBuilder();
  const inKnown = new Int32Array(variableTypes.length).fill(-1);
  const inLinear = new Int32Array(variableTypes.length).fill(-1);
  const typeOf = (variable: number): (typeof types)[number] => types[variableTypes[variable]];
  for (let v = 0; v < inputCount; v++) {
    if (isLinear[v] === 1) inLinear[v] = linear.input(typeOf(v));
    else inKnown[v] = known.input(typeOf(v));
  }
  program.constants.forEach((constant, i) => {
    inKnown[inputCount + i] = known.constant(constant);
  });
  const residuals = new GrowingInts();
  const readInLinear = (variable: number): number => {
    if (inLinear[variable] >= 0) return inLinear[variable];
    if (variable >= inputCount && variable < inputCount + program.constants.length) {
      inLinear[variable] = linear.constant(program.constants[variable - inputCount]);
    } else {
      residuals.push(inKnown[variable]);
      inLinear[variable] = linear.input(typeOf(variable));
    }
    return inLinear[variable];
  };
  // A known part that an equation of both kinds computes beside its linear part: linear operands read as zero.
  const readInKnown = (variable: number): number =>
    isLinear[variable] === 1 ? known.constant(zeros(typeOf(variable))) : inKnown[variable];
  for (let e = 0; e < equationCount; e++) {
    const taken = operands.subarray(operandOffsets[e], operandOffsets[e + 1]);
    const first = firstResult[e];
    const resultTypes = Array.from({ length: firstResult[e + 1] - first }, (_, r) => typeOf(first + r));
    const primitive = program.primitives[program.primitive[e]];
    const parameters = program.parameters[program.parameter[e]];
    const linearResults = isLinear.subarray(first, firstResult[e + 1]);
    if (linearResults.includes(0)) {
      const start = known.equation(primitive, Array.from(taken, readInKnown), parameters, resultTypes);
      linearResults.forEach((flag, r) => {
        if (flag === 0) inKnown[first + r] = start + r;
      });
    }
    if (linearResults.includes(1)) {
      const start = linear.equation(primitive, Array.from(taken, readInLinear), parameters, resultTypes);
      linearResults.forEach((flag, r) => {
        if (flag === 1) inLinear[first + r] = start + r;
      });
    }
  }
  const linearOutputs = Array.from(program.outputs, (output) => isLinear[output] === 1);
  const outputs = Array.from(program.outputs);
  return {
    known: known.finish([
      ...outputs.filter((_, i) => !linearOutputs[i]).map((output) => inKnown[output]),
      ...residuals.toArray(),
    ]),
    residualCount: residuals.length,
    linear: linear.finish(outputs.filter((_, i) => linearOutputs[i]).map((output) => inLinear[output])),
    linearOutputs,
  };
}
