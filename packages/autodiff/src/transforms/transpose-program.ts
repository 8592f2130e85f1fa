// The backward pass: a program, linear in some of its inputs, run from cotangents of its outputs to theirs.
import { bind } from "../bind.ts";
import { addTangents } from "../engine-operations.ts";
import { internalError } from "../errors.ts";
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

/** A value for every variable that depends on no linear input, a LinearOperand for every other. */
function forwardPass(
  program: Program,
  inputs: readonly (Value | LinearOperand)[],
): (Value | LinearOperand)[] {
  const { operandOffsets, operands, firstResult, equationCount, types, variableTypes } = program;
  const linearOfType = types.map((type) => new LinearOperand(type));
  const values: (Value | LinearOperand)[] = [...inputs, ...program.constants];
  for (let e = 0; e < equationCount; e++) {
    const taken: Value[] = [];
    let linear = false;
    for (let o = operandOffsets[e]; o < operandOffsets[e + 1]; o++) {
      const operand = values[operands[o]];
      if (operand instanceof LinearOperand) {
        linear = true;
        break;
      }
      taken.push(operand);
    }
    if (linear) {
      for (let v = firstResult[e]; v < firstResult[e + 1]; v++) values[v] = linearOfType[variableTypes[v]];
    } else {
      const results = bind(
        program.primitives[program.primitive[e]],
        taken,
        program.parameters[program.parameter[e]],
      );
      for (let r = 0; r < results.length; r++) values[firstResult[e] + r] = results[r];
    }
  }
  return values;
}
