// The backward pass: a program, linear in some of its inputs, run from cotangents of its outputs to theirs.
import { bind } from "../bind.ts";
import { addTangents, zeros } from "../engine-operations.ts";
import { internalError } from "../errors.ts";
import { dependentVariables } from "../passes/dependence.ts";
import type { Tangent } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Program } from "../program.ts";
import type { Value } from "../trace.ts";

/**
 * Cotangents of the inputs that are given as LinearOperands; null for the others and for zeros. Equations that
 * do not depend on a linear input run forwards first (in a linearized program there are none; in a checkpointed
 * one they recompute the forward pass). Cotangents of a variable are added up in the order of the equations
 * from last to first, and given up as soon as its defining equation was passed.
 */
export function transposeProgram(
  program: Program,
  inputs: readonly (Value | LinearOperand)[],
  cotangents: readonly Tangent[],
): Tangent[] {
  const { inputCount, operandOffsets, operands, firstResult, equationCount } = program;
  const values = forwardPass(program, inputs);
  const gathered: Tangent[] = Array.from({ length: values.length }, () => null);
  const accumulate = (variable: number, cotangent: Tangent): void => {
    if (cotangent === null || !(values[variable] instanceof LinearOperand)) return;
    const sofar = gathered[variable];
    gathered[variable] = sofar === null ? cotangent : addTangents(sofar, cotangent);
  };
  program.outputs.forEach((variable, i) => accumulate(variable, cotangents[i]));
  for (let e = equationCount - 1; e >= 0; e--) {
    const results: Tangent[] = [];
    let allZero = true;
    for (let v = firstResult[e]; v < firstResult[e + 1]; v++) {
      if (gathered[v] !== null) allZero = false;
      results.push(gathered[v]);
      gathered[v] = null;
    }
    if (allZero) continue;
    const primitive = program.primitives[program.primitive[e]];
    if (primitive.transpose === undefined) {
      throw internalError(`${primitive.name} has no transpose rule, yet it occurs in a linear program`);
    }
    const start = operandOffsets[e];
    const taken: (Value | LinearOperand)[] = [];
    for (let o = start; o < operandOffsets[e + 1]; o++) taken.push(values[operands[o]]);
    const back = primitive.transpose(results, taken, program.parameters[program.parameter[e]]);
    if (back.length !== taken.length) {
      throw internalError(
        `the transpose rule of ${primitive.name} gave ${back.length} cotangents for ${taken.length} operands`,
      );
    }
    for (let o = 0; o < taken.length; o++) accumulate(operands[start + o], back[o]);
  }
  return gathered.slice(0, inputCount);
}

/**
 * A value for every variable that depends on no linear input, a LinearOperand for every other. An equation may have
 * results of both kinds (a loop that carries values and tangents): then the known ones are computed with zeros in
 * the place of the linear operands, which they do not depend on.
 */
function forwardPass(
  program: Program,
  inputs: readonly (Value | LinearOperand)[],
): (Value | LinearOperand)[] {
  const { operandOffsets, operands, firstResult, equationCount, types, variableTypes } = program;
  const linearOfType = types.map((type) => new LinearOperand(type));
  const values: (Value | LinearOperand)[] = [...inputs, ...program.constants];
  const depends = dependentVariables(
    program,
    inputs.map((input) => input instanceof LinearOperand),
  );
  for (let e = 0; e < equationCount; e++) {
    const first = firstResult[e];
    const end = firstResult[e + 1];
    let known = false;
    for (let v = first; v < end; v++) {
      if (depends[v] === 1) values[v] = linearOfType[variableTypes[v]];
      else known = true;
    }
    if (!known) continue;
    const taken = Array.from(operands.subarray(operandOffsets[e], operandOffsets[e + 1]), (variable) => {
      const value = values[variable];
      return value instanceof LinearOperand ? zeros(value.type) : value;
    });
    const results = bind(
      program.primitives[program.primitive[e]],
      taken,
      program.parameters[program.parameter[e]],
    );
    for (let v = first; v < end; v++) if (depends[v] === 0) values[v] = results[v - first];
  }
  return values;
}
