// Laws of the parser over arbitrary trees and arbitrary texts.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fc, test } from "@fast-check/vitest";
import { dslCodes, parse, renderAll } from "@phxlang/dsl";
import { describe, expect } from "vitest";
import { file, meaning } from "./support/arbitrary-ast.ts";
import { fileTokens, joinTokens } from "./support/print.ts";

const examplesFolder = fileURLToPath(new URL("../../../examples/", import.meta.url));
const examples = readdirSync(examplesFolder)
  .filter((name) => name.endsWith(".phx"))
  .map((name) => readFileSync(examplesFolder + name, "utf8"));
const codes = new Set(dslCodes.map(({ code }) => code));

/** Spaces, tabs, line ends and comments, as people strew them. */
const separator = fc.constantFrom(
  "",
  "",
  " ",
  " ",
  " ",
  "  ",
  "\t",
  "\n",
  "\n\n",
  "\r\n",
  " # note\n",
  '\n# é λ "x\n',
);

/** What holds of every text: no throw, few diagnostics with known codes and places in it, in plain words. */
function checkPromises(text: string): readonly string[] {
  const { diagnostics, comments } = parse(text, "some.phx");
  expect(diagnostics.length).toBeLessThanOrEqual(20);
  for (const diagnostic of diagnostics) {
    expect(codes.has(diagnostic.code)).toBe(true);
    expect(diagnostic.severity).toBe("error");
    const span = diagnostic.place?.span ?? { start: -1, end: -1 };
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(text.length);
    expect(diagnostic.message).not.toMatch(/undefined|NaN|Identifier|EOF|expecting|Redundant|token|rule /);
    expect(diagnostic.message.length).toBeGreaterThan(8);
    expect(diagnostic.message.length).toBeLessThan(240);
    expect((diagnostic.hint ?? "").length).toBeLessThan(240);
  }
  for (const { text: comment, span } of comments) expect(text.slice(span.start, span.end)).toBe(comment);
  // A message may quote the text, but not its controls.
  // eslint-disable-next-line no-control-regex
  expect(renderAll(diagnostics, text)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  return diagnostics.map(({ code }) => code);
}

describe("parse and print", () => {
  test.prop([file, fc.infiniteStream(separator)], { numRuns: 300 })(
    "parse ∘ print is the identity, whatever stands between the tokens",
    (tree, separators) => {
      const pick = (): string => String(separators.next().value);
      const text = fileTokens(tree)
        .map((tokens) => joinTokens(tokens, pick))
        .join("\n");
      const { file: parsed, diagnostics } = parse(text, "tree.phx");
      expect(diagnostics).toEqual([]);
      expect(meaning(parsed)).toEqual(meaning(tree));
    },
  );

  test.prop([file], { numRuns: 100 })("declarations may share a line", (tree) => {
    const text = joinTokens(fileTokens(tree).flat(), () => " ");
    const { file: parsed, diagnostics } = parse(text, "tree.phx");
    expect(diagnostics).toEqual([]);
    expect(meaning(parsed)).toEqual(meaning(tree));
  });

  test.prop([file], { numRuns: 100 })("every node spans the text that it came from", (tree) => {
    const text = fileTokens(tree)
      .map((tokens) => joinTokens(tokens, () => " "))
      .join("\n");
    const parsed = parse(text, "tree.phx").file;
    const pending: unknown[] = [parsed.header, ...parsed.declarations];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (typeof node !== "object" || node === null) continue;
      if ("kind" in node && "span" in node) {
        const { start, end } = node.span as { start: number; end: number };
        const written = text.slice(start, end);
        expect(written).toBe(written.trim());
        expect(written).not.toBe("");
        if (node.kind === "identifier" && "name" in node) expect(written).toBe(node.name);
        if (node.kind === "number" && "text" in node) expect(written).toBe(node.text);
      }
      for (const [key, value] of Object.entries(node)) {
        if (key !== "span" && key !== "parentheses") pending.push(value);
      }
    }
  });
});

