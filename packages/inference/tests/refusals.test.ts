// Every method: bad input is refused before any work, and threads do not change a bit.
import type { Device } from "@phxlang/autodiff";
import { random } from "@phxlang/autodiff";
import { openWorkers } from "@phxlang/runtime";
import { describe, expect, test } from "vitest";
import { calibrate, fit, priorPredictive } from "../src/index.ts";
import type { Data } from "../src/index.ts";
import { erlang, observations, twoGroups, twoGroupsData } from "./support/models.ts";

const model = erlang(2, { law: "gamma", args: [2, 1] });
const key = random.key(4);

const methods: readonly (readonly [string, (data: Data) => unknown])[] = [
  ["mle", (data) => fit.mle(model, { data })],
  ["laplace", (data) => fit.laplace(model, { data, key })],
  ["pathfinder", (data) => fit.pathfinder(model, { data, key })],
  ["nuts", (data) => fit.nuts(model, { data, key, onProgress: () => expect.fail("work was done") })],
  ["svgd", (data) => fit.svgd(model, { data, key, onProgress: () => expect.fail("work was done") })],
];

describe.each(methods)("%s", (_, run) => {
  test("refuses data without rows", () => {
    expect(() => run(observations([]))).toThrow("PHX830");
  });

  test("refuses data in which nothing ends", () => {
    expect(() => run(observations([1, 2, 3], [true, true, true]))).toThrow("PHX834");
  });

  test.each([
    ["NaN", Number.NaN],
    ["a negative time", -1],
    ["an infinite time", Infinity],
  ])("refuses %s, and says in which row", (__, wrong) => {
    expect(() => run(observations([1, wrong, 2]))).toThrow(/row 2|\[1\]/);
  });
});

test("what draws from priors needs them", () => {
  const without = erlang(2);
  const data = observations([1, 2]);
  expect(() => priorPredictive(without, data, key, 3)).toThrow("PHX835");
  expect(() => calibrate(without, { data, key, fit: () => expect.fail("work was done") })).toThrow("PHX835");
});

describe("one thread and two", () => {
  const data = twoGroupsData(3, 4);
  const fits: Readonly<Record<string, (device?: Device) => unknown>> = {
    nuts: (device) =>
      fit.nuts(twoGroups(), { data, key, chains: 3, warmup: 12, draws: 8, ...(device && { device }) }),
    svgd: (device) =>
      fit.svgd(twoGroups(), { data, key, particles: 11, iterations: 6, ...(device && { device }) }),
    laplace: (device) => fit.laplace(twoGroups(), { data, key, draws: 9, ...(device && { device }) }),
  };

  test.each(Object.keys(fits))("%s draws the same bits on both, and without threads", (name) => {
    const alone = fits[name]();
    for (const threads of [1, 2]) expect(fits[name](openWorkers({ threads }))).toEqual(alone);
  });
});
