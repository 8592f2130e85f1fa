// Simulation-based calibration: right methods pass, wrong ones are found out.
import { random } from "@phxlang/autodiff";
import type { Value } from "@phxlang/autodiff";
import type { StopObservations } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import { describe, expect, test } from "vitest";
import { numbersOf } from "../src/concrete.ts";
import { makeFit } from "../src/fit/fit.ts";
import type { Fit } from "../src/index.ts";
import { finishAlone } from "../src/evaluating.ts";
import { resample } from "../src/importance/resample.ts";
import { beginChain, runChain } from "../src/nuts/chain.ts";
import { runPath } from "../src/pathfinder/path.ts";
import { randomStream } from "../src/random-stream.ts";
import { steinDirection } from "../src/svgd/kernel.ts";
import { optimizerStep, startOptimizer } from "../src/svgd/optimizer.ts";
import { scheduledRate } from "../src/svgd/schedule.ts";
import { densityOf } from "./support/densities.ts";
import { calibrate, readCheckpoint, smoothWeights, startCalibration, writeCheckpoint } from "../src/index.ts";
import type { Data, LogDensity } from "../src/index.ts";
import { erlang, observations, repeated, twoGroups, twoGroupsData } from "./support/models.ts";

/** The exact posterior of a rate with a gamma(2, 1) prior, with its spread around the mean changed. */
function gammaPosterior(width: number) {
  return (model: Model, data: Data, key: Value): Fit => {
    const [{ times, count }] = data as readonly StopObservations[];
    const shape = 2 + count;
    const rate = 1 + times.reduce((a, b) => a + b, 0);
    const draws = numbersOf(random.gamma(key, shape, [99])).map((g) => (shape + width * (g - shape)) / rate);
    return makeFit("laplace", model, [{ warmup: 0, parameters: [draws], statistics: {} }], new Map());
  };
}

const model = erlang(1, { law: "gamma", args: [2, 1] });
const design = { data: observations(repeated(1, 5)), key: random.key(1), replications: 300 };

test("the exact posterior has uniform ranks", () => {
  const { pValues, warnings, denied, histograms } = calibrate(model, {
    ...design,
    fit: gammaPosterior(1),
  });
  expect(warnings).toEqual([]);
  expect(pValues[0]).toBeGreaterThan(0.001);
  expect(denied).toBe(0);
  expect(histograms[0].reduce((a, b) => a + b, 0)).toBe(300);
});

test.each([0.5, 2])("a posterior %d times as wide is found out", (width) => {
  const { warnings } = calibrate(model, { ...design, fit: gammaPosterior(width) });
  expect(warnings[0]?.code).toBe("PHX845");
});

test("a calibration that is taken up again ends with the same ranks; that of another fit is refused", () => {
  const options = { ...design, replications: 60, fit: gammaPosterior(1), fitName: "exact" };
  const run = startCalibration(model, options);
  for (let k = 0; k < 25; k++) run.step();
  expect(() => run.result()).toThrow("PHX838");
  const resume = readCheckpoint(writeCheckpoint(run.checkpoint()));
  const whole = calibrate(model, options);
  expect(calibrate(model, { ...options, resume })).toEqual(whole);
  expect(new Set(whole.ranks[0]).size).toBeGreaterThan(20);
  expect(() => startCalibration(model, { ...options, fitName: "other", resume })).toThrow("PHX840");
  expect(() => startCalibration(model, { ...options, bins: 5, resume })).toThrow("PHX840");
});

