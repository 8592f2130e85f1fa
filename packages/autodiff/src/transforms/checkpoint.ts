// checkpoint: reverse mode recomputes the function instead of keeping its intermediate values.
import { bind } from "../bind.ts";
import { simplify } from "../passes/simplify.ts";
import { traceProgram } from "../program-trace.ts";
import type { Value } from "../trace.ts";
import { checkpointPrimitive } from "./checkpoint-primitive.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction, flattenValues } from "./flat-function.ts";
import type { AcceptsAll, Returns } from "./types.ts";

/** `checkpoint(f)` computes what f computes; its derivative stores only f's arguments and runs f again. */
export function checkpoint<A extends readonly Value[], R>(
  f: (...args: A) => R,
): (...args: AcceptsAll<A>) => Returns<R>;
export function checkpoint<A extends readonly unknown[], R>(
  f: (...args: A) => R,
): (...args: AcceptsAll<A>) => Returns<R>;
export function checkpoint(f: TreeFunction): TreeFunction {
  return (...args) => {
    const { values, structure } = flattenValues(args);
    const flat = new FlatFunction(f, structure);
    const types = values.map((value) => value.type);
    const { program, captured } = traceProgram(flat.call, types, "checkpoint");
    const parameters = { program: simplify(program), name: f.name === "" ? "function" : f.name };
    return flat.outputTree(bind(checkpointPrimitive, [...values, ...captured], parameters));
  };
}
