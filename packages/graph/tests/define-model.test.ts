// defineModel: models as functions, with symbolic parameters; every misuse has its message.
import { evaluateProgram, grad, NdArray, np, vmap } from "@phxlang/autodiff";
import type { Value } from "@phxlang/autodiff";
import * as fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import type { LinearForms, MarkovGraph, ModelDescription } from "../src/index.ts";
import { defineModel, explore, exploreModel, interiorPoints } from "../src/index.ts";
import { evaluateForms } from "./replay.ts";

const kingman = defineModel({
  state: ["lineages"],
  parameters: { rate: { lower: 0, default: 1 } },
  start: () => [{ to: [20], probability: 1 }],
  transitions: ([k], { rate }) => (k > 1 ? [{ to: [k - 1], rate: rate.mul((k * (k - 1)) / 2) }] : []),
  rewards: { length: ([k]) => k },
});

function values(graph: MarkovGraph, forms: LinearForms, z: readonly number[]): number[] {
  return Array.from(evaluateForms(forms, graph.features.evaluate(z)));
}

test("the example of the documentation", () => {
  const graph = exploreModel(kingman);
  expect(graph.stateCount).toBe(20);
  expect(graph.states.cells).toEqual([{ name: "lineages", lower: 1, upper: 20 }]);
  expect(graph.features.featureCount).toBe(2);
  expect(values(graph, graph.epochs[0].weights, [2])).toEqual(
    Array.from({ length: 19 }, (_, i) => (i + 2) * (i + 1)),
  );
  const [length] = kingman.rewards;
  const forms = length.stateForms(graph, 0);
  expect(forms === null ? null : values(graph, forms, [1])).toEqual([
    0,
    ...Array.from({ length: 19 }, (_, i) => i + 2),
  ]);
  expect(length.impulseForms(graph, 0)).toBeNull();
});

/** One state whose rate is a formula of `a`, `b` (numbers) and `v` (three numbers). */
function single(rate: (symbols: { a: Value; b: Value; v: Value }) => number | Value): ModelDescription {
  return defineModel({
    state: [{ name: "done", lower: 0, upper: 1 }],
    parameters: { a: {}, b: {}, v: { shape: 3 } },
    start: [{ to: [0], probability: 1 }],
    transitions: ([done], symbols) => (done === 1 ? [] : [{ to: [1], rate: rate(symbols) }]),
  });
}

const formulas: Readonly<Record<string, (symbols: { a: Value; b: Value; v: Value }) => Value>> = {
  "a method": ({ a }) => a.mul(3).add(1),
  "np functions": ({ a, b }) => np.exp(a.neg()).div(np.add(b, 2)),
  "special functions": ({ a }) =>
    np
      .erf(a)
      .add(np.lgamma(a.add(1)))
      .add(np.log1p(a))
      .add(np.sigmoid(a)),
  "a choice": ({ a, b }) => np.where(a.less(b), a, b.mul(2)),
  logic: ({ a, b }) => np.where(np.logicalAnd(a.less(b), np.logicalNot(b.less(1))), 1, a),
  "whole powers": ({ a }) => np.pow(a, 3).add(np.square(a)),
  "other powers": ({ a, b }) => np.pow(a, b),
  "extrema and rounding": ({ a, b }) => np.maximum(a, b).add(np.floor(a)).add(np.abs(b.neg())),
  "entries of a vector": ({ v }) => v.slice(2).mul(v.slice(0)),
  "sums of a vector": ({ v }) => np.sum(v.mul(np.array([1, 2, 3]))),
  "a largest entry": ({ v }) => np.max(v),
  "a product of matrices": ({ v }) => np.dot(v, np.array([3, 2, 1])),
  "shapes that stretch": ({ a, v }) =>
    np.sum(
      np
        .reshape(v, [3, 1])
        .mul(np.reshape(v, [1, 3]))
        .mul(a),
    ),
  "a vector put together": ({ a, b, v }) =>
    np.sum(np.concatenate([v, np.stack([a, b])]).mul(np.array([1, 2, 3, 4, 5]))),
  "taken entries": ({ v }) => np.sum(np.take(v, np.array([0, 0, 2], "i32"))),
};

