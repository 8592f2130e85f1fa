// Pathfinder on normal densities, which it must find, and on the posterior of a rate.
import { random } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { fit } from "../src/index.ts";
import { runPath } from "../src/pathfinder/path.ts";
import { normalDensity } from "./support/densities.ts";
import { erlang, observations } from "./support/models.ts";

test("a path to a normal density ends with that normal", () => {
  const scales = Float64Array.of(0.2, 1, 4);
  const density = normalDensity(scales);
  const { approximation, draws } = runPath(density, new Float64Array(3), random.key(2), { draws: 50 });
  scales.forEach((scale, i) => {
    const variance = approximation.scale.subarray(3 * i, 3 * i + 3).reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(approximation.mean[i]) / scale).toBeLessThan(0.2);
    expect(Math.sqrt(variance) / scale).toBeGreaterThan(0.7);
    expect(Math.sqrt(variance) / scale).toBeLessThan(1.4);
  });
  for (const { point, logDensity } of draws) expect(logDensity).toBe(density.evaluate(point).value);
});

test("the posterior of an Erlang rate, within five standard errors", () => {
  const times = [0.8, 2.1, 1.4, 0.6, 1.9, 3.2];
  const model = erlang(3, { law: "gamma", args: [2, 1.5] });
  const shape = 2 + 3 * times.length;
  const rate = 1.5 + times.reduce((sum, t) => sum + t, 0);
  const result = fit.pathfinder(model, {
    data: observations(times),
    key: random.key(5),
    draws: 1000,
    paths: 2,
  });
  expect(result.warnings).toEqual([]);
  expect(result.paretoK).toBeLessThan(0.7);
  const [row] = result.summary;
  const sd = Math.sqrt(shape) / rate;
  // Resampling adds to the error of a thousand draws, at most as much again.
  expect(Math.abs(row.mean - shape / rate)).toBeLessThan((5 * sd * Math.SQRT2) / Math.sqrt(1000));
  expect(Math.abs(row.sd / sd - 1)).toBeLessThan(5 / Math.sqrt(1000));
});