describe("two rates, their posterior written down", () => {
  const two = { data: twoGroupsData(6, 6), key: random.key(2), replications: 150, rankedDraws: 19, bins: 10 };

  /** Log rates with gamma(2, 1) priors, from six exact times in each group. */
  function densityFor(data: Data): LogDensity {
    const [{ times }] = data as readonly StopObservations[];
    const totals = [times.subarray(0, 6), times.subarray(6)].map((own) => own.reduce((a, b) => a + b, 0));
    return densityOf(
      2,
      (u) => ({
        value: u.reduce((sum, x, g) => sum + 8 * x - (1 + totals[g]) * Math.exp(x), 0),
        gradient: u.map((x, g) => 8 - (1 + totals[g]) * Math.exp(x)),
      }),
      (u) => Float64Array.of((1 + totals[0]) * Math.exp(u[0]), 0, 0, (1 + totals[1]) * Math.exp(u[1])),
    );
  }

  function fitOf(model: Model, points: readonly Float64Array[]): Fit {
    const parameters = [0, 1].map((g) => Float64Array.from(points, (u) => Math.exp(u[g])));
    return makeFit("laplace", model, [{ warmup: 0, parameters, statistics: {} }], new Map());
  }

  test("by NUTS", () => {
    const { warnings } = calibrate(twoGroups(), {
      ...two,
      fit: (model, data, key) => {
        const density = densityFor(data);
        const options = { warmup: 100, draws: 95 };
        const points: Float64Array[] = [];
        const start = beginChain(Float64Array.of(0, 0), Float64Array.of(0.1, 0.1), key);
        const begin = finishAlone(density, start);
        finishAlone(
          density,
          runChain(begin, options, key, ({ position, iteration }) => {
            if (iteration > options.warmup) points.push(position);
          }),
        );
        return fitOf(model, points);
      },
    });
    expect(warnings).toEqual([]);
  });

  test("by Pathfinder as importance sampler", () => {
    const { warnings } = calibrate(twoGroups(), {
      ...two,
      fit: (model, data, key) => {
        const { draws } = runPath(densityFor(data), new Float64Array(2), key, { draws: 400 });
        const ratios = Float64Array.from(draws, (draw) => draw.logDensity - draw.logApproximation);
        const { logWeights } = smoothWeights(ratios);
        const chosen = resample(logWeights, 19, randomStream(random.fold(key, 1)));
        return fitOf(
          model,
          chosen.map((i) => draws[i].point),
        );
      },
    });
    expect(warnings).toEqual([]);
  });

  /**
   * Particles in coordinates whitened at the mode, where both precisions are 8. `iterations` of the steps that fit.svgd takes.
   */
  function particlesFor(data: Data, key: Value, iterations: number): Float64Array[] {
    const density = densityFor(data);
    const totals = [0, 1].map((g) => density.evaluate(Float64Array.of(0, 0)).gradient[g] - 8);
    const mode = Float64Array.from(totals, (total) => Math.log(8 / -total));
    const stream = randomStream(key);
    const count = 40;
    let positions = Float64Array.from({ length: 2 * count }, () => stream.normal());
    const points = (): Float64Array[] =>
      Array.from({ length: count }, (_, i) =>
        mode.map((center, g) => center + positions[2 * i + g] / Math.sqrt(8)),
      );
    let optimizer = startOptimizer("adam", positions.length);
    for (let i = 0; i < iterations; i++) {
      const gradients = Float64Array.from(
        density
          .evaluateAll(points())
          .flatMap(({ gradient }) => Array.from(gradient, (g) => g / Math.sqrt(8))),
      );
      const direction = steinDirection("dimension-scaled", { count, dimension: 2, positions }, gradients);
      const next = optimizerStep(optimizer, direction, scheduledRate("inverse", 0.1, i, iterations));
      optimizer = next.state;
      positions = positions.map((x, k) => x + next.step[k]);
    }
    return points();
  }

  /** All three tests of this group are false alarms with probability 0.001 each, were the seed not fixed. */
  test("by SVGD", () => {
    const { warnings } = calibrate(twoGroups(), {
      ...two,
      fit: (model, data, key) => fitOf(model, particlesFor(data, key, 60)),
    });
    expect(warnings).toEqual([]);
  });

  test("particles that are drawn together are found out", () => {
    const { warnings } = calibrate(twoGroups(), {
      ...two,
      fit: (model, data, key) => {
        const points = particlesFor(data, key, 1);
        const middle = [0, 1].map((g) => points.reduce((sum, u) => sum + u[g] / points.length, 0));
        return fitOf(
          model,
          points.map((u) => u.map((x, g) => middle[g] + (x - middle[g]) / 3)),
        );
      },
    });
    expect(warnings.map(({ code }) => code)).toEqual(["PHX845"]);
  });
});
