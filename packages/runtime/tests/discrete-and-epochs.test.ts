// Reference values of a discrete model with rewards and of a model whose rates change in time.
import { readFileSync } from "node:fs";
import type { Value } from "@phxlang/autodiff";
import { grad, NdArray } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { makeModel } from "../src/index.ts";
import { elementsOf, expectNear, fraction } from "./support/expectations.ts";
import { queue } from "./support/example-models.ts";
import { linearModel } from "./support/linear-model.ts";

type Exact = { exact: string; value: string };
interface DiscreteReference {
  name: string;
  alpha: string[];
  T: string[][];
  exit: string[];
  rewards: Record<string, number[]>;
  reference: {
    pmf_N: Exact[];
    cdf_N: Exact[];
    mean_N: Exact;
    var_N: Exact;
    cov_r1_r2: Exact;
    expected_visits: Exact[];
  } & Record<"r1" | "r2", { mean: Exact; second_moment: Exact; var: Exact; pmf: Exact[] }>;
}
interface EpochReference {
  name: string;
  theta: string[];
  change_time: string;
  reference: {
    mean: string;
    grad_mean: string[];
    points: { t: string; pdf: string; cdf: string; grad_pdf: string[] }[];
  };
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../vectors/phase-type.json", import.meta.url), "utf8"),
) as {
  other: [DiscreteReference, EpochReference];
};

const value = ({ exact }: Exact): number => fraction(exact);

test("a discrete model with self-loops and whole-number rewards", () => {
  const [source] = vectors.other;
  const edges = source.T.flatMap((row, from) => [
    ...row.map((p, to) => ({ from, to, base: fraction(p), coefficients: [] })),
    { from, to: -1, base: fraction(source.exit[from]), coefficients: [] },
  ]);
  const model = makeModel(
    linearModel({
      kind: "discrete",
      stateCount: 3,
      parameterCount: 0,
      alpha: source.alpha.map(fraction),
      edges,
      rewards: source.rewards,
    }),
  );
  const exact = source.reference;
  const steps = exact.pmf_N.map((_, k) => k);
  expectNear(model.pmf([], steps), exact.pmf_N.map(value), 1e-13);
  expectNear(model.cdf([], steps), exact.cdf_N.map(value), 1e-13);
  expectNear(
    model.survival([], steps),
    exact.cdf_N.map((p) => 1 - value(p)),
    1e-11,
  );
  expectNear(model.mean([]), value(exact.mean_N), 1e-14);
  expectNear(model.variance([]), value(exact.var_N), 1e-13);
  const visits = elementsOf(model.expectedVisits([])).slice(0, 3);
  expect(visits.length).toBe(exact.expected_visits.length);
  expectNear(new NdArray(Float64Array.from(visits), [3], "f64"), exact.expected_visits.map(value), 1e-13);
  for (const name of ["r1", "r2"] as const) {
    const reward = model.reward(name);
    expect(reward.kind).toBe("discrete");
    expectNear(reward.mean([]), value(exact[name].mean), 1e-13);
    expectNear(reward.moment([], 2), value(exact[name].second_moment), 1e-13);
    expectNear(reward.variance([]), value(exact[name].var), 1e-12);
    expectNear(
      reward.pmf(
        [],
        exact[name].pmf.map((_, k) => k),
      ),
      exact[name].pmf.map(value),
      1e-12,
    );
  }
  expectNear(model.covariance([], ["r1", "r2"]).slice(0, 1), value(exact.cov_r1_r2), 1e-12);
});

test("rates that change in time, as epochs of the graph and as epochs of a model", () => {
  const [, source] = vectors.other;
  const exact = source.reference;
  const coalescent = (
    parameter: number,
    count: number,
  ): { from: number; to: number; base: number; coefficients: number[] }[] =>
    [6, 3, 1].map((pairs, from) => ({
      from,
      to: from === 2 ? -1 : from + 1,
      base: 0,
      coefficients: Array.from({ length: count }, (_, p) => (p === parameter ? pairs : 0)),
    }));
  const change = fraction(source.change_time);
  const ofGraph = makeModel(
    linearModel({
      stateCount: 3,
      parameterCount: 2,
      alpha: [1, 0, 0],
      edges: coalescent(0, 2),
      epochs: [{ start: change, edges: coalescent(1, 2) }],
    }),
  );
  const plain = makeModel(
    linearModel({ stateCount: 3, parameterCount: 1, alpha: [1, 0, 0], edges: coalescent(0, 1) }),
  );
  const theta = source.theta.map(fraction);
  const ofModel = plain.epochs([{ until: change, theta: [theta[0]] }, { theta: [theta[1]] }]);
  expect(ofModel.parameterNames).toEqual(["theta0@1", "theta0@2", "until@1"]);
  const times = exact.points.map(({ t }) => fraction(t));
  for (const [model, at] of [
    [ofGraph, new NdArray(Float64Array.from(theta), [2], "f64")],
    [ofModel, ofModel.defaults],
  ] as const) {
    const ofTheta = (gradient: Value): Value => gradient.slice([0, 2]);
    expectNear(model.mean(at), fraction(exact.mean), 1e-13);
    expectNear(ofTheta(grad((x: Value) => model.mean(x))(at)), exact.grad_mean.map(fraction), 1e-10);
    expectNear(
      model.pdf(at, times),
      exact.points.map(({ pdf }) => fraction(pdf)),
      1e-12,
    );
    expectNear(
      model.cdf(at, times),
      exact.points.map(({ cdf }) => fraction(cdf)),
      1e-12,
    );
    for (const [i, { grad_pdf, pdf }] of exact.points.entries()) {
      const gradient = grad((x: Value) => model.pdf(x, times[i]))(at);
      expectNear(ofTheta(gradient), grad_pdf.map(fraction), 1e-10, 1e-3, fraction(pdf));
    }
  }
});

