// Fits whose answers are known in closed form: exponential times on real data, Erlang times with a gamma prior.
import { readFileSync } from "node:fs";
import { np, random } from "@phxlang/autodiff";
import type { ModelDescription, StopObservations } from "@phxlang/graph";
import { createFeatureTable } from "@phxlang/graph";
import { makeModel } from "@phxlang/runtime";
import type { Model } from "@phxlang/runtime";
import { describe, expect, test } from "vitest";
import { fit, logDensity, posterior } from "../src/index.ts";

type Parameter = ModelDescription["parameters"][number];

/** Stages in a row, each left at the rate of the one parameter. */
function erlang(stages: number, prior: Parameter["prior"] = null): Model {
  const features = createFeatureTable(1, 0);
  const rate = features.feature(features.input(0));
  return makeModel({
    name: "erlang",
    callback: {
      kind: "continuous",
      cells: [{ name: "stage", lower: 0, upper: stages }],
      features,
      events: ["advance"],
      causes: [""],
      declaresStop: true,
      epochs: [{ name: "", start: 0 }],
      start: (sink) => sink.start(Int32Array.of(0), 1, Int32Array.of(0), Float64Array.of(1)),
      transitions: ([stage], _epoch, sink) =>
        sink.edge(0, Int32Array.of(stage + 1), 1, Int32Array.of(rate), Float64Array.of(1)),
      stopCause: ([stage]) => (stage === stages ? 0 : -1),
      enter: () => undefined,
    },
    parameters: [
      {
        name: "rate",
        shape: [],
        indexFrom: [],
        offset: 0,
        size: 1,
        lower: 0,
        upper: null,
        lowerClosed: false,
        upperClosed: false,
        simplex: false,
        defaults: Float64Array.of(1),
        prior,
      },
    ],
    covariates: [],
    rewards: [],
  });
}

function observations(times: readonly number[], censored: readonly boolean[] = []): StopObservations {
  return {
    kind: "stop",
    count: times.length,
    weights: null,
    covariates: null,
    sourceRows: Int32Array.from(times, (_, i) => i + 1),
    times: Float64Array.from(times),
    uppers: null,
    censoring: Uint8Array.from(times, (_, i) => (censored[i] ? 1 : 0)),
    causes: new Int32Array(times.length).fill(-1),
    entries: null,
  };
}

function table(name: string): string[][] {
  const text = readFileSync(new URL(`../../../data/${name}`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.replaceAll('"', "").split(","));
}

describe("maximum likelihood", () => {
  const patients = table("leukemia-remission.csv");

  test.each([
    ["treated", 9, 359],
    ["placebo", 21, 182],
  ])("of the %s leukaemia patients: events over weeks, with its standard error", (group, events, weeks) => {
    const rows = patients.filter(([name]) => name === group);
    const data = observations(
      rows.map(([, time]) => Number(time)),
      rows.map(([, , relapsed]) => relapsed === "0"),
    );
    const result = fit.mle(erlang(1), { data });
    const rate = events / weeks;
    expect(Math.abs(result.estimate[0] / rate - 1)).toBeLessThan(1e-10);
    expect(Math.abs(result.standardErrors[0] / (rate / Math.sqrt(events)) - 1)).toBeLessThan(1e-8);
    expect(result.warnings).toEqual([]);
    expect(result.observationCount).toBe(21);
    expect(result.aic).toBeCloseTo(2 - 2 * result.logLikelihood, 12);
  });

  test("of the air-conditioning failures: the log-likelihood in the literature", () => {
    const hours = table("aircondit7.csv").map(([time]) => Number(time));
    const result = fit.mle(erlang(1), { data: observations(hours) });
    expect(Math.abs(result.logLikelihood + 123.86002328378241)).toBeLessThan(1e-10);
    const total = hours.reduce((sum, x) => sum + x, 0);
    expect(Math.abs(result.estimate[0] * (total / hours.length) - 1)).toBeLessThan(1e-10);
  });

  test("refuses data in which nothing ends, and no data at all", () => {
    expect(() => fit.mle(erlang(1), { data: observations([1, 2], [true, true]) })).toThrow(/PHX834/);
    expect(() => fit.mle(erlang(1), { data: observations([]) })).toThrow(/PHX(830|908|90\d)/);
  });
});

describe("posterior of Erlang times with a gamma prior is a gamma distribution", () => {
  const times = [0.8, 2.1, 1.4, 0.6, 1.9, 3.2];
  const model = erlang(3, { law: "gamma", args: [2, 1.5] });
  const shape = 2 + 3 * times.length;
  const rate = 1.5 + times.reduce((sum, t) => sum + t, 0);
  const mean = shape / rate;
  const sd = Math.sqrt(shape) / rate;
  const data = observations(times);

  test("its density, up to a constant, and the information", () => {
    const target = posterior(model, data);
    const density = logDensity(1, (u) => target.logPosterior(u));
    const at = (u: number): number => density.evaluate(Float64Array.of(u)).value;
    const exact = (u: number): number => shape * u - rate * Math.exp(u);
    expect(at(0.5) - at(-0.3)).toBeCloseTo(exact(0.5) - exact(-0.3), 10);
    expect(density.evaluate(Float64Array.of(0.2)).gradient[0]).toBeCloseTo(shape - rate * Math.exp(0.2), 9);
    expect(density.information(Float64Array.of(0.2))[0]).toBeCloseTo(rate * Math.exp(0.2), 8);
    expect(target.logPrior(np.array([0])).item()).toBeCloseTo(2 * Math.log(1.5) - 1.5, 12);
  });

  test("by NUTS, within five standard errors", () => {
    const result = fit.nuts(model, { data, key: random.key(7), chains: 2, warmup: 150, draws: 250 });
    const [row] = result.summary;
    const error = sd / Math.sqrt(row.essBulk ?? 1);
    expect(result.warnings).toEqual([]);
    expect(Math.abs(row.mean - mean)).toBeLessThan(5 * error);
    expect(Math.abs(row.sd / sd - 1)).toBeLessThan(5 / Math.sqrt(row.essBulk ?? 1));
    const again = fit.nuts(model, { data, key: random.key(7), chains: 1, warmup: 30, draws: 20 });
    const same = fit.nuts(model, { data, key: random.key(7), chains: 1, warmup: 30, draws: 20 });
    expect(again.draws).toEqual(same.draws);
  });

  test("by Stein variational gradient descent, mean and sd to a few per cent", () => {
    const result = fit.svgd(model, { data, key: random.key(3), particles: 60, iterations: 150 });
    const [row] = result.summary;
    expect(result.isPosterior).toBe(true);
    expect(Math.abs(row.mean / mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(row.sd / sd - 1)).toBeLessThan(0.1);
  });

  test("by the Laplace approximation, to its own accuracy", () => {
    const result = fit.laplace(model, { data, key: random.key(1), draws: 4000 });
    expect(Math.abs(result.summary[0].mean / mean - 1)).toBeLessThan(0.05);
    expect(Math.abs(result.summary[0].sd / sd - 1)).toBeLessThan(0.15);
  });
});