describe("any text gives a tree or diagnostics", () => {
  test.prop([fc.string({ unit: "binary", maxLength: 200 })], { numRuns: 300 })(
    "random characters",
    (text) => {
      expect(checkPromises(text).length).toBeGreaterThan(0);
    },
  );

  test("every character begins a token, is blank, or is reported", () => {
    for (let unit = 0; unit < 0x3000; unit += unit < 0x300 ? 1 : 7) {
      const character = String.fromCharCode(unit);
      checkPromises(`model m\nconst n = 1 ${character} 2`);
    }
  });

  test("after a thousand errors reading ends", () => {
    const { diagnostics } = parse(`model m\n${"const\n".repeat(5000)}`, "m.phx");
    expect(diagnostics.length).toBe(20);
    expect(diagnostics[19].notes).toContain("more than 980 more errors are not shown");
  });

  test("very long names, numbers, texts and operands are quoted in part", () => {
    const long = "x".repeat(5000);
    for (const line of [
      `const n ${long}`,
      `const n = 1 ${long}`,
      `const n = 1${"0".repeat(5000)}`,
      `use "${long}`,
      `use "${long}" "${long}"`,
      `stop when ${long} < ${long} < ${long}`,
      `event ${long}: q += 1`,
      `event e: ${long} += 1`,
      `state q in ${long}`,
      `${long} ${long}`,
      `stop when \`${long}`,
    ]) {
      expect(checkPromises(`model m\n${line}`).length).toBeGreaterThan(0);
    }
  });

  test.prop([fc.uint8Array({ maxLength: 300 })], { numRuns: 300 })("random bytes", (bytes) => {
    expect(checkPromises(new TextDecoder("latin1").decode(bytes)).length).toBeGreaterThan(0);
  });

  const soup = fc.array(
    fc.constantFrom(
      ..."model const param covariate state start stop event reward def epoch enter data observe use for in when".split(
        " ",
      ),
      ..."if then else and or not true false rest from on by at path censored exact simplex bool with each".split(
        " ",
      ),
      ...'discrete x y k sum 1 2.5 1e3 2. .5 "text" "open `col` `open \' & && | || ! ? ; -> ** = == != <= >= < >'.split(
        " ",
      ),
      ...", : @ ~ ( ) [ ] { } .. . + - * / ^ += -= # λ “ %".split(" "),
      "\n",
      "\n    ",
    ),
    { maxLength: 80 },
  );
  test.prop([soup, fc.constantFrom("", "model m\n")], { numRuns: 600 })("random tokens", (words, head) => {
    checkPromises(head + words.join(" "));
    checkPromises(head + words.join(""));
  });

  const cut = fc.record({
    example: fc.constantFrom(...examples),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 12 }),
    insert: fc.oneof(
      fc.constant(""),
      fc.string({ maxLength: 3 }),
      fc.constantFrom("(", ")", "when", "=", "\n", "@"),
    ),
  });
  test.prop([cut], { numRuns: 400 })(
    "examples with a stretch replaced",
    ({ example, at, length, insert }) => {
      const from = Math.floor(at * example.length);
      checkPromises(example.slice(0, from) + insert + example.slice(from + length));
    },
  );

  test.prop([fc.constantFrom(...examples), fc.double({ min: 0, max: 1, noNaN: true })], { numRuns: 300 })(
    "examples that end early",
    (example, at) => {
      checkPromises(example.slice(0, Math.floor(at * example.length)));
    },
  );
});

describe("errors stay in their declaration", () => {
  const broken = [
    "const = 3",
    "param = 3",
    "event a: q += 1",
    "stop when q = 1",
    "def f(",
    "state q in 0..",
    "@",
    "stp won when x",
  ];
  test.prop([fc.array(fc.constantFrom("const n = 3", ...broken), { minLength: 1, maxLength: 15 })], {
    numRuns: 300,
  })("each broken line gives one diagnostic, the others are read", (lines) => {
    const text = ["model m", ...lines].join("\n");
    const { file: parsed, diagnostics } = parse(text, "m.phx");
    const wrong = lines.filter((line) => line !== "const n = 3");
    // A lone `@` belongs to the declaration before it.
    const shown = lines.filter(
      (line, i) => broken.includes(line) && !(line === "@" && i > 0 && broken.includes(lines[i - 1])),
    );
    expect(diagnostics.length).toBeLessThanOrEqual(wrong.length);
    if (!lines.includes("@")) {
      expect(diagnostics.length).toBe(shown.length);
      expect(parsed.declarations.length).toBe(lines.length - wrong.length);
    }
  });

  test("more than twenty are counted", () => {
    const { diagnostics } = parse(`model m\n${"const\n".repeat(50)}`, "m.phx");
    expect(diagnostics.length).toBe(20);
    expect(diagnostics[19].notes).toContain("30 more errors are not shown");
  });
});

describe("nesting", () => {
  const wrap = (expression: string): string => `model m\ndef f = ${expression}\n`;
  const said = (expression: string): string[] =>
    parse(wrap(expression), "m.phx").diagnostics.map(({ code }) => code);
  const n = 10_000;

  test.each([
    ["parentheses", "(".repeat(n) + "1" + ")".repeat(n)],
    ["open parentheses", "(".repeat(n)],
    ["calls", "exp(".repeat(n) + "1" + ")".repeat(n)],
    ["indices", "b[".repeat(n) + "1" + "]".repeat(n)],
    ["minuses", "- ".repeat(n) + "1"],
    ["nots", "not ".repeat(n) + "true"],
    ["powers", "2^".repeat(n) + "1"],
    ["conditions", "if ".repeat(n) + "a"],
    ["branches", "if a then ".repeat(n) + "1" + " else 2".repeat(n)],
  ])("%s nested 10,000 deep are refused", (_, expression) => {
    expect(said(expression)).toEqual(["PHX118"]);
  });

  test("nested lists are refused", () => {
    const { diagnostics } = parse(`model m\nconst c = ${"[".repeat(n)}1${"]".repeat(n)}`, "m.phx");
    expect(diagnostics.map(({ code }) => code)).toEqual(["PHX118"]);
  });

  test.each([
    ["sums", `1${" + 1".repeat(n)}`],
    ["products", `1${" * 2".repeat(n)}`],
    ["conditions", `a == 1${" or a == 2".repeat(n)}`],
    ["else if", `${"if a then 1 else ".repeat(n)}2`],
    ["arguments", `max(1${", 2".repeat(n)})`],
    ["nested 190 deep", "(1 + ".repeat(190) + "1" + ")".repeat(190)],
    ["calls nested 190 deep", "exp(".repeat(190) + "1" + ")".repeat(190)],
  ])("%s of any length are read", (_, expression) => {
    expect(said(expression)).toEqual([]);
  });
});
