// The coalescent of five lineages under every transform: shapes, finite values, gradients that are not zero, and
// compiled values equal to eager ones. T has E[T] = 2 (1 − 1/n) / rate and gradient −E[T] / rate.
import { beforeAll, describe, expect, test } from "vitest";
import { defineModel, devices, grad, jit, load, np, pmap, vmap } from "../src/index.node.ts";
import type { Model, NdArray, Value } from "../src/index.node.ts";
import { root } from "./run-phx.ts";

let model: Model;
beforeAll(async () => {
  model = await load(`${root}examples/kingman.phx`, { constants: { n: 5 } });
});

const times = np.array([0.2, 0.9, 2.5]);
const loss = (theta: Value): Value => model.logPdf(theta, times).sum().neg();
const mean = (theta: Value): Value => model.mean(theta);
const one = np.array([1.3]);
const many = np.array([[0.4], [1], [1.3], [6]]);

function numbers(value: Value): number[] {
  const flat = Array.from((value as NdArray).dataSync());
  for (const x of flat) expect(Number.isFinite(x)).toBe(true);
  return flat;
}

/** Shapes as expected, finite, nowhere zero, and the same bits compiled. */
function check(f: (theta: Value) => Value, argument: Value, shape: readonly number[]): number[] {
  const eager = f(argument);
  const compiled = jit(f)(argument);
  expect(eager.shape).toEqual(shape);
  expect(compiled.shape).toEqual(shape);
  const values = numbers(eager);
  expect(numbers(compiled)).toEqual(values);
  expect(values.every((x) => x !== 0)).toBe(true);
  return values;
}

describe.each([
  ["the loss of three times", loss],
  ["the mean", mean],
])("%s", (_name, f) => {
  test("jit", () => {
    check(f, one, []);
  });

  test("grad, and jit of grad", () => {
    const [slope] = check((theta) => grad(f)(theta), one, [1]);
    const h = 1e-6;
    const at = (x: number): number => numbers(f(np.array([x])))[0];
    expect(slope).toBeCloseTo((at(1.3 + h) - at(1.3 - h)) / (2 * h), 6);
  });

  test("vmap: as one by one", () => {
    const values = check((theta) => vmap(f)(theta), many, [4]);
    expect(values).toEqual([0.4, 1, 1.3, 6].map((x) => numbers(f(np.array([x])))[0]));
  });

  test("vmap of grad, compiled too: as one by one", () => {
    const values = check((theta) => vmap(grad(f))(theta), many, [4, 1]);
    expect(values).toEqual([0.4, 1, 1.3, 6].map((x) => numbers(grad(f)(np.array([x])))[0]));
  });

  test("pmap, alone and over vmap of grad", () => {
    const cpu = devices("cpu");
    const spread = pmap(f, { devices: cpu })(many.reshape([4, 1]));
    expect(numbers(spread)).toEqual(numbers(vmap(f)(many)));
    const slopes = pmap(vmap(grad(f)), { devices: cpu })(many.reshape([2, 2, 1]));
    expect(slopes.shape).toEqual([2, 2, 1]);
    expect(numbers(slopes)).toEqual(numbers(vmap(grad(f))(many)));
  });
});

test("the mean and its gradient are those of theory, to 1e-14 relative", () => {
  const [value] = numbers(mean(one));
  const [slope] = numbers(grad(mean)(one));
  expect(Math.abs(value / (1.6 / 1.3) - 1)).toBeLessThan(1e-14);
  expect(Math.abs(slope / (-1.6 / 1.3 ** 2) - 1)).toBeLessThan(1e-14);
});

test("a callback whose states never end fails, with how far it came", () => {
  const endless = (): Model =>
    defineModel(
      {
        state: ["k"],
        parameters: { rate: { lower: 0 } },
        start: () => [{ to: [0], probability: 1 }],
        transitions: ([k], { rate }) => [{ to: [k + 1], rate }],
      },
      { maximumStates: 100_000 },
    );
  expect(endless).toThrow(/PHX707.*more than 100,000 states.*fastest-growing cell `k`/s);
});
