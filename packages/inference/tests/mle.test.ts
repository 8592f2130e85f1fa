// Maximum likelihood beyond closed forms: EM, several starts, intervals, and what cannot be estimated.
import { np, random } from "@phxlang/autodiff";
import type { Value } from "@phxlang/autodiff";
import { censoring, defineModel } from "@phxlang/graph";
import type { ParameterOptions } from "@phxlang/graph";
import { makeModel } from "@phxlang/runtime";
import type { Model } from "@phxlang/runtime";
import { describe, expect, test } from "vitest";
import { bootstrap, deltaMethod, expectationMaximisation, fit, profileInterval } from "../src/index.ts";
import { airConditioning, erlang, leukemia, observations } from "./support/models.ts";

/** One step to the end at a rate made of parameters. */
function oneStep<P extends Readonly<Record<string, ParameterOptions>>>(
  parameters: P,
  rate: (of: { readonly [name in keyof P & string]: Value }) => Value,
): Model {
  return makeModel(
    defineModel({
      state: ["k"],
      parameters,
      start: [{ to: [1], probability: 1 }],
      transitions: ([k], of) => (k === 1 ? [{ to: [0], rate: rate(of) }] : []),
    }),
  );
}

/** Two phases in a row, each left for the end too: the Coxian distribution. */
const coxian = makeModel(
  defineModel({
    state: ["phase"],
    parameters: {
      first: { lower: 0, default: 0.02 },
      settle: { lower: 0, default: 0.01 },
      second: { lower: 0, default: 0.01 },
    },
    start: [{ to: [1], probability: 1 }],
    transitions: ([phase], { first, settle, second }) =>
      [
        [],
        [
          { to: [0], rate: first },
          { to: [2], rate: settle },
        ],
        [{ to: [0], rate: second }],
      ][phase],
  }),
);

const positive = { lower: 0, default: 1 };

describe("EM", () => {
  test("one step of an exponential model is the estimate: events over weeks", () => {
    const { theta } = expectationMaximisation(erlang(1), leukemia("treated"), Float64Array.of(3), 1);
    expect(Math.abs(theta[0] / (9 / 359) - 1)).toBeLessThan(1e-10);
  });

  test("never falls, and ends where the search by L-BFGS ends", () => {
    const data = airConditioning();
    const { logLikelihoods } = expectationMaximisation(coxian, data, Float64Array.of(0.02, 0.01, 0.01), 30);
    for (let i = 1; i < logLikelihoods.length; i++) {
      expect(logLikelihoods[i]).toBeGreaterThanOrEqual(logLikelihoods[i - 1] - 1e-9);
    }
    const plain = fit.mle(coxian, { data });
    const climbed = fit.mle(coxian, { data, emSteps: 5 });
    expect(climbed.logLikelihood).toBeCloseTo(plain.logLikelihood, 7);
  });

  test("censored, left-censored and interval-censored rows", () => {
    const data = {
      ...observations([1, 2, 3, 4]),
      censoring: Uint8Array.of(censoring.exact, censoring.right, censoring.left, censoring.interval),
      uppers: Float64Array.of(0, 0, 0, 6),
    };
    const { theta, logLikelihoods } = expectationMaximisation(erlang(2), data, Float64Array.of(0.5), 60);
    const best = fit.mle(erlang(2), { data });
    expect(theta[0]).toBeCloseTo(best.estimate[0], 6);
    expect(logLikelihoods[60]).toBeCloseTo(best.logLikelihood, 10);
  });

  test("start probabilities", () => {
    const mixture = makeModel(
      defineModel({
        state: ["phase"],
        parameters: {
          slow: { lower: 0, default: 0.005 },
          fast: { lower: 0, default: 0.03 },
          share: { simplex: true, shape: [2], default: [0.5, 0.5] },
        },
        start: ({ share }) => [
          { to: [1], probability: np.slice(share, 0) },
          { to: [2], probability: np.slice(share, 1) },
        ],
        transitions: ([phase], { slow, fast }) =>
          phase === 0 ? [] : [{ to: [0], rate: phase === 1 ? slow : fast }],
      }),
    );
    const start = Float64Array.of(0.005, 0.03, 0.5, 0.5);
    const { theta, logLikelihoods } = expectationMaximisation(mixture, airConditioning(), start, 12);
    for (let i = 1; i < logLikelihoods.length; i++) {
      expect(logLikelihoods[i]).toBeGreaterThanOrEqual(logLikelihoods[i - 1] - 1e-9);
    }
    expect(logLikelihoods[12]).toBeGreaterThan(logLikelihoods[0]);
    expect(theta[2] + theta[3]).toBeCloseTo(1, 14);
  });

  test("is refused where its steps have no closed form", () => {
    const data = observations([1, 2]);
    const product = oneStep({ a: positive, b: positive }, ({ a, b }) => a.mul(b));
    const bounded = oneStep({ a: { lower: 0, upper: 2, default: 1 } }, ({ a }) => a);
    const entered = { ...data, entries: Float64Array.of(0.5, 0) };
    expect(() => fit.mle(product, { data, emSteps: 1 })).toThrow(/PHX846.*a \* b/);
    expect(() => fit.mle(bounded, { data, emSteps: 1 })).toThrow("PHX846");
    expect(() => fit.mle(erlang(1), { data: entered, emSteps: 1 })).toThrow("PHX846");
  });
});

