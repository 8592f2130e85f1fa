// Pareto-smoothed importance sampling against distributions that are known.
import { random } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { numbersOf } from "../src/concrete.ts";
import { fitPareto, smoothWeights } from "../src/importance/psis.ts";

test.each([-0.3, 0.2, 0.5, 0.9])("the shape of exact Pareto quantiles, k = %d", (k) => {
  const count = 2000;
  const excess = Float64Array.from({ length: count }, (_, i) => {
    const log = -Math.log1p(-(i + 0.5) / count);
    return (3 * Math.expm1(k * log)) / k;
  });
  const { shape, scale } = fitPareto(excess);
  // The prior pulls towards 0.5 with the weight of ten observations.
  expect(Math.abs(shape - (k * count + 5) / (count + 10))).toBeLessThan(0.02);
  expect(Math.abs(scale / 3 - 1)).toBeLessThan(0.05);
});

test("equal ratios stay equal", () => {
  const { logWeights, paretoK } = smoothWeights(new Float64Array(200).fill(-7));
  expect(paretoK).toBe(-Infinity);
  for (const log of logWeights) expect(Math.exp(log)).toBeCloseTo(1 / 200, 14);
});

test("a wide proposal gives the moments of the target back, a narrow one is denounced", () => {
  const draws = numbersOf(random.normal(random.key(4), [4000]));
  const weigh = (width: number) => {
    const x = draws.map((z) => width * z);
    const ratios = x.map((y, i) => -0.5 * y * y + 0.5 * draws[i] * draws[i]);
    return { x, ...smoothWeights(ratios) };
  };
  const wide = weigh(1.5);
  expect(wide.paretoK).toBeLessThan(0.5);
  const second = wide.x.reduce((sum, y, i) => sum + y * y * Math.exp(wide.logWeights[i]), 0);
  // The standard error is about √(2 / 2000): five of them.
  expect(Math.abs(second - 1)).toBeLessThan(0.16);
  expect(weigh(0.4).paretoK).toBeGreaterThan(0.7);
});
