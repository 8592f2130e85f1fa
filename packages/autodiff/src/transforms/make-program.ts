// makeProgram: shows the program that a function stands for.
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import type { Value } from "../trace.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction, flattenValues } from "./flat-function.ts";
import type { AcceptsAll } from "./types.ts";

/**
 * `makeProgram(f)(...args)` → the Program of f for arguments of these types; `String(program)` prints it. Its
 * inputs are the leaves of the arguments in order, then, if f closes over values of a running transform, those.
 */
export function makeProgram<A extends readonly Value[]>(
  f: (...args: A) => unknown,
): (...args: AcceptsAll<A>) => Program;
export function makeProgram<A extends readonly unknown[]>(
  f: (...args: A) => unknown,
): (...args: AcceptsAll<A>) => Program;
export function makeProgram(f: TreeFunction): (...args: readonly unknown[]) => Program {
  return (...args) => {
    const { values, structure } = flattenValues(args);
    const types = values.map((value) => value.type);
    return traceProgram(new FlatFunction(f, structure).call, types, "makeProgram").program;
  };
}
