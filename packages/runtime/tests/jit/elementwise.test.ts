// Compiled programs give the bits of the reference: random programs, every dtype, every primitive of the table.
import type { DType } from "@phxlang/autodiff";
import { primitives } from "@phxlang/autodiff";
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { compileProgram } from "../../src/jit/compile.ts";
import { arithmeticTable } from "../../src/jit/table/arithmetic.ts";
import { functionTable } from "../../src/jit/table/functions.ts";
import { loweringOf } from "../../src/jit/table/index.ts";
import { arityOf, expectSame, filledArray, Grower, reference, shapeArbitrary } from "./random-programs.ts";

const dtypes: readonly DType[] = ["f64", "f32", "i32", "u32", "bool"];
const known = new Set(primitives.map(({ name }) => name));
const names = [...Object.keys(arithmeticTable), ...Object.keys(functionTable)].filter((name) =>
  known.has(name),
);
const parameterLists: Readonly<Record<string, readonly Record<string, number | string>[]>> = {
  convert: dtypes.map((dtype) => ({ dtype })),
  integerPow: [0, 1, 2, 3, 7, 10].map((exponent) => ({ exponent })),
  polygamma: [{ order: 0 }, { order: 2 }],
  gammainc: [{ order: 0 }, { order: 1 }],
  betainc: [
    { orderA: 0, orderB: 0 },
    { orderA: 1, orderB: 0 },
  ],
};
const parametersOf = (name: string): readonly Record<string, number | string>[] =>
  parameterLists[name] ?? [{}];

for (const name of names) {
  test(`${name} has the reference's bits for every dtype and length`, () => {
    let compiled = 0;
    for (const dtype of dtypes) {
      for (const parameters of parametersOf(name)) {
        const grower = new Grower();
        const outputs: number[] = [];
        for (const shape of [[], [3], [4], [21], [3, 8], [1500]]) {
          const x = grower.input(filledArray(dtype, shape, 1));
          const y = grower.input(filledArray(dtype, shape, 2));
          const first = grower.input(filledArray(name === "where" ? "bool" : dtype, shape, 5));
          const operands = [[x], [x, y], [first, x, y]][arityOf(name) - 1];
          const result = grower.apply(name, operands, parameters);
          outputs.push(result);
          if (result >= 0 && grower.types[result].dtype !== "bool") {
            outputs.push(grower.apply("reduceSum", [result], { axes: shape.map((_, axis) => axis) }));
          }
        }
        const made = outputs.filter((output) => output >= 0);
        if (made.length === 0) continue;
        compiled++;
        const program = grower.finish(made);
        expectSame(compileProgram(program, loweringOf)(grower.inputs), reference(program, grower.inputs));
      }
    }
    expect(compiled).toBeGreaterThan(0);
  });
}

const step = fc.record({
  name: fc.constantFrom(
    ...names,
    "add",
    "mul",
    "where",
    "reduceSum",
    "reduceMax",
    "broadcast",
    "permute",
    "reshape",
    "slice",
    "reverse",
  ),
  operands: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
  choice: fc.nat(),
});

test.prop(
  [
    fc.array(fc.record({ shape: shapeArbitrary, dtype: fc.constantFrom(...dtypes), seed: fc.nat() }), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.array(step, { minLength: 1, maxLength: 25 }),
    fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  ],
  { numRuns: 200 },
)("random programs", (inputs, steps, wanted) => {
  const grower = new Grower();
  const variables = inputs.map(({ shape, dtype, seed }) => grower.input(filledArray(dtype, shape, seed)));
  for (const { name, operands, choice } of steps) {
    const chosen = operands.map((operand) => variables[operand % variables.length]);
    const { shape } = grower.types[chosen[0]];
    const tried: [number[], Record<string, number | string | readonly number[]>][] = [];
    if (name === "reduceSum" || name === "reduceMax") {
      tried.push([
        [chosen[0]],
        { axes: shape.map((_, axis) => axis).filter((axis) => (choice >> axis) % 2 === 1) },
      ]);
    } else if (name === "broadcast") {
      tried.push([
        [chosen[0]],
        choice % 2 === 0
          ? { shape: [3, ...shape], dimensions: shape.map((_, axis) => axis + 1) }
          : { shape: [...shape, 5], dimensions: shape.map((_, axis) => axis) },
      ]);
    } else if (name === "slice") {
      const strides = shape.map((_, axis) => 1 + ((choice >> axis) % 2));
      tried.push([[chosen[0]], { starts: shape.map((length) => choice % length), limits: shape, strides }]);
    } else if (name === "reverse") {
      tried.push([
        [chosen[0]],
        { axes: shape.map((_, axis) => axis).filter((axis) => (choice >> axis) % 2 === 1) },
      ]);
    } else if (name === "permute") {
      const axes = shape.map((_, axis) => axis);
      tried.push([
        [chosen[0]],
        { axes: choice % 2 === 0 ? axes.reverse() : [...axes.slice(1), ...axes.slice(0, 1)] },
      ]);
    } else if (name === "reshape") {
      tried.push([
        [chosen[0]],
        { shape: choice % 2 === 0 ? [shape.reduce((a, b) => a * b, 1)] : [1, ...shape, 1] },
      ]);
    } else {
      const parameters = parametersOf(name)[choice % parametersOf(name).length];
      tried.push([chosen.slice(0, arityOf(name)), parameters]);
    }
    for (const [given, parameters] of tried) {
      if (grower.types[given[0]].shape.reduce((a, b) => a * b, 1) > 20_000) continue;
      const result = grower.apply(name, given, parameters);
      if (result >= 0) variables.push(result);
    }
  }
  const outputs = wanted.map(
    (output) => variables[(variables.length - 1 - output) % variables.length] ?? variables[0],
  );
  const program = grower.finish(outputs.map((output) => output ?? variables[0]));
  expectSame(compileProgram(program, loweringOf)(grower.inputs), reference(program, grower.inputs));
});
