// The example models against exact values: vectors/example-models.json and the formulas of their literature.
import { readFileSync } from "node:fs";
import { fc, test } from "@fast-check/vitest";
import { loadData } from "phxlang";
import type { CompileOptions } from "phxlang";
import { describe, expect } from "vitest";
import { exactValue, example, expectClose, numbers } from "./exact.ts";

const vectors: { models: Record<string, Record<string, unknown>> } = JSON.parse(
  readFileSync(new URL("../../vectors/example-models.json", import.meta.url), "utf8"),
);

/** How each entry of the vectors is reached: the file, and constants that differ from the file's. */
const cases: Readonly<Record<string, { readonly file: string; readonly options?: CompileOptions }>> = {
  "kingman n=5 rate=1": { file: "kingman" },
  "sfs n=4 theta=2": { file: "sfs" },
  "rabbits n=2 flood 2,4": { file: "rabbits" },
  "mm1k K=5 lambda=4/5 mu=1": { file: "mm1k", options: { constants: { K: 5 } } },
  "m_erlang_1 K=6 r=3": { file: "m_erlang_1" },
  hyperexponential: { file: "hyperexponential" },
  "sir N=5 beta=2 gamma=1": { file: "sir" },
  "k_of_n 2-of-3 failure .1 repair 1": { file: "k_of_n" },
  "illness_death default": { file: "illness_death" },
  "gambler goal 10 stake 3 p=.45": { file: "gambler" },
  "pattern HTH": { file: "pattern" },
  "arg n=2 rho=1": { file: "arg" },
  "bottleneck n=4": { file: "bottleneck" },
  "isolation_migration default": { file: "isolation_migration" },
  "jsfs n1=n2=2 size=(2,1,4) m=(0.005,2) tau=3": { file: "jsfs" },
};

describe("vectors/example-models.json", () => {
  test("every entry is reached", () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(vectors.models).sort());
  });

  test.each(Object.entries(cases))("%s", async (key, { file, options }) => {
    const model = await example(file, options);
    const theta = model.defaults;
    const expected = vectors.models[key];
    const { mean, variance } = expected;
    if (typeof expected["states"] === "number") expect(model.graph.stateCount).toBe(expected["states"]);
    expectClose(model.mean(theta), typeof mean === "string" ? exactValue(mean) : Number(mean));
    if (typeof variance === "string") expectClose(model.variance(theta), exactValue(variance));
    for (const [name, value] of Object.entries(expected)) {
      const reward = /^reward (\S+)$/.exec(name)?.[1];
      if (reward !== undefined) expectClose(model.reward(reward).mean(theta), exactValue(String(value)));
    }
  });

  test("survival where epochs change", async () => {
    const bottleneck = await example("bottleneck");
    expectClose(bottleneck.survival(bottleneck.defaults, [0.2, 0.3]), survivals("bottleneck n=4"));
    const islands = await example("isolation_migration");
    expectClose(islands.survival(islands.defaults, [1.5]), survivals("isolation_migration default"));
  });

  function survivals(key: string): number[] {
    return (vectors.models[key]["survival_at_changes"] as string[]).map(Number);
  }
});

describe("Kingman's coalescent", () => {
  test.prop([fc.integer({ min: 2, max: 60 }), fc.double({ min: 0.01, max: 100, noNaN: true })], {
    numRuns: 20,
  })("E[T] = 2 (1 − 1/n) / rate, and the tree is 2 Σ 1/k / rate long", async (n, rate) => {
    const model = await example("kingman", { constants: { n } });
    expectClose(model.mean([rate]), (2 * (1 - 1 / n)) / rate);
    let harmonic = 0;
    for (let k = 1; k < n; k++) harmonic += 1 / k;
    expectClose(model.reward("tree_length").mean([rate]), (2 * harmonic) / rate);
  });
});

describe("the site-frequency spectrum", () => {
  test.each([4, 6, 9])("for n = %d has Fu's means and covariances (1995, equations 1 to 5)", async (n) => {
    const theta = 3;
    const model = await example("sfs", { constants: { n } });
    const names = Array.from({ length: n - 1 }, (_, index) => `branch[${index + 1}]`);
    for (const [index, name] of names.entries())
      expectClose(model.reward(name).mean([theta]), theta / (index + 1));
    const expected = names.flatMap((_, i) =>
      names.map((__, j) => theta * theta * fuCovariance(n, i + 1, j + 1)),
    );
    const found = numbers(model.covariance([theta], names));
    const scale = Math.max(...expected);
    for (const [index, value] of expected.entries())
      expect(Math.abs(found[index] - value)).toBeLessThan(1e-13 * scale);
  });
});

