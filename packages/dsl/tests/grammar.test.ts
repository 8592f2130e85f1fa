// Every production of the grammar: a text that it accepts, and one that it refuses with the code and the place.
import { parse } from "@phxlang/dsl";
import type { ast } from "@phxlang/dsl";
import { describe, expect, test } from "vitest";
import { expressionTokens, joinTokens } from "./support/print.ts";

/** Source of a text that is put after `model m` and a line break. */
const prefix = "model m\n";

function declarationsOf(text: string): readonly ast.Declaration[] {
  const { file, diagnostics } = parse(prefix + text, "m.phx");
  expect(diagnostics).toEqual([]);
  return file.declarations;
}

const accepted: Readonly<Record<string, readonly string[]>> = {
  file: ["", "const a = 1\nconst b = 2", "const a = 1 const b = 2"],
  use: ['use "other.phx"'],
  const: ["const n = 3", "const n = [1, 2]", "const n = [[1, 2], [3, 4]]", "const n = if a then 1 else 2"],
  param: [
    "param p",
    "param p > 0",
    "param p = 1",
    "param p ~ gamma(2, 1)",
    "param p[1..3] simplex = [0.1, 0.2, 0.7] ~ dirichlet(1, 1, 1)",
    "param p[1..n, 0..2] in 0..1 = 0.5",
    "param t2 > t1 + 1 = 2 ~ normal(0, 1)",
  ],
  covariate: ["covariate treated = 0", "covariate age = -1.5"],
  bound: [
    "param p in 0..1",
    "param p > 0",
    "param p >= 0",
    "param p < 0",
    "param p <= 2 * n",
    "param p simplex",
  ],
  state: [
    "state q in 0..9",
    "state q[1..n] in 0..n",
    "state q in {a}",
    "state q in {a, b, from}",
    "state q in bool",
    "state q in bool..3",
    "state q in bool + 1..3",
  ],
  start: [
    "start: q = 0",
    "start: q = 0, r = 1 @ p",
    "start for i in 1..3: q = i @ p[i]",
    "start when c: q = 1",
  ],
  stop: ["stop when q == 0", "stop ruined when q == 0", "stop at when q == 0"],
  event: [
    "event e: q += 1 @ 2",
    "event e when q > 0: q -= 1 @ mu",
    "event e for i in 1..3, j in i..3 when i != j: b[i] -= 1, b[j] += 1 @ 1",
    "event e: q = 0 @ rest",
  ],
  reward: [
    "reward r = q",
    "reward r on e = 1",
    "reward r on e, f = 1",
    "reward r[i in 1..3] = b[i]",
    "reward r[i in 1..3, j in 0..1] on on = b[i]",
  ],
  def: ["def f = q > 0", "def f(i) = b[i]", "def f(i, j) = b[i] * b[j]"],
  epoch: ["epoch late from t1", "epoch from from 0"],
  enter: ["enter late: a += b, b = 0", "enter late: x[i] = 0 each i in 1..3"],
  data: ['data d from "d.csv"'],
  observe: [
    "observe d: stop at t",
    "observe d with a = x: stop at t",
    "observe d with a = x, b = y when z > 0: stop at t",
    "observe d:\n    stop at t",
    "observe d:\n    reward r = x",
  ],
  given: ['observe d with treated = (if g == "drug" then 1 else 0): stop at t'],
  stopObs: [
    "observe d: stop at t",
    "observe d: stop = cause at t",
    "observe d: stop at t censored when c == 1",
    "observe d: stop = at at at censored when censored",
  ],
  rewardObs: ["observe d: reward r = x + 1"],
  pathObs: [
    "observe d: path by id at t, s = x",
    "observe d: path by id at t, s = `state` exact when `state` == 4",
    "observe d: path by id at t, b[i] = x each i in 1..3 exact when e",
  ],
  binder: [
    "event e for i in 1..3: q += 1 @ 1",
    "event e when c: q += 1 @ 1",
    "reward r = sum(i for i in 1..3 when i != 2)",
  ],
  changes: ["start: q = 0", "start: q = 0, r = 1", "start: q[i] = 0 each i in 1..3, j in 1..2 when i != j"],
  change: ["start: q = 0", "start: q += 1", "start: q -= 1", "start: q[1, 2] = 0"],
  dims: ["state q[1..2] in 0..1", "state q[1..2, 0..n - 1, -1..1] in 0..1"],
  range: ["state q in 0..9", "state q in -1..n + 1", "state q in f(1)..2^3"],
  list: ["const c = [1]", "const c = [[1], [2, 3]]", "const c = [1 + 1, if a then b else c]"],
};

