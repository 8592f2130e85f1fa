// Solves, exponentials and reductions obey the laws of primitives, to second order and under vmap.
import type { NdArray, Value } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { exp, mul, reshape } from "../src/array-operations.ts";
import { generatorPattern } from "../src/patterns/operator-pattern.ts";
import { reduceChain, startNode } from "../src/patterns/reduce-chain.ts";
import { propagate, timeAction } from "../src/primitives/exponential.ts";
import { reduce } from "../src/primitives/reduction.ts";
import { factorGenerator, solveLeft, solveRight } from "../src/primitives/solve.ts";
import { denseTrace } from "./support/dense-chain.ts";
import { checkAllRules, expectClose, numbers, vectorOf } from "./support/derivative-laws.ts";

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
const accuracy = { method: "auto", tolerance: 1e-12 } as const;
const tolerance = { difference: 2e-9, exact: 1e-11 };

test("solves, right and left, with killing", () => {
  const point = [wave(trace.slotCount, 0), wave(3, 1), wave(6, 2, [2, 3])];
  const right = (slots: Value, killing: Value, b: Value): Value =>
    reshape(solveRight(factorGenerator(trace, slots, killing), b), [6]);
  const left = (slots: Value, killing: Value, b: Value): Value =>
    reshape(solveLeft(factorGenerator(trace, slots, killing), b), [6]);
  checkAllRules(right, point, directionOf(point), tolerance);
  checkAllRules(left, point, directionOf(point), tolerance);
});

test("values of exp(A t), in rates, vectors and times", () => {
  const point = [wave(trace.slotCount, 0), wave(6, 1, [2, 3]), wave(3, 2), vectorOf([0.3, 2, 1.1])];
  const f = (slots: Value, left: Value, right: Value, times: Value): Value => {
    const leftOfTime = Float64Array.of(0, 1, 0);
    const { scales, values } = timeAction(pattern, "continuous", slots, left, right, times, accuracy, {
      leftOfTime,
    });
    return mul(exp(scales), values);
  };
  checkAllRules(f, point, directionOf(point), { difference: 3e-8, exact: 1e-11 });
});

test("propagated vectors, from either side", () => {
  const point = [wave(trace.slotCount, 0), wave(3, 2), vectorOf([0.7])];
  for (const side of ["left", "right"] as const) {
    const f = (slots: Value, start: Value, time: Value): Value => {
      const { scale, vector } = propagate(pattern, "continuous", side, slots, start, time, accuracy);
      return mul(exp(scale), vector);
    };
    checkAllRules(f, point, directionOf(point), { difference: 3e-8, exact: 1e-11 });
  }
});

test("elimination of states", () => {
  const entries = [0, 1, 2].flatMap((source) => [
    ...[0, 1, 2].flatMap((target) => (target === source ? [] : [{ source, target }])),
    { source, target: -1 },
  ]);
  const chain = reduceChain(
    3,
    [...entries, { source: startNode, target: 0 }, { source: startNode, target: 1 }],
    [true, false, true],
    false,
  );
  expect(chain.entries).toEqual([
    { source: startNode, target: -1 },
    { source: startNode, target: 1 },
    { source: 1, target: -1 },
  ]);
  const point = [wave(chain.plan.inputCount, 0.3)];
  checkAllRules((inputs) => reduce(chain.plan, inputs), point, directionOf(point), tolerance);
  const [atom, start] = numbers(reduce(chain.plan, point[0]));
  const total = point[0].elements[9] + point[0].elements[10];
  expectClose([atom + start], [total], 1e-14);
});
