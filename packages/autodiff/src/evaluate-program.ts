// Running a Program: on arrays with the reference rules, or on any values, which inlines it into their trace.
import { bind } from "./bind.ts";
import { internalError } from "./errors.ts";
import type { NdArray } from "./ndarray.ts";
import type { Program } from "./program.ts";
import type { Value } from "./trace.ts";
import { Tracer } from "./trace.ts";

/** Outputs of a program for concrete inputs. Every intermediate array is given up after its last use. */
export function evaluateProgram(program: Program, inputs: readonly NdArray[]): NdArray[] {
  return run(program, inputs, (equation, operands) => {
    const types: NdArray["type"][] = [];
    for (let v = program.firstResult[equation]; v < program.firstResult[equation + 1]; v++) {
      types.push(program.types[program.variableTypes[v]]);
    }
    const primitive = program.primitives[program.primitive[equation]];
    return primitive.evaluate(operands, program.parameters[program.parameter[equation]], types);
  });
}

/** Outputs of a program for any values: its operations are interpreted by the operands' traces. */
export function callProgram(program: Program, inputs: readonly Value[]): Value[] {
  if (!inputs.some((input) => input instanceof Tracer)) {
    return evaluateProgram(program, inputs as readonly NdArray[]);
  }
  return run<Value>(program, inputs, (equation, operands) =>
    bind(
      program.primitives[program.primitive[equation]],
      operands,
      program.parameters[program.parameter[equation]],
    ),
  );
}

function run<V extends Value>(
  program: Program,
  inputs: readonly V[],
  apply: (equation: number, operands: readonly V[]) => readonly V[],
): V[] {
  const { inputCount, constants, operandOffsets, operands, firstResult } = program;
  if (inputs.length !== inputCount) {
    throw internalError(`a program of ${inputCount} inputs was given ${inputs.length}`);
  }
  const last = lastUses(program);
  const values: (V | undefined)[] = [...inputs, ...(constants as readonly V[])];
  for (let e = 0; e < program.equationCount; e++) {
    const start = operandOffsets[e];
    const end = operandOffsets[e + 1];
    const taken: V[] = [];
    for (let o = start; o < end; o++) taken.push(values[operands[o]] as V);
    const results = apply(e, taken);
    const first = firstResult[e];
    const count = firstResult[e + 1] - first;
    if (results.length !== count) {
      const name = program.primitives[program.primitive[e]].name;
      throw internalError(`${name} returned ${results.length} results where its type says ${count}`);
    }
    for (let r = 0; r < count; r++) values[first + r] = last[first + r] === -1 ? undefined : results[r];
    for (let o = start; o < end; o++) if (last[operands[o]] === e) values[operands[o]] = undefined;
  }
  return Array.from(program.outputs, (variable) => values[variable] as V);
}

const lastUseCache = new WeakMap<Program, Int32Array>();

/** The equation that uses each variable last; −1 if none does, equationCount for outputs. */
export function lastUses(program: Program): Int32Array {
  const known = lastUseCache.get(program);
  if (known !== undefined) return known;
  const last = new Int32Array(program.firstResult[program.equationCount]).fill(-1);
  for (let e = 0; e < program.equationCount; e++) {
    for (let o = program.operandOffsets[e]; o < program.operandOffsets[e + 1]; o++) {
      last[program.operands[o]] = e;
    }
  }
  for (const output of program.outputs) last[output] = program.equationCount;
  lastUseCache.set(program, last);
  return last;
}
