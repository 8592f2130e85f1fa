// Laws of the formatter, then its rules by example.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fc, test } from "@fast-check/vitest";
import { format, parse } from "@phxlang/dsl";
import { describe, expect } from "vitest";
import { file, meaning } from "./support/arbitrary-ast.ts";
import { fileTokens, joinTokens } from "./support/print.ts";

const examplesFolder = fileURLToPath(new URL("../../../examples/", import.meta.url));
const examples = readdirSync(examplesFolder).filter((name) => name.endsWith(".phx"));

function formatted(text: string, width = 88): string {
  const result = format(text, { width });
  expect(result.diagnostics).toEqual([]);
  return result.text ?? "";
}

function comments(text: string): string[] {
  return parse(text, "x.phx").comments.map((comment) => comment.text.trimEnd());
}

/** The three laws for one text, whose formatted form is returned. */
function checkLaws(text: string, width: number): string {
  const once = formatted(text, width);
  expect(meaning(parse(once, "x.phx").file)).toEqual(meaning(parse(text, "x.phx").file));
  expect(comments(once)).toEqual(comments(text));
  expect(formatted(once, width)).toBe(once);
  return once;
}

const separator = fc.constantFrom(
  "",
  "",
  " ",
  " ",
  "  ",
  "\n",
  "\n\n\n",
  "\r\n",
  "\t",
  " # note \n",
  "\n# λ\n\n",
  "#\n#\n",
);

/** Writes every parenthesis twice that does not follow a name, and so is no call's. */
function doubleParentheses(tokens: readonly string[]): string[] {
  const open: boolean[] = [];
  return tokens.flatMap((token, i) => {
    if (token === "(") open.push(i === 0 || !/\w$/.test(tokens[i - 1]));
    else if (token !== ")") return [token];
    const doubled = token === "(" ? open.at(-1) : open.pop();
    return doubled === true ? [token, token] : [token];
  });
}

describe("laws", () => {
  test.prop([file, fc.infiniteStream(separator), fc.integer({ min: 10, max: 120 })], { numRuns: 150 })(
    "formatting keeps the meaning and every comment, and does nothing the second time",
    (tree, separators, width) => {
      const pick = (): string => String(separators.next().value);
      const text = fileTokens(tree)
        .map((tokens) => joinTokens(tokens, pick))
        .join("\n");
      const once = checkLaws(text, width);
      expect(once).toMatch(/[^\n]\n$/);
      expect(once).not.toMatch(/[ \t]\n|\n\n\n|^\n|\r|\t/);
    },
  );

  test.prop([file, fc.integer({ min: 10, max: 120 })], { numRuns: 80 })(
    "parentheses written twice are printed as if written once",
    (tree, width) => {
      const print = (of: readonly string[]): string => joinTokens(of, () => " ");
      const plain = fileTokens(tree).map(print).join("\n");
      const doubled = fileTokens(tree)
        .map((tokens) => print(doubleParentheses(tokens)))
        .join("\n");
      expect(checkLaws(doubled, width)).toBe(checkLaws(plain, width));
    },
  );

  test.each(examples)("%s is in canonical form, and obeys the laws at other widths", (name) => {
    const text = readFileSync(examplesFolder + name, "utf8");
    expect(formatted(text)).toBe(text);
    for (const width of [20, 40, 60, 100, 200]) checkLaws(text, width);
  });

  test.prop([fc.string({ unit: "binary", maxLength: 80 })])(
    "nothing is printed beside diagnostics",
    (text) => {
      const result = format(text);
      expect(result.text).toBeNull();
      expect(result.diagnostics.length).toBeGreaterThan(0);
    },
  );
});

/** Formats declarations under a header. */
function body(text: string, width = 88): string {
  return formatted(`model m\n${text}`, width).replace(/^model m\n/, "");
}

describe("spaces", () => {
  test.each([
    ["const n=3", "const n = 3"],
    ["const n = - 3", "const n = -3"],
    ["const n = - - 3 - - 2", "const n = --3 - -2"],
    ["const n = 2 ^ - 3 ^ 2", "const n = 2^-3^2"],
    ["const n = 1*2+3/4", "const n = 1 * 2 + 3 / 4"],
    ["const n = [ [1,2] , [3,4] ]", "const n = [[1, 2], [3, 4]]"],
    ["param p [ 1 .. n ]in 0 .. 1=0.5~beta ( 1,2 )", "param p[1..n] in 0..1 = 0.5 ~ beta(1, 2)"],
    ["param p>0", "param p > 0"],
    ["state s in{ a,b }", "state s in {a, b}"],
    ["state s in -2 .. n-1", "state s in -2..n - 1"],
    ["stop when not  a or-b<-c", "stop when not a or -b < -c"],
    ["start : b [ 1 ]=n", "start: b[1] = n"],
    ["def f ( i,j )=choose ( b [ i ],j )", "def f(i, j) = choose(b[i], j)"],
    ["reward r [ i in 1 .. 3 ]on a,b=1", "reward r[i in 1..3] on a, b = 1"],
    ["reward r = sum ( b [ i ]for i in 1 .. 3 )", "reward r = sum(b[i] for i in 1..3)"],
    ["reward r = cav . mild", "reward r = cav.mild"],
    ["observe d : stop at ( -t )censored when`x`==0", "observe d: stop at -t censored when `x` == 0"],
    ["event e: a+=1,b-=1@rest", "event e: a += 1, b -= 1 @ rest"],
    ["stop when at (1) == bool [ 2 ]", "stop when at(1) == bool[2]"],
  ])("%s", (written, canonical) => {
    expect(body(written)).toBe(`${canonical}\n`);
  });
});