test("all functions of a model whose rates change in time agree with each other", () => {
  const plain = makeModel(queue(4));
  const model = plain.epochs([
    { until: 1.5, theta: [0.8, 1] },
    { until: 4, theta: [2, 0.5] },
    { theta: [1, 3] },
  ]);
  const theta = model.defaults;
  const at = elementsOf(theta);
  // Before the first change it is the plain model, with its own parameters.
  expectNear(model.pdf(theta, [0.3, 1.4]), elementsOf(plain.pdf([0.8, 1], [0.3, 1.4])), 1e-13);
  // The density is the slope of the distribution function within each stretch.
  for (const t of [0.7, 2, 3.9, 8, 30]) {
    const step = 1e-4;
    const slope = (model.cdf(theta, t + step).item() - model.cdf(theta, t - step).item()) / (2 * step);
    expectNear(model.pdf(theta, t), slope, 1e-6);
    const both = model.cdf(theta, t).item() + model.survival(theta, t).item();
    expect(Math.abs(both - 1)).toBeLessThanOrEqual(1e-13);
  }
  const spent = elementsOf(model.expectedTimeIn(theta));
  const mean = model.mean(theta).item();
  expectNear(
    model.mean(theta),
    spent.reduce((sum, x) => sum + x, 0),
    1e-12,
  );
  // Σ_i i · time in i is the reward of customers.
  const customers = spent.reduce((sum, x, i) => sum + x * model.graph.states.read(i)[0], 0);
  expectNear(model.reward("customers").mean(theta), customers, 1e-12);
  // Laplace transform and moments: ∂/∂s at 0.
  const inS = grad((s: Value) => model.laplace(theta, s));
  expectNear(inS(new NdArray(Float64Array.of(0), [], "f64")), -mean, 1e-11);
  const twice = grad((s: Value) => inS(s));
  expectNear(twice(new NdArray(Float64Array.of(0), [], "f64")), model.moment(theta, 2).item(), 1e-10);
  expectNear(model.cdf(theta, model.quantile(theta, [0.2, 0.9])), [0.2, 0.9], 1e-12);
  // In all rates and both times of change.
  for (const f of [
    (x: Value | number[]): Value => model.mean(x),
    (x: Value | number[]): Value => model.variance(x),
    (x: Value | number[]): Value => model.logPdf(x, 6),
    (x: Value | number[]): Value => model.logSurvival(x, 2.5),
    (x: Value | number[]): Value => model.reward("served").mean(x),
    (x: Value | number[]): Value => model.covariance(x, ["customers", "served"]).slice(0, 1),
    (x: Value | number[]): Value => model.occupancy(x, 5).slice(2),
    (x: Value | number[]): Value => model.laplace(x, 0.3),
  ]) {
    const gradient = elementsOf(grad((x: Value) => f(x))(theta));
    const scale = Math.max(...gradient.map(Math.abs));
    for (const [p, found] of gradient.entries()) {
      const shifted = (step: number): number => f(at.map((x, i) => (i === p ? x + step : x))).item();
      const difference = (8 * (shifted(1e-3) - shifted(-1e-3)) - (shifted(2e-3) - shifted(-2e-3))) / 12e-3;
      expect(Math.abs(found - difference)).toBeLessThanOrEqual(1e-7 * scale);
    }
  }
});

test("an epoch that stops states has an atom at its beginning", () => {
  // Two stages; from time 2 on the second stage counts as stopped.
  const features = linearModel({
    stateCount: 2,
    parameterCount: 1,
    alpha: [1, 0],
    edges: [
      { from: 0, to: 1, base: 0, coefficients: [1] },
      { from: 1, to: -1, base: 0, coefficients: [1] },
    ],
    epochs: [{ start: 2, edges: [{ from: 0, to: -1, base: 0, coefficients: [1] }] }],
  });
  const { callback } = features;
  const model = makeModel({
    ...features,
    callback: {
      ...callback,
      stopCause: (state, epoch) => (state[0] === 2 || (epoch === 1 && state[0] === 1) ? 0 : -1),
    },
  });
  const rate = 0.7;
  const waiting = rate * 2 * Math.exp(-2 * rate);
  const { locations, probabilities } = model.atoms([rate]);
  expectNear(locations, [0, 2], 0);
  expectNear(probabilities, [0, waiting], 1e-13);
  const jump = model.cdf([rate], 2).item() - model.cdf([rate], 2 - 1e-12).item();
  expect(Math.abs(jump - waiting)).toBeLessThanOrEqual(1e-11);
  expectNear(model.survival([rate], 3), Math.exp(-3 * rate), 1e-13);
  // ∫ survival: two stages until 2, one afterwards.
  const e = Math.exp(-2 * rate);
  expectNear(model.mean([rate]), (2 - 2 * e - 2 * rate * e) / rate + e / rate, 1e-12);
});
