// phx diagnose and phx plot: every format of saved draws says the same, and what holds no draws is refused.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { phx } from "./run-phx.ts";

const directory = mkdtempSync(join(tmpdir(), "phx-draws-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const at = (name: string): string => join(directory, name);
const line =
  "fit examples/leukemia.phx --method nuts --chains 2 --warmup 40 --draws 60 --seed 3 --quiet --json";

interface Document {
  readonly parameters: readonly Readonly<Record<string, number>>[];
  readonly leaveOneOut: { readonly elpd: number } | null;
  readonly divergences: readonly number[];
  readonly energyFractions: readonly number[];
}

const parsed = (text: string): Document => JSON.parse(text);
let fit: Document;

beforeAll(async () => {
  for (const name of ["draws.json", "draws.nc", "chains"]) {
    fit = parsed((await phx(`${line} --out ${at(name)}`)).out);
  }
});

describe("diagnose", () => {
  test.each(["draws.json", "draws.nc", "chains", "chains/chain-1.csv chains/chain-2.csv"])(
    "of %s says what the fit said, to the last bit",
    async (names) => {
      const paths = names.split(" ").map(at).join(" ");
      const { status, out, err } = await phx(`diagnose ${paths} --json`);
      expect(status, err).toBe(0);
      const found = parsed(out);
      expect(found.parameters).toEqual(fit.parameters);
      expect(found.leaveOneOut).toEqual(names.includes("chain") ? null : fit.leaveOneOut);
      expect(found.divergences).toHaveLength(2);
      expect(found.energyFractions.every((fraction) => fraction > 0.3)).toBe(true);
    },
  );

  test("reads CSV of CmdStan: warm-up that was saved is left out, indices become brackets", async () => {
    const rows = [9, 9, 1, 2, 3, 4].map((x) => `-1,0,${x},${10 * x}`);
    const text = [
      "# model = bernoulli",
      "#     num_warmup = 2",
      "#     save_warmup = 1",
      "lp__,divergent__,theta,w.1.2",
      ...rows,
    ];
    writeFileSync(at("stan.csv"), `${text.join("\n")}\n`);
    const { parameters } = parsed((await phx(`diagnose ${at("stan.csv")} --json`)).out);
    expect(parameters.map(({ name, mean }) => [name, mean])).toEqual([
      ["theta", 2.5],
      ["w[1,2]", 25],
    ]);
  });

  test("particles have no R-hat", async () => {
    const path = at("particles.json");
    await phx(`fit examples/leukemia.phx -m svgd --particles 12 --iterations 5 --quiet --out ${path}`);
    const { parameters } = parsed((await phx(`diagnose ${path} --json`)).out);
    expect(parameters[0]).not.toHaveProperty("rhat");
    expect((await phx(`plot ${path} --kind trace`)).err).toContain("PHX995");
  });

  test.each([
    ["data/aircondit7.csv data/jobs.csv", "different columns"],
    ["examples", "no .csv files"],
    ["README.md", "ends neither in"],
    ["no-such-file.json", "PHX996"],
    ["package.json", "no group `posterior`"],
    ["data/leukemia-remission.csv", "does not have a number"],
  ])("%s is refused", async (paths, reason) => {
    const { status, err } = await phx(`diagnose ${paths}`);
    expect(status).not.toBe(0);
    expect(err).toContain(reason);
  });
});

describe("plot", () => {
  test.each([
    ["density", 2],
    ["trace", 2],
    ["rank", 2],
    ["pair", 1],
  ])("%s has %d panels", async (kind, count) => {
    const { status, out, err } = await phx(`plot ${at("draws.nc")} --kind ${kind}`);
    expect(status, err).toBe(0);
    // The sheet and its panels.
    expect(out.match(/<svg/g)).toHaveLength(1 + count);
    expect(out).not.toContain("NaN");
  });

  test("data: survival of both groups; as PNG and page too", async () => {
    const asked = `plot ${at("draws.json")} --kind data --model examples/leukemia.phx`;
    const { out } = await phx(asked);
    expect(out).toContain("treated = 1");
    expect(out).toContain("P(T &gt; t)");
    for (const ending of ["png", "html"]) {
      expect((await phx(`${asked} --out ${at(`fit.${ending}`)}`)).status).toBe(0);
    }
    expect(readFileSync(at("fit.png")).subarray(1, 4).toString()).toBe("PNG");
    expect(readFileSync(at("fit.html"), "utf8")).toContain("<svg");
  });

  test("--parameters chooses, and wrong names are answered with the right ones", async () => {
    const { out } = await phx(`plot ${at("draws.json")} --parameters drug`);
    expect(out.match(/<svg/g)).toHaveLength(2);
    expect((await phx(`plot ${at("draws.json")} --parameters drg`)).err).toContain("drug");
  });

  test.each([
    ["--kind data", "PHX995"],
    ["--model examples/leukemia.phx", "PHX995"],
    ["--json", "PHX995"],
    ["--kind data --model examples/kingman.phx", "PHX847"],
    ["--kind pair --parameters drug", "PHX995"],
    [`--out ${at("x.pdf")}`, "PHX998"],
  ])("%s is refused", async (options, code) => {
    expect((await phx(`plot ${at("draws.json")} ${options}`)).err).toContain(code);
    expect(existsSync(at("x.pdf"))).toBe(false);
  });
});
