// Stages of a mapped program: what each member computes alone, and what is computed once for all of them.
import type { ArrayType, Mapping, Program } from "@phxlang/autodiff";
import { batchProgram, PhxError, ProgramBuilder, typeText } from "@phxlang/autodiff";
import type { AxisRole } from "./collectives.ts";
import { axisRoles } from "./collectives.ts";

/**
 * Part of a member's program. "spread": equations that differ between members and read nobody else; every output has the
 * member axis. "together": collectives, over all members at once in their order, and what is the same for all of
 * them. Variables are numbered as in the member's program.
 */
export interface Stage {
  readonly kind: "spread" | "together";
  /** For one member if "spread", else for the whole axis. */
  readonly program: Program;
  readonly inputs: readonly number[];
  readonly mappedInputs: readonly boolean[];
  readonly outputs: readonly number[];
  readonly mappedOutputs: readonly boolean[];
}

/**
 * Stages in the order in which they run. Equations are placed as early as their operands allow: even places are stages of
 * the kind "together", odd ones are spread. So what members compute never depends on how many threads there are,
 * and no member waits for another one within a stage.
 */
export function stagesOf(program: Program, mapping: Mapping): readonly Stage[] {
  const { inputCount, equationCount, firstResult } = program;
  const roles = axisRoles(program, mapping.axisName);
  const varies = new Uint8Array(program.variableTypes.length);
  mapping.mappedInputs.forEach((flag, v) => (varies[v] = flag ? 1 : 0));
  const places = new Int32Array(program.variableTypes.length);
  const equationsAt: number[][] = [];
  for (let e = 0; e < equationCount; e++) {
    const operands = operandsOf(program, e);
    const role = roles[program.parameter[e]];
    if (role === "holds collectives") throw notSpreadable(program, e, mapping);
    const isSpread = role === "local" && operands.some((variable) => varies[variable] === 1);
    const earliest = operands.reduce((latest, variable) => Math.max(latest, places[variable]), 0);
    const place = earliest % 2 === (isSpread ? 1 : 0) ? earliest : earliest + 1;
    const results = resultsOf(program, e, role, isSpread, mapping, varies);
    for (let v = firstResult[e]; v < firstResult[e + 1]; v++) {
      places[v] = place;
      varies[v] = results[v - firstResult[e]] ? 1 : 0;
    }
    while (equationsAt.length <= place) equationsAt.push([]);
    equationsAt[place].push(e);
  }
  const needed = laterUses(program, places, inputCount + program.constants.length);
  return equationsAt.flatMap((equations, place) =>
    equations.length === 0 ? [] : [stageOf(program, equations, place, places, needed, varies, mapping)],
  );
}

function operandsOf(program: Program, equation: number): number[] {
  const { operands, operandOffsets } = program;
  return Array.from(operands.subarray(operandOffsets[equation], operandOffsets[equation + 1]));
}

/** Whether each result of an equation differs between members. */
function resultsOf(
  program: Program,
  equation: number,
  role: AxisRole,
  isSpread: boolean,
  { size, axisName }: Mapping,
  varies: Uint8Array,
): readonly boolean[] {
  const count = program.firstResult[equation + 1] - program.firstResult[equation];
  if (role === "local") return Array.from({ length: count }, () => isSpread);
  const operands = operandsOf(program, equation);
  const alone = extract(program, [equation], new Set(operands));
  const inputs = [...new Set(operands)].map((variable) => varies[variable] === 1);
  return batchProgram(alone, inputs, size, axisName).batchedOutputs;
}

/** 1 for variables that are outputs, or operands of an equation at another place than their own. */
function laterUses(program: Program, places: Int32Array, firstComputed: number): Uint8Array {
  const needed = new Uint8Array(program.variableTypes.length);
  for (const output of program.outputs) needed[output] = 1;
  for (let e = 0; e < program.equationCount; e++) {
    const place = places[program.firstResult[e]];
    for (const variable of operandsOf(program, e)) {
      if (variable >= firstComputed && places[variable] !== place) needed[variable] = 1;
    }
  }
  return needed;
}

function stageOf(
  program: Program,
  equations: readonly number[],
  place: number,
  places: Int32Array,
  needed: Uint8Array,
  varies: Uint8Array,
  { size, axisName }: Mapping,
): Stage {
  const { inputCount, firstResult } = program;
  const firstComputed = inputCount + program.constants.length;
  const inputs = new Set<number>();
  for (const e of equations) {
    for (const variable of operandsOf(program, e)) {
      const isConstant = variable >= inputCount && variable < firstComputed;
      const isInner = variable >= firstComputed && places[variable] === place;
      if (!isConstant && !isInner) inputs.add(variable);
    }
  }
  const outputs = equations.flatMap((e) =>
    Array.from({ length: firstResult[e + 1] - firstResult[e] }, (_, r) => firstResult[e] + r).filter(
      (variable) => needed[variable] === 1,
    ),
  );
  const own = extract(program, equations, inputs, outputs);
  const mappedInputs = Array.from(inputs, (variable) => varies[variable] === 1);
  const mappedOutputs = outputs.map((variable) => varies[variable] === 1);
  const isSpread = place % 2 === 1;
  return {
    kind: isSpread ? "spread" : "together",
    program: isSpread ? own : batchProgram(own, mappedInputs, size, axisName, mappedOutputs).program,
    inputs: [...inputs],
    mappedInputs,
    outputs,
    mappedOutputs,
  };
}

/** Some equations as a program of their own; without `outputs`, all their results. */
function extract(
  program: Program,
  equations: readonly number[],
  inputs: ReadonlySet<number>,
  outputs?: readonly number[],
): Program {
  const { inputCount, firstResult } = program;
  const builder = new ProgramBuilder();
  const numbers = new Map<number, number>();
  const typeOf = (variable: number): ArrayType => program.types[program.variableTypes[variable]];
  for (const variable of inputs) numbers.set(variable, builder.input(typeOf(variable)));
  const read = (variable: number): number => {
    let number = numbers.get(variable);
    if (number === undefined) {
      number = builder.constant(program.constants[variable - inputCount]);
      numbers.set(variable, number);
    }
    return number;
  };
  const results: number[] = [];
  for (const e of equations) {
    const first = firstResult[e];
    const types = Array.from({ length: firstResult[e + 1] - first }, (_, r) => typeOf(first + r));
    const start = builder.equation(
      program.primitives[program.primitive[e]],
      operandsOf(program, e).map(read),
      program.parameters[program.parameter[e]],
      types,
    );
    types.forEach((_, r) => {
      numbers.set(first + r, start + r);
      results.push(first + r);
    });
  }
  return builder.finish((outputs ?? results).map(read));
}

function notSpreadable(program: Program, equation: number, { axisName }: Mapping): PhxError {
  const name = program.primitives[program.primitive[equation]].name;
  const types = operandsOf(program, equation).map((variable) =>
    typeText(program.types[program.variableTypes[variable]]),
  );
  return new PhxError({
    code: "PHX975",
    what: `members cannot be spread over threads: equation ${equation}, ${name} of ${types.join(", ")}, holds a collective over "${axisName}"`,
    why: "every turn of the loop would need all members, and only whole stages between collectives are spread",
    fix: "write the loop around pmap instead of inside it, or run it with vmap or on the device cpu",
  });
}
