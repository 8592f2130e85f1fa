// Reference values with 30 digits: moments, densities, transforms and their gradients.
import { readFileSync } from "node:fs";
import type { Value } from "@phxlang/autodiff";
import { grad, hessian, jacrev, NdArray } from "@phxlang/autodiff";
import { describe, expect, test } from "vitest";
import type { Model } from "../src/index.ts";
import { makeModel } from "../src/index.ts";
import { expectNear, fraction } from "./support/expectations.ts";
import { linearModel } from "./support/linear-model.ts";

interface ReferenceModel {
  name: string;
  theta: string[];
  states: number[][];
  alpha: string[];
  edges: { from: number; to: number | "absorb"; base: string; coeffs: string[] }[];
  rewards: Record<string, string[]>;
  reference: {
    moments: string[];
    grad_moments: string[][];
    variance: string;
    sd: string;
    grad_variance: string[];
    points: {
      t: string;
      pdf: string;
      cdf: string;
      grad_pdf: string[];
      grad_cdf: string[];
      state_probabilities: string[];
    }[];
    laplace: { s: string; value: string }[];
    "defect_P(T=0)": string;
    expected_waiting_time_from_state: string[];
    expected_residence_time: string[];
    rewards: Record<string, { moments: string[]; variance: string; grad_moments: string[][] }>;
    covariances: { r1: string; r2: string; cov: string; grad_cov: string[] }[];
    hessian_mean?: string[][];
    hessian_logpdf_t1?: string[][];
    grad_logpdf_t1?: string[];
  };
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../vectors/phase-type.json", import.meta.url), "utf8"),
) as { continuous: ReferenceModel[] };

function modelOf(reference: ReferenceModel): Model {
  return makeModel(
    linearModel({
      stateCount: reference.states.length,
      parameterCount: reference.theta.length,
      alpha: reference.alpha.map(fraction),
      edges: reference.edges.map(({ from, to, base, coeffs }) => ({
        from,
        to: to === "absorb" ? -1 : to,
        base: fraction(base),
        coefficients: coeffs.map(fraction),
      })),
      rewards: Object.fromEntries(
        Object.entries(reference.rewards).map(([name, values]) => [name, values.map(fraction)]),
      ),
    }),
  );
}

