// Repairs that diagnostics offer: applied, they make the diagnostic go away.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "@phxlang/autodiff";
import { parse } from "@phxlang/dsl";
import { describe, expect, test } from "vitest";

const folder = fileURLToPath(new URL("diagnostics/", import.meta.url));
const files = readdirSync(folder).filter((name) => /^PHX1\d\d.*\.phx$/.test(name));

/** What is said of a text, as far as it names the same trouble after a repair elsewhere. */
function said(text: string): string[] {
  return parse(text, "m.phx").diagnostics.map(
    ({ code, message, place }) => `${code} ${message} ${place?.span.start ?? ""}`,
  );
}

function apply(text: string, diagnostic: Diagnostic): string {
  const fix = diagnostic.fixes?.[0];
  if (fix === undefined) return text;
  return text.slice(0, fix.span.start) + fix.replacement + text.slice(fix.span.end);
}

describe("a fix of a golden file", () => {
  test.each(files)("%s", (name) => {
    const text = readFileSync(folder + name, "utf8");
    const { diagnostics } = parse(text, name);
    for (const diagnostic of diagnostics) {
      if (diagnostic.fixes === undefined) continue;
      const start = diagnostic.place?.span.start ?? "";
      expect(said(apply(text, diagnostic))).not.toContain(
        `${diagnostic.code} ${diagnostic.message} ${start}`,
      );
    }
  });
});

describe("quotes of word processors", () => {
  test.each([
    ["data d from “d.csv”", 'data d from "d.csv"'],
    ["data d from „d.csv“", 'data d from "d.csv"'],
    ["data d from «d.csv»", 'data d from "d.csv"'],
    ["observe d: stop at ‘ph.ecog’", "observe d: stop at `ph.ecog`"],
    ["data d from ”d.csv", 'data d from "d.csv'],
  ])("%s", (line, repaired) => {
    const text = `model m\n${line}\n`;
    expect(apply(text, parse(text, "m.phx").diagnostics[0])).toBe(`model m\n${repaired}\n`);
  });
});

describe("lines of other languages, rewritten", () => {
  test.each([
    ["[a] q<9 -> 2 : (q'=q+1);", "event a when q<9: q += 1 @ 2"],
    ["[] true -> mu*q : (q'=q-1) & (r'=0);", "event step: q -= 1, r = 0 @ mu*q"],
    ["[a] q=3 & !full | r!=2 -> 1 : (q'=0);", "event a when q == 3 and not full or r!=2: q = 0 @ 1"],
    ["S + I -> I + I beta", "event react: S -= 1, I += 1 @ beta * S * I"],
    ["A + A -> B  k", "event react: A -= 2, B += 1 @ k * choose(A, 2)"],
    ["decay: X -> 0 @ d", "event decay: X -= 1 @ d * X"],
    ["a ? b -> c", null],
  ])("%s", (line, rewritten) => {
    const [first] = parse(`model m\n${line}\n`, "m.phx").diagnostics;
    expect(first.code).toBe("PHX113");
    expect(first.fixes?.[0].replacement ?? null).toBe(rewritten);
    if (rewritten !== null) expect(parse(`model m\n${rewritten}`, "m.phx").diagnostics).toEqual([]);
  });

  test.each([
    ["def f = a > 1 ? 2 : 3", "def f = if a > 1 then 2 else 3"],
    ["def f = a == 1 ? g(2, 3) : 3 + 1", "def f = if a == 1 then g(2, 3) else 3 + 1"],
    ["event e: q += (a ? 1 : 2) @ 3", "event e: q += (if a then 1 else 2) @ 3"],
    ["event e: q += 1 @ a <= 2 ? 1 : 2", "event e: q += 1 @ if a <= 2 then 1 else 2"],
    ["def f = a ? b : c ? d : e", null],
    ["def f = a ?", null],
  ])("%s", (line, rewritten) => {
    const text = `model m\n${line}\n`;
    const [first] = parse(text, "m.phx").diagnostics;
    expect(first.code).toBe("PHX111");
    if (rewritten === null) expect(first.fixes).toBeUndefined();
    else {
      expect(apply(text, first)).toBe(`model m\n${rewritten}\n`);
      expect(parse(apply(text, first), "m.phx").diagnostics).toEqual([]);
    }
  });
});
