// vjp: a function's value, and the map from cotangents of its result to cotangents of its arguments.
import { isFloat } from "../array.ts";
import type { Tangent } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { unflatten } from "../tree.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction, flattenValues } from "./flat-function.ts";
import type { LinearMap } from "./linearize-flat.ts";
import { linearizeFlat } from "./linearize-flat.ts";
import { flattenTangents } from "./tangents.ts";
import { transposeProgram } from "./transpose-program.ts";
import type { AcceptsAll, Accepts, Returns } from "./types.ts";
import { instantiate } from "./zero-tangents.ts";

/** The pullback of `vjp`: a cotangent of the result → the list of cotangents of the arguments. */
export type Pullback<A extends readonly unknown[], R> = (cotangent: Accepts<R>) => {
  -readonly [K in keyof A]: Returns<A[K]>;
};

/**
 * `vjp(f, ...primals)` → `[f(...primals), pullback]`. The pullback may be called many times. PHX935 when the
 * cotangent does not have the result's tree, shapes and dtypes.
 */
export function vjp<A extends readonly Value[], R>(
  f: (...args: A) => R,
  ...primals: AcceptsAll<A>
): [Returns<R>, Pullback<A, R>];
export function vjp<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  ...primals: AcceptsAll<A>
): [Returns<R>, Pullback<A, R>];
export function vjp(
  f: TreeFunction,
  ...primals: readonly unknown[]
): [unknown, (cotangent: unknown) => unknown] {
  const { values, structure } = flattenValues(primals);
  const flat = new FlatFunction(f, structure);
  const { outputs, pullback } = vjpFlat(flat.call, values, "vjp");
  const types = outputs.map((output) => output.type);
  return [
    flat.outputTree(outputs),
    (cotangent) => {
      const given = flattenTangents(cotangent, flat.outputStructure, types, {
        code: "PHX935",
        mismatch: "the pullback of vjp was called with different result and cotangent",
        noun: "cotangent",
      });
      return unflatten(structure, instantiate(values, pullback(given)));
    },
  ];
}

/** Reverse mode of a function of flat values; integer inputs get null cotangents. */
export function vjpFlat(
  f: (inputs: readonly Value[]) => readonly Value[],
  primals: readonly Value[],
  transform: string,
): {
  readonly outputs: readonly Value[];
  readonly pullback: (cotangents: readonly Tangent[]) => Tangent[];
} {
  const marked = primals.map((primal) => isFloat(primal.dtype));
  const { outputs, linear } = linearizeFlat(f, primals, marked, transform);
  return { outputs, pullback: (cotangents) => pullBack(linear, marked, cotangents) };
}

/** Cotangents of all inputs (null where unmarked) from cotangents of all outputs. */
export function pullBack(
  linear: LinearMap,
  marked: readonly boolean[],
  cotangents: readonly Tangent[],
): Tangent[] {
  const { program, captured, tangentCount, outputIndex } = linear;
  const inputs: (Value | LinearOperand)[] = [];
  for (let i = 0; i < tangentCount; i++)
    inputs.push(new LinearOperand(program.types[program.variableTypes[i]]));
  inputs.push(...captured);
  const outputCotangents: Tangent[] = Array.from(program.outputs, () => null);
  outputIndex.forEach((index, i) => {
    if (index >= 0) outputCotangents[index] = cotangents[i] ?? null;
  });
  const back = transposeProgram(program, inputs, outputCotangents);
  let next = 0;
  return marked.map((isMarked) => (isMarked ? back[next++] : null));
}