describe.each(vectors.continuous)("$name", (reference) => {
  const model = modelOf(reference);
  const theta = reference.theta.map(fraction);
  const at = new NdArray(Float64Array.from(theta), [theta.length], "f64");
  const exact = reference.reference;

  test("moments and their gradients", () => {
    const moments = exact.moments.map(fraction);
    expectNear(model.moments(theta, moments.length), moments, 1e-12);
    expectNear(model.mean(theta), moments[0], 1e-13);
    expectNear(model.variance(theta), fraction(exact.variance), 1e-12);
    expectNear(model.std(theta), fraction(exact.sd), 1e-12);
    for (const k of moments.keys()) {
      const expected = exact.grad_moments.map((row) => fraction(row[k]));
      expectNear(grad((x: Value) => model.moment(x, k + 1))(at), expected, 1e-10);
    }
    expectNear(grad((x: Value) => model.variance(x))(at), exact.grad_variance.map(fraction), 1e-10, 1e-3);
  });

  test("densities, distribution functions and their gradients", () => {
    const points = exact.points;
    const times = points.map(({ t }) => fraction(t));
    expectNear(
      model.pdf(theta, times),
      points.map(({ pdf }) => fraction(pdf)),
      1e-12,
    );
    expectNear(
      model.cdf(theta, times),
      points.map(({ cdf }) => fraction(cdf)),
      1e-12,
    );
    expectNear(
      model.survival(theta, times),
      points.map(({ cdf }) => 1 - fraction(cdf)),
      1e-12,
      1e-3,
    );
    for (const [i, point] of points.entries()) {
      const log = Math.log(fraction(point.pdf));
      if (log > -Infinity) {
        const found = model.logPdf(theta, times[i]).item();
        expect(Math.abs(found - log)).toBeLessThanOrEqual(1e-12 + 2e-16 * Math.abs(log));
      }
      expectNear(
        grad((x: Value) => model.pdf(x, times[i]))(at),
        point.grad_pdf.map(fraction),
        1e-10,
        1e-2,
        fraction(point.pdf),
      );
      expectNear(
        grad((x: Value) => model.cdf(x, times[i]))(at),
        point.grad_cdf.map(fraction),
        1e-10,
        1e-2,
        fraction(point.cdf),
      );
    }
    const jacobian = jacrev((x: Value) => model.pdf(x, times))(at);
    expectNear(
      jacobian,
      points.flatMap(({ grad_pdf }) => grad_pdf.map(fraction)),
      1e-10,
      1e-3,
    );
  });

  test("states, transforms, atoms", () => {
    const stateCount = reference.states.length;
    const times = exact.points.map(({ t }) => fraction(t));
    const probabilities = model.stateProbabilities(theta, times);
    const transient = exact.points.map(({ state_probabilities }) => state_probabilities.map(fraction));
    const places = model.states.map((_, i) => model.graph.states.read(i)[0]);
    for (const [n, row] of transient.entries()) {
      const found = Array.from((probabilities as NdArray).elements).slice(
        n * places.length,
        (n + 1) * places.length,
      );
      for (const [i, place] of places.entries()) {
        if (place < stateCount)
          expect(Math.abs(found[i] - row[place])).toBeLessThanOrEqual(1e-12 * row[place] + 1e-300);
      }
      expect(Math.abs(found.reduce((sum, p) => sum + p, 0) - 1)).toBeLessThanOrEqual(1e-13);
    }
    const times0 = exact.expected_residence_time.map(fraction);
    expectNear(
      model.expectedTimeIn(theta),
      places.map((place) => (place < stateCount ? times0[place] : 0)),
      1e-12,
    );
    for (const { s, value } of exact.laplace)
      expectNear(model.laplace(theta, fraction(s)), fraction(value), 1e-12);
    expectNear(
      model.laplace(
        theta,
        exact.laplace.map(({ s }) => fraction(s)),
      ),
      exact.laplace.map(({ value }) => fraction(value)),
      1e-12,
    );
    expectNear(model.atoms(theta).probabilities, [fraction(exact["defect_P(T=0)"])], 1e-12, 1);
  });

  test("rewards: moments, gradients, covariances", () => {
    for (const [name, own] of Object.entries(exact.rewards)) {
      const moments = own.moments.map(fraction);
      expectNear(model.reward(name).moments(theta, moments.length), moments, 1e-12);
      expectNear(model.reward(name).variance(theta), fraction(own.variance), 1e-12);
      for (const k of moments.keys()) {
        const expected = own.grad_moments.map((row) => fraction(row[k]));
        expectNear(grad((x: Value) => model.reward(name).moment(x, k + 1))(at), expected, 1e-10, 1e-3);
      }
    }
    for (const { r1, r2, cov, grad_cov } of exact.covariances) {
      const covariance = (x: Value | number[]): Value => model.covariance(x, [r1, r2]).slice(0, 1);
      expectNear(covariance(theta), fraction(cov), 1e-12, 1);
      expectNear(grad((x: Value) => covariance(x))(at), grad_cov.map(fraction), 1e-10, 1e-2);
    }
  });
});

test("Hessians", () => {
  const reference = vectors.continuous.find(({ name }) => name === "param2_base_weights");
  if (reference === undefined) throw new Error("no such model");
  const model = modelOf(reference);
  const exact = reference.reference;
  const at = new NdArray(Float64Array.from(reference.theta, fraction), [2], "f64");
  const second = (f: (x: Value) => Value): Value => hessian(f)(at);
  const flat = (rows: string[][] | undefined): number[] => (rows ?? []).flat().map(fraction);
  expectNear(
    second((x) => model.mean(x)),
    flat(exact.hessian_mean),
    1e-10,
  );
  expectNear(
    second((x) => model.logPdf(x, 1)),
    flat(exact.hessian_logpdf_t1),
    1e-10,
  );
  expectNear(grad((x: Value) => model.logPdf(x, 1))(at), (exact.grad_logpdf_t1 ?? []).map(fraction), 1e-10);
});
