// The reference of the language: its models are read, are in canonical form, and its words are the parser's.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "@phxlang/dsl";
import { describe, expect, test } from "vitest";
import { diagnoseText } from "./diagnose.ts";
import { maximumDepth } from "../src/syntax/index.ts";
import { reservedWords } from "../src/syntax/tokens.ts";

const reference = readFileSync(fileURLToPath(new URL("../../../docs/language.md", import.meta.url)), "utf8");
const dataFolder = fileURLToPath(new URL("../../../data/", import.meta.url));
const models = [...reference.matchAll(/^```phx\n([^]*?)^```$/gm)].map((match) => match[1]);

describe("docs/language.md", () => {
  test("has models", () => {
    expect(models.length).toBeGreaterThan(5);
  });

  test.each(models.map((text) => [/model (\w+)/.exec(text)?.[1] ?? "?", text]))("the model %s", (_, text) => {
    expect(format(text)).toEqual({ text, diagnostics: [] });
    expect(diagnoseText(text, "docs.phx", dataFolder).text).toBe("");
  });

  test("lists the reserved words and the limit of nesting", () => {
    const words = /These words cannot be names: `([^`]*)`/.exec(reference)?.[1].split(/\s+/);
    expect(words).toEqual(expect.arrayContaining([...reservedWords]));
    expect(words?.length).toBe(27);
    expect(reservedWords.length).toBe(27);
    expect(reference).toContain(`nested ${maximumDepth} levels deep`);
  });

  test("shows a message as it is printed", () => {
    const golden = fileURLToPath(
      new URL("diagnostics/PHX107-assignment-in-condition.expected", import.meta.url),
    );
    const shown = /```text\n(error[^]*?)\n```/.exec(reference)?.[1].replace("queue.phx", "");
    const printed = readFileSync(golden, "utf8")
      .split("\n\n")[0]
      .replace(/┌─ [\w.-]*/, "┌─ ");
    expect(shown).toBe(printed);
  });
});
