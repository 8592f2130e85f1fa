// Feature expressions: linear forms keep values, shapes are shared, codes do not depend on the order of creation.
import * as fc from "fast-check";
import { callProgram, evaluateProgram, jvp, NdArray } from "@phxlang/autodiff";
import type { Value } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { operationArity, operationCodes } from "../src/feature-operations.ts";
import type { FeatureOperation } from "../src/index.ts";
import { createFeatureTable } from "../src/index.ts";
import { build, formulas, inputCount, isTame, points, valueOf } from "./formula.ts";

test("a linear form has the value of its expression, to 1e-9 relative", () => {
  fc.assert(
    fc.property(formulas, points, (formula, z) => {
      fc.pre(isTame(formula, z));
      const table = createFeatureTable(inputCount);
      const form = table.linearForm(build(table, formula));
      const phi = table.evaluate(z);
      const value = form.features.reduce((sum, feature, j) => sum + form.coefficients[j] * phi[feature], 0);
      const expected = valueOf(formula, z);
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
    }),
    { numRuns: 1000 },
  );
});

test("features of a form are ascending and distinct, and no coefficient is zero", () => {
  fc.assert(
    fc.property(formulas, (formula) => {
      const table = createFeatureTable(inputCount);
      const form = table.linearForm(build(table, formula));
      for (let j = 1; j < form.features.length; j++) {
        expect(form.features[j]).toBeGreaterThan(form.features[j - 1]);
      }
      expect(form.coefficients).not.toContain(0);
    }),
  );
});

test("the code of a formula does not depend on what was built before it, and differs from another value's", () => {
  fc.assert(
    fc.property(formulas, formulas, (formula, other) => {
      const alone = createFeatureTable(inputCount);
      const after = createFeatureTable(inputCount);
      build(after, other);
      const first = build(alone, formula);
      const second = build(after, formula);
      fc.pre(alone.constantValue(first) === undefined);
      const code = alone.canonicalCode(alone.feature(first));
      expect(after.canonicalCode(after.feature(second))).toEqual(code);
      const otherExpression = build(after, other);
      if (after.constantValue(otherExpression) === undefined && otherExpression !== second) {
        expect(after.canonicalCode(after.feature(otherExpression))).not.toEqual(code);
      }
    }),
  );
});

test("states share the shapes of their rates: k(k−1)/2 · rate is one feature for all k", () => {
  const table = createFeatureTable(2);
  const rate = table.input(0);
  const size = table.input(1);
  for (let k = 2; k <= 100; k++) {
    const pairs = table.constant((k * (k - 1)) / 2);
    expect(table.linearForm(table.apply("mul", rate, pairs))).toEqual({
      features: [1],
      coefficients: [(k * (k - 1)) / 2],
    });
    expect(table.linearForm(table.apply("div", pairs, size)).coefficients).toEqual([(k * (k - 1)) / 2]);
  }
  expect(table.featureCount).toBe(3);
});

test("constant factors are gathered through products and quotients", () => {
  const table = createFeatureTable(2);
  const [a, b] = [table.input(0), table.input(1)];
  const effect = table.apply("exp", b);
  const plain = table.apply("mul", a, effect);
  const halved = table.apply("mul", table.apply("div", a, table.constant(2)), effect);
  expect(table.linearForm(plain)).toEqual({ features: [1], coefficients: [1] });
  expect(table.linearForm(halved)).toEqual({ features: [1], coefficients: [0.5] });
});

test("1 − p is expanded where that is exact, and stays whole under a factor that rounds", () => {
  const table = createFeatureTable(1);
  const p = table.input(0);
  const complement = table.apply("sub", table.constant(1), p);
  expect(table.linearForm(complement)).toEqual({ features: [0, 1], coefficients: [1, -1] });
  const threefold = table.linearForm(table.apply("mul", table.constant(3), complement));
  expect(threefold.coefficients).toEqual([3]);
  const near = 1 - 2 ** -50;
  const phi = table.evaluate([near]);
  expect(3 * phi[threefold.features[0]]).toBe(3 * 2 ** -50);
});

test("what is structurally zero has an empty form", () => {
  const table = createFeatureTable(1);
  const x = table.input(0);
  expect(table.linearForm(table.apply("mul", table.constant(0), x)).features).toEqual([]);
  expect(table.linearForm(table.apply("sub", x, x)).features).toEqual([]);
  expect(table.linearForm(table.apply("div", table.constant(0), x)).features).toEqual([]);
});

