// Checking of tangents and cotangents that users give: same tree, same shapes, same dtypes.
import { isFloat, sameShape, typeText } from "../array.ts";
import type { ArrayType } from "../array.ts";
import { convertTo } from "../engine-operations.ts";
import { PhxError } from "../errors.ts";
import type { Tangent } from "../primitive.ts";
import type { TreeStructure } from "../tree.ts";
import { flatten, structureText, unflatten } from "../tree.ts";
import { leafValue } from "./flat-function.ts";

/** How messages speak of the two trees that must agree. */
export interface TangentWords {
  readonly code: string;
  /** `jvp called with different primal and tangent`. */
  readonly mismatch: string;
  /** `tangent` or `cotangent`. */
  readonly noun: string;
}

/**
 * Flat tangents of a tree that must match `structure` and `types`. `null` stands for a zero, and is the only
 * tangent of integers and booleans. Plain numbers take the dtype of what they are tangent to.
 */
export function flattenTangents(
  tree: unknown,
  structure: TreeStructure,
  types: readonly ArrayType[],
  words: TangentWords,
): Tangent[] {
  const aligned = alignNulls(tree, structure, words);
  return types.map((type, i) => {
    const leaf = aligned[i];
    if (leaf === null || leaf === undefined) return null;
    const value = leafValue(leaf);
    if (!isFloat(type.dtype)) {
      throw mismatch(
        words,
        `dtypes: ${typeText(type)} has no ${words.noun}, and ${typeText(value.type)} was given`,
      );
    }
    if (!sameShape(value.shape, type.shape)) {
      throw mismatch(
        words,
        `shapes: [${type.shape.join(", ")}] needs a ${words.noun} of that shape, not [${value.shape.join(", ")}]`,
      );
    }
    if (value.dtype === type.dtype) return value;
    if (value.weak) return convertTo(value, type.dtype);
    throw mismatch(words, `dtypes: ${type.dtype} needs a ${words.noun} of that dtype, not ${value.dtype}`);
  });
}

function mismatch(words: TangentWords, detail: string): PhxError {
  return new PhxError({
    code: words.code,
    what: `${words.mismatch} ${detail}`,
    why: `a ${words.noun} has the tree, shapes and dtypes of the value that it belongs to`,
    fix: `give one ${words.noun} leaf for each leaf, null for a zero and for integers`,
  });
}

/** Leaves of the tree in the order of `structure`; a null where a whole subtree is zero counts for all of it. */
function alignNulls(tree: unknown, structure: TreeStructure, words: TangentWords): unknown[] {
  if (tree === null || tree === undefined) return Array.from({ length: structure.leafCount }, () => null);
  const marker = unflatten(
    structure,
    Array.from({ length: structure.leafCount }, () => 0),
  );
  const given = flatten(tree, (x) => x === null || x === undefined);
  const expected = flatten(marker, (x) => x === null || x === undefined);
  if (given.structure.key !== expected.structure.key) {
    throw mismatch(
      words,
      `tree structures: expected ${structureText(structure)}, got the unexpected tree structure ${structureText(given.structure)}`,
    );
  }
  return given.leaves.filter((_, i) => expected.leaves[i] !== null && expected.leaves[i] !== undefined);
}