const refused: readonly (readonly [production: string, text: string, code: string, found: string])[] = [
  ["file", "q = 3", "PHX116", "q"],
  ["file", ") const a = 1", "PHX116", ")"],
  ["use", "use other.phx", "PHX117", "other"],
  ["use", "use `other`", "PHX117", "`other`"],
  ["const", "const n", "PHX117", ""],
  ["const", "const = 3", "PHX117", "="],
  ["const", "const n = ", "PHX117", ""],
  ["param", "param", "PHX117", ""],
  ["param", "param p ~ 3", "PHX117", "3"],
  ["param", "param p ~ gamma", "PHX117", ""],
  ["param", "param p ~ gamma()", "PHX117", ")"],
  ["param", "param p ~ gamma(1) = 2", "PHX107", "="],
  ["covariate", "covariate treated", "PHX117", ""],
  ["bound", "param p > = 1", "PHX117", "="],
  ["bound", "param p == 1", "PHX107", "=="],
  ["bound", "param p in 0", "PHX115", ""],
  ["bound", "param p > a and b", "PHX117", "and"],
  ["state", "state q", "PHX117", ""],
  ["state", "state q = 0..9", "PHX117", "="],
  ["state", "state q in {1, 2}", "PHX117", "1"],
  ["state", "state q in {a b}", "PHX117", "b"],
  ["state", "state q in 9", "PHX115", ""],
  ["state", "state q in ..9", "PHX115", ".."],
  ["start", "start q = 0", "PHX117", "q"],
  ["start", "start:", "PHX117", ""],
  ["start", "start: q", "PHX117", ""],
  ["stop", "stop q == 0", "PHX117", "=="],
  ["stop", "stop when", "PHX117", ""],
  ["stop", "stop a b when c", "PHX117", "b"],
  ["event", "event: q += 1 @ 1", "PHX117", ":"],
  ["event", "event e q += 1 @ 1", "PHX117", "q"],
  ["event", "event e: q += 1", "PHX106", ""],
  ["event", "event e: q += 1 @", "PHX106", ""],
  ["event", "event e: @ 2", "PHX117", "@"],
  ["event", "event e: q += 1 @ rest + 1", "PHX117", "+"],
  ["reward", "reward r", "PHX117", ""],
  ["reward", "reward r[i] = 1", "PHX117", "]"],
  ["reward", "reward r on = 1", "PHX117", "="],
  ["def", "def f", "PHX117", ""],
  ["def", "def f() = 1", "PHX117", ")"],
  ["def", "def f(1) = 1", "PHX117", "1"],
  ["epoch", "epoch late 3", "PHX117", "3"],
  ["epoch", "epoch late from", "PHX117", ""],
  ["enter", "enter late a = 0", "PHX117", "a"],
  ["enter", "enter: a = 0", "PHX117", ":"],
  ["data", 'data d "d.csv"', "PHX117", '"d.csv"'],
  ["data", "data d from d.csv", "PHX117", "d"],
  ["observe", "observe d stop at t", "PHX117", "stop"],
  ["observe", "observe d: at t", "PHX117", "at"],
  ["given", "observe d with a: stop at t", "PHX117", ":"],
  ["given", "observe d with a == 1: stop at t", "PHX107", "=="],
  ["stopObs", "observe d: stop t", "PHX117", "t"],
  ["stopObs", "observe d: stop at t censored c", "PHX117", "c"],
  ["rewardObs", "observe d: reward = x", "PHX117", "="],
  ["rewardObs", "observe d: reward r x", "PHX117", "x"],
  ["pathObs", "observe d: path id at t, s = x", "PHX117", "id"],
  ["pathObs", "observe d: path by id at t s = x", "PHX117", "s"],
  ["pathObs", "observe d: path by id, s = x", "PHX117", ","],
  ["pathObs", "observe d: path by id at t, s = x exact e", "PHX117", "e"],
  ["binder", "event e for in 1..3: q += 1 @ 1", "PHX105", "in"],
  ["binder", "event e for i = 1..3: q += 1 @ 1", "PHX117", "="],
  ["binder", "event e for i in 1..3, when c: q += 1 @ 1", "PHX105", "when"],
  ["changes", "start: q = 0,", "PHX117", ""],
  ["changes", "start: q = 0 each", "PHX117", ""],
  ["change", "start: q == 0", "PHX107", "=="],
  ["change", "start: 1 = 0", "PHX117", "1"],
  ["change", "start: q[] = 0", "PHX117", "]"],
  ["dims", "state q[3] in 0..1", "PHX115", "]"],
  ["dims", "state q[] in 0..1", "PHX117", "]"],
  ["range", "state q in 0..", "PHX115", ".."],
  ["range", "state q in 0...5", "PHX103", ".5"],
  ["list", "const c = []", "PHX117", "]"],
  ["list", "const c = [1, ]", "PHX117", "]"],
  ["list", "const c = [1", "PHX117", ""],
];