/** σ_ij of Fu (1995), Theoretical Population Biology 48:172–197. */
function fuCovariance(n: number, first: number, second: number): number {
  const i = Math.max(first, second);
  const j = Math.min(first, second);
  const a = (count: number): number =>
    Array.from({ length: count - 1 }, (_, k) => 1 / (k + 1)).reduce((x, y) => x + y, 0);
  const beta = (k: number): number => ((2 * n) / ((n - k + 1) * (n - k))) * (a(n + 1) - a(k)) - 2 / (n - k);
  if (i === j) {
    if (2 * i < n) return beta(i + 1);
    if (2 * i === n) return (2 * (a(n) - a(i))) / (n - i) - 1 / (i * i);
    return beta(i) - 1 / (i * i);
  }
  if (i + j < n) return (beta(i + 1) - beta(i)) / 2;
  if (i + j === n) {
    return (a(n) - a(i)) / (n - i) + (a(n) - a(j)) / (n - j) - (beta(i) + beta(j + 1)) / 2 - 1 / (i * j);
  }
  return (beta(j) - beta(j + 1)) / 2 - 1 / (i * j);
}

describe("the ancestral recombination graph", () => {
  test.prop([fc.double({ min: 0, max: 1000, noNaN: true })], { numRuns: 20 })(
    "Cov(left_age, right_age) = (ρ + 18) / (ρ² + 13 ρ + 18)",
    async (rho) => {
      const model = await example("arg");
      const [, covariance] = numbers(model.covariance([rho], ["left_age", "right_age"]));
      // Covariances are differences of products near 1: their error is absolute.
      expect(Math.abs(covariance - (rho + 18) / (rho * rho + 13 * rho + 18))).toBeLessThan(1e-13);
      expectClose(model.reward("left_age").mean([rho]), 1);
    },
  );

  test("correlation at ρ = 1 is 19/32", async () => {
    const model = await example("arg");
    expectClose(numbers(model.correlation([1], ["left_age", "right_age"]))[1], 19 / 32);
  });
});

test("the joint site-frequency spectrum is that of an independent computation", async () => {
  const model = await example("jsfs");
  const [entry] = Object.entries(vectors.models).filter(([key]) => key.startsWith("jsfs"));
  const table = entry[1]["expected_branch_length_by_(i,j)"] as number[][];
  // The reference is a double-precision matrix exponential: its own error is about 1e-13.
  for (const [i, row] of table.entries()) {
    for (const [j, expected] of row.entries()) {
      if (expected > 0) expectClose(model.reward(`branch[${i}, ${j}]`).mean(model.defaults), expected, 1e-12);
    }
  }
});

test("the phase-type example of BuTools has mean 0.20938722294654498", async () => {
  const model = await example("phase_type");
  expectClose(model.mean(model.defaults), Number("0.20938722294654498"));
});

test.prop([fc.double({ min: 1e-6, max: 10, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true })], {
  numRuns: 20,
})("2 of 3 units with one repair crew last (5λ + μ) / (6λ²)", async (failure, repair) => {
  const model = await example("k_of_n");
  expectClose(model.mean([failure, repair]), (5 * failure + repair) / (6 * failure * failure));
});

test("polling has 240 states, 230 of them transient", async () => {
  const model = await example("polling");
  const { stop } = model.graph.epochs[0];
  expect([stop.length, stop.filter((cause) => cause < 0).length]).toEqual([240, 230]);
});

test("a fair gambler is ruined with probability 1 − stake / goal", async () => {
  const model = await example("gambler");
  expectClose(model.absorption([0.5]), [0.7, 0.3]);
});

describe("real data", () => {
  test("one phase of aircondit is the exponential: its log-likelihood at its maximum is known", async () => {
    const model = await example("aircondit", { constants: { m: 1 } });
    const data = await loadData(model);
    expectClose(model.logLikelihood([24 / 1539, 0], data), -123.86002328378241);
  });

  test("a remission model without phases is two exponentials: 9/359 and 21/182 per week", async () => {
    const model = await example("remission");
    const data = await loadData(model);
    // slow = 0: nobody settles, and relapse has the rate leave · exp(−effect · treated).
    const leave = 21 / 182;
    const effect = Math.log(leave / (9 / 359));
    const expected = 9 * Math.log(9 / 359) - 9 + 21 * Math.log(21 / 182) - 21;
    expectClose(model.logLikelihood([1e-300, leave, effect], data), expected);
  });
});
