// Log densities deep in the tails, and what rational approximations of the exponential get wrong.
import { special } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { makeModel } from "../src/index.ts";
import { expectNear } from "./support/expectations.ts";
import { kingman, queue } from "./support/example-models.ts";
import { linearModel } from "./support/linear-model.ts";

/** log of the Erlang density. */
function logErlang(k: number, rate: number, t: number): number {
  return k * Math.log(rate) + (k - 1) * Math.log(t) - rate * t - special.lgamma(k);
}

const erlang = (k: number) =>
  makeModel(
    linearModel({
      stateCount: k,
      parameterCount: 1,
      alpha: Array.from({ length: k }, (_, i) => (i === 0 ? 1 : 0)),
      edges: Array.from({ length: k }, (_, i) => ({
        from: i,
        to: i + 1 < k ? i + 1 : -1,
        base: 0,
        coefficients: [1],
      })),
    }),
  );

/** n states in a circle, left from the last one. */
const ring = (n: number, exit: number) =>
  makeModel(
    linearModel({
      stateCount: n,
      parameterCount: 1,
      alpha: Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0)),
      edges: [
        ...Array.from({ length: n }, (_, i) => ({ from: i, to: (i + 1) % n, base: 0, coefficients: [1] })),
        { from: n - 1, to: -1, base: exit, coefficients: [0] },
      ],
    }),
  );

test("Erlang densities from log f = −2940 to the left tail, to 1e-12", () => {
  const model = erlang(10);
  for (const t of [3000, 700, 30, 10, 1, 1e-3, 1e-12]) {
    const expected = logErlang(10, 1, t);
    const error = Math.abs(model.logPdf([1], t).item() - expected);
    expect(error).toBeLessThanOrEqual(1e-12);
  }
  expect(model.logPdf([1], 3000).item()).toBeLessThan(-2900);
});

test("Erlang densities of 100 and 1000 phases", () => {
  for (const k of [100, 1000]) {
    const model = erlang(k);
    for (const factor of [0.3, 0.9, 1, 1.3]) {
      const t = k * factor;
      expect(Math.abs(model.logPdf([1], t).item() - logErlang(k, 1, t))).toBeLessThanOrEqual(2e-12);
    }
  }
});

test("a coalescent of 20 at t = 1e-4 and far to the right", () => {
  const model = makeModel(kingman(20));
  // 60 digits: log f(1e-4) = −133.7…; here by the leading terms of its series at 0.
  const rates = Array.from({ length: 19 }, (_, i) => ((20 - i) * (19 - i)) / 2);
  const t = 1e-4;
  // f(t) = Π rates · t^18 / 18! · (1 − t Σ rates / 19 + …): the divided differences of exp(−rates t).
  const logLeading =
    rates.reduce((sum, rate) => sum + Math.log(rate), 0) + 18 * Math.log(t) - special.lgamma(19);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / 19;
  const value = model.logPdf([1], t).item();
  expect(Math.abs(value - (logLeading - mean * t))).toBeLessThanOrEqual(1e-3 * mean * t);
  expect(value).toBeCloseTo(-133.7, 0);
  // To the right the slowest rate rules: log f(t) = log c − t, c = Π_{k>1} r_k / (r_k − 1).
  const logConstant = rates.slice(0, -1).reduce((sum, rate) => sum + Math.log(rate / (rate - 1)), 0);
  for (const far of [100, 700]) expectNear(model.logPdf([1], far), logConstant - far, 1e-13);
  expectNear(model.logSurvival([1], 700), logConstant - 700, 1e-13);
});

test("a queue that must climb 100 places in no time", () => {
  const model = makeModel(queue(100));
  // To the leading order f(t) = λ^100 t^99 / 99! (1 − (100 λ + 99 μ) t / 100 + …)
  const t = 1e-3;
  const expected = 100 * Math.log(0.8) + 99 * Math.log(t) - special.lgamma(100);
  const value = model.logPdf([0.8, 1], t).item();
  expect(value).toBeLessThan(-1000);
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(3e-3);
});

test("a ring of 100 states: the density is zero before, and periodic after", () => {
  const model = ring(100, 0.5);
  const short = model.logPdf([1], 10).item();
  // 99 steps, then an exit: the leading term of the left tail, with e^{−t} in every state but the last.
  const leading = Math.log(0.5) + logErlang(100, 1, 10);
  expect(Math.abs(short - leading)).toBeLessThanOrEqual(0.06);
  const mean = model.mean([1]).item();
  // A round takes 100; the exit is taken with probability 1/3 each time the last state is left.
  expectNear(model.mean([1]), 3 * 99 + 2, 1e-12);
  expectNear(model.cdf([1], 20 * mean), 1, 1e-9);
});

test("stiff chains: a density that is resolved over 6 decades of rates", () => {
  const model = makeModel(
    linearModel({
      stateCount: 2,
      parameterCount: 2,
      alpha: [1, 0],
      edges: [
        { from: 0, to: 1, base: 0, coefficients: [1, 0] },
        { from: 1, to: -1, base: 0, coefficients: [0, 1] },
      ],
    }),
  );
  const density = (a: number, b: number, t: number): number =>
    ((a * b) / (a - b)) * (Math.exp(-b * t) - Math.exp(-a * t));
  for (const t of [1e-3, 0.01, 1, 10]) expectNear(model.pdf([1e6, 1], t), density(1e6, 1, t), 1e-12);
});