describe("accepted", () => {
  for (const [production, texts] of Object.entries(accepted)) {
    test.each(texts)(`${production}: %s`, (text) => {
      declarationsOf(text);
    });
  }

  test("headers", () => {
    for (const [text, discrete, name] of [
      ["model queue", false, "queue"],
      ["discrete model queue", true, "queue"],
      ["discrete\nmodel discrete", true, "discrete"],
    ] as const) {
      const { file, diagnostics } = parse(text, "m.phx");
      expect(diagnostics).toEqual([]);
      expect(file.header?.discrete).toBe(discrete);
      expect(file.header?.name.name).toBe(name);
    }
  });
});

describe("refused", () => {
  test.each(refused)("%s: %s gives %s at %s", (_, text, code, found) => {
    const { diagnostics } = parse(prefix + text, "m.phx");
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    const { start, end } = diagnostics[0].place?.span ?? { start: -1, end: -1 };
    expect((prefix + text).slice(start, end)).toBe(found);
  });

  test.each([
    ["", "PHX104"],
    ["# nothing", "PHX104"],
    ["const n = 3", "PHX104"],
    ["discrete queue", "PHX104"],
    ["model", "PHX117"],
    ["model 3", "PHX117"],
    ["model model", "PHX105"],
    ["model a\nmodel b", "PHX104"],
  ])("header: %s gives %s", (text, code) => {
    expect(parse(text, "m.phx").diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });

  test("every production that is accepted somewhere is refused somewhere", () => {
    const named = new Set(refused.map(([production]) => production));
    expect(Object.keys(accepted).filter((production) => !named.has(production))).toEqual([]);
  });
});

describe("expressions", () => {
  /** An expression with all the parentheses of its structure. */
  function structure(text: string): string {
    const [declaration] = declarationsOf(`def f = ${text}`);
    if (declaration.kind !== "def") throw new Error("a def was written");
    return show(declaration.body);
  }

  function show(expression: ast.Expression): string {
    switch (expression.kind) {
      case "chain":
        return expression.rest.reduce(
          (left, { operator, operand }) => `(${left} ${operator} ${show(operand)})`,
          show(expression.first),
        );
      case "compare":
        return `(${show(expression.left)} ${expression.operator} ${show(expression.right)})`;
      case "not":
        return `(not ${show(expression.operand)})`;
      case "negate":
        return `(-${show(expression.operand)})`;
      case "power":
        return `(${show(expression.base)}^${show(expression.exponent)})`;
      case "if":
        return expression.branches.reduceRight(
          (otherwise, { condition, value }) =>
            `(if ${show(condition)} then ${show(value)} else ${otherwise})`,
          show(expression.otherwise),
        );
      default:
        return joinTokens(expressionTokens(expression), () => "");
    }
  }

  test.each([
    ["a or b and c", "(a or (b and c))"],
    ["a and b or c and d", "((a and b) or (c and d))"],
    ["not a and b", "((not a) and b)"],
    ["not a == b", "(not (a == b))"],
    ["not not a", "(not (not a))"],
    ["a < b + c", "(a < (b + c))"],
    ["a - b - c", "((a - b) - c)"],
    ["a - b + c * d / e", "((a - b) + ((c * d) / e))"],
    ["-a * b", "((-a) * b)"],
    ["a * -b", "(a * (-b))"],
    ["a - -b", "(a - (-b))"],
    ["-a^b", "(-(a^b))"],
    ["a^-b", "(a^(-b))"],
    ["a^b^c", "(a^(b^c))"],
    ["a^-b^c * d", "((a^(-(b^c))) * d)"],
    ["(a + b) * c", "((a + b) * c)"],
    ["a - (b - c)", "(a - (b - c))"],
    ["if a then b else c + 1", "(if a then b else (c + 1))"],
    ["if a then b else if c then d else e", "(if a then b else (if c then d else e))"],
    ["if a then if b then c else d else e", "(if a then (if b then c else d) else e)"],
    ["(if a then b else c) + 1", "((if a then b else c) + 1)"],
    ["f(a, b)[1]", null],
    ["a[1][2]", null],
    ["a.b.c", null],
    ["a b", null],
    ["a not b", null],
    ["a == not b", null],
    ["a + not b", null],
    ["1 + if a then b else c", null],
    ["a == b == c", null],
    ["a < b < c", null],
    ["(a", null],
    ["a)", null],
    ["()", null],
    ["f()", null],
    ["f(a,)", null],
    ["+a", null],
    ["a +", null],
    ["* a", null],
    ["if a then b", null],
    ["if a else b", null],
    ["3.a", null],
    ["1.5.2", null],
    ["''", null],
  ])("%s is %s", (text, read) => {
    if (read === null) {
      expect(parse(`${prefix}def f = ${text}`, "m.phx").diagnostics.length).toBe(1);
    } else expect(structure(text)).toBe(read);
  });

  test.each([
    ["0", 0],
    ["12", 12],
    ["1.5", 1.5],
    ["1e3", 1000],
    ["2.5E-3", 0.0025],
    ["1e-400", 0],
    ["0.1", 0.1],
  ])("the number %s is %d", (text, value) => {
    const [declaration] = declarationsOf(`def f = ${text}`);
    expect(declaration.kind === "def" && declaration.body).toMatchObject({ kind: "number", value, text });
  });

  test("texts and columns keep what is in them", () => {
    const [a, b] = declarationsOf('def f = "a # b\'c"\ndef g = `ph.ecog # "x"`');
    expect(a.kind === "def" && a.body).toMatchObject({ kind: "string", value: "a # b'c" });
    expect(b.kind === "def" && b.body).toMatchObject({ kind: "column", name: 'ph.ecog # "x"' });
  });

  test("spans are without parentheses, which are kept beside them", () => {
    const [declaration] = declarationsOf("def f = ((a)) + b");
    const chain = declaration.kind === "def" ? declaration.body : null;
    expect(chain).toMatchObject({
      kind: "chain",
      span: { start: 16, end: 25 },
      first: {
        kind: "name",
        span: { start: 18, end: 19 },
        parentheses: [
          { start: 17, end: 20 },
          { start: 16, end: 21 },
        ],
      },
    });
  });
});
