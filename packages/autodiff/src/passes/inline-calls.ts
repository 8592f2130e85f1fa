// Inlining: equations that only run a program give way to the equations of that program.
import { isParameterList, isProgram } from "../parameters-key.ts";
import type { Parameter, Primitive } from "../primitive.ts";
import type { Program } from "../program.ts";
import { ProgramBuilder } from "../program-builder.ts";
import { inputTypes } from "../program-types.ts";
import { freezeProgram } from "./freeze.ts";
import { innerFirst } from "./plain-program.ts";

interface Frame {
  readonly program: Program;
  /** Variables of the result for the variables of `program`; −1 until defined. */
  readonly numbers: Int32Array;
  equation: number;
}

/**
 * The same computation without equations of the primitives that `chosen` names (and that have the rule
 * `inline`), however deep they nest.
 */
export function inlineCalls(program: Program, chosen: (primitive: Primitive) => boolean): Program {
  const inlines = (primitive: Primitive): boolean => primitive.inline !== undefined && chosen(primitive);
  if (!program.primitives.some(inlines)) return program;
  const builder = new ProgramBuilder();
  const top = enter(
    program,
    inputTypes(program).map((type) => builder.input(type)),
    builder,
  );
  const stack = [top];
  while (stack.length > 0) {
    const frame = stack[stack.length - 1];
    const { program: current, numbers, equation: e } = frame;
    if (e === current.equationCount) {
      stack.pop();
      const caller = stack[stack.length - 1];
      if (caller === undefined) break;
      const first = caller.program.firstResult[caller.equation - 1];
      current.outputs.forEach((output, i) => (caller.numbers[first + i] = numbers[output]));
      continue;
    }
    frame.equation += 1;
    const operands: number[] = [];
    for (let o = current.operandOffsets[e]; o < current.operandOffsets[e + 1]; o++) {
      operands.push(numbers[current.operands[o]]);
    }
    const primitive = current.primitives[current.primitive[e]];
    const parameters = current.parameters[current.parameter[e]];
    if (primitive.inline !== undefined && inlines(primitive)) {
      stack.push(enter(primitive.inline(parameters), operands, builder));
      continue;
    }
    const first = current.firstResult[e];
    const types = [];
    for (let v = first; v < current.firstResult[e + 1]; v++)
      types.push(current.types[current.variableTypes[v]]);
    const start = builder.equation(primitive, operands, parameters, types);
    for (let r = 0; r < types.length; r++) numbers[first + r] = start + r;
  }
  return builder.finish(Array.from(program.outputs, (output) => top.numbers[output]));
}

/** The same within the programs of loops and branches too: nothing is left for which the reader needs a rule. */
export function inlineAllCalls(program: Program, chosen: (primitive: Primitive) => boolean): Program {
  const inlined = new Map<Program, Program>();
  const replace = (parameter: Parameter): Parameter => {
    if (typeof parameter !== "object" || parameter === null) return parameter;
    if (isParameterList(parameter)) return parameter.map(replace);
    return isProgram(parameter) ? (inlined.get(parameter) ?? parameter) : parameter;
  };
  for (const inner of innerFirst(program)) {
    const parameters = inner.parameters.map((record) =>
      Object.fromEntries(Object.entries(record).map(([name, value]) => [name, replace(value)])),
    );
    inlined.set(inner, inlineCalls(freezeProgram({ ...inner, parameters }), chosen));
  }
  return inlined.get(program) ?? program;
}

function enter(program: Program, inputs: readonly number[], builder: ProgramBuilder): Frame {
  const numbers = new Int32Array(program.variableTypes.length).fill(-1);
  numbers.set(inputs);
  program.constants.forEach((constant, i) => {
    numbers[program.inputCount + i] = builder.constant(constant);
  });
  return { program, numbers, equation: 0 };
}
