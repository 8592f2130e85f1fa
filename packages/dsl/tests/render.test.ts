// What diagnostics look like: frames, underlines, odd characters, several places, colours, JSON.
import { fc, test } from "@fast-check/vitest";
import type { Diagnostic } from "@phxlang/autodiff";
import { render, renderAll, toJson } from "@phxlang/dsl";
import { describe, expect } from "vitest";

function diagnostic(text: string, marked: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf(marked);
  const place = { source: "queue.phx", span: { start, end: start + marked.length } };
  return { code: "PHX201", severity: "error", message: "`lamda` is not defined", place, ...more };
}

const queue = `model queue
${"\n".repeat(10)}event arrive: q += 1 @ lamda
`;

describe("frames", () => {
  test("show the line, the place and the hint", () => {
    const one = diagnostic(queue, "lamda", { hint: "did you mean `lambda`? (parameter, line 6)" });
    const place = { ...one.place, source: "queue.phx", span: one.place?.span ?? { start: 0, end: 0 } };
    const shown = render({ ...one, place: { ...place, label: "no name like this" } }, queue);
    expect(shown).toBe(
      [
        "error[PHX201]: `lamda` is not defined",
        "   ┌─ queue.phx:12:24",
        "   │",
        "12 │ event arrive: q += 1 @ lamda",
        "   │                        ^^^^^ no name like this",
        "   │",
        "   = did you mean `lambda`? (parameter, line 6)",
      ].join("\n"),
    );
  });

  test("without notes end with the underline; notes come before the hint", () => {
    const text = "const n = 3";
    expect(render(diagnostic(text, "3"), text).split("\n").at(-1)).toBe("  │           ^");
    const more = { notes: ["first", "second"], hint: "third" };
    expect(
      render(diagnostic(text, "3", more), text)
        .split("\n")
        .slice(-3),
    ).toEqual(["  = first", "  = second", "  = third"]);
  });

  test("a warning says so; without a place there is no frame", () => {
    expect(render({ code: "PHX402", severity: "warning", message: "m", hint: "h" }, "")).toBe(
      "warning[PHX402]: m\n  = h",
    );
  });

  test("an empty place is one mark wide, also at the end of the text", () => {
    const text = "model m\nconst n";
    const place = { source: "q", span: { start: text.length, end: text.length } };
    expect(render({ code: "PHX117", severity: "error", message: "m", place }, text)).toBe(
      "error[PHX117]: m\n  ┌─ q:2:8\n  │\n2 │ const n\n  │        ^",
    );
  });

  test("two places of one file, near and far", () => {
    const text = "param a\nparam b\n\n\nparam a\n";
    const one = diagnostic(text, "b", {
      related: [
        { source: "queue.phx", span: { start: 6, end: 7 }, label: "first" },
        { source: "queue.phx", span: { start: 24, end: 25 }, label: "third" },
      ],
    });
    expect(render(one, text).split("\n").slice(1)).toEqual([
      "  ┌─ queue.phx:2:7",
      "  │",
      "1 │ param a",
      "  │       - first",
      "2 │ param b",
      "  │       ^",
      "  ·",
      "5 │ param a",
      "  │       - third",
    ]);
  });

  test("places of several files, of which one is unknown", () => {
    const one = diagnostic("param b", "b", {
      related: [
        { source: "shared.phx", span: { start: 6, end: 7 }, label: "first here" },
        { source: "lost.phx", span: { start: 0, end: 1 }, label: "and here" },
      ],
    });
    const texts = new Map([
      ["queue.phx", "param b"],
      ["shared.phx", "param b"],
    ]);
    expect(render(one, texts).split("\n").slice(1)).toEqual([
      "  ┌─ queue.phx:1:7",
      "  │",
      "1 │ param b",
      "  │       ^",
      "  ┌─ shared.phx:1:7",
      "  │",
      "1 │ param b",
      "  │       - first here",
      "  ┌─ lost.phx: and here",
    ]);
  });

  test("a place over several lines is bracketed", () => {
    const text = "event a:\n  q += 1,\n  r += 1\n";
    const one = diagnostic(text, "event a:\n  q += 1,\n  r += 1", {});
    expect(render(one, text).split("\n").slice(2)).toEqual([
      "  │",
      "1 │ ╭ event a:",
      "2 │ │   q += 1,",
      "3 │ │   r += 1",
      "  │ ╰────────^",
    ]);
  });

  test("of a long place only the ends are shown", () => {
    const text = Array.from({ length: 30 }, (_, i) => `line ${i}`).join("\n");
    const one = { ...diagnostic(text, text), notes: [] };
    const lines = render(one, text).split("\n");
    expect(lines).toContain("   │ ·");
    expect(lines.length).toBeLessThan(14);
  });
});

