// stopGradient: the identity, whose derivative is zero.
import { stopGradient as stopGradientOf } from "../primitives/arithmetic.ts";
import type { Value } from "../trace.ts";
import type { MapTree } from "../tree.ts";
import { map } from "../tree.ts";
import { leafValue } from "./flat-function.ts";

/** The tree unchanged, leaf by leaf, and constant to every derivative. */
export function stopGradient<T>(tree: T): MapTree<T, Value> {
  return map((leaf) => stopGradientOf(leafValue(leaf)), tree);
}
