// The examples at the end of every --help are run, their documents fit their schemas, and their text is kept.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@fast-check/vitest";
import { beforeAll, describe, expect } from "vitest";
import { commands } from "../src/commands/index.ts";
import { phx, root, spawnPhx, splitLine } from "./run-phx.ts";
import type { Outcome } from "./run-phx.ts";
import { roundedText } from "./same-text.ts";
import { violations } from "./validate.ts";

const schemaOf: Readonly<Record<string, string>> = {
  pdf: "curve",
  pmf: "curve",
  cdf: "curve",
  survival: "curve",
  hazard: "curve",
};

/** What differs from machine to machine, or with every new code, is not kept. */
const varying = new Set(["cache", "doctor", "explain"]);

/** Tests run without a trace cache; the command that looks after it gets a process and a directory of its own. */
const cacheDirectory = mkdtempSync(join(tmpdir(), "phx-examples-"));

function run(name: string, line: string): Promise<Outcome> {
  if (name !== "cache") return phx(line);
  return spawnPhx(splitLine(line).words, { PHX_CACHE: "on", PHX_CACHE_DIR: cacheDirectory });
}

beforeAll(() => {
  for (const name of ["aircondit", "remission", "k_of_n"]) rmSync(`${root}out/${name}.svg`, { force: true });
  for (const name of ["sizes", "chains"]) rmSync(`${root}out/${name}`, { recursive: true, force: true });
});

describe.each(commands.map((command) => [command.name, command] as const))("phx %s", (name, command) => {
  test.each(command.examples.map((example) => [example.line, example] as const))("%s", async (line) => {
    const { status, out, err } = await run(name, line);
    expect(status, err).toBe(0);
    const file = /--out (\S+)/.exec(line)?.[1];
    if (file !== undefined) {
      expect(existsSync(`${root}${file}`)).toBe(true);
      expect(readFileSync(`${root}${file}`, "utf8")).toContain("<svg");
      expect(err).toBe(`wrote ${file}\n`);
    } else {
      expect(err).toBe("");
      if (!varying.has(name)) expect(roundedText(out)).toMatchSnapshot();
    }
  });

  test.each(
    command.examples
      .filter(({ line }) => !/--(out|csv|plot|svg|dot)\b|-(\s|$)/.test(line))
      .map(({ line }) => [line.includes("--json") ? line : `${line} --json`]),
  )("%s fits its schema", async (line) => {
    const { status, out, err } = await run(name, line);
    expect(status, err).toBe(0);
    expect(violations(schemaOf[name] ?? name, out)).toBe("");
  });
});
