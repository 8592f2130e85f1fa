// Dead-code elimination in programs with loops and branches: what nobody needs of their results goes too.
import type { Pruned } from "../primitive.ts";
import type { Program } from "../program.ts";
import { ProgramBuilder } from "../program-builder.ts";
import { inputTypes } from "../program-types.ts";

/** Marks from the last equation to the first, asking each loop for the part that is needed; then rebuilds. */
export function pruneEquations(program: Program): Program {
  const { inputCount, equationCount, operandOffsets, operands, firstResult } = program;
  const needed = new Uint8Array(program.variableTypes.length);
  for (const output of program.outputs) needed[output] = 1;
  const pruned = new Map<number, Pruned>();
  const keep = new Uint8Array(equationCount);
  for (let e = equationCount - 1; e >= 0; e--) {
    const results = needed.subarray(firstResult[e], firstResult[e + 1]);
    if (!results.includes(1)) continue;
    keep[e] = 1;
    const taken = operands.subarray(operandOffsets[e], operandOffsets[e + 1]);
    const smaller = prunedEquation(program, e, results);
    if (smaller === null) {
      for (const variable of taken) needed[variable] = 1;
    } else {
      pruned.set(e, smaller);
      for (const operand of smaller.operands) needed[taken[operand]] = 1;
    }
  }
  if (pruned.size === 0 && keep.every((flag) => flag === 1)) return program;

  const builder = new ProgramBuilder();
  const numbers = new Int32Array(program.variableTypes.length).fill(-1);
  inputTypes(program).forEach((type, v) => (numbers[v] = builder.input(type)));
  program.constants.forEach((constant, i) => {
    if (needed[inputCount + i] === 1) numbers[inputCount + i] = builder.constant(constant);
  });
  for (let e = 0; e < equationCount; e++) {
    if (keep[e] === 0) continue;
    const smaller = pruned.get(e);
    const first = firstResult[e];
    const taken = operands.subarray(operandOffsets[e], operandOffsets[e + 1]);
    const results = smaller?.results ?? Array.from({ length: firstResult[e + 1] - first }, (_, r) => r);
    const used =
      smaller === undefined ? Array.from(taken) : smaller.operands.map((operand) => taken[operand]);
    const start = builder.equation(
      program.primitives[program.primitive[e]],
      used.map((variable) => numbers[variable]),
      smaller?.parameters ?? program.parameters[program.parameter[e]],
      results.map((r) => program.types[program.variableTypes[first + r]]),
    );
    results.forEach((r, i) => (numbers[first + r] = start + i));
  }
  return builder.finish(Array.from(program.outputs, (output) => numbers[output]));
}

function prunedEquation(program: Program, equation: number, results: Uint8Array): Pruned | null {
  const primitive = program.primitives[program.primitive[equation]];
  const parameters = program.parameters[program.parameter[equation]];
  const used = Array.from(results, (flag) => flag === 1);
  return primitive.prune?.(used, parameters) ?? null;
}
