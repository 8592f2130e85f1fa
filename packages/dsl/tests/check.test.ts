// check and compile: constants from outside, used files, results and errors.
import { PhxError } from "@phxlang/autodiff";
import { check, compile, renderAll } from "@phxlang/dsl";
import type { CheckOptions, ConstantValue } from "@phxlang/dsl";
import { explore } from "@phxlang/graph";
import { describe, expect, test } from "vitest";

const queue = `model queue
const K = 3
const weights = [1, 2.5]
const open = true
param mu > 0 = 1
state q in 0..K
start: q = K
stop when q == 0
event serve when open: q -= 1 @ mu * weights[1 + mod(q, 2)]
`;

function codes(text: string, options?: CheckOptions): readonly string[] {
  return check(text, options).diagnostics.map((one) => one.code);
}

describe("compile", () => {
  test("gives a model without errors, with its warnings", () => {
    const model = compile(`${queue}param nu > 0 = 1\n`, { source: "queue.phx" });
    expect(model.source).toBe("queue.phx");
    expect(model.description.name).toBe("queue");
    expect(model.diagnostics.map((one) => one.code)).toEqual(["PHX213"]);
  });

  test("throws all errors at once", () => {
    const text = queue.replace("q == 0", "qq == 0").replace("* weights", "* wait");
    try {
      compile(text);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof PhxError)) throw error;
      expect(error.diagnostics.map((one) => one.code)).toEqual(["PHX201", "PHX201"]);
    }
  });

  test("says at most twenty errors", () => {
    const events = Array.from({ length: 50 }, (_, i) => `event e${i}: q -= 1 @ unknown${i}`).join("\n");
    expect(codes(queue + events)).toHaveLength(20);
  });

  test("says at most twenty warnings, whatever stands on one line", () => {
    const unused = Array.from({ length: 20_000 }, (_, i) => `v${i}`).join(", ");
    const text = `${queue}state kind in {${unused}}\n`;
    const { model, diagnostics, sources } = check(text);
    expect(model).not.toBeNull();
    expect(diagnostics).toHaveLength(20);
    expect(renderAll(diagnostics, sources).length).toBeLessThan(20_000);
  });

  test("takes chains of thousands of operators, constants and branches", () => {
    const sum = Array.from({ length: 5000 }, () => "q").join(" + ");
    const ladder = Array.from({ length: 2000 }, (_, i) => `if q == ${i} then ${i} else `).join("");
    const constants = Array.from({ length: 3000 }, (_, i) => `const c${i} = c${i + 1} + 1`).join("\n");
    const text = `${queue}${constants}\nconst c3000 = 0\nreward r = ${sum}\nreward s = ${ladder}c0\n`;
    const model = compile(text);
    const graph = explore(model.description.callback);
    const forms = model.description.rewards.map((reward) => reward.stateForms(graph, 0));
    expect(forms.map((form) => [...(form?.coefficients ?? [])])).toEqual([
      [5000, 10_000, 15_000],
      [1, 2, 3],
    ]);
  });
});

describe("constants from outside", () => {
  const statesWith = (constants: Readonly<Record<string, ConstantValue>>): number =>
    explore(compile(queue, { constants }).description.callback).stateCount;

  test("take the place of those in the file", () => {
    expect(statesWith({})).toBe(4);
    expect(statesWith({ K: 7 })).toBe(8);
    expect(statesWith({ weights: [3, 1, 2], open: true })).toBe(4);
  });

  const refused: readonly (readonly [Readonly<Record<string, ConstantValue>>, string])[] = [
    [{ k: 3 }, "PHX201"],
    [{ mu: 3 }, "PHX201"],
    [{ K: 2.5 }, "PHX301"],
    [{ K: true }, "PHX303"],
    [{ open: 1 }, "PHX302"],
    [{ K: [1, 2] }, "PHX507"],
    [{ weights: 3 }, "PHX507"],
    [{ weights: [1, [2]] }, "PHX507"],
    [{ K: Number.NaN }, "PHX303"],
    [{ K: -1 }, "PHX504"],
  ];
  test.each(refused)("%o is refused with %s", (constants, code) => {
    expect(codes(queue, { constants })).toContain(code);
  });

  test("may turn a whole number into a fraction where one can stand", () => {
    const text = queue.replace("[1, 2.5]", "[1, 2]").replace("@ mu", "@ K * mu").replaceAll("0..K", "0..3");
    expect(codes(text.replace("q = K", "q = 3"), { constants: { K: 0.5 } })).toEqual([]);
  });
});

