// Krylov spaces: values and gradients within their own error estimate, and refusals where there is no such estimate.
import type { NdArray, PhxError, Value } from "@phxlang/autodiff";
import { grad, hessian } from "@phxlang/autodiff";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exp, mul, sum } from "../../src/array-operations.ts";
import { timeValues } from "../../src/densities/choose-method.ts";
import { krylov } from "../../src/densities/krylov/krylov.ts";
import type { TimeProblem } from "../../src/densities/time-method.ts";
import { valuesInLanes } from "../../src/densities/uniformization.ts";
import { generatorPattern } from "../../src/patterns/operator-pattern.ts";
import { timeAction } from "../../src/primitives/exponential.ts";
import { denseTrace } from "../support/dense-chain.ts";
import { checkJvp, checkVjp, checkVmap, expectClose, numbers, vectorOf } from "../support/derivative-laws.ts";
import { randomChains } from "../support/random-chains.ts";
import {
  birthDeathRates,
  densityProblem,
  islandProblem,
  ratesOf,
  ringRates,
  trueDensity,
} from "../support/time-problems.ts";

const accuracy = { method: "krylov", tolerance: 1e-9 } as const;
const grid = (last: number): number[] => Array.from({ length: 40 }, (_, i) => (last * (i + 1)) / 40);

/** Largest error and largest estimate, both relative to the largest value. */
function errorsOf(problem: TimeProblem): { readonly error: number; readonly estimate: number } {
  const { logValues, errors } = krylov.values(problem, accuracy, false);
  const exact = valuesInLanes([problem], 1e-12, false)[0].logValues.map(Math.exp);
  const largest = Math.max(...exact);
  const error = Math.max(...logValues.map((value, n) => Math.abs(Math.exp(value) - exact[n]))) / largest;
  return { error, estimate: Math.max(...errors) };
}

test("random chains: errors are within their estimates, against twice the precision", () => {
  fc.assert(
    fc.property(randomChains(4, true), (chain) => {
      const rates = ratesOf(chain);
      const slowest = Math.min(...rates.map(([, , rate]) => rate));
      const times = [0.1, 0.5, 1, 3].map((t) => t / slowest);
      const left = Float64Array.from(chain.alpha);
      const problem = densityProblem(chain.stateCount, rates, times, left);
      const { logValues, errors } = krylov.values(problem, accuracy, true);
      const exact = times.map((time) => trueDensity(chain, time));
      const largest = Math.max(...exact);
      for (const [n, value] of logValues.entries()) {
        expect(Math.abs(Math.exp(value) - exact[n]) / largest).toBeLessThanOrEqual(errors[n]);
      }
    }),
    { numRuns: 60 },
  );
});

test("complex spectra and near-deterministic times: ring of 100, Erlang of 100", () => {
  for (const problem of [
    densityProblem(100, ringRates(100, 0.1), grid(4000)),
    densityProblem(100, birthDeathRates(100, 1, 0, 1), grid(300)),
    islandProblem(20, grid(4)),
  ]) {
    const { error, estimate } = errorsOf(problem);
    expect(error).toBeLessThanOrEqual(estimate);
    expect(estimate).toBeLessThan(1e-9);
  }
});

function messageOf(run: () => unknown): string {
  try {
    run();
    return "";
  } catch (error) {
    return `${(error as PhxError).code} ${(error as PhxError).message}`;
  }
}

test("Erlang of 1000 phases and a queue of 10,000 are refused with the estimate", () => {
  for (const problem of [
    densityProblem(1000, birthDeathRates(1000, 1, 0, 1), grid(2000)),
    densityProblem(10000, birthDeathRates(10000, 1, 1.2, 1), [20, 1000, 50000]),
  ]) {
    const message = messageOf(() => timeValues([problem], accuracy, false));
    expect(message).toContain("PHX805");
    expect(message).toContain("krylov: error estimate");
  }
});

test("auto leaves times to uniformization where the estimate is not within the tolerance of the value", () => {
  const problem = densityProblem(400, birthDeathRates(400, 1, 1.1, 1), [300, 1000, 3000, 9000]);
  const [values] = timeValues([problem], { method: "auto", tolerance: 1e-9 }, false);
  const exact = valuesInLanes([problem], 1e-12, false)[0].logValues;
  for (const [n, value] of values.logValues.entries()) {
    expect(Math.abs(Math.expm1(value - exact[n]))).toBeLessThan(1e-9);
  }
});

