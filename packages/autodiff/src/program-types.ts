// The types of a program's inputs and outputs.
import type { ArrayType } from "./array.ts";
import type { Program } from "./program.ts";

export function inputTypes(program: Program): ArrayType[] {
  return Array.from({ length: program.inputCount }, (_, v) => program.types[program.variableTypes[v]]);
}

export function outputTypes(program: Program): ArrayType[] {
  return Array.from(program.outputs, (v) => program.types[program.variableTypes[v]]);
}
