// Copied features have the values of the originals at the inputs that stand for theirs.
import { expect, test } from "vitest";
import { copyFeatures, createFeatureTable } from "../src/index.ts";

test("a copy at shifted inputs evaluates like the original", () => {
  const from = createFeatureTable(2);
  const [x, y] = [from.input(0), from.input(1)];
  const product = from.feature(from.apply("mul", x, from.apply("exp", from.apply("neg", y))));
  const ratio = from.feature(from.apply("div", from.constant(3), from.apply("add", x, y)));
  const choice = from.feature(from.apply("where", from.apply("less", x, y), x, from.apply("sqrt", y)));
  const to = createFeatureTable(3);
  const copies = copyFeatures(from, to, [to.input(2), to.input(0)]);
  const features = [product, ratio, choice].map((feature) => to.feature(copies[feature]));
  const original = from.evaluate([0.7, 1.9]);
  const copied = to.evaluate([1.9, 100, 0.7]);
  expect(features.map((feature) => copied[feature])).toEqual(
    [product, ratio, choice].map((feature) => original[feature]),
  );
  expect(to.constantValue(copies[0])).toBe(1);
});