describe("files of `use`", () => {
  const files: Readonly<Record<string, string>> = {
    "rates.phx": 'model rates\nuse "common.phx"\nparam mu > 0 = factor\nstate ignored in 0..1\n',
    "more.phx": 'model more\nuse "common.phx"\ndef double(x) = 2 * x\n',
    "common.phx": "model common\nconst factor = 3\n",
  };
  const readFile: CheckOptions["readFile"] = (path) =>
    path in files ? { source: path, text: files[path] } : null;
  const text = `model queue
use "rates.phx"
use "more.phx"
state q in 0..factor
start: q = factor
stop when q == 0
event serve: q -= 1 @ double(mu)
`;

  test("bring constants, parameters and defs, each file once", () => {
    const { model, diagnostics, sources } = check(text, { readFile });
    expect(diagnostics).toEqual([]);
    expect([...sources.keys()]).toEqual(["model.phx", "rates.phx", "common.phx", "more.phx"]);
    expect(model?.description.parameters.map((one) => one.defaults?.[0])).toEqual([3]);
    expect(model?.checked.states.map((state) => state.name)).toEqual(["q"]);
  });

  test("see constants from outside", () => {
    expect(check(text, { readFile, constants: { factor: 2 } }).model?.checked.states[0].upper).toBe(2);
  });

  test("are shown where their errors are", () => {
    const broken: CheckOptions["readFile"] = (path) =>
      path === "common.phx"
        ? { source: path, text: "model common\nconst factor = facto + 1\n" }
        : readFile(path, "");
    const [first] = check(text, { readFile: broken }).diagnostics;
    expect(first.code).toBe("PHX201");
    expect(first.place?.source).toBe("common.phx");
  });

  test("cannot be read without a reader", () => {
    expect(codes(text)).toEqual(["PHX216", "PHX216"]);
  });
});

describe("a description", () => {
  const { description } = compile(`model d
const n = 2
param a in 0..n = 0.5 ~ uniform(0, 2)
param b[0..1] > a = [1, 2]
param c <= 3
param p[1..2] simplex = [0.25, 0.75] ~ dirichlet(1)
covariate dose = n / 4
state q in 0..1
start: q = 1
event e: q -= 1 @ a + b[0] * b[1] + c * c * p[1] * p[2] + dose
`);

  test("has parameters with bounds, shapes, defaults and priors", () => {
    const { parameters, callback } = description;
    expect(
      parameters.map(({ name, offset, size, shape, indexFrom }) => ({
        name,
        offset,
        size,
        shape,
        indexFrom,
      })),
    ).toEqual([
      { name: "a", offset: 0, size: 1, shape: [], indexFrom: [] },
      { name: "b", offset: 1, size: 2, shape: [2], indexFrom: [0] },
      { name: "c", offset: 3, size: 1, shape: [], indexFrom: [] },
      { name: "p", offset: 4, size: 2, shape: [2], indexFrom: [1] },
    ]);
    const [a, b, c, p] = parameters;
    expect([a.lower, a.upper, a.lowerClosed, a.upperClosed]).toEqual([0, 2, true, true]);
    expect([b.upper, b.lowerClosed, c.lower, c.upper, c.upperClosed]).toEqual([null, false, null, 3, true]);
    expect(
      [a.defaults, b.defaults, c.defaults].map((values) => (values === null ? null : [...values])),
    ).toEqual([[0.5], [1, 2], null]);
    expect([a.prior, p.prior, p.simplex]).toEqual([
      { law: "uniform", args: [0, 2] },
      { law: "dirichlet", args: [1] },
      true,
    ]);
    const feature = typeof b.lower === "object" ? b.lower?.feature : undefined;
    const z = [0.5, 1, 2, 3, 0.25, 0.75, 0.5];
    expect(callback.features.evaluate(z)[feature ?? 0]).toBe(0.5);
  });

  test("has covariates with their values", () => {
    expect(description.covariates).toEqual([{ name: "dose", defaultValue: 0.5 }]);
  });
});

describe("numbers that constants decide are finite", () => {
  const rest = "state k in 0..1\nstart: k = 0\nstop when k == 1\nevent e: k += 1 @ p\n";
  test.each([
    "param p > 0 / 0 = 1",
    "param p in 0..1 / 0 = 1",
    "param p > 0 = 1 ~ gamma(0 / 0, 1)",
    "param p > 0 = 1 ~ gamma(1, 1 / 0)",
    "param p > 0 = 1\nepoch a from 0\nepoch b from 0 / 0",
  ])("%s", (line) => {
    const { diagnostics } = check(`model m\n${line}\n${rest}`);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map(({ code }) => code)).toEqual(["PHX703"]);
  });
});
