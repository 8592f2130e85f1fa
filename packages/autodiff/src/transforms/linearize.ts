// linearize: a function's value, and its derivative at that point as a function of tangents.
import { isFloat } from "../array.ts";
import { callProgram } from "../evaluate-program.ts";
import type { Tangent } from "../primitive.ts";
import type { Value } from "../trace.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction, flattenValues } from "./flat-function.ts";
import type { LinearMap } from "./linearize-flat.ts";
import { linearizeFlat } from "./linearize-flat.ts";
import { flattenTangents } from "./tangents.ts";
import type { AcceptsAll, Returns } from "./types.ts";
import { instantiate, instantiateOne } from "./zero-tangents.ts";

/**
 * `linearize(f, ...primals)` → `[f(...primals), tangents => ∂f(...primals) · tangents]`. The function is run
 * once; the derivative can be applied many times and does no nonlinear work.
 */
export function linearize<A extends readonly Value[], R>(
  f: (...args: A) => R,
  ...primals: AcceptsAll<A>
): [Returns<R>, (...tangents: AcceptsAll<A>) => Returns<R>];
export function linearize<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  ...primals: AcceptsAll<A>
): [Returns<R>, (...tangents: AcceptsAll<A>) => Returns<R>];
export function linearize(
  f: TreeFunction,
  ...primals: readonly unknown[]
): [unknown, (...tangents: readonly unknown[]) => unknown] {
  const { values, structure } = flattenValues(primals);
  const types = values.map((value) => value.type);
  const marked = types.map((type) => isFloat(type.dtype));
  const flat = new FlatFunction(f, structure);
  const { outputs, linear } = linearizeFlat(flat.call, values, marked, "linearize");
  const pushforward = (...tangents: readonly unknown[]): unknown => {
    const given = flattenTangents(tangents, structure, types, {
      code: "PHX934",
      mismatch: "a linearized function called with different primal and tangent",
      noun: "tangent",
    });
    return flat.outputTree(instantiate(outputs, applyLinear(linear, values, marked, given)));
  };
  return [flat.outputTree(outputs), pushforward];
}

/** Output tangents of a linear map for the tangents of all inputs. */
export function applyLinear(
  linear: LinearMap,
  primals: readonly Value[],
  marked: readonly boolean[],
  tangents: readonly Tangent[],
): Tangent[] {
  const inputs = primals.flatMap((primal, i) => (marked[i] ? [instantiateOne(primal, tangents[i])] : []));
  const results = callProgram(linear.program, [...inputs, ...linear.captured]);
  return linear.outputIndex.map((index) => (index < 0 ? null : results[index]));
}
