// Dead-code elimination: equations whose results nobody needs go away.
import type { Program } from "../program.ts";
import { compactProgram } from "./compact.ts";
import { pruneEquations } from "./prune-equations.ts";

/**
 * The same program without the equations and constants that its outputs do not depend on, inside loops and branches
 * too. Linear time.
 */
export function eliminateDeadCode(program: Program): Program {
  if (program.primitives.some((primitive) => primitive.prune !== undefined)) return pruneEquations(program);
  const { keep } = markLive(program, program.outputs);
  return keep.every((flag) => flag === 1) ? program : compactProgram(program, { keep });
}

/**
 * The same without the inputs that nothing depends on either; `inputs` tells which of the old ones are left.
 * Inputs before `fixedInputs` stay in any case.
 */
export function pruneInputs(
  program: Program,
  fixedInputs = 0,
): { readonly program: Program; readonly inputs: readonly number[] } {
  const { keep, needed } = markLive(program, program.outputs);
  const inputs: number[] = [];
  for (let i = 0; i < program.inputCount; i++) if (i < fixedInputs || needed[i] === 1) inputs.push(i);
  return { program: compactProgram(program, { keep, inputs }), inputs };
}

/** The program that computes some of the outputs from some of the inputs, which must be enough for them. */
export function restrictProgram(
  program: Program,
  outputNumbers: readonly number[],
  inputs: readonly number[],
): Program {
  const outputs = Int32Array.from(outputNumbers, (i) => program.outputs[i]);
  return compactProgram(program, { keep: markLive(program, outputs).keep, outputs, inputs });
}

/** Which inputs some of the outputs depend on. */
export function neededInputs(program: Program, outputNumbers: readonly number[]): boolean[] {
  const outputs = Int32Array.from(outputNumbers, (i) => program.outputs[i]);
  const { needed } = markLive(program, outputs);
  return Array.from({ length: program.inputCount }, (_, i) => needed[i] === 1);
}

/** The program that computes some of the outputs only, in the order given. */
export function selectOutputs(program: Program, chosen: readonly number[]): Program {
  const outputs = Int32Array.from(chosen, (i) => program.outputs[i]);
  return compactProgram(program, { keep: markLive(program, outputs).keep, outputs });
}

/** Marks the equations and variables that the outputs depend on, from the last equation to the first. */
function markLive(
  program: Program,
  outputs: Int32Array,
): { readonly keep: Uint8Array; readonly needed: Uint8Array } {
  const { equationCount, operandOffsets, operands, firstResult } = program;
  const keep = new Uint8Array(equationCount);
  const needed = new Uint8Array(program.variableTypes.length);
  for (const output of outputs) needed[output] = 1;
  for (let e = equationCount - 1; e >= 0; e--) {
    for (let v = firstResult[e]; v < firstResult[e + 1]; v++) {
      if (needed[v] === 1) keep[e] = 1;
    }
    if (keep[e] === 0) continue;
    for (let o = operandOffsets[e]; o < operandOffsets[e + 1]; o++) needed[operands[o]] = 1;
  }
  return { keep, needed };
}
