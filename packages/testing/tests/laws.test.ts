// The laws hold for random models, and see what is broken.
import type { Value } from "@phxlang/autodiff";
import { customJvp, np, PhxError } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { erlang, fromMatrices } from "@phxlang/runtime";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GraphShape } from "../src/index.ts";
import { checkModel, graphs, laws, phaseTypes, phxPrograms, programs } from "../src/index.ts";

const shapes: readonly GraphShape[] = ["acyclic", "cyclic", "defective", "lumpable"];

test.each(shapes)("all laws hold for %s graphs", (shape) => {
  fc.assert(
    fc.property(graphs({ shape, mostComponents: 3 }), ({ model }) => {
      expect(checkModel(model, { runs: 2 }).length).toBeGreaterThan(8);
    }),
    { numRuns: 4 },
  );
});

test("all laws hold for random files", () => {
  fc.assert(
    fc.property(phxPrograms(), ({ model }) => void checkModel(model, { runs: 2 })),
    { numRuns: 4 },
  );
});

test.each(["continuous", "discrete"] as const)("all laws hold for %s phase types", (kind) => {
  fc.assert(
    fc.property(phaseTypes({ kind }), ({ model }) => void checkModel(model, { runs: 2 })),
    { numRuns: 6 },
  );
});

test("the laws of transforms hold for random functions", () => {
  fc.assert(
    fc.property(programs(), ({ f, x, y, text }) => {
      laws.transforms(f, [np.array([...x]), np.array([...y])], { input: text });
    }),
    { numRuns: 20 },
  );
});

/** What a law says of a model in which one function is wrong. */
function complaint(
  model: Model,
  broken: Partial<Model>,
  group: "distribution" | "gradients" | "sampling" | "structure",
): string {
  const wrong: Model = Object.create(model, Object.getOwnPropertyDescriptors(broken));
  try {
    laws[group](wrong, { runs: 5 });
  } catch (error) {
    if (!(error instanceof PhxError)) throw error;
    expect(error.code).toBe("PHX989");
    return error.message;
  }
  return "";
}

describe("the laws see a function that is wrong", () => {
  const model = erlang(3);
  const ratio = 1 + 1e-4;

  test.each<readonly [string, Parameters<typeof complaint>[2], Partial<Model>]>([
    ["probability", "distribution", { survival: (theta, at) => model.survival(theta, at).mul(ratio) }],
    ["density", "distribution", { pdf: (theta, at) => model.pdf(theta, at).mul(ratio) }],
    ["density", "distribution", { hazard: (theta, at) => model.hazard(theta, at).mul(ratio) }],
    ["moments", "distribution", { mean: (theta) => model.mean(theta).mul(ratio) }],
    ["variance", "distribution", { variance: (theta) => model.variance(theta).mul(ratio) }],
    [
      "Laplace transform",
      "distribution",
      {
        laplace: (theta, s) => model.laplace(theta, np.array(1).mul(s).mul(ratio)),
      },
    ],
    ["quantile", "distribution", { quantile: (theta, p) => model.quantile(theta, p).mul(ratio) }],
    ["gradient", "gradients", { mean: (theta) => wrongSlope(model.mean(theta)) }],
    ["draws", "sampling", { sample: (key, theta, count) => model.sample(key, theta, count).mul(1.3) }],
    ["keys", "sampling", { sample: (key, theta, count) => np.flip(model.sample(key, theta, count)) }],
    ["time in states", "structure", { expectedTimeIn: (theta) => model.expectedTimeIn(theta).mul(ratio) }],
    [
      "states",
      "structure",
      { stateProbabilities: (theta, at) => model.stateProbabilities(theta, at).mul(ratio) },
    ],
  ])("%s", (law, group, broken) => {
    expect(complaint(model, broken, group)).toContain(`"${law}"`);
  });

  /** The identity, with half the slope. */
  const wrongSlope = customJvp((x: Value) => x.mul(1));
  wrongSlope.defjvp(([x]: [Value], [tangent]: [Value]) => [x, tangent.mul(0.5)]);
});

test("a report names the law, both numbers, θ, the times and the model as a file", () => {
  const model = fromMatrices([1], [[-2]]);
  const message = complaint(model, { pdf: (theta, at) => model.pdf(theta, at).mul(3) }, "distribution");
  expect(message).toMatch(/phase_type breaks the law "density"/);
  expect(message).toMatch(/pdf\([\d.e-]+\): [\d.e-]+, but it must be [\d.e-]+ within/);
  expect(message).toContain("--times");
  expect(message).toContain("event leave_1 when phase == 1: phase = 0 @ 2");
});

test("a function with a wrong derivative breaks the laws of transforms", () => {
  const half = customJvp((x: Value) => np.sin(x));
  half.defjvp(([x]: [Value], [tangent]: [Value]) => [np.sin(x), np.cos(x).mul(tangent).mul(0.5)]);
  expect(() => laws.transforms(half, [np.array([0.3, 0.7])])).toThrow(/PHX989|breaks the law/);
});
