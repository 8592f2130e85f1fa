// Did-you-mean.
import { fc, test } from "@fast-check/vitest";
import { closest, didYouMean } from "@phxlang/dsl";
import { describe, expect } from "vitest";
import { editDistance } from "../src/names/closest.ts";

describe("closest", () => {
  const names = ["lambda", "mu", "arrival_rate", "Beta", "rabbits", "species", "city", "N", "serve", "class"];
  test.each([
    ["lamda", "lambda"],
    ["lamdba", "lambda"],
    ["LAMBDA", "lambda"],
    ["beta", "Beta"],
    ["n", "N"],
    ["rabbit", "rabbits"],
    ["cities", "city"],
    ["arrivalRate", "arrival_rate"],
    ["ArrivalRates", "arrival_rate"],
    ["arrival_rates", "arrival_rate"],
    ["classes", "class"],
    ["nu", "mu"],
    ["k", null],
    ["zeta", "Beta"],
    ["gamma", null],
    ["completely_different", null],
    ["lambda", null],
  ])("%s → %s", (written, meant) => {
    expect(closest(written, names)).toBe(meant);
  });

  test("the case counts before the distance, the order before nothing", () => {
    expect(closest("Rate", ["Date", "rate"])).toBe("rate");
    expect(closest("rote", ["rate", "rite"])).toBe("rate");
  });

  test("in words", () => {
    expect(didYouMean("lamda", names)).toBe("did you mean `lambda`?");
    expect(didYouMean("k", names)).toBeUndefined();
  });
});

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 7 });

describe("distance", () => {
  test.each([
    ["", "", 0],
    ["ab", "ba", 1],
    ["abc", "acb", 1],
    ["ca", "abc", 3],
    ["kitten", "sitting", 3],
    ["event", "evnt", 1],
  ])("%s – %s: %i", (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
  });

  test.prop([word, word])(
    "is symmetric, zero only for equal words, and at most the longer length",
    (a, b) => {
      const distance = editDistance(a, b);
      expect(editDistance(b, a)).toBe(distance);
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    },
  );

  test.prop([word, fc.nat(), fc.constantFrom("x", "")])("one edit is at distance one", (a, seed, letter) => {
    const at = a.length === 0 ? 0 : seed % a.length;
    const edited = a.slice(0, at) + letter + a.slice(at + (letter === "" ? 1 : 0));
    expect(editDistance(a, edited)).toBe(a === edited ? 0 : 1);
  });
});
