// phx predict and phx calibrate: what they draw follows from known distributions, and bad input is refused before any work.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromArvizJson } from "@phxlang/inference";
import { afterAll, describe, expect, test } from "vitest";
import { phx } from "./run-phx.ts";

const directory = mkdtempSync(join(tmpdir(), "phx-predict-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});
const at = (name: string): string => join(directory, name);

/** One exponential rate with a gamma(3, 2) prior. */
writeFileSync(
  at("exponential.phx"),
  `model exponential
param rate > 0 = 1 ~ gamma(3, 2)
state alive in bool
start: alive = true
stop when not alive
event die when alive: alive = false @ rate
data rows from "rows.csv"
observe rows: stop at time
`,
);
const file = at("exponential.phx");
const rows = (texts: readonly string[]): void => writeFileSync(at("rows.csv"), `time\n${texts.join("\n")}\n`);
rows(["1", "2", "0.5", "1.5"]);

interface Predicted {
  readonly rows: readonly { readonly mean: number; readonly observed: number }[];
  readonly exactRows: number;
}

describe("predict", () => {
  test("from the prior: times of a Lomax distribution", async () => {
    const { out } = await phx(
      `predict ${file} --prior --count 4000 --seed 1 --out ${at("prior.csv")} --json`,
    );
    const { rows: found }: Predicted = JSON.parse(out);
    // E[T] = E[1 / rate] = 2 / (3 − 1) = 1; P(T > t) = (2 / (2 + t))³. 16,000 values, 4,000 independent rates.
    expect(found.map(({ observed }) => observed)).toEqual([1, 2, 0.5, 1.5]);
    const [header, ...lines] = readFileSync(at("prior.csv"), "utf8").trimEnd().split("\n");
    expect(header).toBe("draw,row,value");
    const values = lines.map((row) => Number(row.split(",")[2]));
    expect(values).toHaveLength(16_000);
    for (const t of [0.2, 1, 3]) {
      const share = values.filter((value) => value > t).length / values.length;
      // Five standard deviations of 4,000 draws.
      const expected = (2 / (2 + t)) ** 3;
      expect(Math.abs(share - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / 4000));
    }
  });

  test("from saved draws: at these parameters, in any order of columns", async () => {
    const draws = { posterior: { other: [[1, 2, 3, 4]], rate: [[1e3, 1e3, 1e3, 1e3]] } };
    writeFileSync(at("draws.json"), JSON.stringify(draws));
    const { status, out, err } = await phx(
      `predict ${file} ${at("draws.json")} --count 4 --out ${at("posterior.json")} --json`,
    );
    expect(status, err).toBe(0);
    const { rows: found }: Predicted = JSON.parse(out);
    // Sixteen times of mean 1e-3: none is above 0.03 but once in 10¹¹.
    expect(found.every(({ mean }) => mean > 0 && mean < 0.03)).toBe(true);
    const { groups } = fromArvizJson(readFileSync(at("posterior.json"), "utf8"));
    expect(groups.posterior_predictive?.["y"].shape).toEqual([1, 4, 4]);
    expect(Array.from(groups.observed_data?.["y"].values ?? [])).toEqual([1, 2, 0.5, 1.5]);
  });

  test("the same seed, the same draws; another one, others", async () => {
    const asked = `predict ${file} --prior --count 5 --json`;
    const [first, again, other] = await Promise.all([1, 1, 2].map((seed) => phx(`${asked} --seed ${seed}`)));
    expect(again.out).toBe(first.out);
    expect(other.out).not.toBe(first.out);
  });

  test.each([
    [`${at("draws.json")} --prior`, "PHX995"],
    ["--out x.svg", "PHX998"],
    ["--method mle", "PHX993"],
    ["--count 0", "PHX993"],
  ])("%s is refused", async (options, code) => {
    expect((await phx(`predict ${file} ${options}`)).err).toContain(code);
  });

  test("draws of another model, and models without priors, are refused", async () => {
    expect((await phx(`predict examples/leukemia.phx ${at("draws.json")}`)).err).toContain("PHX847");
    expect((await phx("predict examples/hyperexponential.phx --prior")).err).toContain("PHX835");
  });
});

describe("calibrate", () => {
  const asked = `calibrate ${file} --method laplace --draws 19 --ranked 19 --bins 2 --replications 10 --quiet`;

  test("histograms hold every replication", async () => {
    const { status, out, err } = await phx(`${asked} --json`);
    expect(status, err).toBe(0);
    const { parameters } = JSON.parse(out) as { parameters: { histogram: number[] }[] };
    expect(parameters.map(({ histogram }) => histogram.reduce((a, b) => a + b, 0))).toEqual([10]);
  });

  test.each([
    ["--out x.csv", "PHX998"],
    ["--bins 3", "PHX842"],
    ["--replications 9", "PHX842"],
    ["--resume", "PHX993"],
  ])("%s is refused before any work", async (options, code) => {
    expect((await phx(`${asked} ${options}`)).err).toContain(code);
  });
});

describe("every command that fits refuses bad data before any work", () => {
  const bad: readonly (readonly [string, readonly string[], string])[] = [
    ["no number", ["1", "NaN", "2"], "PHX603"],
    ["a negative time", ["1", "-2"], "PHX604"],
    ["no rows", [], "PHX601"],
  ];
  test.each(bad)("%s", async (_, texts, code) => {
    writeFileSync(at("bad.csv"), `time\n${texts.map((text) => `${text}\n`).join("")}`);
    for (const command of [
      "fit",
      "fit -m laplace",
      "fit -m pathfinder",
      "fit -m nuts",
      "fit -m svgd",
      "predict",
      "calibrate",
    ]) {
      const { status, err } = await phx(
        `${command} ${file} --data ${at("bad.csv")}`.replace(/^(fit) (-m \w+) (\S+)/, "$1 $3 $2"),
      );
      expect(status).toBe(1);
      expect(err).toContain(code);
      if (code !== "PHX601") expect(err).toMatch(/row [23]/);
      if (code !== "PHX601") expect(err).toContain("time");
    }
  });

  test("a start out of bounds", async () => {
    expect((await phx(`fit ${file} --theta rate=-1`)).err).toMatch(/PHX\d+/);
  });
});
