// Moments of batches: lanes, compiled programs, kept factors and the J rule change nothing but the time they take.
import type { CsrMatrix, NdArray, Value } from "@phxlang/autodiff";
import { csrMatrix, grad, hessian, valueAndGrad, vmap } from "@phxlang/autodiff";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reshape, stack } from "../src/array-operations.ts";
import type { TermTable } from "../src/distributions/moment-terms.ts";
import { termTable } from "../src/distributions/moment-terms.ts";
import type { Model } from "../src/index.ts";
import { jit, makeModel } from "../src/index.ts";
import { MomentPlan } from "../src/patterns/moment-plan.ts";
import { momentsOfPlan } from "../src/primitives/moments.ts";
import { kernelHost } from "../src/wasm/index.ts";
import { denseTrace } from "./support/dense-chain.ts";
import { checkAllRules, numbers, vectorOf } from "./support/derivative-laws.ts";
import { elementsOf, expectNear } from "./support/expectations.ts";
import { linearModel } from "./support/linear-model.ts";
import type { RandomChain } from "./support/random-chains.ts";
import { randomChains } from "./support/random-chains.ts";

/** Thetas around that of a chain: every count of lanes occurs among 1 … 15 items. */
function thetasOf(chain: RandomChain, count: number): NdArray {
  const rows = Array.from({ length: count }, (_, i) =>
    chain.theta.map((x, p) => x * (1 + 0.07 * i + 0.01 * p)),
  );
  return vectorOf(rows.flat(), [count, chain.theta.length]);
}

const functions = (model: Model): Record<string, (theta: Value) => Value> => ({
  moments: (theta) => model.moments(theta, 3),
  gradient: grad((theta: Value) => model.moment(theta, 2)),
  hessian: (theta) => reshape(hessian((x: Value) => model.mean(x))(theta), [4]),
});

