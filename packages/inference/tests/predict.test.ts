// Simulated data, predictive draws and cross-validation against laws that are known.
import { random } from "@phxlang/autodiff";
import { censoring } from "@phxlang/graph";
import type { StopObservations } from "@phxlang/graph";
import { describe, expect, test } from "vitest";
import { numbersOf } from "../src/concrete.ts";
import {
  fit,
  leaveOneOut,
  pointwiseLogLikelihood,
  posteriorPredictive,
  priorPredictive,
  samplePrior,
  simulate,
  thetaOfDraw,
} from "../src/index.ts";
import { erlang, observations, repeated, twoGroups, twoGroupsData } from "./support/models.ts";

const model = erlang(1, { law: "gamma", args: [3, 2] });

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0) / values.length;
}

describe("simulated data", () => {
  const count = 2000;
  const rate = 0.5;
  const times = (data: Partial<StopObservations>): StopObservations => {
    const base = { ...observations(repeated(1.5, count)), ...data };
    return simulate(model, Float64Array.of(rate), base, random.key(3))[0] as StopObservations;
  };
  /** Five standard errors of a share. */
  const near = (share: number, expected: number): void =>
    expect(Math.abs(share - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / count));
  const share = (data: StopObservations, kind: number): number =>
    data.censoring.filter((own) => own === kind).length / count;
  const beyond = (t: number): number => Math.exp(-rate * t);

  test("exact times have the law of the model, the same for the same key", () => {
    const drawn = times({});
    expect(Math.abs(mean(drawn.times) * rate - 1)).toBeLessThan(5 / Math.sqrt(count));
    expect(times({}).times).toEqual(drawn.times);
  });

  test("rows censored on the right are followed as long as before", () => {
    const drawn = times({ censoring: new Uint8Array(count).fill(censoring.right) });
    near(share(drawn, censoring.right), beyond(1.5));
    expect(drawn.times.every((t, i) => (drawn.censoring[i] === censoring.exact ? t <= 1.5 : t === 1.5))).toBe(
      true,
    );
  });

  test("rows between two looks are looked at twice again", () => {
    const drawn = times({
      censoring: new Uint8Array(count).fill(censoring.interval),
      uppers: new Float64Array(count).fill(4),
    });
    near(share(drawn, censoring.left), 1 - beyond(1.5));
    near(share(drawn, censoring.right), beyond(4));
    expect(drawn.times.every((t, i) => t === (drawn.censoring[i] === censoring.right ? 4 : 1.5))).toBe(true);
  });

  test("entries and limits hide what they hid", () => {
    const drawn = times({
      entries: new Float64Array(count).fill(1),
      limits: new Float64Array(count).fill(3),
    });
    expect(drawn.times.every((t) => t > 1 && t <= 3)).toBe(true);
    const below = drawn.times.filter((t) => t <= 2).length / count;
    near(below, (beyond(1) - beyond(2)) / (beyond(1) - beyond(3)));
    const never = { ...observations([1e7]), entries: Float64Array.of(1e6) };
    expect(() => simulate(model, Float64Array.of(rate), never, random.key(3))).toThrow("PHX843");
  });

  test("covariates stay with their rows", () => {
    const data = twoGroupsData(1000, 1000);
    const [drawn] = simulate(twoGroups(), Float64Array.of(0.2, 2), data, random.key(4)) as StopObservations[];
    expect(Math.abs(mean(drawn.times.subarray(0, 1000)) * 0.2 - 1)).toBeLessThan(5 / Math.sqrt(1000));
    expect(Math.abs(mean(drawn.times.subarray(1000)) * 2 - 1)).toBeLessThan(5 / Math.sqrt(1000));
  });
});

test("draws from the prior, and predictions from them", () => {
  const thetas = samplePrior(model, random.key(1), 400);
  expect(Math.abs(mean(thetas.map(([x]) => x)) - 1.5)).toBeLessThan((5 * Math.sqrt(3)) / 2 / 20);
  const drawn = priorPredictive(model, observations([1, 2, 3]), random.key(2), 50);
  expect(drawn.rows).toEqual(Int32Array.of(1, 2, 3));
  expect(drawn.values.length).toBe(50);
  expect(drawn.values.every((row) => row.length === 3 && row.every((x) => x > 0))).toBe(true);
});

describe("of a fit", () => {
  const data = observations([0.5, 1.2, 2.2, 0.9], [false, false, true, false]);
  const result = fit.laplace(model, { data, key: random.key(6), draws: 11 });

  test("the log-likelihood of each row at each draw", () => {
    const { rows, values } = pointwiseLogLikelihood(model, result, data);
    expect(rows).toEqual(Int32Array.of(1, 2, 3, 4));
    for (let d = 0; d < 11; d++) {
      const own = numbersOf(model.logLikelihoods(thetaOfDraw(result, 0, d), data));
      own.forEach((log, i) => expect(values[0][4 * d + i]).toBeCloseTo(log, 12));
    }
  });

  test("predictive draws follow the draws of the fit, without censoring", () => {
    const drawn = posteriorPredictive(model, result, data, random.key(7), 5);
    expect(drawn.thetas).toEqual([0, 2, 4, 6, 8].map((d) => thetaOfDraw(result, 0, d)));
    expect(drawn.values.every((row) => row.length === 4)).toBe(true);
    expect(new Set(drawn.values.map((row) => row[2])).size).toBe(5);
  });
});

test("leave-one-out of exponential times with a gamma prior is a Lomax density", () => {
  const times = [0.3, 0.9, 1.4, 2.2, 0.7, 1.1, 0.2, 3.1];
  const total = times.reduce((a, b) => a + b, 0);
  const [shape, rate] = [3 + times.length, 2 + total];
  const draws = numbersOf(random.gamma(random.key(12), shape, [4000])).map((g) => g / rate);
  const logs = new Float64Array(draws.length * times.length);
  draws.forEach((x, d) => times.forEach((t, i) => (logs[d * times.length + i] = Math.log(x) - x * t)));
  const loo = leaveOneOut({ rows: Int32Array.from(times, (_, i) => i + 1), values: [logs] });
  const exact = times.map((t) => {
    const [a, b] = [shape - 1, rate - t];
    return Math.log(a) + a * Math.log(b) - (a + 1) * Math.log(b + t);
  });
  expect(loo.warnings).toEqual([]);
  // The weights have tails of finite variance here; 0.02 is far beyond what 4,000 draws leave open.
  loo.pointwise.forEach((value, i) => expect(Math.abs(value - exact[i])).toBeLessThan(0.02));
  expect(Math.abs(loo.elpd - exact.reduce((a, b) => a + b, 0))).toBeLessThan(0.05);
  expect(loo.effectiveParameters).toBeGreaterThan(0.3);
  expect(loo.effectiveParameters).toBeLessThan(1.5);
});