describe("parentheses", () => {
  test.each([
    ["redundant ones go", "reward r = ((a + b))", "reward r = a + b"],
    ["also in arguments", "reward r = max((a), (b + 1))", "reward r = max(a, b + 1)"],
    ["and in conditions", "event e when (a > 0): a -= (1) @ (2)", "event e when a > 0: a -= 1 @ 2"],
    ["those that help reading stay", "reward r = (a * b) + c", "reward r = (a * b) + c"],
    ["but only one pair", "reward r = ((a + b)) * c", "reward r = (a + b) * c"],
    [
      "a conditional keeps its own",
      "event e: a = (if b then 1 else 2) @ 3",
      "event e: a = (if b then 1 else 2) @ 3",
    ],
    ["one pair of it", "event e: a = ((if b then 1 else 2)) @ 3", "event e: a = (if b then 1 else 2) @ 3"],
    ["ends of ranges keep theirs", "state a in 0..(n - 1)", "state a in 0..(n - 1)"],
  ])("%s", (_, written, canonical) => {
    expect(body(written)).toBe(`${canonical}\n`);
  });
});

describe("lines", () => {
  test("a long declaration breaks after the colon", () => {
    expect(body("event arrive when q < K and open: q += 1, seen += 1 @ lambda * weight", 50)).toBe(
      "event arrive when q < K and open:\n    q += 1, seen += 1 @ lambda * weight\n",
    );
  });

  test("then before `@`", () => {
    expect(body("event arrive when q < K and open: q += 1, seen += 1 @ lambda * weight", 38)).toBe(
      "event arrive when q < K and open:\n    q += 1, seen += 1\n    @ lambda * weight\n",
    );
  });

  test("then after commas, as many on a line as fit", () => {
    expect(body("event e: aaaa += 1, bbbb += 1, cccc += 1, dddd += 1 @ 1", 30)).toBe(
      "event e:\n    aaaa += 1, bbbb += 1,\n    cccc += 1, dddd += 1\n    @ 1\n",
    );
  });

  test("then before `or`, `and`, `+`", () => {
    expect(body("stop when aaaa == 1 and bbbb == 2 or cccc == 3 and dddd == 4", 36)).toBe(
      "stop when aaaa == 1 and bbbb == 2\n    or cccc == 3 and dddd == 4\n",
    );
    expect(body("reward r = aaaaaaaaaa * bbbbbbbbbb + cccccccccc * dddddddddd", 36)).toBe(
      "reward r =\n    aaaaaaaaaa * bbbbbbbbbb\n    + cccccccccc * dddddddddd\n",
    );
  });

  test("a definition breaks after its `=`, a list does not", () => {
    expect(body("def f(i, j) = if i == j then choose(b[i], 2) else b[i] * b[j]", 52)).toBe(
      "def f(i, j) =\n    if i == j then choose(b[i], 2) else b[i] * b[j]\n",
    );
    expect(body("const table = [100, 200, 300, 400, 500, 600]", 30)).toBe(
      "const table = [100, 200, 300,\n    400, 500, 600]\n",
    );
  });

  test("a long head breaks before `when`", () => {
    expect(body("event e for i in 1..n, j in i..n when i != j: b[i] -= 1 @ b[j]", 40)).toBe(
      "event e for i in 1..n, j in i..n\n    when i != j:\n    b[i] -= 1 @ b[j]\n",
    );
  });

  test("outer places break before inner ones", () => {
    expect(body("reward r = max(aaaa, bbbb) + min(cccc, dddd)", 30)).toBe(
      "reward r =\n    max(aaaa, bbbb)\n    + min(cccc, dddd)\n",
    );
  });

  test("what cannot break stands out", () => {
    const long = `data d from "${"x".repeat(100)}.csv"`;
    expect(body(long)).toBe(`${long}\n`);
  });

  test("declarations on one line are parted", () => {
    expect(body("const a = 1 const b = 2")).toBe("const a = 1\nconst b = 2\n");
  });

  test("lines of a declaration are joined where they fit", () => {
    expect(body("event e:\n  a += 1\n  @ 2")).toBe("event e: a += 1 @ 2\n");
  });

  test("blank lines stay, at most one", () => {
    expect(body("\n\n\nconst a = 1\nconst b = 2\n\n\n\nconst c = 3\n\n")).toBe(
      "\nconst a = 1\nconst b = 2\n\nconst c = 3\n",
    );
  });
});

describe("comments", () => {
  test("stay where they are", () => {
    const text =
      "# before\nmodel m  # beside\n\n# above a\nconst a = 1\n# between\nconst b = 2  # b\n# last\n";
    expect(formatted(text)).toBe(text);
  });

  test("two spaces part them from the declaration", () => {
    expect(body("const a = 1          # one\nconst b = 2# two")).toBe(
      "const a = 1  # one\nconst b = 2  # two\n",
    );
  });

  test("inside a declaration end their line", () => {
    expect(body("event e:  # why\n  a += 1,  # a\n  # and\n  b += 1 @ 2")).toBe(
      "event e:  # why\n    a += 1,  # a\n    # and\n    b += 1 @ 2\n",
    );
  });

  test("do not count for the width", () => {
    const line = `const a = 1  # ${"x".repeat(100)}`;
    expect(body(line)).toBe(`${line}\n`);
  });

  test("lose only the spaces at their end", () => {
    expect(body("#  two  spaces \t\r\nconst a = 1")).toBe("#  two  spaces\nconst a = 1\n");
  });

  test("between parentheses that go are kept", () => {
    expect(body("reward r = ( # one\n  a + b # two\n)")).toBe("reward r =  # one\n    a + b  # two\n");
  });
});
