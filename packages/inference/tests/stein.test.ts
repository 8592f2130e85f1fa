// Stein variational gradient descent against Gaussians, whose spread it must reproduce.
import { describe, expect, test } from "vitest";
import { steinDirection } from "../src/svgd/kernel.ts";
import { optimizerStep, startOptimizer } from "../src/svgd/optimizer.ts";

/** Mean over coordinates of (sd of the particles) / (sd of the target) after many steps. */
function spreadRatio(dimension: number, kernel: "dimension-scaled" | "median"): number {
  const count = 100;
  const scales = Float64Array.from({ length: dimension }, (_, k) => 1 + 0.3 * Math.sin(3 * k));
  let positions = Float64Array.from(
    { length: count * dimension },
    (_, i) => 3 * Math.sin(12.9898 * (i + 1) + 78.233 * ((i * i) % 17)),
  );
  let state = startOptimizer("adam", positions.length);
  for (let iteration = 0; iteration < 500; iteration++) {
    const gradients = positions.map((x, i) => -x / scales[i % dimension] ** 2);
    const direction = steinDirection(kernel, { count, dimension, positions }, gradients);
    const next = optimizerStep(state, direction, 0.1 / (1 + iteration / 100));
    state = next.state;
    positions = positions.map((x, i) => x + next.step[i]);
  }
  let ratio = 0;
  for (let k = 0; k < dimension; k++) {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      sum += positions[i * dimension + k];
      squares += positions[i * dimension + k] ** 2;
    }
    ratio += Math.sqrt(squares / count - (sum / count) ** 2) / scales[k] / dimension;
  }
  return ratio;
}

describe("spread of 100 particles on a Gaussian", () => {
  test.each([1, 2, 5, 10])("in dimension %i is within a tenth of the truth", (dimension) => {
    const ratio = spreadRatio(dimension, "dimension-scaled");
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.1);
  });

  test("the median width collapses in ten dimensions, which the default does not", () => {
    expect(spreadRatio(10, "median")).toBeLessThan(0.8);
  });
});
