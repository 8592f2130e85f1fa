// phx fit --out: the ending of the path decides, and what cannot be written is refused before any work.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { phx } from "./run-phx.ts";

const directory = mkdtempSync(join(tmpdir(), "phx-fit-output-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const line = "fit examples/aircondit.phx --method nuts --chains 2 --warmup 20 --draws 10 --quiet";

/** Draws of the first parameter of a chain, from Stan CSV. */
function fromStan(text: string): number[] {
  const [header, ...rows] = text
    .trimEnd()
    .split("\n")
    .filter((row) => !row.startsWith("#"))
    .map((row) => row.split(","));
  const column = header.findIndex((name) => !name.endsWith("__"));
  return rows.map((row) => Number(row[column]));
}

test("a directory, a table and the groups of ArviZ hold the same draws", async () => {
  const chains = join(directory, "chains");
  for (const path of [`${chains}/`, join(directory, "draws.csv"), join(directory, "draws.json")]) {
    expect((await phx(`${line} --out ${path}`)).status).toBe(0);
  }
  expect(readdirSync(chains)).toEqual(["chain-1.csv", "chain-2.csv"]);
  const stan = [1, 2].map((c) => fromStan(readFileSync(join(chains, `chain-${c}.csv`), "utf8")));
  expect(stan.map((chain) => chain.length)).toEqual([10, 10]);
  const [header, ...rows] = readFileSync(join(directory, "draws.csv"), "utf8").trimEnd().split("\n");
  expect(rows.map((row) => Number(row.split(",")[0]))).toEqual(stan.flat());
  const groups: unknown = JSON.parse(readFileSync(join(directory, "draws.json"), "utf8"));
  const flags = Array.from({ length: 10 }, () => expect.any(Boolean) as unknown);
  expect(groups).toMatchObject({
    posterior: { [header.split(",")[0]]: stan },
    sample_stats: { diverging: [flags, flags] },
  });
  expect(readFileSync(join(chains, "chain-1.csv"), "utf8")).toContain(",settle.1");
});

test("other endings, and maximum likelihood, are refused", async () => {
  expect((await phx(`${line} --out draws.xls`)).err).toContain("PHX998");
  expect((await phx("fit examples/aircondit.phx --out draws.csv")).err).toContain("PHX995");
});
