// Pytrees: flatten and unflatten are inverse, and the key of a structure tells all structures apart.
import { fc, test as lawTest } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { array, tree } from "../src/index.ts";

const { tree: trees } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.constant(null),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie("tree"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** The structure of a tree, written down another way: leaves replaced by 0, names sorted. */
function shapeOf(x: unknown): unknown {
  if (x === null) return null;
  if (Array.isArray(x)) return x.map(shapeOf);
  if (typeof x !== "object") return 0;
  const entries = Object.entries(x).sort(([a], [b]) => (a < b ? -1 : 1));
  return { entries: entries.map(([name, child]) => [name, shapeOf(child)]) };
}

lawTest.prop([trees])("unflatten ∘ flatten = identity", (x) => {
  const { leaves, structure } = tree.flatten(x);
  expect(structure.leafCount).toBe(leaves.length);
  expect(tree.unflatten(structure, leaves)).toEqual(x);
  expect(tree.map((leaf) => leaf, x)).toEqual(x);
});

lawTest.prop([trees, trees])("structures are equal exactly when their keys are", (x, y) => {
  const [a, b] = [tree.flatten(x).structure, tree.flatten(y).structure];
  expect(tree.sameStructure(a, b)).toBe(JSON.stringify(shapeOf(x)) === JSON.stringify(shapeOf(y)));
});

test("arrays, typed arrays and instances of classes are leaves", () => {
  const leaves = [array([1]), new Float64Array(2), new Date(0), "text"];
  expect(tree.leaves({ a: leaves, b: undefined })).toEqual(leaves);
});

test("the order of names does not matter", () => {
  expect(tree.leaves({ b: 1, a: 2 })).toEqual([2, 1]);
  expect(tree.structureText(tree.flatten({ b: [1, null], a: 2 }).structure)).toBe('{"a": *, "b": [*, null]}');
});
