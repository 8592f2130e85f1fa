// oneByOne: a device that runs every equation as a program of its own, which is eager evaluation on that device.
import type { Device, Executable, NdArray, Program } from "@phxlang/autodiff";
import { ProgramBuilder } from "@phxlang/autodiff";

/** Results of an equation are arguments of the next while they are still under way. */
export function oneByOne(device: Device): Device {
  return { ...device, compile: (program) => runEquations(device, program) };
}

function runEquations(device: Device, program: Program): Executable {
  const equations = Array.from({ length: program.equationCount }, (_, e) =>
    device.compile(equationProgram(program, e)),
  );
  return {
    run(inputs) {
      const values: NdArray[] = [...inputs, ...program.constants];
      equations.forEach((equation, e) => {
        const operands = program.operands.subarray(program.operandOffsets[e], program.operandOffsets[e + 1]);
        values.push(...equation.run(Array.from(operands, (operand) => values[operand])));
      });
      return Array.from(program.outputs, (output) => values[output]);
    },
  };
}

function equationProgram(program: Program, e: number): Program {
  const builder = new ProgramBuilder();
  const typeOf = (variable: number): Program["types"][number] =>
    program.types[program.variableTypes[variable]];
  const operands = program.operands.subarray(program.operandOffsets[e], program.operandOffsets[e + 1]);
  const inputs = Array.from(operands, (operand) => builder.input(typeOf(operand)));
  const types = [];
  for (let v = program.firstResult[e]; v < program.firstResult[e + 1]; v++) types.push(typeOf(v));
  const first = builder.equation(
    program.primitives[program.primitive[e]],
    inputs,
    program.parameters[program.parameter[e]],
    types,
  );
  return builder.finish(types.map((_, r) => first + r));
}
