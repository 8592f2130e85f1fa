// One table, every primitive, the same laws for all.
import { describe, expect, test } from "vitest";
import { primitives } from "../src/index.ts";
import { arrayCases } from "./laws/array-cases.ts";
import {
  checkBatch,
  checkForward,
  checkJit,
  checkReverse,
  checkSecond,
  checkSingle,
} from "./laws/check-laws.ts";
import { elementwiseCases } from "./laws/elementwise-cases.ts";

const table = [...elementwiseCases, ...arrayCases];

test("the table names every primitive", () => {
  const named = new Set(table.map((law) => law.primitive));
  expect(primitives.map((primitive) => primitive.name).filter((name) => !named.has(name))).toEqual([]);
});

test("names are unique and every primitive is documented", () => {
  expect(new Set(primitives.map((primitive) => primitive.name)).size).toBe(primitives.length);
  for (const primitive of primitives) expect(primitive.documentation.length).toBeGreaterThan(1);
});

table.forEach((law, i) => {
  describe(`${law.primitive} (${i})`, () => {
    test("jvp is the central difference", () => checkForward(law));
    test("vjp is the transpose of jvp", () => checkReverse(law));
    test("second derivatives", () => checkSecond(law));
    test("vmap is a loop", () => checkBatch(law));
    test("single precision", () => checkSingle(law));
    test("jit is eager", () => checkJit(law));
  });
});
