// Draws: from the right law, and functions of the key and their number alone.
import { NdArray, vmap } from "@phxlang/autodiff";
import type { Value } from "@phxlang/autodiff";
import { expect, test, vi } from "vitest";
import type { Model } from "../src/index.ts";
import { jit, makeModel } from "../src/index.ts";
import { threefry } from "../src/sampling/threefry.ts";
import { elementsOf } from "./support/expectations.ts";
import { epidemic, gambler, illnessDeath, rabbits } from "./support/example-models.ts";

const key = (seed: number): NdArray => new NdArray(Uint32Array.of(0, seed), [2], "u32");

/** Kolmogorov's distance between draws and a distribution function, times √n. */
function distance(draws: readonly number[], cdf: (times: number[]) => number[]): number {
  const sorted = draws.toSorted((a, b) => a - b);
  const law = cdf(sorted);
  let largest = 0;
  for (const [i, p] of law.entries()) {
    largest = Math.max(largest, Math.abs(p - i / law.length), Math.abs(p - (i + 1) / law.length));
  }
  return largest * Math.sqrt(draws.length);
}

test("threefry gives the words of its reference implementation", () => {
  const words = new Uint32Array(2);
  threefry(0, 0, 0, 0, words);
  expect(Array.from(words)).toEqual([0x6b200159, 0x99ba4efe]);
  threefry(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, words);
  expect(Array.from(words)).toEqual([0x1cb996fc, 0xbb002be7]);
  threefry(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, words);
  expect(Array.from(words)).toEqual([0xc4923a9c, 0x483df7a0]);
});

test("times and rewards have their laws", () => {
  const count = 4000;
  // At 2.2 the distance is exceeded once in 8,000 cases; the key is fixed.
  const rabbit = makeModel(rabbits(3));
  const times = elementsOf(rabbit.sample(key(1), [2, 4], count));
  expect(distance(times, (t) => elementsOf(rabbit.cdf([2, 4], t)))).toBeLessThan(2.2);
  const sick = makeModel(epidemic(5));
  const days = sick.reward("infectious_days");
  const rewards = elementsOf(days.sample(key(2), [2, 1], count));
  expect(distance(rewards, (t) => elementsOf(days.cdf([2, 1], t)))).toBeLessThan(2.2);
  const cases = elementsOf(sick.reward("cases").sample(key(3), [2, 1], count));
  const law = elementsOf(sick.reward("cases").pmf([2, 1], [0, 1, 2, 3, 4]));
  for (const [k, p] of law.entries()) {
    const share = cases.filter((x) => x === k).length / count;
    expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count));
  }
});

test("draws depend on the key and their number alone", () => {
  const model = makeModel(gambler(6, 3));
  const ten = elementsOf(model.sample(key(7), [0.4], 10));
  expect(elementsOf(model.sample(key(7), [0.4], 4))).toEqual(ten.slice(0, 4));
  const draw = (k: Value): Value => model.sample(k, [0.4], 3);
  const keys = new NdArray(Uint32Array.of(0, 7, 0, 8), [2, 2], "u32");
  const both = [...ten.slice(0, 3), ...elementsOf(model.sample(key(8), [0.4], 3))];
  expect(elementsOf(vmap(draw)(keys))).toEqual(both);
  expect(elementsOf(jit(vmap(draw))(keys))).toEqual(both);
});

test("a sampled path ends when the first draw does, and is a path of the graph", () => {
  const check = (model: Model, theta: number[], seed: number): void => {
    const path = model.samplePath(key(seed), theta);
    expect(path.end).toBe(model.sample(key(seed), theta, 1).item());
    expect(path.states.length).toBe(path.events.length + 1);
    const last = path.states[path.states.length - 1];
    expect(model.graph.epochs[0].stop[last]).toBe(path.cause);
    for (let k = 0; k + 1 < path.states.length; k++) {
      const { rowOffsets, targets } = model.graph;
      const row = targets.subarray(rowOffsets[path.states[k]], rowOffsets[path.states[k] + 1]);
      expect(row).toContain(path.states[k + 1]);
      expect(path.times[k + 1]).toBeGreaterThan(path.times[k]);
    }
  };
  const ill = makeModel(illnessDeath());
  for (let seed = 0; seed < 20; seed++) check(ill, elementsOf(ill.defaults), seed);
  const game = makeModel(gambler(6, 3));
  for (let seed = 0; seed < 20; seed++) check(game, [0.4], seed);
});

test("draws and quantiles ask nothing of the engine's own exp and log, whose last bits differ between engines", () => {
  const model = makeModel(rabbits(2));
  const results = (): number[] => [
    ...elementsOf(model.sample(key(7), [2, 4], 20)),
    ...elementsOf(model.quantile([2, 4], [0.01, 0.5, 0.99])),
  ];
  const expected = results();
  const spies = (["exp", "expm1", "log", "log1p"] as const).map((name) =>
    vi.spyOn(Math, name).mockImplementation(() => Number.NaN),
  );
  try {
    expect(results()).toEqual(expected);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});
