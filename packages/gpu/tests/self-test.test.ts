// The test of a device's arithmetic finds what it is for: drivers that simplify, and numbers with too few digits.
import type { Executable, Program } from "@phxlang/autodiff";
import { describe, expect, test } from "vitest";
import { openNodeGpu } from "../../../scripts/gpu/open-node-gpu.ts";
import { findSwiftShader } from "../../../scripts/gpu/swiftshader.ts";
import { pairArithmetic } from "../src/arithmetic/pair.ts";
import { singleArithmetic } from "../src/arithmetic/single.ts";
import type { Arithmetic } from "../src/arithmetic/arithmetic.ts";
import { compileForGpu } from "../src/device/executable.ts";
import { packingOf } from "../src/device/packing.ts";
import { Session } from "../src/device/session.ts";
import { scalarsOf } from "../src/program/scalars.ts";
import { selfTest } from "../src/self-test.ts";
import { elementHelpers } from "../src/table/elementwise.ts";
import { loweringOf } from "../src/table/index.ts";

/** A compiler for a device whose pairs have this arithmetic. */
async function compilerWith(double: Arithmetic): Promise<(program: Program) => Executable> {
  const adapter = await openNodeGpu().requestAdapter();
  if (adapter === null) throw new Error("no adapter");
  const session = new Session(await adapter.requestDevice());
  const scalars = scalarsOf(singleArithmetic, double);
  const functions = [singleArithmetic.prelude, double.prelude, elementHelpers];
  const target = { session, scalars, packing: packingOf(double), table: loweringOf, functions };
  return (program) => compileForGpu(target, program);
}

const changed = (from: string, to: string): Arithmetic => {
  const prelude = pairArithmetic.prelude.replace(from, to);
  expect(prelude).not.toBe(pairArithmetic.prelude);
  return { ...pairArithmetic, prelude };
};

describe.skipIf(findSwiftShader() === null)("in Node", () => {
  test("right arithmetic passes", async () => {
    await selfTest(await compilerWith(pairArithmetic), "f64x");
    await selfTest(await compilerWith(singleArithmetic), "f32");
  });

  test.each([
    [
      "sums",
      () =>
        changed(
          "return vec2<f32>(s, f32_hold(f32_hold(a - f32_hold(s - t)) + f32_hold(b - t)));",
          "return vec2<f32>(s, 0.0);",
        ),
      /PHX968.*precision f64x: x \+ y/,
    ],
    ["products", () => changed("f32_hold(a2 * b2)", "0.0"), /PHX968.*x y at/],
    [
      "quotients",
      () => changed("select(f32_hold(rest / y.x), 0.0, f32_is_infinite(y.x))", "0.0"),
      /PHX968.*x \/ y at/,
    ],
  ] as const)(
    "a driver that simplifies the error terms of %s is refused",
    async (_what, arithmetic, message) => {
      await expect(selfTest(await compilerWith(arithmetic()), "f64x")).rejects.toThrow(message);
    },
  );

  test("floats are not taken for pairs", async () => {
    await expect(selfTest(await compilerWith(singleArithmetic), "f64x")).rejects.toThrow(/PHX968.*f64x/);
  });
});
