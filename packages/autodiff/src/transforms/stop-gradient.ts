// stopGradient: the identity, whose derivative is zero.
import { bind } from "../bind.ts";
import type { Primitive } from "../primitive.ts";
import type { Value } from "../trace.ts";
import type { MapTree } from "../tree.ts";
import { map } from "../tree.ts";
import { leafValue } from "./flat-function.ts";

export const stopGradientPrimitive: Primitive = {
  name: "stop_gradient",
  documentation: "x unchanged; its derivative is zero",
  type: ([x]) => [{ dtype: x.dtype, shape: x.shape, weak: x.weak === true }],
  evaluate: ([x]) => [x],
  jvp: ([x]) => ({ primals: bind(stopGradientPrimitive, [x]), tangents: [null] }),
  batch: ([x], axes) => ({ results: bind(stopGradientPrimitive, [x]), axes }),
};

/** The tree unchanged, leaf by leaf, and constant to every derivative. */
export function stopGradient<T>(tree: T): MapTree<T, Value> {
  return map((leaf) => bind(stopGradientPrimitive, [leafValue(leaf)])[0], tree);
}
