// Types of transformed functions: arguments may be anything array-like, results hold values.
import type { Value } from "../trace.ts";
import type { Leaf, MapTree } from "../tree.ts";

/** What users may pass where a function wants a tree of values: the same tree, of anything array-like. */
export type Accepts<T> = T extends Leaf
  ? Leaf
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: Accepts<T[K]> }
    : T extends object
      ? { readonly [K in keyof T]: Accepts<T[K]> }
      : T;

/** What comes back for a tree that a function returned. */
export type Returns<T> = MapTree<T, Value>;

/** The arguments of a function, each as what users may pass for it. */
export type AcceptsAll<A extends readonly unknown[]> = { readonly [K in keyof A]: Accepts<A[K]> };

/** The results of differentiating in the arguments numbered `N`: one tree, or a tuple of them. */
export type ByArgnums<A extends readonly unknown[], N, To> = N extends number
  ? MapTree<A[N], To>
  : N extends readonly number[]
    ? { -readonly [K in keyof N]: MapTree<A[N[K] & number], To> }
    : never;
