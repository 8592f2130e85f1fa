// Exact values of the example models of the language, built with defineModel.
import { readFileSync } from "node:fs";
import type { Value } from "@phxlang/autodiff";
import { grad, hessian, jacfwd, NdArray } from "@phxlang/autodiff";
import type { ModelDescription } from "@phxlang/graph";
import { expect, test } from "vitest";
import { makeModel } from "../src/index.ts";
import { expectNear, fraction } from "./support/expectations.ts";
import {
  epidemic,
  erlangQueue,
  gambler,
  hyperexponential,
  illnessDeath,
  kingman,
  pattern,
  queue,
  rabbits,
  recombination,
  redundancy,
  siteFrequencies,
} from "./support/example-models.ts";

const { models } = JSON.parse(
  readFileSync(new URL("../../../vectors/example-models.json", import.meta.url), "utf8"),
) as { models: Record<string, Record<string, string | number>> };

const table: [string, ModelDescription, number[]][] = [
  ["kingman n=5 rate=1", kingman(5), [1]],
  ["sfs n=4 theta=2", siteFrequencies(4), [2]],
  ["rabbits n=2 flood 2,4", rabbits(2), [2, 4]],
  ["mm1k K=5 lambda=4/5 mu=1", queue(5), [0.8, 1]],
  ["m_erlang_1 K=6 r=3", erlangQueue(6, 3), [0.5, 1]],
  ["hyperexponential", hyperexponential(), [0.3, 0.5, 5]],
  ["sir N=5 beta=2 gamma=1", epidemic(5), [2, 1]],
  ["k_of_n 2-of-3 failure .1 repair 1", redundancy(3, 2), [0.1, 1]],
  ["illness_death default", illnessDeath(), [0.1, 0.3, 0.2, 0.1, 0.05, 0.05, 0.3]],
  ["gambler goal 10 stake 3 p=.45", gambler(10, 3), [0.45]],
  ["pattern HTH", pattern(), [0.5]],
  ["arg n=2 rho=1", recombination(2), [1]],
];

test.each(table)("%s", (key, description, theta) => {
  const exact = models[key];
  const model = makeModel(description);
  expect(model.graph.stateCount).toBe(exact["states"]);
  expectNear(model.mean(theta), fraction(String(exact["mean"])), 1e-13);
  expectNear(model.variance(theta), fraction(String(exact["variance"])), 1e-13);
  expectNear(model.mean(model.defaults), fraction(String(exact["mean"])), 1e-13);
  for (const [name, value] of Object.entries(exact)) {
    if (!name.startsWith("reward ") || name.endsWith(" float")) continue;
    expectNear(
      model.reward(name.slice(7).replace("[", "_").replace("]", "")).mean(theta),
      fraction(String(value)),
      1e-13,
    );
  }
});

test("correlation of the two ages of the recombination graph", () => {
  const model = makeModel(recombination(2));
  for (const rho of [0.1, 1, 7]) {
    const expected = (rho + 18) / (rho * rho + 13 * rho + 18);
    expectNear(model.covariance([rho], ["left_age", "right_age"]).slice(0, 1), expected, 1e-12);
  }
  expectNear(model.correlation([1], ["left_age", "right_age"]).slice(0, 1), 19 / 32, 1e-12);
  expectNear(model.jointMoment([1], ["left_age", "right_age"]), 19 / 32 + 1, 1e-13);
});

test("an M/M/1/100 queue under load 4 has a finite mean, and the right one", () => {
  // First passage from 0 to K: Σ_{k<K} Σ_{j≤k} μ^j / λ^{j+1}; here the load is μ / λ = 4.
  const model = makeModel(queue(100));
  let expected = 0;
  for (let k = 0; k < 100; k++) for (let j = 0; j <= k; j++) expected += 4 ** j;
  expectNear(model.mean([1, 4]), expected, 1e-13);
  // 10⁶⁰ jumps: differences of expected times say nothing, elimination on jets does.
  let [inLambda, inMu, twiceInMu] = [0, 0, 0];
  for (let k = 0; k < 100; k++) {
    for (let j = 0; j <= k; j++) {
      inLambda -= (j + 1) * 4 ** j;
      inMu += j * 4 ** (j - 1);
      twiceInMu += j * (j - 1) * 4 ** (j - 2);
    }
  }
  const at = new NdArray(Float64Array.of(1, 4), [2], "f64");
  const mean = (x: Value): Value => model.mean(x);
  expectNear(grad(mean)(at), [inLambda, inMu], 1e-12);
  expectNear(jacfwd(mean)(at), [inLambda, inMu], 1e-12);
  expectNear(hessian(mean)(at).slice(1, 1), twiceInMu, 1e-12);
});

test("probabilities of ruin, and its time", () => {
  const model = makeModel(gambler(10, 3));
  const ratio = 0.55 / 0.45;
  const rich = (1 - ratio ** 3) / (1 - ratio ** 10);
  expectNear(model.absorption([0.45]), [1 - rich, rich], 1e-13);
  expectNear(model.pmf([0.45], 3, { cause: "ruined" }), 0.55 ** 3, 1e-14);
  expectNear(model.pmf([0.45], 4), 0, 0);
  expect(model.logPmf([0.45], 4).item()).toBe(-Infinity);
  const steps = Array.from({ length: 200 }, (_, k) => k);
  const byCause = model.cdf([0.45], steps, { cause: "rich" });
  const total = model.cdf([0.45], steps).sub(byCause);
  expectNear(total, Array.from(model.cdf([0.45], steps, { cause: "ruined" }).dataSync()), 1e-13, 1e-3);
});
