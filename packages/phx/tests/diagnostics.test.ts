// Golden files of diagnostics that only a computation can find: the first line of each .phx is the command that shows
// it. UPDATE_DIAGNOSTICS=1 writes the .expected files anew; read the difference before committing it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { allCodes } from "../src/all-codes.ts";
import { phx, root } from "./run-phx.ts";

const folder = fileURLToPath(new URL("diagnostics/", import.meta.url));
const language = fileURLToPath(new URL("../../dsl/tests/diagnostics/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".phx"));
const update = process.env["UPDATE_DIAGNOSTICS"] === "1";

describe("golden files of diagnostics of computations", () => {
  test.each(files)("%s", async (name) => {
    const [command] = readFileSync(folder + name, "utf8").split("\n");
    expect(command).toMatch(/^# phx \w+ FILE/);
    const path = folder.slice(root.length) + name;
    const { status, err } = await phx(command.slice(2).replace("FILE", path));
    const code = name.slice(0, 6);
    expect(err).toContain(`[${code}]`);
    expect(status === 0).toBe(allCodes.find((entry) => entry.code === code)?.severity === "warning");
    const expectedPath = folder + name.replace(/\.phx$/, ".expected");
    if (update) writeFileSync(expectedPath, err);
    expect(err).toBe(readFileSync(expectedPath, "utf8"));
  });
});

describe("the codes of the language", () => {
  /** Estimates show these: the tests of estimation have them. */
  const ofFits = new Set(["PHX803", "PHX804"]);
  const codes = allCodes.map(({ code }) => code).filter((code) => code <= "PHX806" && !ofFits.has(code));
  const shown = new Set([...readdirSync(language), ...files].map((name) => name.slice(0, 6)));

  test("all have a golden file", () => {
    expect(codes.filter((code) => !shown.has(code) && /^PHX[1-8]/.test(code))).toEqual([]);
  });

  test("are all explained", () => {
    const explained = new Set(allCodes.map(({ code }) => code));
    const packages = readdirSync(`${root}packages`).map((name) => `${root}packages/${name}/src/`);
    const sources = packages
      .filter((source) => existsSync(source))
      .flatMap((source) =>
        readdirSync(source, { recursive: true, encoding: "utf8" }).map((file) => source + file),
      )
      .filter((file) => file.endsWith(".ts"));
    const used = sources.flatMap((file) => readFileSync(file, "utf8").match(/(?<=")PHX\d{3}(?=")/g) ?? []);
    expect(used.length).toBeGreaterThan(allCodes.length);
    expect([...new Set(used)].filter((code) => !explained.has(code))).toEqual([]);
  });

  test("no golden file is of an unknown code, and none lacks its .phx", () => {
    const known = new Set(codes);
    expect(files.filter((name) => !known.has(name.slice(0, 6)))).toEqual([]);
    const orphans = readdirSync(folder).filter(
      (name) => name.endsWith(".expected") && !existsSync(folder + name.replace(/\.expected$/, ".phx")),
    );
    expect(orphans).toEqual([]);
  });
});
