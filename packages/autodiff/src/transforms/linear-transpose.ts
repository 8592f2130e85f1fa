// linearTranspose: the transpose of a function that is linear, without differentiating it.
import type { ArrayType } from "../array.ts";
import { PhxError } from "../errors.ts";
import { LinearOperand } from "../primitive.ts";
import { traceProgram } from "../program-trace.ts";
import { unflatten } from "../tree.ts";
import type { Value } from "../trace.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction, flattenValues } from "./flat-function.ts";
import { flattenTangents } from "./tangents.ts";
import { transposeProgram } from "./transpose-program.ts";
import type { Accepts, AcceptsAll, Returns } from "./types.ts";
import { instantiate } from "./zero-tangents.ts";

/**
 * `linearTranspose(f, ...examples)` → cotangent of the result → list of cotangents of the arguments. Only the
 * types of the examples matter. f must be linear: an operation that is not is PHX942.
 */
export function linearTranspose<A extends readonly Value[], R>(
  f: (...args: A) => R,
  ...examples: AcceptsAll<A>
): (cotangent: Accepts<R>) => { -readonly [K in keyof A]: Returns<A[K]> };
export function linearTranspose<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  ...examples: AcceptsAll<A>
): (cotangent: Accepts<R>) => { -readonly [K in keyof A]: Returns<A[K]> };
export function linearTranspose(
  f: TreeFunction,
  ...examples: readonly unknown[]
): (cotangent: unknown) => unknown {
  const { values, structure } = flattenValues(examples);
  const types: ArrayType[] = values.map((value) => value.type);
  const flat = new FlatFunction(f, structure);
  const { program, captured } = traceProgram(flat.call, types, "linearTranspose");
  for (const primitive of program.primitives) {
    if (primitive.transpose !== undefined) continue;
    throw new PhxError({
      code: "PHX942",
      what: `linearTranspose of a function that uses ${primitive.name}`,
      why: `${primitive.name} is not linear`,
      fix: "use vjp, which linearizes first",
    });
  }
  const outputTypes = Array.from(program.outputs, (v) => program.types[program.variableTypes[v]]);
  return (cotangent) => {
    const given = flattenTangents(cotangent, flat.outputStructure, outputTypes, {
      code: "PHX935",
      mismatch: "the transpose was called with different result and cotangent",
      noun: "cotangent",
    });
    const inputs = [...types.map((type) => new LinearOperand(type)), ...captured];
    return unflatten(structure, instantiate(values, transposeProgram(program, inputs, given)));
  };
}