test.each(Object.entries(formulas))("rates may use %s", (_, formula) => {
  const graph = explore(single(formula).callback);
  const z = [0.7, 1.3, 0.2, 0.5, 0.9];
  const program = graph.features.toProgram();
  const [phi] = evaluateProgram(program, [new NdArray(Float64Array.from(z), [5], "f64")]);
  const [found] = evaluateForms(graph.epochs[0].weights, Float64Array.from(phi.elements));
  const number = (value: number): NdArray => new NdArray(Float64Array.of(value), [], "f64");
  const expected = formula({ a: number(0.7), b: number(1.3), v: np.array([0.2, 0.5, 0.9]) });
  expect(Math.abs(found - (expected as NdArray).item())).toBeLessThanOrEqual(1e-14 * Math.abs(found));
});

test("derivatives inside a rate are rates too", () => {
  const graph = explore(single(({ a }) => grad((x: Value) => np.exp(x.mul(2)))(a)).callback);
  expect(values(graph, graph.epochs[0].weights, [0.5, 0, 0, 0, 0])[0]).toBeCloseTo(2 * Math.E, 12);
  const batched = explore(single(({ v }) => np.sum(vmap((x: Value) => x.mul(x))(v))).callback);
  expect(values(batched, batched.epochs[0].weights, [0, 0, 1, 2, 3])[0]).toBe(14);
});

test("coefficient vectors are the special case, and the same model", () => {
  const model = (byCoefficients: boolean): MarkovGraph =>
    exploreModel(
      defineModel({
        state: ["k"],
        parameters: { a: { lower: 0 }, b: { lower: 0 } },
        start: [{ to: [4], probability: 1 }],
        transitions: ([k], { a, b }) =>
          k === 0
            ? []
            : byCoefficients
              ? [{ to: [k - 1], coefficients: [k, 2 * k], base: 0.5 }]
              : [
                  {
                    to: [k - 1],
                    rate: a
                      .mul(k)
                      .add(b.mul(2 * k))
                      .add(0.5),
                  },
                ],
      }),
    );
  expect(model(true).epochs[0].weights).toEqual(model(false).epochs[0].weights);
});

test("causes, events, covariates and impulse rewards", () => {
  const model = defineModel({
    name: "gambler",
    kind: "discrete",
    state: ["money"],
    parameters: { p: { lower: 0, upper: 1 } },
    covariates: { handicap: 0 },
    start: [{ to: [3], probability: 1 }],
    stop: { ruined: ([money]) => money === 0, rich: ([money]) => money === 10 },
    transitions: ([money], { p, handicap }) => {
      const win = p.sub(handicap);
      return [
        { to: [money + 1], probability: win, event: "win" },
        { to: [money - 1], probability: np.sub(1, win), event: "lose" },
      ];
    },
    rewards: {
      wins: { on: "win", value: 1 },
      stakes: { on: ["win", "lose"], value: ([money], { p }) => p.mul(money) },
    },
  });
  const graph = exploreModel(model);
  expect(graph.causes).toEqual(["ruined", "rich"]);
  expect(graph.epochs[0].stop[0]).toBe(0);
  expect(graph.epochs[0].stop[10]).toBe(1);
  const [wins, stakes] = model.rewards.map((reward) => reward.impulseForms(graph, 0));
  const { sources, events } = graph.transitions;
  expect(wins === null ? [] : values(graph, wins, [0.5, 0])).toEqual(
    Array.from(events, (event) => (graph.events[event] === "win" ? 1 : 0)),
  );
  expect(stakes === null ? [] : values(graph, stakes, [0.5, 0])).toEqual(Array.from(sources, (s) => s / 2));
});

test("symbols are typed by the names that were declared", () => {
  defineModel({
    state: ["k"],
    parameters: { rate: {} },
    covariates: { treated: 0 },
    start: [{ to: [0], probability: 1 }],
    transitions: (state, symbols) => {
      expectTypeOf(symbols).toEqualTypeOf<{ readonly rate: Value; readonly treated: Value }>();
      expectTypeOf(state).toEqualTypeOf<readonly number[]>();
      return [];
    },
  });
});

/** A one-parameter model with some parts replaced by what a user may get wrong. */
function wrong(parts: object): () => unknown {
  const definition = {
    state: ["k"],
    parameters: { rate: { lower: 0, default: 1 } },
    start: () => [{ to: [2], probability: 1 }],
    transitions: ([k]: readonly number[], { rate }: { rate: Value }) =>
      k > 0 ? [{ to: [k - 1], rate }] : [],
    ...parts,
  };
  return () => exploreModel(defineModel(definition as unknown as Parameters<typeof defineModel>[0]));
}

type Symbols = { rate: Value };
let kept: Value | undefined;