test("a chain of 3·10⁴ operations needs no stack", () => {
  const table = createFeatureTable(1);
  let sum = table.input(0);
  let nested = table.input(0);
  for (let i = 0; i < 30_000; i++) {
    if (i % 2 === 0) nested = table.apply("sqrt", nested);
    sum = table.apply(
      "add",
      sum,
      table.apply("exp", table.apply("mul", table.constant(i + 2), table.input(0))),
    );
  }
  expect(table.linearForm(sum).features).toHaveLength(30_001);
  expect(table.canonicalCode(table.feature(nested))).toHaveLength(32);
  expect(table.evaluate([1])[table.feature(nested)]).toBe(1);
});

test("the program of the features computes what evaluate does", () => {
  fc.assert(
    fc.property(fc.array(formulas, { minLength: 1, maxLength: 8 }), points, (list, z) => {
      fc.pre(list.every((formula) => isTame(formula, z)));
      const table = createFeatureTable(inputCount);
      for (const formula of list) table.linearForm(build(table, formula));
      const program = table.toProgram();
      const input = new NdArray(Float64Array.from(z), [inputCount], "f64");
      const [phi] = evaluateProgram(program, [input]);
      const expected = table.evaluate(z);
      expect(phi.shape).toEqual([table.featureCount]);
      expected.forEach((value, f) => {
        expect(Math.abs(phi.elements[f] - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value));
      });
    }),
    { numRuns: 300 },
  );
});

test("2·10⁴ features of a few formulas are a few equations", () => {
  const table = createFeatureTable(2);
  const [a, b] = [table.input(0), table.input(1)];
  for (let k = 1; k <= 10_000; k++) {
    const shifted = table.apply("add", a, table.constant(k));
    table.feature(table.apply("exp", table.apply("mul", b, shifted)));
    table.feature(table.apply("div", shifted, table.apply("add", b, table.constant(k))));
  }
  expect(table.featureCount).toBe(20_001);
  const program = table.toProgram();
  expect(program.equationCount).toBeLessThan(40);
  const [phi] = evaluateProgram(program, [new NdArray(Float64Array.of(0.5, 0.001), [2], "f64")]);
  const expected = table.evaluate([0.5, 0.001]);
  for (let f = 0; f < table.featureCount; f += 997) expect(phi.elements[f]).toBeCloseTo(expected[f], 10);
});

test("whole powers are repeated multiplication, with derivatives at 0", () => {
  const table = createFeatureTable(1);
  const x = table.input(0);
  for (const exponent of [2, 3, -1, 0.5]) table.feature(table.apply("pow", x, table.constant(exponent)));
  const program = table.toProgram();
  const at = (value: number): NdArray => new NdArray(Float64Array.of(value), [1], "f64");
  expect(Array.from(evaluateProgram(program, [at(4)])[0].elements)).toEqual([1, 16, 64, 0.25, 2]);
  const [, tangent] = jvp((z: Value) => callProgram(program, [z])[0], [at(0)], [at(1)]);
  expect(Array.from((tangent as NdArray).elements).slice(0, 3)).toEqual([0, 0, 0]);
});

test("a table without features beyond the constant is a program too", () => {
  const [phi] = evaluateProgram(createFeatureTable(0).toProgram(), [
    new NdArray(new Float64Array(0), [0], "f64"),
  ]);
  expect(Array.from(phi.elements)).toEqual([1]);
});

test("every operation has one value, folded, evaluated and in the program", () => {
  const names = Object.keys(operationCodes) as FeatureOperation[];
  fc.assert(
    fc.property(fc.constantFrom(...names), points, (name, point) => {
      const z = [point[0] / 4, point[1], 0.5];
      const table = createFeatureTable(inputCount);
      const operands = [0, 1, 2].slice(0, operationArity(name));
      // acosh and atanh have disjoint domains.
      const [shift, scale] = name === "acosh" ? [1, 1] : [0, 1];
      const place = (k: number, own: (i: number) => number): number =>
        table.apply("add", table.apply("mul", own(k), table.constant(scale)), table.constant(shift));
      const expression = table.apply(name, ...operands.map((k) => place(k, (i) => table.input(i))));
      const folded = table.constantValue(
        table.apply(name, ...operands.map((k) => place(k, (i) => table.constant(z[i])))),
      );
      const feature = table.feature(expression);
      const value = table.evaluate(z)[feature];
      const [phi] = evaluateProgram(table.toProgram(), [
        new NdArray(Float64Array.from(z), [inputCount], "f64"),
      ]);
      expect(value).not.toBeNaN();
      expect(Math.abs(value - (folded ?? NaN))).toBeLessThanOrEqual(1e-14 * Math.abs(value));
      expect(Math.abs(value - phi.elements[feature])).toBeLessThanOrEqual(1e-14 * Math.abs(value));
    }),
    { numRuns: 300 },
  );
});
