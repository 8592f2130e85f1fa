// jvp: a function's value and its directional derivative, in one forward run.
import type { Value } from "../trace.ts";
import { flatten } from "../tree.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction, flattenValues } from "./flat-function.ts";
import { jvpFlat } from "./jvp-trace.ts";
import { flattenTangents } from "./tangents.ts";
import { instantiate } from "./zero-tangents.ts";
import type { AcceptsAll, Returns } from "./types.ts";

/**
 * `jvp(f, primals, tangents)` → `[f(...primals), ∂f(...primals) · tangents]`. Both lists have one entry per
 * argument; a tangent has the tree, shapes and dtypes of its primal, and may be null for zero.
 * With `hasAux`, f returns `[result, aux]` and aux comes third. PHX934 when tangents do not fit.
 */
export function jvp<A extends readonly unknown[], R, X>(
  f: (...args: A) => readonly [R, X],
  primals: AcceptsAll<A>,
  tangents: AcceptsAll<A>,
  options: { readonly hasAux: true },
): [Returns<R>, Returns<R>, X];
export function jvp<A extends readonly Value[], R>(
  f: (...args: A) => R,
  primals: AcceptsAll<A>,
  tangents: AcceptsAll<A>,
): [Returns<R>, Returns<R>];
export function jvp<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  primals: AcceptsAll<A>,
  tangents: AcceptsAll<A>,
): [Returns<R>, Returns<R>];
export function jvp(
  f: TreeFunction,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  options?: { readonly hasAux?: boolean },
): unknown[] {
  const { values, structure } = flattenValues(primals);
  const types = values.map((value) => value.type);
  const flatTangents = flattenTangents(tangents, structure, types, {
    code: "PHX934",
    mismatch: "jvp called with different primal and tangent",
    noun: "tangent",
  });
  const flat = new FlatFunction(f, flatten(primals).structure, options?.hasAux);
  const results = jvpFlat(flat.call, values, flatTangents, "jvp");
  const out = flat.outputTree(results.primals);
  const tangentOut = flat.outputTree(instantiate(results.primals, results.tangents));
  return options?.hasAux === true ? [out, tangentOut, flat.auxTree(results.primals)] : [out, tangentOut];
}