test("two phases on real data: the starts of every fit find the best of thirty others", () => {
  const data = airConditioning();
  const usual = fit.mle(coxian, { data });
  expect(usual.searches.length).toBeGreaterThan(5);
  const many = fit.mle(coxian, { data, randomStarts: 30, key: random.key(3) });
  expect(many.searches.length).toBeGreaterThan(25);
  // The default alone ends in a lower mode.
  expect(usual.logLikelihood).toBeGreaterThan(usual.searches[0].logLikelihood + 0.1);
  expect(usual.logLikelihood).toBeGreaterThan(many.logLikelihood - 1e-6);
});

describe("intervals of an exponential rate", () => {
  const data = airConditioning();
  const model = erlang(1);
  const result = fit.mle(model, { data });
  const total = data.times.reduce((a, b) => a + b, 0);

  test("delta method for the mean", () => {
    const { value, standardError } = deltaMethod(result, (theta) => theta.reshape([]).pow(-1));
    expect(value).toBeCloseTo(total / data.count, 8);
    expect(standardError).toBeCloseTo(total / data.count / Math.sqrt(data.count), 6);
  });

  test("profile likelihood: both ends are 1.92 below the maximum", () => {
    const { lower, upper } = profileInterval(model, data, result, "rate");
    for (const end of [lower, upper]) {
      const fall = result.logLikelihood - (data.count * Math.log(end) - end * total);
      expect(fall).toBeCloseTo(3.841458820694124 / 2, 6);
    }
    expect(lower).toBeLessThan(result.estimate[0]);
    expect(upper).toBeGreaterThan(result.estimate[0]);
    expect(() => profileInterval(model, data, result, "speed")).toThrow("PHX842");
  });

  test("bootstrap: the spread of resampled estimates", () => {
    const { estimates, intervals } = bootstrap(model, data, result, { key: random.key(2), resamples: 60 });
    const mean = estimates[0].reduce((a, b) => a + b, 0) / 60;
    const sd = Math.sqrt(estimates[0].reduce((sum, x) => sum + (x - mean) ** 2, 0) / 59);
    // The times vary as much as exponential ones, so the spread is that of the information, to its own error.
    expect(sd / result.standardErrors[0]).toBeGreaterThan(0.6);
    expect(sd / result.standardErrors[0]).toBeLessThan(1.6);
    expect(intervals[0].lower).toBeLessThan(result.estimate[0]);
    expect(intervals[0].upper).toBeGreaterThan(result.estimate[0]);
  });
});

describe("what cannot be estimated is said", () => {
  const data = observations([1, 2, 4]);
  const warned = (model: Model): string[] =>
    fit.mle(model, { data }).warnings.map((w) => `${w.code}: ${w.message}`);

  test.each([
    ["a * b", oneStep({ a: positive, b: positive }, ({ a, b }) => a.mul(b))],
    ["a / b", oneStep({ a: positive, b: positive }, ({ a, b }) => a.div(b))],
    ["a + b", oneStep({ a: positive, b: positive }, ({ a, b }) => a.add(b))],
    ["a * b^2", oneStep({ a: positive, b: positive }, ({ a, b }) => a.mul(b).mul(b))],
  ])("parameters that enter only as %s", (expression, model) => {
    const warnings = warned(model);
    expect(warnings.some((text) => text.startsWith("PHX802") && text.includes(`\`${expression}\``))).toBe(
      true,
    );
    expect(warnings.some((text) => text.startsWith("PHX803"))).toBe(true);
  });

  test("a parameter that enters nowhere, and none where all enter", () => {
    const idle = oneStep({ a: positive, idle: positive }, ({ a }) => a);
    expect(warned(idle).join()).toContain("`idle` does not enter the likelihood");
    const [known, unknown] = fit.mle(idle, { data }).standardErrors;
    expect(known).toBeCloseTo(3 / 7 / Math.sqrt(3), 10);
    expect(unknown).toBeNaN();
    expect(warned(coxian).filter((text) => text.startsWith("PHX802"))).toEqual([]);
  });

  test("a search that stopped at a bound, and standard errors of the other parameters", () => {
    // Times that vary less than exponential ones leave no room for a second phase.
    const even = observations([2, 2.1, 2.2, 1.9, 2, 2.05]);
    const result = fit.mle(coxian, { data: even });
    const bound = result.warnings.filter(({ code }) => code === "PHX804");
    expect(bound.length).toBeGreaterThan(0);
    expect(result.standardErrors.some(Number.isFinite)).toBe(true);
    expect(result.standardErrors.some(Number.isNaN)).toBe(true);
  });

  test("a search that ran out of iterations", () => {
    const { warnings, searches } = fit.mle(coxian, { data: airConditioning(), iterations: 2 });
    expect(warnings.map(({ code }) => code)).toContain("PHX837");
    expect(searches[0].outcome).toBe("iterations exhausted");
  });

  test("starts out of bounds are refused before any work", () => {
    const starts = (theta: Float64Array) => () => fit.mle(erlang(1), { data, starts: [theta] });
    expect(starts(Float64Array.of(-1))).toThrow("PHX902");
    expect(starts(Float64Array.of(Number.NaN))).toThrow("PHX901");
    expect(starts(Float64Array.of(1, 2))).toThrow("PHX900");
    expect(() => fit.mle(erlang(1), { data: observations([1, Number.NaN]) })).toThrow(
      "row 2: NaN in `times`",
    );
  });
});
