// The law table of the engine's primitives, compiled: values, derivatives of both modes and batches have the bits of
// the evaluation without jit.
import type { Value } from "@phxlang/autodiff";
import { isFloat, jvp, NdArray, np, primitives, vjp, vmap } from "@phxlang/autodiff";
import { describe, expect, test } from "vitest";
import { arrayCases } from "../../../autodiff/tests/laws/array-cases.ts";
import { elementwiseCases } from "../../../autodiff/tests/laws/elementwise-cases.ts";
import type { LawCase } from "../../../autodiff/tests/laws/law-case.ts";
import { spread } from "../../../autodiff/tests/laws/law-case.ts";
import { cpuDevice, jit } from "../../src/index.ts";
import { expectSame } from "./random-programs.ts";

type Fn = (...operands: readonly Value[]) => Value | readonly Value[];

/** Compiled and not, on the same operands. */
function expectCompiled(f: Fn, operands: readonly NdArray[]): void {
  const listOf = (result: Value | readonly Value[]): readonly NdArray[] =>
    [result].flat() as readonly NdArray[];
  expectSame(listOf(jit(f)(...operands)), listOf(f(...operands)));
}

/** The operands that derivatives are taken in, and f as a function of them alone. */
function differentiable(law: LawCase): {
  readonly f: (...x: readonly Value[]) => Value;
  readonly at: NdArray[];
} {
  const chosen = law.operands.flatMap((x, i) =>
    isFloat(x.dtype) && !(law.constant ?? []).includes(i) ? [i] : [],
  );
  const f = (...inputs: readonly Value[]): Value => {
    const full: Value[] = [...law.operands];
    chosen.forEach((place, i) => (full[place] = inputs[i]));
    return law.f(...full);
  };
  return { f, at: chosen.map((i) => law.operands[i]) };
}

const single = (x: NdArray): NdArray =>
  x.dtype === "f64" ? new NdArray(Float32Array.from(x.elements), x.shape, "f32") : x;

test("every primitive of the engine is compiled", () => {
  const refused = primitives.filter((primitive) => !cpuDevice.supports(primitive, []));
  expect(refused.map((primitive) => primitive.name)).toEqual([]);
});

[...elementwiseCases, ...arrayCases].forEach((law, i) => {
  describe(`${law.primitive} (${i})`, () => {
    const { f, at } = differentiable(law);
    const hasDerivative = at.length > 0 && isFloat(law.f(...law.operands).dtype);

    test("values, in double and single precision", () => {
      expectCompiled(law.f, law.operands);
      expectCompiled(law.f, law.operands.map(single));
    });

    test("a batch", () => {
      const stacked = law.operands.map((x) => np.stack([x, x, x], 0) as NdArray);
      expectCompiled(vmap(law.f), stacked);
    });

    if (!hasDerivative) return;
    test("forward mode, reverse mode and forward over reverse", () => {
      const tangents = at.map((x, n) => spread(x.shape, 3 + n));
      const cotangent = spread(law.f(...law.operands).shape, 9);
      const forward: Fn = (...x) => jvp(f, x, tangents);
      const reverse = (...x: readonly Value[]): readonly Value[] => vjp(f, ...x)[1](cotangent);
      expectCompiled(forward, at);
      expectCompiled(reverse, at);
      if (law.second !== false) expectCompiled((...x) => jvp(reverse, x, tangents)[1], at);
    });
  });
});