test("two islands to a relative tolerance: the right tail too, and within the estimates", () => {
  const problem = islandProblem(30, [0.5, 1, 2, 4, 8, 12]);
  for (const tolerance of [1e-5, 1e-6, 1e-8]) {
    const { logValues, errors } = krylov.values(problem, { method: "auto", tolerance }, true);
    const exact = valuesInLanes([problem], 1e-12, false)[0].logValues;
    for (const [n, value] of logValues.entries()) {
      expect(errors[n]).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(Math.expm1(value - exact[n]))).toBeLessThanOrEqual(errors[n]);
    }
  }
});

test("a part of a kept space has the bits of a space of its own", () => {
  const times = [1, 2, 3, 4];
  const valuesAt = (problem: TimeProblem, tolerance: number): number[] =>
    Array.from(krylov.values(problem, { method: "auto", tolerance }, false).logValues);
  const [one, other] = [islandProblem(20, times), islandProblem(20, times)];
  const alone = [1e-5, 1e-8, 1e-10].map((tolerance) => valuesAt(one, tolerance));
  const later = [1e-10, 1e-8, 1e-5].map((tolerance) => valuesAt(other, tolerance)).toReversed();
  expect(later).toEqual(alone);
  expect(alone[0]).not.toEqual(alone[2]);
});

test("gradients of two islands are those of uniformization, from a start with fast parts", () => {
  const problem = islandProblem(20, grid(4));
  const [left, right, times] = [
    vectorOf(problem.left, [1, problem.left.length]),
    problem.right,
    problem.times,
  ];
  const gradientBy = (method: "krylov" | "uniformization"): number[] => {
    const total = (slots: Value): Value => {
      const options = { method, tolerance: 1e-9 } as const;
      const action = [problem.pattern, "continuous", slots, left, vectorOf(right), vectorOf(times)] as const;
      const { scales, values } = timeAction(...action, options);
      return sum(mul(exp(scales), values));
    };
    return numbers(grad(total)(vectorOf(problem.slots)));
  };
  expectClose(gradientBy("krylov"), gradientBy("uniformization"), 1e-9);
});

test("second derivatives by krylov are refused by name", () => {
  const problem = islandProblem(4, [1, 2]);
  const [left, right, times] = [
    vectorOf(problem.left, [1, problem.left.length]),
    problem.right,
    problem.times,
  ];
  const total = (slots: Value): Value => {
    const action = [problem.pattern, "continuous", slots, left, vectorOf(right), vectorOf(times)] as const;
    const { scales, values } = timeAction(...action, accuracy);
    return sum(mul(exp(scales), values));
  };
  expect(messageOf(() => hessian(total)(vectorOf(problem.slots)))).toContain("second order");
});

const trace = denseTrace(3);
const pattern = generatorPattern(trace);
const wave = (length: number, phase: number, shape?: readonly number[]): NdArray =>
  vectorOf(
    Float64Array.from({ length }, (_, i) => 1 + 0.8 * Math.sin(phase + 1.7 * i)),
    shape,
  );

test("first derivatives in rates, vectors and times obey the laws of primitives", () => {
  const point = [wave(trace.slotCount, 0), wave(6, 1, [2, 3]), wave(3, 2), vectorOf([0.9, 2, 1.1])];
  const direction = point.map((x, i) =>
    vectorOf(
      Float64Array.from(x.elements, (_, j) => Math.cos(i + 2.3 * j)),
      x.shape,
    ),
  );
  const f = (slots: Value, left: Value, right: Value, times: Value): Value => {
    const masks = { leftOfTime: Float64Array.of(0, 1, 0) };
    const { scales, values } = timeAction(pattern, "continuous", slots, left, right, times, accuracy, masks);
    return mul(exp(scales), values);
  };
  checkJvp(f, point, direction, 3e-8);
  checkVjp(f, point, direction, 1e-10);
  checkVmap(f, point, direction, 1e-10);
});
