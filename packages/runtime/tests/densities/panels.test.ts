// Panels: very many times from few, as accurate as every time by itself, with derivatives of any order.
import type { Value } from "@phxlang/autodiff";
import { grad, hessian, jvp } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { add, log, mul, sum } from "../../src/array-operations.ts";
import { timeValues } from "../../src/densities/choose-method.ts";
import {
  addPolynomials,
  fillCoefficients,
  fillNodeWeights,
  nodeCount,
  nodePlaces,
  polynomialAt,
} from "../../src/densities/panels/chebyshev.ts";
import type { TimeProblem } from "../../src/densities/time-method.ts";
import { valuesInLanes } from "../../src/densities/uniformization.ts";
import { generatorPattern } from "../../src/patterns/operator-pattern.ts";
import { timeAction } from "../../src/primitives/exponential.ts";
import { denseTrace } from "../support/dense-chain.ts";
import { expectClose, numbers, vectorOf } from "../support/derivative-laws.ts";
import { birthDeathRates, densityProblem, islandProblem, ringRates } from "../support/time-problems.ts";

const accuracy = { method: "auto", tolerance: 1e-12 } as const;

/** Spread over so many decades below `last`, in no order. */
function manyTimes(count: number, last: number, decades: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => last * 10 ** (-decades * ((i * 0.6180339887) % 1)));
}

test("a polynomial is found from its nodes, and the transposes are transposes", () => {
  const coefficients = Float64Array.from({ length: nodeCount }, (_, j) => Math.cos(3 * j + 1));
  const values = nodePlaces.map((place) => polynomialAt(coefficients, 0, place));
  const found = new Float64Array(nodeCount);
  fillCoefficients(values, found, 0);
  expectClose(found, coefficients, 1e-13);
  const bar = new Float64Array(nodeCount);
  addPolynomials(bar, 0, 0.3, 2);
  const product = bar.reduce((total, x, j) => total + x * coefficients[j], 0);
  expect(product).toBeCloseTo(2 * polynomialAt(coefficients, 0, 0.3), 13);
  const weights = new Float64Array(nodeCount);
  fillNodeWeights(bar, weights, 0);
  expect(weights.reduce((total, x, k) => total + x * values[k], 0)).toBeCloseTo(product, 12);
});

function worst(problem: TimeProblem): { readonly error: number; readonly nodes: number } {
  const [{ logValues, used }] = timeValues([problem], accuracy, false);
  const direct = valuesInLanes([problem], 1e-12, false)[0].logValues;
  const panels = used.find(({ method }) => method === "panels");
  expect(panels).toBeDefined();
  return {
    error: logValues.reduce((most, value, n) => Math.max(most, Math.abs(value - direct[n])), 0),
    nodes: panels?.work ?? 0,
  };
}

test("four decades of times are served by some hundreds, to 5e-13 of log f", () => {
  for (const [problem, most] of [
    [densityProblem(100, birthDeathRates(100, 1, 0, 1), manyTimes(6000, 300, 2)), 400],
    [islandProblem(20, manyTimes(6000, 8, 4)), 700],
    [densityProblem(100, birthDeathRates(100, 1, 1.05, 1), manyTimes(6000, 3000, 3)), 700],
    [densityProblem(100, ringRates(100, 0.1), manyTimes(9000, 2000, 2)), 3000],
  ] as const) {
    const { error, nodes } = worst(problem);
    expect(error).toBeLessThan(5e-13);
    expect(nodes).toBeLessThan(most);
  }
});

test("times of 0, values of 0 and times by themselves are computed, not interpolated", () => {
  const times = manyTimes(3000, 20, 1);
  times[7] = 0;
  times[8] = 1e-9;
  const problem = densityProblem(3, birthDeathRates(3, 1, 0.5, 2), times);
  const [{ logValues }] = timeValues([problem], accuracy, false);
  const direct = valuesInLanes([problem], 1e-12, false)[0].logValues;
  expect(logValues[7]).toBe(-Infinity);
  expect(Math.abs(logValues[8] - direct[8])).toBeLessThan(1e-13);
  const never = { ...problem, right: new Float64Array(3) };
  expect(timeValues([never], accuracy, false)[0].logValues.every((value) => value === -Infinity)).toBe(true);
});

const trace = denseTrace(3);
const pattern = generatorPattern(trace);
const slots = vectorOf(Float64Array.from({ length: trace.slotCount }, (_, i) => 1 + 0.8 * Math.sin(1.7 * i)));
const left = vectorOf([0.5, 0.3, 0.2], [1, 3]);
const right = vectorOf([1, 0.4, 0.2]);
const all = manyTimes(1500, 5, 2);

/** Σ_n cos(n) log F_n, over the times together or in portions that are too small for panels. */
function weightedLogs(portions: number): (rates: Value) => Value {
  return (rates) => {
    let total: Value = vectorOf([0]);
    for (let part = 0; part < portions; part++) {
      const times = all.filter((_, n) => n % portions === part);
      const weights = Float64Array.from(times, (_, n) => Math.cos(n * portions + part));
      const { scales, values } = timeAction(
        pattern,
        "continuous",
        rates,
        left,
        right,
        vectorOf(times),
        accuracy,
      );
      total = add(total, sum(mul(vectorOf(weights), add(scales, log(values)))));
    }
    return sum(total);
  };
}

test("gradients, directional derivatives and Hessians are those of the times one by one", () => {
  const direction = vectorOf(Float64Array.from({ length: trace.slotCount }, (_, i) => Math.cos(2.3 * i)));
  const [together, apart] = [weightedLogs(1), weightedLogs(2)];
  expectClose(numbers(grad(together)(slots)), numbers(grad(apart)(slots)), 1e-11);
  expectClose(
    numbers(jvp(together, [slots], [direction])[1]),
    numbers(jvp(apart, [slots], [direction])[1]),
    1e-11,
  );
  expectClose(numbers(hessian(together)(slots)), numbers(hessian(apart)(slots)), 1e-10);
});

test("derivatives in the times themselves", () => {
  const of = (times: Value): Value => {
    const { scales, values } = timeAction(pattern, "continuous", slots, left, right, times, accuracy);
    return sum(add(scales, log(values)));
  };
  const gradient = numbers(grad(of)(vectorOf(all)));
  for (const first of [0, 500, 1000]) {
    const some = all.slice(first, first + 3);
    expectClose(gradient.slice(first, first + 3), numbers(grad(of)(vectorOf(some))), 1e-10);
  }
});
