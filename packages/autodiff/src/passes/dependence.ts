// Which variables of a program depend on which inputs.
import type { Program } from "../program.ts";

/** 1 for every variable that depends on a marked input. Linear time. */
export function dependentVariables(program: Program, marked: readonly boolean[]): Uint8Array {
  const { equationCount, operandOffsets, operands, firstResult } = program;
  const depends = new Uint8Array(program.variableTypes.length);
  marked.forEach((flag, i) => (depends[i] = flag ? 1 : 0));
  for (let e = 0; e < equationCount; e++) {
    let any = false;
    for (let o = operandOffsets[e]; o < operandOffsets[e + 1] && !any; o++) any = depends[operands[o]] === 1;
    if (!any) continue;
    const first = firstResult[e];
    const primitive = program.primitives[program.primitive[e]];
    if (primitive.dependence === undefined) {
      depends.fill(1, first, firstResult[e + 1]);
      continue;
    }
    const mask = Array.from(
      operands.subarray(operandOffsets[e], operandOffsets[e + 1]),
      (variable) => depends[variable] === 1,
    );
    primitive
      .dependence(mask, program.parameters[program.parameter[e]])
      .forEach((flag, r) => (depends[first + r] = flag ? 1 : 0));
  }
  return depends;
}

/** For each output, whether it depends on a marked input. */
export function dependentOutputs(program: Program, marked: readonly boolean[]): boolean[] {
  const depends = dependentVariables(program, marked);
  return Array.from(program.outputs, (output) => depends[output] === 1);
}
