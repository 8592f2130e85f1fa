// Fits whose answers are known in closed form: exponential times on real data, Erlang times with a gamma prior.
import { np, random } from "@phxlang/autodiff";
import { describe, expect, test } from "vitest";
import { fit, modelDensity, posterior } from "../src/index.ts";
import { airConditioning, erlang, leukemia, observations } from "./support/models.ts";

describe("maximum likelihood", () => {
  test.each([
    ["treated", 9, 359],
    ["placebo", 21, 182],
  ])("of the %s leukaemia patients: events over weeks, with its standard error", (group, events, weeks) => {
    const result = fit.mle(erlang(1), { data: leukemia(group) });
    const rate = events / weeks;
    expect(Math.abs(result.estimate[0] / rate - 1)).toBeLessThan(1e-10);
    expect(Math.abs(result.standardErrors[0] / (rate / Math.sqrt(events)) - 1)).toBeLessThan(1e-8);
    expect(result.warnings).toEqual([]);
    expect(result.observationCount).toBe(21);
    expect(result.aic).toBeCloseTo(2 - 2 * result.logLikelihood, 12);
  });

  test("of the air-conditioning failures: the log-likelihood in the literature", () => {
    const data = airConditioning();
    const result = fit.mle(erlang(1), { data });
    expect(Math.abs(result.logLikelihood + 123.86002328378241)).toBeLessThan(1e-10);
    const total = data.times.reduce((sum, x) => sum + x, 0);
    expect(Math.abs(result.estimate[0] * (total / data.count) - 1)).toBeLessThan(1e-10);
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
    const density = modelDensity(1, (u) => target.logPosterior(u));
    const at = (u: number): number => density.evaluate(Float64Array.of(u)).value;
    const exact = (u: number): number => shape * u - rate * Math.exp(u);
    expect(at(0.5) - at(-0.3)).toBeCloseTo(exact(0.5) - exact(-0.3), 10);
    expect(density.evaluate(Float64Array.of(0.2)).gradient[0]).toBeCloseTo(shape - rate * Math.exp(0.2), 9);
    expect(density.information(Float64Array.of(0.2))[0]).toBeCloseTo(rate * Math.exp(0.2), 8);
    expect(target.logPrior(np.array([0])).item()).toBeCloseTo(2 * Math.log(1.5) - 1.5, 12);
  });

  test("by NUTS, within five standard errors", () => {
    const result = fit.nuts(model, { data, key: random.key(7), chains: 2, warmup: 200, draws: 400 });
    const [row] = result.summary;
    const error = sd / Math.sqrt(row.essBulk ?? 1);
    expect(result.warnings).toEqual([]);
    expect(Math.abs(row.mean - mean)).toBeLessThan(5 * error);
    expect(Math.abs(row.sd / sd - 1)).toBeLessThan(5 / Math.sqrt(row.essBulk ?? 1));
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
