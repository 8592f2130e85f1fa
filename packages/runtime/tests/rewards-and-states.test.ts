// Laws of accumulated rewards, of states and visits, of quantiles and of defective models.
import type { Value } from "@phxlang/autodiff";
import { grad, NdArray, vmap } from "@phxlang/autodiff";
import { defineModel } from "@phxlang/graph";
import { expect, test } from "vitest";
import type { Distribution } from "../src/index.ts";
import { jit, makeModel } from "../src/index.ts";
import { elementsOf, expectNear } from "./support/expectations.ts";
import {
  epidemic,
  gambler,
  hyperexponential,
  illnessDeath,
  kingman,
  queue,
  rabbits,
  recombination,
} from "./support/example-models.ts";
import { linearModel } from "./support/linear-model.ts";

const scalar = (x: number): NdArray => new NdArray(Float64Array.of(x), [], "f64");

/** ∫ g(y) f(y) dy over [0, end] by Gauss–Legendre with three nodes a piece; pieces are finer near 0. */
function integrate(
  distribution: Distribution,
  theta: number[],
  end: number,
  g: (y: number) => number,
): number {
  const pieces = 400;
  const nodes = [-Math.sqrt(0.6), 0, Math.sqrt(0.6)];
  const weights = [5 / 18, 8 / 18, 5 / 18];
  const places = Array.from({ length: pieces }, (_, i) =>
    nodes.map((x) => (i + 0.5 + x / 2) / pieces),
  ).flat();
  const points = places.map((x) => end * x ** 3);
  const density = elementsOf(distribution.pdf(theta, points));
  return density.reduce(
    (sum, f, i) => sum + (f * g(points[i]) * weights[i % 3] * end * 3 * places[i] ** 2) / pieces,
    0,
  );
}

test("the age of one locus is that of a pair of lineages: states without reward are eliminated exactly", () => {
  const age = makeModel(recombination(2)).reward("left_age");
  const times = [0.1, 1, 3, 30];
  expectNear(
    age.pdf([0.7], times),
    times.map((t) => Math.exp(-t)),
    1e-13,
  );
  expectNear(age.logPdf([0.7], 900), -900, 1e-13);
  expectNear(age.quantile([0.7], 0.5), Math.LN2, 1e-13);
  const inRho = grad((x: Value) => age.logPdf(x, 1))(new NdArray(Float64Array.of(0.7), [1], "f64"));
  expectNear(inRho, 0, 1e-12, 1, 1);
});

test("densities of rewards agree with their moments and transforms, atoms included", () => {
  const model = makeModel(queue(5));
  const theta = [0.9, 1.1];
  const customers = model.reward("customers");
  // From 0 the first arrival always comes: the reward is positive, and the empty state earns nothing.
  const total = integrate(customers, theta, 2000, () => 1);
  expect(Math.abs(total - 1)).toBeLessThanOrEqual(1e-6);
  const mean = integrate(customers, theta, 2000, (y) => y);
  expect(Math.abs(mean / customers.mean(theta).item() - 1)).toBeLessThanOrEqual(1e-5);
  const transform = integrate(customers, theta, 2000, (y) => Math.exp(-0.05 * y));
  expect(Math.abs(transform / customers.laplace(theta, 0.05).item() - 1)).toBeLessThanOrEqual(1e-6);
  const epidemics = makeModel(epidemic(4));
  const days = epidemics.reward("infectious_days");
  expectNear(days.atoms([2, 1]).probabilities, 0, 0);
  // The number of cases: exactly its own distribution on 0, 1, 2, 3.
  const cases = epidemics.reward("cases");
  expect(cases.kind).toBe("discrete");
  const probabilities = elementsOf(cases.pmf([2, 1], [0, 1, 2, 3, 4]));
  expectNear(cases.pmf([2, 1], 0), 1 / (1 + 2 * (3 / 4)), 1e-14);
  expect(probabilities[4]).toBe(0);
  const expected = probabilities.reduce((sum, p, k) => sum + p * k, 0);
  expectNear(cases.mean([2, 1]), expected, 1e-13);
  expectNear(
    cases.moment([2, 1], 3),
    probabilities.reduce((sum, p, k) => sum + p * k ** 3, 0),
    1e-13,
  );
  expectNear(
    cases.laplace([2, 1], 0.4),
    probabilities.reduce((sum, p, k) => sum + p * Math.exp(-0.4 * k), 0),
    1e-13,
  );
  // Cases and days together.
  expectNear(
    epidemics.jointLaplace([2, 1], ["infectious_days", "cases"], [1e-9, 0.4]),
    probabilities.reduce((sum, p, k) => sum + p * Math.exp(-0.4 * k), 0),
    1e-8,
  );
  const steps = makeModel(gambler(4, 2));
  const wins = steps.reward("wins");
  const byCount = elementsOf(
    wins.pmf(
      [0.4],
      Array.from({ length: 60 }, (_, k) => k),
    ),
  );
  expectNear(
    wins.mean([0.4]),
    byCount.reduce((sum, p, k) => sum + p * k, 0),
    1e-12,
  );
});

