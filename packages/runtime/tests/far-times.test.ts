// Right tails far beyond what a sweep should walk: one rate of decay, held against dense squaring.
import { test } from "@fast-check/vitest";
import type { Value } from "@phxlang/autodiff";
import { grad, hessian, NdArray, vmap } from "@phxlang/autodiff";
import { describe, expect } from "vitest";
import { jit, makeModel } from "../src/index.ts";
import { expectClose, numbers, vectorOf } from "./support/derivative-laws.ts";
import { kingman, queue } from "./support/example-models.ts";
import { linearModel } from "./support/linear-model.ts";
import { randomChains } from "./support/random-chains.ts";

/** Its error bound grows with the time; its errors do less. */
const dense = { method: "dense", tolerance: 1e-8 } as const;

/** A time of so many jumps of the fastest state, and of a hundred or more mean lifetimes. */
const jumps = 1e5;

test.prop([randomChains(1.5, true)], { numRuns: 20 })(
  "log densities, survival and distribution functions of random chains",
  (chain) => {
    const model = makeModel(linearModel(chain));
    const fastest = Math.max(
      ...chain.edges.map(({ base, coefficients }) => base + Math.max(...coefficients)),
    );
    const times = [jumps / fastest, (3 * jumps) / fastest];
    for (const name of ["logPdf", "logSurvival", "cdf"] as const) {
      const value = numbers(model[name](chain.theta, times));
      expectClose(value, numbers(model[name](chain.theta, times, dense)), 1e-13);
    }
  },
);

describe("a queue that fills up", () => {
  const model = makeModel(queue(5));
  const theta = vectorOf([0.8, 1]);
  const times = [0.5, 3000, 20_000];
  const logDensity =
    (options = {}) =>
    (at: Value): Value =>
      model.logPdf(at, times, options).sum();

  test("the method is told, and the sweep is short", () => {
    const { methods } = model.explain.logPdf(theta, times);
    expect(methods.map(({ method }) => method)).toContain("quasi-stationary");
    const swept = methods.find(({ method }) => method === "uniformization");
    expect(swept?.work).toBeLessThan(3000);
  });

  test("gradients and Hessians", () => {
    expectClose(numbers(grad(logDensity())(theta)), numbers(grad(logDensity(dense))(theta)), 1e-11);
    expectClose(numbers(hessian(logDensity())(theta)), numbers(hessian(logDensity(dense))(theta)), 1e-9);
  });

  test("derivatives in time are the rate of decay", () => {
    const at =
      (options: object) =>
      (t: Value): Value =>
        model.logPdf(theta, t, options).sum();
    const t = vectorOf([3000, 20_000]);
    expectClose(numbers(grad(at({}))(t)), numbers(grad(at(dense))(t)), 1e-11);
  });

  test("under vmap and jit, where it is not known beforehand whether a time is far", () => {
    const batch = new NdArray(Float64Array.of(0.8, 1, 80, 100, 0.008, 0.01), [3, 2], "f64");
    const alone = [
      [0.8, 1],
      [80, 100],
      [0.008, 0.01],
    ].flatMap((own) => numbers(grad(logDensity())(vectorOf(own))));
    expectClose(numbers(vmap(grad(logDensity()))(batch)), alone, 1e-12);
    expectClose(numbers(jit(grad(logDensity()))(theta)), alone.slice(0, 2), 1e-12);
  });
});

test("log f = −70,000 costs what log f = −700 does, and is as accurate", () => {
  const model = makeModel(kingman(20));
  const rates = Array.from({ length: 19 }, (_, i) => ((20 - i) * (19 - i)) / 2);
  const logConstant = rates.slice(0, -1).reduce((sum, rate) => sum + Math.log(rate / (rate - 1)), 0);
  for (const far of [700, 7e4]) {
    const { value, methods } = model.explain.logPdf([1], far);
    expectClose(numbers(value), [logConstant - far], 4e-16);
    expect(methods.reduce((sum, { work }) => sum + work, 0)).toBeLessThan(2e4);
  }
});
