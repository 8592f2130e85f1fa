// Batches of densities in lanes: every item has the bits that it has alone, values and derivatives.
import { fc, test } from "@fast-check/vitest";
import type { Value } from "@phxlang/autodiff";
import { grad, NdArray, vmap } from "@phxlang/autodiff";
import { expect } from "vitest";
import { makeModel } from "../src/index.ts";
import { numbers } from "./support/derivative-laws.ts";
import { linearModel } from "./support/linear-model.ts";
import { randomChains } from "./support/random-chains.ts";

const options = { method: "uniformization" } as const;

test.prop([randomChains(3, true), fc.integer({ min: 2, max: 9 })], { numRuns: 25 })(
  "log densities, distribution functions and gradients",
  (chain, count) => {
    const model = makeModel(linearModel(chain));
    const times = [0, 0.01, 0.4, 3];
    const thetas = Array.from({ length: count }, (_, b) => chain.theta.map((x) => x * (1 + 0.7 * b)));
    const batch = new NdArray(Float64Array.from(thetas.flat()), [count, chain.theta.length], "f64");
    const functions: ((theta: Value) => Value)[] = [
      (theta) => model.logPdf(theta, times, options),
      (theta) => model.cdf(theta, times, options),
      grad((theta: Value) => model.survival(theta, times, options).sum()),
      grad((theta: Value) => model.cdf(theta, times, options).sum()),
    ];
    for (const f of functions) {
      const alone = thetas.map((theta) =>
        numbers(f(new NdArray(Float64Array.from(theta), [theta.length], "f64"))),
      );
      expect(numbers(vmap(f)(batch))).toEqual(alone.flat());
    }
  },
);