test("time in states, occupancy and visits belong together", () => {
  const model = makeModel(rabbits(3));
  const theta = [2, 4];
  const t = 0.8;
  const spent = elementsOf(model.occupancy(theta, [t, 400]));
  const states = model.graph.stateCount;
  const forEver = elementsOf(model.expectedTimeIn(theta));
  for (let i = 0; i < states; i++)
    expect(Math.abs(spent[states + i] - forEver[i])).toBeLessThanOrEqual(1e-13);
  // d/dt occupancy = probability, and its sum is E[min(T, t)].
  const inTime = (i: number): Value => grad((x: Value) => model.occupancy(theta, x).slice(i))(scalar(t));
  const probabilities = elementsOf(model.stateProbabilities(theta, t));
  for (let i = 0; i < states; i++) {
    if (model.graph.epochs[0].stop[i] < 0) expectNear(inTime(i), probabilities[i], 1e-12, 1, 1e-3);
  }
  const total = spent.slice(0, states).reduce((sum, x) => sum + x, 0);
  const pieces = 2000;
  const survival = elementsOf(
    model.survival(
      theta,
      Array.from({ length: pieces }, (_, k) => ((k + 0.5) * t) / pieces),
    ),
  );
  expect(Math.abs(total - (survival.reduce((sum, s) => sum + s, 0) * t) / pieces)).toBeLessThanOrEqual(1e-7);
  expectNear(
    model.mean(theta),
    forEver.reduce((sum, x) => sum + x, 0),
    1e-13,
  );
  // Visits = time · rate of leaving, the stop state is entered once.
  const visits = elementsOf(model.expectedVisits(theta));
  for (let i = 0; i < states; i++) {
    const [left, right] = model.graph.states.read(i);
    const rate = (left > 0 ? 1 + theta[0] : 0) + (right > 0 ? 1 + theta[1] : 0);
    const wanted = left + right === 0 ? 1 : forEver[i] * rate;
    expect(Math.abs(visits[i] - wanted)).toBeLessThanOrEqual(1e-12);
  }
});

test("quantiles invert distribution functions, with derivatives", () => {
  const model = makeModel(kingman(6));
  const p = [1e-12, 0.01, 0.3, 0.5, 0.9, 1 - 1e-9];
  const times = model.quantile([1.3], p);
  expectNear(model.cdf([1.3], times), p, 1e-12);
  expectNear(model.survival([1.3], times).slice([5, 6]), 1e-9, 1e-6);
  expect(elementsOf(model.quantile([1.3], [0, 1]))).toEqual([0, Infinity]);
  // T scales as 1 / rate.
  const inRate = grad((x: Value) => model.quantile(x, 0.3))(new NdArray(Float64Array.of(1.3), [1], "f64"));
  expectNear(inRate, -elementsOf(times)[2] / 1.3, 1e-11);
  const twice = grad((x: Value) => grad((y: Value) => model.quantile(y, 0.3))(x).sum())(
    new NdArray(Float64Array.of(1.3), [1], "f64"),
  );
  expectNear(twice, (2 * elementsOf(times)[2]) / 1.3 ** 2, 1e-9);
  const inP = grad((x: Value) => model.quantile([1.3], x))(scalar(0.3));
  expectNear(inP, 1 / model.pdf([1.3], elementsOf(times)[2]).item(), 1e-11);
  const rates = new NdArray(Float64Array.of(0.5, 1, 2), [3, 1], "f64");
  const median = (x: Value): Value => model.quantile(x, 0.5);
  const one = model.quantile([1], 0.5).item();
  expectNear(vmap(median)(rates), [2 * one, one, one / 2], 1e-12);
  expectNear(jit(vmap(median))(rates), [2 * one, one, one / 2], 1e-12);
  expectNear(grad((x: Value) => vmap(median)(x).sum())(rates), [-4 * one, -one, -one / 4], 1e-10);
  const game = makeModel(gambler(4, 2));
  const steps = elementsOf(game.quantile([0.5], [0.4, 0.5, 0.51, 0.75, 0.9]));
  expect(steps).toEqual([2, 2, 4, 4, 8]);
});

