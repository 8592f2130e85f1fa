// Reference values of a discrete model with rewards and of a model whose rates change in time.
import { readFileSync } from "node:fs";
import type { Value } from "@phxlang/autodiff";
import { grad, NdArray } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { makeModel } from "../src/index.ts";
import { elementsOf, expectNear, fraction } from "./support/expectations.ts";
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
