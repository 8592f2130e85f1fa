// Golden files: every code of the registry has a .phx that shows it, beside the exact words that it prints.
// UPDATE_DIAGNOSTICS=1 writes the .expected files anew; read the difference before committing it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dslCodes } from "@phxlang/dsl";
import { describe, expect, test } from "vitest";
import { diagnose, diagnoseText } from "./diagnose.ts";

const folder = fileURLToPath(new URL("diagnostics/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".phx") && name.startsWith("PHX"));
const update = process.env["UPDATE_DIAGNOSTICS"] === "1";

describe("golden files of diagnostics", () => {
  test.each(files)("%s", (name) => {
    const expectedPath = folder + name.replace(/\.phx$/, ".expected");
    const { codes, text } = diagnose(folder + name);
    expect(codes, "the code of the file's name is among those said").toContain(name.slice(0, 6));
    if (update) writeFileSync(expectedPath, `${text}\n`);
    expect(existsSync(expectedPath), `${expectedPath} exists`).toBe(true);
    expect(`${text}\n`).toBe(readFileSync(expectedPath, "utf8"));
  });
});

describe("the registry of codes", () => {
  test("has a golden file for each code", () => {
    const shown = new Set(files.map((name) => name.slice(0, 6)));
    expect(dslCodes.filter(({ code }) => !shown.has(code)).map(({ code }) => code)).toEqual([]);
  });

  test("knows the code of each golden file", () => {
    const known = new Set(dslCodes.map(({ code }) => code));
    expect(files.filter((name) => !known.has(name.slice(0, 6)))).toEqual([]);
  });

  test("lists each code once, in ascending order", () => {
    const codes = dslCodes.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort());
  });

  const shown = dslCodes.flatMap(({ code, example }) => (example === undefined ? [] : [{ code, example }]));
  test.each(shown)("has an example that shows $code", ({ code, example }) => {
    expect(diagnoseText(example, "example.phx", folder).codes).toContain(code);
  });

  test("has no .expected file without its .phx", () => {
    const orphans = readdirSync(folder).filter(
      (name) => name.endsWith(".expected") && !existsSync(folder + name.replace(/\.expected$/, ".phx")),
    );
    expect(orphans).toEqual([]);
  });
});