test("defects: an atom at 0, and a time that may be infinite", () => {
  const model = makeModel(
    linearModel({
      stateCount: 2,
      parameterCount: 1,
      alpha: [0.5, 0.2],
      edges: [
        { from: 0, to: 1, base: 0, coefficients: [1] },
        { from: 1, to: -1, base: 0, coefficients: [2] },
      ],
    }),
  );
  expectNear(model.cdf([1], 0), 0.3, 1e-15);
  expectNear(model.survival([1], 0), 0.7, 1e-15);
  expectNear(model.quantile([1], [0.2, 0.3]), [0, 0], 0);
  expectNear(model.laplace([1], 1e9), 0.3, 1e-8);
  const trapped = makeModel(
    defineModel({
      state: [{ name: "place", lower: 0, upper: 3 }],
      parameters: { out: { lower: 0 }, trap: { lower: 0 } },
      start: [{ to: [0], probability: 1 }],
      stop: ([place]) => place === 1,
      transitions: ([place], { out, trap }) =>
        place === 0
          ? [
              { to: [1], rate: out },
              { to: [2], rate: trap },
            ]
          : [{ to: [5 - place], rate: 1 }],
    }),
    { allowDefective: true },
  );
  expect(trapped.defective).toBe(true);
  expect(trapped.mean([1, 3]).item()).toBe(Infinity);
  expectNear(trapped.absorption([1, 3]), 0.25, 1e-15);
  expectNear(trapped.survival([1, 3], 100), 0.75, 1e-14);
  expectNear(trapped.cdf([1, 3], 100), 0.25, 1e-14);
  expectNear(trapped.pdf([1, 3], 0.1), Math.exp(-0.4), 1e-14);
  expectNear(trapped.laplace([1, 3], 0), 0.25, 1e-14);
  expect(elementsOf(trapped.quantile([1, 3], [0.2, 0.3]))[1]).toBe(Infinity);
  expectNear(trapped.quantile([1, 3], 0.2), -Math.log(1 - 0.8) / 4, 1e-12);
});

test("causes share the density and the hazard", () => {
  const model = makeModel(
    defineModel({
      state: ["k"],
      parameters: { up: { lower: 0 }, down: { lower: 0 } },
      start: [{ to: [0], probability: 1 }],
      stop: { high: ([k]) => k === 2, low: ([k]) => k === -1 },
      transitions: ([k], { up, down }) => [
        { to: [k + 1], rate: up },
        { to: [k - 1], rate: down },
      ],
    }),
  );
  const times = [0.1, 1, 4];
  for (const f of ["pdf", "hazard", "cdf"] as const) {
    const parts = model[f]([1, 2], times, { cause: "high" }).add(model[f]([1, 2], times, { cause: "low" }));
    expectNear(model[f]([1, 2], times), elementsOf(parts), 1e-13);
  }
  const absorbed = elementsOf(model.absorption([1, 2]));
  expectNear(model.cdf([1, 2], 200, { cause: "high" }), absorbed[0], 1e-13);
});

test("cumulants of an exponential variable: (n − 1)! / rate^n", () => {
  const model = makeModel(kingman(2));
  expectNear(model.cumulants([2], 5), [1 / 2, 1 / 4, 2 / 8, 6 / 16, 24 / 32], 1e-12);
  expectNear(model.moment([2], 0), 1, 0);
  expectNear(model.moment([2], 12), 479001600 / 4096, 1e-13);
});

test("matrices of a model", () => {
  const model = makeModel(queue(3));
  const { states, alpha, matrix, exits } = model.toMatrices([0.5, 2]);
  expect(Array.from(states, (i) => model.graph.states.read(i)[0])).toEqual([0, 1, 2]);
  expect(elementsOf(alpha)).toEqual([1, 0, 0]);
  expect(elementsOf(matrix)).toEqual([-0.5, 0.5, 0, 2, -2.5, 0.5, 0, 2, -2.5]);
  expect(elementsOf(exits)).toEqual([0, 0, 0.5]);
});

test("derivatives at rates and probabilities of 0 see the ways that they would open", () => {
  const model = makeModel(illnessDeath());
  const theta = [0.1, 0.3, 0.2, 0.1, 0, 0.05, 0.3];
  const t = 0.01;
  const gradient = elementsOf(
    grad((x: Value) => model.pdf(x, t))(new NdArray(Float64Array.from(theta), [7], "f64")),
  );
  const step = 1e-6;
  const ahead = model
    .pdf(
      theta.map((x, i) => (i === 4 ? x + step : x)),
      t,
    )
    .item();
  const further = model
    .pdf(
      theta.map((x, i) => (i === 4 ? x + 2 * step : x)),
      t,
    )
    .item();
  const here = model.pdf(theta, t).item();
  expect(Math.abs(gradient[4] - (4 * ahead - further - 3 * here) / (2 * step))).toBeLessThanOrEqual(1e-8);
  expect(gradient[4]).toBeGreaterThan(0.99);
  const jobs = makeModel(hyperexponential());
  const late = grad((x: Value) => jobs.logPdf(x, 40))(new NdArray(Float64Array.of(0, 0.5, 5), [3], "f64"));
  // ∂ log f / ∂p at p = 0: f_slow / f_fast − 1.
  expectNear(late.slice(0), 0.1 * Math.exp(4.5 * 40) - 1, 1e-11);
});
