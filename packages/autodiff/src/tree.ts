// Pytrees: nested plain arrays and plain objects whose leaves are arrays, numbers, or anything else.
import type { Elements } from "./array.ts";
import { isValue } from "./as-value.ts";
import { internalError } from "./errors.ts";
import type { Value } from "./trace.ts";

/** Leaves that stand for an array. */
export type Leaf = Value | Elements | number | boolean;

/** The same tree with every array-like leaf replaced by `To`: the type of a gradient, of a tangent … */
export type MapTree<T, To> = T extends Leaf
  ? To
  : T extends readonly unknown[]
    ? { -readonly [K in keyof T]: MapTree<T[K], To> }
    : T extends object
      ? { -readonly [K in keyof T]: MapTree<T[K], To> }
      : T;

/**
 * The shape of a tree without its leaves. `key` is the same for equal structures and for no others; keys of
 * objects are sorted, so that their order of insertion does not matter. `null` and `undefined` are trees
 * without leaves.
 */
export type TreeStructure =
  | { readonly kind: "leaf"; readonly key: string; readonly leafCount: 1 }
  | { readonly kind: "none"; readonly key: string; readonly leafCount: 0; readonly value: null | undefined }
  | {
      readonly kind: "list";
      readonly key: string;
      readonly leafCount: number;
      readonly children: readonly TreeStructure[];
    }
  | {
      readonly kind: "record";
      readonly key: string;
      readonly leafCount: number;
      readonly names: readonly string[];
      readonly children: readonly TreeStructure[];
    };

const leafStructure: TreeStructure = { kind: "leaf", key: "*", leafCount: 1 };

export interface Flattened<L> {
  readonly leaves: L[];
  readonly structure: TreeStructure;
}

/** Leaves in order, and the structure that puts them back. `isLeaf` may stop the descent early. */
export function flatten(tree: unknown, isLeaf?: (x: unknown) => boolean): Flattened<unknown> {
  const leaves: unknown[] = [];
  return { leaves, structure: flattenInto(tree, leaves, isLeaf) };
}

function flattenInto(tree: unknown, leaves: unknown[], isLeaf?: (x: unknown) => boolean): TreeStructure {
  if (isLeaf?.(tree) === true) {
    leaves.push(tree);
    return leafStructure;
  }
  if (tree === null || tree === undefined) {
    return { kind: "none", key: "~", leafCount: 0, value: tree };
  }
  if (Array.isArray(tree)) {
    const children = tree.map((child: unknown) => flattenInto(child, leaves, isLeaf));
    const key = `[${children.map((child) => child.key).join(",")}]`;
    return { kind: "list", key, leafCount: countLeaves(children), children };
  }
  if (isPlainRecord(tree)) {
    const names = Object.keys(tree).sort();
    const children = names.map((name) => flattenInto(tree[name], leaves, isLeaf));
    const key = `{${children.map((child, i) => `${JSON.stringify(names[i])}:${child.key}`).join(",")}}`;
    return { kind: "record", key, leafCount: countLeaves(children), names, children };
  }
  leaves.push(tree);
  return leafStructure;
}

function countLeaves(children: readonly TreeStructure[]): number {
  let count = 0;
  for (const child of children) count += child.leafCount;
  return count;
}

/** A plain object: made by a literal or without prototype, and not an array of ours. */
export function isPlainRecord(x: unknown): x is Record<string, unknown> {
  if (typeof x !== "object" || x === null || isValue(x)) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

/** The inverse of flatten. */
export function unflatten(structure: TreeStructure, leaves: readonly unknown[]): unknown {
  if (structure.leafCount !== leaves.length) {
    throw internalError(`a tree of ${structure.leafCount} leaves was given ${leaves.length}`);
  }
  let next = 0;
  const build = (node: TreeStructure): unknown => {
    switch (node.kind) {
      case "leaf":
        return leaves[next++];
      case "none":
        return node.value;
      case "list":
        return node.children.map(build);
      case "record":
        return Object.fromEntries(node.children.map((child, i) => [node.names[i], build(child)]));
    }
  };
  return build(structure);
}

/** Applies a function to every leaf. */
export function map<T, To>(f: (leaf: unknown) => To, tree: T): MapTree<T, To> {
  const { leaves, structure } = flatten(tree);
  return unflatten(structure, leaves.map(f)) as MapTree<T, To>;
}

/** All leaves in order. */
export function leaves(tree: unknown): unknown[] {
  return flatten(tree).leaves;
}

export function sameStructure(a: TreeStructure, b: TreeStructure): boolean {
  return a.key === b.key;
}

/** A structure as people read it: `{"a": *, "b": [*, *]}`. */
export function structureText(structure: TreeStructure): string {
  return structure.key.replaceAll(",", ", ").replaceAll(":", ": ").replaceAll("~", "null");
}