describe.each([
  { name: "acyclic", isCyclic: false, decades: 2 },
  { name: "stiff over 12 decades", isCyclic: true, decades: 12 },
])("$name chains", ({ isCyclic, decades }) => {
  test("vmap has the bits of a loop, and jit those of vmap", () => {
    fc.assert(
      fc.property(randomChains(decades, isCyclic), fc.integer({ min: 1, max: 15 }), (chain, count) => {
        const model = makeModel(linearModel(chain));
        const thetas = thetasOf(chain, count);
        const items = Array.from({ length: count }, (_, i) =>
          vectorOf(numbers(thetas).slice(2 * i, 2 * i + 2)),
        );
        for (const f of Object.values(functions(model))) {
          const batch = vmap(f)(thetas);
          expect(elementsOf(batch)).toEqual(elementsOf(stack(items.map((theta) => f(theta)))));
          expect(elementsOf(jit(vmap(f))(thetas))).toEqual(elementsOf(batch));
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe("queues of 100 customers", () => {
  const capacity = 100;
  const edges = Array.from({ length: capacity }, (_, q) => [
    { from: q, to: q + 1 === capacity ? -1 : q + 1, base: 0, coefficients: [1, 0] },
    ...(q > 0 ? [{ from: q, to: q - 1, base: 0, coefficients: [0, 1] }] : []),
  ]).flat();
  const alpha = Array.from({ length: capacity }, (_, q) => (q === 0 ? 1 : 0));
  const model = makeModel(linearModel({ stateCount: capacity, parameterCount: 2, edges, alpha }));
  const mean = (theta: Value): Value => model.mean(theta);

  /** E[T] = Σ_{i < K} Σ_{j ≤ i} μ^j / λ^{j + 1} and its derivatives: sums without cancellation. */
  function truth(lambda: number, mu: number): { value: number; gradient: number[] } {
    let value = 0;
    const gradient = [0, 0];
    for (let j = capacity - 1; j >= 0; j--) {
      const term = ((capacity - j) * (mu / lambda) ** j) / lambda;
      value += term;
      gradient[0] -= ((j + 1) * term) / lambda;
      gradient[1] += (j * term) / mu;
    }
    return { value, gradient };
  }

  test("derivatives where 10⁶⁰ jumps are expected come from elimination", () => {
    const { value, gradient } = truth(1, 4);
    const [actual, derivatives] = valueAndGrad(mean)(vectorOf([1, 4]));
    expectNear(actual, value, 1e-13);
    expectNear(derivatives, gradient, 1e-13);
    expect(value).toBeGreaterThan(1e58);
  });

  test("lanes with many expected jumps leave those with few alone", () => {
    const loads = [0.25, 4, 0.5, 3, 1.2, 0.1, 2, 0.9, 5];
    const thetas = vectorOf(
      loads.flatMap((load) => [1, load]),
      [loads.length, 2],
    );
    const batch = elementsOf(vmap(grad(mean))(thetas));
    const compiled = elementsOf(jit(vmap(grad(mean)))(thetas));
    expect(compiled).toEqual(batch);
    for (const [i, load] of loads.entries()) {
      const alone = elementsOf(grad(mean)(vectorOf([1, load])));
      expect(batch.slice(2 * i, 2 * i + 2)).toEqual(alone);
      expectNear(grad(mean)(vectorOf([1, load])), truth(1, load).gradient, 1e-11, 1e-3);
    }
  });

  test("second derivatives on both sides of the J rule", () => {
    for (const load of [0.5, 4]) {
      const step = 1e-4;
      const of = (mu: number): number => truth(1, mu).gradient[1];
      const expected =
        (8 * (of(load + step) - of(load - step)) - of(load + 2 * step) + of(load - 2 * step)) / (12 * step);
      const second = elementsOf(reshape(hessian(mean)(vectorOf([1, load])), [4]));
      expectNear(vectorOf([second[3]]), expected, 1e-7);
    }
  });

  test("repeated calls take no more memory", () => {
    const run = jit(vmap((theta: Value) => valueAndGrad(mean)(theta)[1]));
    const call = (i: number): void => {
      const load = 1 + (i % 50) / 30;
      run(
        vectorOf(
          Array.from({ length: 20 }, (_, k) => (k % 2 === 0 ? 1 : load)),
          [10, 2],
        ),
      );
    };
    for (let i = 0; i < 50; i++) call(i);
    const before = kernelHost().size;
    for (let i = 0; i < 500; i++) call(i);
    expect(kernelHost().size).toBe(before);
  });
});

describe("the primitive of moments obeys the laws of primitives", () => {
  const trace = denseTrace(3);
  const featureCount = 4;
  /** Slots of two terms each; one term each where `isSingle`. */
  const slotForms = (isSingle: boolean): CsrMatrix => {
    const terms = isSingle ? 1 : 2;
    return csrMatrix({
      rowOffsets: Int32Array.from({ length: trace.slotCount + 1 }, (_, slot) => slot * terms),
      columns: Int32Array.from(
        { length: trace.slotCount * terms },
        (_, e) => (3 * e + (e >> 1)) % featureCount,
      ),
      columnCount: featureCount,
      coefficients: Float64Array.from({ length: trace.slotCount * terms }, (_, e) => 0.3 + ((5 * e) % 7) / 9),
    });
  };
  const kinds = [
    { isTime: false, hasRates: true, pays: true },
    { isTime: true, hasRates: true, pays: false },
  ];
  const planOf = (
    law: "continuous" | "discrete",
    isSingle: boolean,
  ): { plan: MomentPlan; table: TermTable } => {
    const table = termTable(law, kinds, [2, 1]);
    const plan = new MomentPlan({
      trace,
      law,
      slotForms: slotForms(isSingle),
      checks: [],
      moments: table.moments,
      rateCount: table.rates.length,
      paymentCount: table.payments.length,
      paying: {
        offsets: Int32Array.of(0, 2, 2, 3),
        transitions: Int32Array.of(2, 0, 1),
        targets: Int32Array.of(1, 3, 2),
      },
      rows: Int32Array.of(2, 0),
    });
    return { plan, table };
  };
  const wave = (length: number, phase: number, shape?: readonly number[]): NdArray =>
    vectorOf(
      Float64Array.from({ length }, (_, i) => 1 + 0.6 * Math.sin(phase + 1.7 * i)),
      shape,
    );

  test.each([
    { law: "continuous", isSingle: false },
    { law: "continuous", isSingle: true },
    { law: "discrete", isSingle: false },
  ] as const)("$law, $isSingle", ({ law, isSingle }) => {
    const { plan, table } = planOf(law, isSingle);
    const point = [
      wave(featureCount, 0),
      wave(3 * table.rates.length, 1, [table.rates.length, 3]),
      wave(3 * table.payments.length, 2, [table.payments.length, 3]),
    ];
    const direction = point.map((x, i) =>
      vectorOf(
        Float64Array.from(x.elements, (_, j) => Math.cos(i + 2.3 * j)),
        x.shape,
      ),
    );
    const f = (features: Value, rates: Value, payments: Value): Value =>
      reshape(momentsOfPlan(plan, features, rates, payments), [plan.moments.length * 2]);
    checkAllRules(f, point, direction, { difference: 1e-8, exact: 1e-11 });
  });
});
