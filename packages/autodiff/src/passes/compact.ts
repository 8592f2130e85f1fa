// Rebuilding a program after a pass: drops equations, merges variables, renumbers what is left.
import type { Program } from "../program.ts";
import { freezeProgram } from "./freeze.ts";

export interface Compaction {
  /** 1 for equations that stay. */
  readonly keep: Uint8Array;
  /** The variable that stands for each variable from now on; itself if nothing replaced it. */
  readonly representative?: Int32Array;
  /** Outputs in old numbers; default the program's own. */
  readonly outputs?: Int32Array;
  /** Inputs that stay, in their new order; default all. Dropped inputs must not be used. */
  readonly inputs?: readonly number[];
}

/** Constants that no kept equation and no output reads are dropped too. Linear time. */
export function compactProgram(program: Program, compaction: Compaction): Program {
  const { keep, representative, outputs = program.outputs } = compaction;
  const { inputCount, constants, equationCount, operandOffsets, operands, firstResult } = program;
  const standsFor = (variable: number): number =>
    representative === undefined ? variable : representative[variable];
  const inputs = compaction.inputs ?? Array.from({ length: inputCount }, (_, i) => i);
  const used = new Uint8Array(program.variableTypes.length);
  let keptEquations = 0;
  let keptOperands = 0;
  for (let e = 0; e < equationCount; e++) {
    if (keep[e] === 0) continue;
    keptEquations += 1;
    keptOperands += operandOffsets[e + 1] - operandOffsets[e];
    for (let o = operandOffsets[e]; o < operandOffsets[e + 1]; o++) used[standsFor(operands[o])] = 1;
  }
  for (const output of outputs) used[standsFor(output)] = 1;

  const renumbered = new Int32Array(program.variableTypes.length).fill(-1);
  const newTypes: number[] = [];
  const define = (variable: number): void => {
    renumbered[variable] = newTypes.push(program.variableTypes[variable]) - 1;
  };
  for (const input of inputs) define(input);
  const keptConstants = constants.filter((_, i) => used[inputCount + i] === 1);
  constants.forEach((_, i) => {
    if (used[inputCount + i] === 1) define(inputCount + i);
  });
  const primitive = new Int32Array(keptEquations);
  const parameter = new Int32Array(keptEquations);
  const newOffsets = new Int32Array(keptEquations + 1);
  const newOperands = new Int32Array(keptOperands);
  const newFirst = new Int32Array(keptEquations + 1);
  let equation = 0;
  let operand = 0;
  for (let e = 0; e < equationCount; e++) {
    if (keep[e] === 0) continue;
    primitive[equation] = program.primitive[e];
    parameter[equation] = program.parameter[e];
    newOffsets[equation] = operand;
    for (let o = operandOffsets[e]; o < operandOffsets[e + 1]; o++) {
      newOperands[operand++] = renumbered[standsFor(operands[o])];
    }
    newFirst[equation] = newTypes.length;
    for (let v = firstResult[e]; v < firstResult[e + 1]; v++) define(v);
    equation += 1;
  }
  newOffsets[equation] = operand;
  newFirst[equation] = newTypes.length;
  return freezeProgram({
    inputCount: inputs.length,
    constants: keptConstants,
    types: program.types,
    variableTypes: Int32Array.from(newTypes),
    primitives: program.primitives,
    parameters: program.parameters,
    equationCount: keptEquations,
    primitive,
    parameter,
    operandOffsets: newOffsets,
    operands: newOperands,
    firstResult: newFirst,
    outputs: Int32Array.from(outputs, (output) => renumbered[standsFor(output)]),
  });
}