describe("odd characters", () => {
  test.each([
    ["tabs", "\tx\t@ lamda", "    x   @ lamda", 10],
    ["wide characters", "# 状態 @ lamda", "# 状態 @ lamda", 9],
    ["combining marks", "# e\u0301 @ lamda", "# e\u0301 @ lamda", 6],
    ["controls", "# \u001b[31m @ lamda", "# ␛[31m @ lamda", 10],
    ["marks of direction", "# \u202e @ lamda", "# \ufffd @ lamda", 6],
    ["emoji", "# 🐇 @ lamda", "# 🐇 @ lamda", 7],
  ])("%s", (_, text, shown, column) => {
    const lines = render(diagnostic(text, "lamda"), text).split("\n");
    expect(lines[3]).toBe(`1 │ ${shown}`);
    expect(lines[4]).toBe(`  │ ${" ".repeat(column)}^^^^^`);
  });

  test("columns count characters from one", () => {
    const text = "# 🐇\t状 lamda";
    expect(render(diagnostic(text, "lamda"), text)).toContain("queue.phx:1:7");
  });

  test("all ends of lines", () => {
    const text = "a\r\nb\rc\nlamda";
    expect(render(diagnostic(text, "lamda"), text)).toContain("queue.phx:4:1");
    expect(render(diagnostic(text, "b"), text)).toContain("2 │ b\n");
  });

  test("long lines are shown around the place", () => {
    const text = `${"x + ".repeat(500)}lamda${" + y".repeat(500)}`;
    const lines = render(diagnostic(text, "lamda"), text).split("\n");
    const at = lines[4].indexOf("^");
    expect(lines[3].slice(at, at + 5)).toBe("lamda");
    expect(lines[3].length).toBeLessThan(160);
    expect(lines[3]).toMatch(/^1 │ ….*…$/);
  });

  test("messages with controls are made harmless", () => {
    const one: Diagnostic = { code: "PHX102", severity: "error", message: "\u001b[2J", notes: ["\u0007"] };
    expect(render(one, "")).toBe("error[PHX102]: ␛[2J\n  = ␇");
  });
});

test.prop([
  fc.string({
    unit: fc.constantFrom("a", "\t", "\n", "\r\n", "\r", "状", "🐇", "\u0301", "\u0000"),
    maxLength: 40,
  }),
  fc.nat({ max: 60 }),
  fc.nat({ max: 60 }),
])("every place can be shown, and the underline has the width of what it marks", (text, a, b) => {
  const start = Math.min(a, b, text.length);
  const end = Math.min(Math.max(a, b), text.length);
  const one: Diagnostic = {
    code: "PHX101",
    severity: "error",
    message: "m",
    place: { source: "t", span: { start, end } },
  };
  const lines = render(one, text).split("\n");
  expect(lines.filter((line) => line.includes("^")).length).toBe(1);
  if (/^a*$/.test(text)) {
    expect(lines[4]).toBe(`  │ ${" ".repeat(start)}${"^".repeat(Math.max(1, end - start))}`);
  }
});

describe("colours", () => {
  test("are added on request and change no character", () => {
    const one = diagnostic(queue, "lamda", { hint: "h" });
    const coloured = render(one, queue, { color: true });
    // eslint-disable-next-line no-control-regex
    expect(coloured.replaceAll(/\u001b\[[\d;]*m/g, "")).toBe(render(one, queue));
    expect(coloured).toContain("\u001b[1;31merror[PHX201]\u001b[0m");
    expect(render({ ...one, severity: "warning" }, queue, { color: true })).toContain("\u001b[1;33m");
  });

  test("several diagnostics are parted by a blank line", () => {
    const one = diagnostic(queue, "lamda");
    expect(renderAll([one, one], queue)).toBe(`${render(one, queue)}\n\n${render(one, queue)}`);
  });
});

describe("JSON", () => {
  test("holds all fields, with lines and columns where the text is known", () => {
    const text = "model m\nconst n = 1 = 2";
    const one = diagnostic(text, "= 2", {
      related: [{ source: "other.phx", span: { start: 0, end: 1 }, label: "l" }],
      notes: ["n"],
      hint: "h",
      fixes: [{ title: "t", span: { start: 8, end: 9 }, replacement: "r" }],
    });
    expect(toJson(one, text)).toEqual({
      code: "PHX201",
      severity: "error",
      message: "`lamda` is not defined",
      source: "queue.phx",
      span: [20, 23],
      start: { line: 2, column: 13 },
      end: { line: 2, column: 16 },
      related: [{ source: "other.phx", span: [0, 1], label: "l" }],
      notes: ["n"],
      hint: "h",
      fixes: [{ title: "t", span: [8, 9], replacement: "r" }],
    });
    expect(toJson(one)).not.toHaveProperty("start");
  });

  test("survives JSON", () => {
    const json = toJson(diagnostic(queue, "lamda"), queue);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});
