// The TypeScript examples, with the numbers that they must find; and the data that they made.
import { readFileSync } from "node:fs";
import { test } from "@fast-check/vitest";
import { grad, hessian, np, random } from "phxlang";
import { expect } from "vitest";
import { facts } from "../coalescent.ts";
import { estimate } from "../likelihood.ts";
import { gradients } from "../particles.ts";
import { simulateVisits } from "../simulate-visits.ts";
import { example, expectClose, numbers } from "./exact.ts";

const dataFolder = new URL("../../data/", import.meta.url);

test("coalescent.ts finds E[T] = 2 (1 − 1/n) and its slope", async () => {
  const found = facts(20, 0.5);
  expectClose(found.mean, (2 * (1 - 1 / 20)) / 0.5);
  expectClose(found.meanSlope, (-2 * (1 - 1 / 20)) / 0.25);
  const file = await example("kingman", { constants: { n: 20 } });
  expectClose(file.reward("tree_length").mean([0.5]), found.treeLength);
  expectClose(file.logPdf([0.5], 1000), found.logDensityAt1000);
});

test("likelihood.ts stops where the gradient is 0 and the curvature is downwards", async () => {
  const found = await estimate();
  expect(found.iterations).toBeLessThan(12);
  // By an independent search (Nelder–Mead on the closed form of the likelihood).
  expect(found.leave).toBeCloseTo(0.149252509, 6);
  expect(found.effect).toBeCloseTo(1.441141941, 6);
  expect(found.logLikelihood).toBeCloseTo(-110.874458085, 7);
  for (const error of found.standardErrors) expect(error).toBeGreaterThan(0);
});

test("particles.ts: compiled and vectorised gradients are those of one particle at a time", async () => {
  const found = await gradients(50);
  const model = await example("kingman", { constants: { n: 20 } });
  const slope = grad((theta) => model.logPdf(theta, [0.8, 1.1, 1.7, 2.4]).sum());
  const rates = numbers(found.rates);
  const expected = rates.flatMap((rate) => numbers(slope(np.array([rate]))));
  expectClose(found.gradients, expected, 1e-11);
  expect(numbers(hessian((theta) => model.mean(theta))(np.array([2])))[0]).toBeCloseTo(1.9 / 4, 13);
});

test("data/visits.csv is what simulate-visits.ts writes", async () => {
  expect(await simulateVisits(40, 1)).toBe(readFileSync(new URL("visits.csv", dataFolder), "utf8"));
});

test("data/jobs.csv is a sample of hyperexponential.phx", async () => {
  const model = await example("hyperexponential");
  const draws = numbers(model.sample(random.key(1), model.defaults, 60));
  expect(readFileSync(new URL("jobs.csv", dataFolder), "utf8")).toBe(`duration\n${draws.join("\n")}\n`);
});