test.each<[string, object, string, string]>([
  [
    "a comparison",
    { transitions: (_: unknown, { rate }: Symbols) => ((rate as unknown as number) > 1 ? [] : []) },
    "PHX910",
    "transitions in (k = 2) asked for the value",
  ],
  [
    "Number(x)",
    { transitions: (_: unknown, { rate }: Symbols) => [{ to: [0], rate: Number(rate) }] },
    "PHX910",
    "(k = 2)",
  ],
  [
    "a template string",
    {
      transitions: (_: unknown, { rate }: Symbols) => [
        { to: [0], rate: 1, event: `${rate as unknown as string}!` },
      ],
    },
    "PHX910",
    "as text",
  ],
  [
    "item()",
    { start: ({ rate }: Symbols) => [{ to: [2], probability: rate.item() }] },
    "PHX910",
    "start asked",
  ],
  ["a rate that is text", { transitions: () => [{ to: [0], rate: "fast" }] }, "PHX911", '"fast" as rate'],
  ["a rate that is missing", { transitions: () => [{ to: [0], rate: undefined }] }, "PHX914", "no weight"],
  ["a rate that is not a number", { transitions: () => [{ to: [0], rate: NaN }] }, "PHX911", "NaN as rate"],
  [
    "a rate that is a vector",
    { transitions: (_: unknown, { rate }: Symbols) => [{ to: [0], rate: np.stack([rate, rate]) }] },
    "PHX911",
    "shape [2]",
  ],
  [
    "a symbol of another call",
    {
      start: ({ rate }: Symbols) => {
        kept = rate;
        return [{ to: [2], probability: 1 }];
      },
      transitions: () => [{ to: [0], rate: kept }],
    },
    "PHX911",
    "another call",
  ],
  [
    "two cells for one",
    { transitions: () => [{ to: [1, 2], rate: 1 }] },
    "PHX912",
    "it has 2 numbers, and the state has 1 cell: k",
  ],
  ["half a lineage", { transitions: () => [{ to: [1.5], rate: 1 }] }, "PHX912", "k is 1.5"],
  ["no state", { transitions: () => [{ rate: 1 }] }, "PHX912", "leads to undefined"],
  ["a start of text", { start: [{ to: "start", probability: 1 }] }, "PHX912", 'start leads to "start"'],
  ["an unknown part", { transition: () => [] }, "PHX913", "`transition`"],
  ["no cells", { state: [] }, "PHX913", "state is []"],
  ["equal cells", { state: ["k", "k"] }, "PHX913", '"k"'],
  ["a parameter with a bad name", { parameters: { "1st": {} } }, "PHX913", '"1st"'],
  ["bounds the wrong way round", { parameters: { rate: { lower: 2, upper: 1 } } }, "PHX913", "2..1"],
  ["a default outside", { parameters: { rate: { lower: 0, default: -1 } } }, "PHX913", "default -1"],
  ["an unknown option", { parameters: { rate: { min: 0 } } }, "PHX913", "`min`"],
  ["a kind", { kind: "hybrid" }, "PHX913", '"hybrid"'],
  ["no transitions", { transitions: undefined }, "PHX913", "transitions is undefined"],
  ["a reward called time", { rewards: { time: () => 1 } }, "PHX913", "time"],
  ["no list", { transitions: () => ({ to: [0], rate: 1 }) }, "PHX914", "an object"],
  ["an unknown key", { transitions: () => [{ to: [0], rate: 1, weight: 2 }] }, "PHX914", "`weight`"],
  [
    "a probability in continuous time",
    { transitions: () => [{ to: [0], probability: 1 }] },
    "PHX914",
    "continuous",
  ],
  [
    "rate and coefficients",
    { transitions: () => [{ to: [0], rate: 1, coefficients: [1] }] },
    "PHX914",
    "rate and coefficients",
  ],
  ["a stop that is no truth", { stop: () => 1 }, "PHX914", "stop in (k = 2) returns 1"],
  ["an empty start", { start: () => [] }, "PHX914", "start returns []"],
  [
    "coefficients of another length",
    { transitions: () => [{ to: [0], coefficients: [1, 2] }] },
    "PHX915",
    "2 coefficients",
  ],
  [
    "coefficients that are not numbers",
    { transitions: () => [{ to: [0], coefficients: [Infinity] }] },
    "PHX915",
    "Infinity",
  ],
  [
    "an operation without expressions",
    {
      transitions: (_: unknown, { rate }: Symbols) => [
        { to: [0], rate: np.sum(np.sort(np.stack([rate, rate]))) },
      ],
    },
    "PHX916",
    "argSort",
  ],
  ["a start that sums to 0.9", { start: () => [{ to: [2], probability: 0.9 }] }, "PHX404", "sum to 0.9"],
  [
    "a start that sums to a parameter",
    { start: ({ rate }: Symbols) => [{ to: [2], probability: rate }] },
    "PHX404",
    "start weights",
  ],
  ["a negative start", { start: () => [{ to: [2], probability: -1 }] }, "PHX404", "-1"],
  [
    "a negative rate",
    { transitions: ([k]: number[]) => (k > 0 ? [{ to: [k - 1], rate: k - 1.5 }] : []) },
    "PHX702",
    "rate -0.5 in (k = 1)",
  ],
  [
    "a rate that is negative at the defaults",
    {
      transitions: ([k]: number[], { rate }: Symbols) => (k > 0 ? [{ to: [k - 1], rate: rate.sub(2) }] : []),
    },
    "PHX702",
    "at the default parameters",
  ],
  [
    "probabilities that sum to more",
    {
      kind: "discrete",
      transitions: ([k]: number[]) =>
        k > 0
          ? [
              { to: [k - 1], probability: 0.6, event: "win" },
              { to: [k], probability: 0.45, event: "lose" },
            ]
          : [],
    },
    "PHX704",
    "sum to 1.05 (",
  ],
  [
    "probabilities that depend",
    {
      kind: "discrete",
      parameters: { rate: { lower: 0, upper: 1 } },
      transitions: ([k]: number[], { rate }: Symbols) => (k > 0 ? [{ to: [k - 1], probability: rate }] : []),
    },
    "PHX704",
    "probabilities in (k = 1)",
  ],
  [
    "a self-loop",
    {
      transitions: ([k]: number[], { rate }: Symbols) =>
        k > 0
          ? [
              { to: [k], rate },
              { to: [k - 1], rate },
            ]
          : [],
    },
    "PHX708",
    "(k = 2)",
  ],
  [
    "no bound on the states",
    { transitions: ([k]: number[], { rate }: Symbols) => [{ to: [k + 1], rate }] },
    "PHX707",
    "more than 10,000,000",
  ],
])("%s", (_, parts, code, text) => {
  kept = undefined;
  // The unbounded model is stopped early, so that the test is quick; the message is the same but for the number.
  const run =
    code === "PHX707"
      ? () =>
          explore(
            defineModel({ ...unbounded, ...parts } as unknown as Parameters<typeof defineModel>[0]).callback,
            {
              maxStates: 1000,
            },
          )
      : wrong(parts);
  let message = "nothing was thrown";
  try {
    run();
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain(code);
  expect(message).toContain(code === "PHX707" ? "more than 1,000" : text);
});

const unbounded = {
  state: ["k"],
  parameters: { rate: { lower: 0 } },
  start: [{ to: [0], probability: 1 }],
};

test("a value of a running transform cannot enter the structure", () => {
  const model = (x: Value): ModelDescription =>
    defineModel({
      state: ["k"],
      parameters: { rate: {} },
      start: [{ to: [1], probability: 1 }],
      transitions: ([k], { rate }) => (k > 0 ? [{ to: [0], rate: rate.mul(x) }] : []),
    });
  const f = (x: Value): Value => {
    explore(model(x).callback);
    return x;
  };
  expect(() => grad(f)(np.array(1))).toThrow("PHX911");
});

test("interior points lie within all bounds", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.1, max: 5, noNaN: true })),
        { maxLength: 5 },
      ),
      (bounds) => {
        const parameters = Object.fromEntries(
          bounds.map(([lower, width], i) => [
            `p${i}`,
            i % 3 === 0 ? { lower } : i % 3 === 1 ? { upper: lower } : { lower, upper: lower + width },
          ]),
        );
        const description = defineModel({
          state: ["k"],
          parameters: { ...parameters, weights: { shape: 3, simplex: true } },
          start: [{ to: [0], probability: 1 }],
          transitions: () => [],
        });
        for (const point of interiorPoints(description)) {
          description.parameters.forEach(({ lower, upper, offset }) => {
            if (typeof lower === "number") expect(point[offset]).toBeGreaterThan(lower);
            if (typeof upper === "number") expect(point[offset]).toBeLessThan(upper);
          });
          expect(point.slice(-3).reduce((a, b) => a + b)).toBeCloseTo(1, 14);
        }
      },
    ),
  );
});
