// validate: checks everything that Program promises; for programs that come from outside, and for tests.
import type { ArrayType } from "../array.ts";
import { sameShape, typeText } from "../array.ts";
import { internalError } from "../errors.ts";
import type { Program } from "../program.ts";

/** Throws an internal error that names the first broken promise. Result types are computed anew. Linear time. */
export function validateProgram(program: Program): void {
  const { inputCount, constants, types, variableTypes, equationCount } = program;
  const { primitive, parameter, operandOffsets, operands, firstResult, outputs } = program;
  const variableCount = variableTypes.length;
  check(primitive.length === equationCount && parameter.length === equationCount, "equation columns");
  check(operandOffsets.length === equationCount + 1 && operandOffsets[0] === 0, "operand offsets");
  check(operandOffsets[equationCount] === operands.length, "operand count");
  check(firstResult.length === equationCount + 1, "result offsets");
  check(firstResult[0] === inputCount + constants.length, "results after inputs and constants");
  check(firstResult[equationCount] === variableCount, "variable count");
  for (const type of variableTypes) check(type >= 0 && type < types.length, "variable types");
  const typeOf = (variable: number): ArrayType => types[variableTypes[variable]];
  constants.forEach((constant, i) =>
    check(sameType(constant, typeOf(inputCount + i)), `type of constant v${inputCount + i}`),
  );
  for (let e = 0; e < equationCount; e++) {
    const rule = program.primitives[primitive[e]];
    const given = program.parameters[parameter[e]];
    check(rule !== undefined && given !== undefined, `primitive or parameters of equation ${e}`);
    check(operandOffsets[e] <= operandOffsets[e + 1], `operand offsets of equation ${e}`);
    const taken = Array.from(operands.subarray(operandOffsets[e], operandOffsets[e + 1]), (variable) => {
      check(variable >= 0 && variable < firstResult[e], `an operand of equation ${e} is defined later`);
      return typeOf(variable);
    });
    const results = rule.type(taken, given);
    check(results.length === firstResult[e + 1] - firstResult[e], `number of results of equation ${e}`);
    results.forEach((result, r) => {
      const stated = typeOf(firstResult[e] + r);
      check(
        sameType(result, stated),
        `result ${r} of equation ${e} (${rule.name}) is ${typeText(result)}, not ${typeText(stated)}`,
      );
    });
  }
  for (const output of outputs) check(output >= 0 && output < variableCount, "outputs");
}

function sameType(a: ArrayType, b: ArrayType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

function check(holds: boolean, promise: string): void {
  if (!holds) throw internalError(`a broken program: ${promise}`);
}
