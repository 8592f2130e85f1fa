// The examples at the end of every --help are run, their documents fit their schemas, and their text is kept.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { test } from "@fast-check/vitest";
import { beforeAll, describe, expect } from "vitest";
import { commands } from "../src/commands/index.ts";
import { phx, root } from "./run-phx.ts";
import { violations } from "./validate.ts";

const schemaOf: Readonly<Record<string, string>> = {
  pdf: "curve",
  pmf: "curve",
  cdf: "curve",
  survival: "curve",
  hazard: "curve",
};

/** What differs from machine to machine is not kept. */
const varying = new Set(["doctor"]);

beforeAll(() => {
  for (const name of ["aircondit", "remission", "k_of_n"]) rmSync(`${root}out/${name}.svg`, { force: true });
});

describe.each(commands.map((command) => [command.name, command] as const))("phx %s", (name, command) => {
  test.each(command.examples.map((example) => [example.line, example] as const))("%s", async (line) => {
    const { status, out, err } = await phx(line);
    expect(status, err).toBe(0);
    const file = /--out (\S+)/.exec(line)?.[1];
    if (file !== undefined) {
      expect(existsSync(`${root}${file}`)).toBe(true);
      expect(readFileSync(`${root}${file}`, "utf8")).toContain("<svg");
      expect(err).toBe(`wrote ${file}\n`);
    } else {
      expect(err).toBe("");
      expect(out).not.toBe(varying.has(name) ? "" : undefined);
      if (!varying.has(name)) expect(out).toMatchSnapshot();
    }
  });

  test.each(
    command.examples
      .filter(({ line }) => !/--(out|csv|plot|svg|dot)\b|-(\s|$)/.test(line))
      .map(({ line }) => [line.includes("--json") ? line : `${line} --json`]),
  )("%s fits its schema", async (line) => {
    const { status, out, err } = await phx(line);
    expect(status, err).toBe(0);
    expect(violations(schemaOf[name] ?? name, out)).toBe("");
  });
});
