// Dense squaring: accurate in the body and in both tails, at any ratio of rates, with derivatives of any order.
import type { NdArray, Value } from "@phxlang/autodiff";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exp, mul } from "../../src/array-operations.ts";
import { dense } from "../../src/densities/dense/dense.ts";
import type { TimeProblem } from "../../src/densities/time-method.ts";
import { valuesInLanes } from "../../src/densities/uniformization.ts";
import { generatorPattern } from "../../src/patterns/operator-pattern.ts";
import { propagate, timeAction } from "../../src/primitives/exponential.ts";
import { denseTrace } from "../support/dense-chain.ts";
import { checkAllRules, vectorOf } from "../support/derivative-laws.ts";
import { randomChains } from "../support/random-chains.ts";
import {
  birthDeathRates,
  densityProblem,
  ratesOf,
  ringRates,
  trueDensity,
  unit,
} from "../support/time-problems.ts";

const accuracy = { method: "dense", tolerance: 1e-12 } as const;

test("random chains with rates over up to twelve decades, against twice the precision", () => {
  for (const decades of [0, 4, 12]) {
    const late = fc.double({ min: -2, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(randomChains(decades, true), late, (chain, exponent) => {
        const rates = ratesOf(chain);
        const slowest = Math.min(...rates.map(([, , rate]) => rate));
        const time = 10 ** exponent / slowest;
        const problem = densityProblem(chain.stateCount, rates, [time], Float64Array.from(chain.alpha));
        fc.pre(dense.refusal(problem) === null && dense.suits(problem, time));
        const { logValues, errors } = dense.values(problem, accuracy, false);
        fc.pre(logValues[0] > -600);
        const error = Math.abs(Math.expm1(logValues[0] - Math.log(trueDensity(chain, time))));
        expect(error).toBeLessThanOrEqual(errors[0]);
        expect(errors[0]).toBeLessThan(1e-12);
      }),
      { numRuns: 40 },
    );
  }
});

function worstAgainstUniformization(problem: TimeProblem): number {
  const other = valuesInLanes([problem], 1e-12, false)[0].logValues;
  return dense
    .values(problem, accuracy, false)
    .logValues.reduce((most, value, n) => Math.max(most, Math.abs(value - other[n])), 0);
}

test("tails that rational approximations lose: ring of 100, Erlang of 100, log f from −360 up", () => {
  const times = [30, 60, 100, 180, 300];
  expect(worstAgainstUniformization(densityProblem(100, ringRates(100, 0.1), times))).toBeLessThan(2e-13);
  const erlang = birthDeathRates(100, 1, 0, 1);
  expect(worstAgainstUniformization(densityProblem(100, erlang, times))).toBeLessThan(2e-13);
  const deep = densityProblem(30, birthDeathRates(30, 2, 1, 1), [2000]);
  expect(dense.values(deep, accuracy, false).logValues[0]).toBeCloseTo(-360.3, 1);
  expect(worstAgainstUniformization(deep)).toBeLessThan(5e-13);
});

test("errors of steps do not add up: a queue whose exit takes 1e9 steps of uniformization", () => {
  const problem = densityProblem(30, birthDeathRates(30, 1, 2, 1), [1e4, 2e4, 5e8, 1e9]);
  const { logValues, errors } = dense.values(problem, accuracy, false);
  // Far beyond mixing log f is a straight line: its slope is the same at both ends.
  const early = (logValues[1] - logValues[0]) / 1e4;
  const late = (logValues[3] - logValues[2]) / 5e8;
  expect(Math.abs(late / early - 1)).toBeLessThan(1e-8);
  expect(Math.max(...errors)).toBeLessThan(1e-12);
});

test("what cannot be reached is 0, without an error", () => {
  const problem = densityProblem(
    2,
    [
      [0, -1, 1],
      [1, -1, 2],
    ],
    [5],
    unit(2, 0),
  );
  const { logValues, errors } = dense.values({ ...problem, right: Float64Array.of(0, 2) }, accuracy, false);
  expect([...logValues, ...errors]).toEqual([-Infinity, 0]);
});

test("a value that left the range of doubles on its way has no error estimate", () => {
  const { errors } = dense.values(
    densityProblem(
      2,
      [
        [0, -1, 1],
        [1, 0, 1000],
      ],
      [1],
    ),
    accuracy,
    false,
  );
  expect(errors[0]).toBeLessThan(1e-12);
  const rates = birthDeathRates(200, 1e-3, 0, 1);
  const lost = densityProblem(
    201,
    [...rates.map(([i, j, r]) => [i, j < 0 ? 200 : j, r] as const), [200, -1, 1e3]],
    [1],
  );
  expect(dense.values(lost, accuracy, false).errors[0]).toBe(Infinity);
});

test("large operators and couplings are refused", () => {
  expect(dense.refusal(densityProblem(257, birthDeathRates(257, 1, 1, 1), [1]))).toContain("257 rows");
  expect(dense.refusal(densityProblem(2, birthDeathRates(2, 1, 1, 1), [1e15]))).toContain("jumps");
});

const trace = denseTrace(3);
const pattern = generatorPattern(trace);
const wave = (length: number, phase: number, shape?: readonly number[]): NdArray =>
  vectorOf(
    Float64Array.from({ length }, (_, i) => 1 + 0.8 * Math.sin(phase + 1.7 * i)),
    shape,
  );
const directionOf = (point: NdArray[]): NdArray[] =>
  point.map((x, i) =>
    vectorOf(
      Float64Array.from(x.elements, (_, j) => Math.cos(i + 2.3 * j)),
      x.shape,
    ),
  );

test("derivatives in rates, vectors and times obey the laws of primitives", () => {
  const point = [wave(trace.slotCount, 0), wave(6, 1, [2, 3]), wave(3, 2), vectorOf([0.9, 2, 1.1])];
  const f = (slots: Value, left: Value, right: Value, times: Value): Value => {
    const masks = { leftOfTime: Float64Array.of(0, 1, 0) };
    const { scales, values } = timeAction(pattern, "continuous", slots, left, right, times, accuracy, masks);
    return mul(exp(scales), values);
  };
  checkAllRules(f, point, directionOf(point), { difference: 3e-8, exact: 1e-11 });
});

test("propagated vectors obey the laws of primitives", () => {
  const point = [wave(trace.slotCount, 0), wave(3, 2), vectorOf([1.7])];
  for (const side of ["left", "right"] as const) {
    const f = (slots: Value, start: Value, time: Value): Value => {
      const { scale, vector } = propagate(pattern, "continuous", side, slots, start, time, accuracy);
      return mul(exp(scale), vector);
    };
    checkAllRules(f, point, directionOf(point), { difference: 3e-8, exact: 1e-11 });
  }
});
