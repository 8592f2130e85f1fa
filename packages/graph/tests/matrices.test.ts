// Matrices in and out, drawings, plain data, statistics and remarks.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { islandCounts, queue } from "../../../bench/graph/models.mjs";
import type { MatrixOptions } from "../src/index.ts";
import {
  createFeatureTable,
  defineModel,
  explore,
  exploreModel,
  fromMatrices,
  graphRemarks,
  graphStatistics,
  toDot,
  toMatrices,
  toPlainGraph,
} from "../src/index.ts";
import { evaluateForms } from "./replay.ts";

const sizes = fc.integer({ min: 1, max: 6 });
const entry = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 8 }).map((k) => k / 4),
);
const continuous = sizes.chain((n) =>
  fc
    .record({
      rates: fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
      exits: fc.array(
        fc.integer({ min: 1, max: 8 }).map((k) => k / 4),
        { minLength: n, maxLength: n },
      ),
      alpha: fc.array(
        fc.integer({ min: 0, max: 4 }).map((k) => k / 32),
        { minLength: n, maxLength: n },
      ),
    })
    .map(({ rates, exits, alpha }) => ({
      alpha,
      exits,
      S: rates.map((row, i) =>
        row.map((rate, j) =>
          i === j ? -exits[i] - row.reduce((sum, r, k) => sum + (k === i ? 0 : r), 0) : rate,
        ),
      ),
    })),
);

test("matrices come back as they went in, but for phases that are never reached", () => {
  fc.assert(
    fc.property(continuous, ({ alpha, S, exits }) => {
      const graph = exploreModel(fromMatrices(alpha, S));
      const z = graph.features.evaluate([]);
      const found = toMatrices(
        graph,
        evaluateForms(graph.epochs[0].weights, z),
        evaluateForms(graph.startWeights, z),
      );
      const phases = Array.from(found.states, (state) => graph.states.read(state)[0] - 1);
      expect(Array.from(found.alpha)).toEqual(phases.map((i) => alpha[i]));
      expect(Array.from(found.exits)).toEqual(phases.map((i) => exits[i]));
      expect(Array.from(found.matrix)).toEqual(phases.flatMap((i) => phases.map((j) => S[i][j])));
      alpha.forEach((probability, i) => {
        if (probability > 0) expect(phases).toContain(i);
      });
    }),
  );
});

test("discrete time keeps the diagonal, causes have columns of their own", () => {
  const S = [
    [0.5, 0.25],
    [0, 0.25],
  ];
  const exits = [
    [0.125, 0.125],
    [0.75, 0],
  ];
  const model = fromMatrices([1, 0], S, { kind: "discrete", exits, causes: ["lost", "won"] });
  const graph = exploreModel(model);
  const z = graph.features.evaluate([]);
  const found = toMatrices(
    graph,
    evaluateForms(graph.epochs[0].weights, z),
    evaluateForms(graph.startWeights, z),
  );
  expect(Array.from(found.matrix)).toEqual(S.flat());
  expect(Array.from(found.exits)).toEqual(exits.flat());
  expect(graph.states.describe(2)).toBe("(phase = lost)");
  expect(graph.causes).toEqual(["lost", "won"]);
});

test("the defect starts where it stops", () => {
  const graph = explore(fromMatrices([0.25], [[-1]]).callback);
  expect(Array.from(graph.startStates)).toEqual([0, 1]);
  expect(Array.from(graph.startWeights.coefficients)).toEqual([0.25, 0.75]);
  expect(Array.from(graphRemarks(graph).stoppedStarts)).toEqual([1]);
});

test.each<[string, number[], number[][], MatrixOptions, string]>([
  ["nothing", [], [], {}, "alpha is empty"],
  ["a negative start", [-0.5], [[-1]], {}, "alpha[0] is -0.5"],
  [
    "a start above 1",
    [0.75, 0.5],
    [
      [-1, 0],
      [0, -1],
    ],
    {},
    "alpha sums to 1.25",
  ],
  ["too few rows", [1, 0], [[-1, 0]], {}, "S has 1 rows"],
  ["a short row", [1, 0], [[-1, 1], [0]], {}, "row 1 of S has 1 entries"],
  [
    "a negative rate",
    [1, 0],
    [
      [-1, -1],
      [0, -1],
    ],
    {},
    "S[0][1] is -1",
  ],
  ["a positive diagonal", [1], [[1]], {}, "S[0][0] is 1"],
  ["NaN", [1], [[NaN]], {}, "S[0][0] is NaN"],
  [
    "a row that gains",
    [1, 0],
    [
      [-1, 2],
      [0, -1],
    ],
    {},
    "row 0 of S sums to 1",
  ],
  ["probabilities above 1", [1], [[1.5]], { kind: "discrete" }, "S[0][0] is 1.5"],
  ["exits of another size", [1], [[-1]], { exits: [[1], [1]] }, "exits has 2 rows"],
  ["exits that do not add up", [1], [[-1]], { exits: [[2]] }, "row 0 of S and exits sums to 1"],
  ["a negative exit", [1], [[-1]], { exits: [[2, -1]] }, "exits[0][1] is -1"],
  ["names for other causes", [1], [[-1]], { causes: ["a", "b"] }, "2 causes and exits for 1"],
])("%s is refused with the entry", (_, alpha, S, options, message) => {
  expect(() => fromMatrices(alpha, S, options)).toThrow("PHX980");
  expect(() => fromMatrices(alpha, S, options)).toThrow(message);
});

const small = defineModel({
  state: ["k"],
  parameters: { rate: {}, effect: {} },
  covariates: { treated: 0 },
  start: [{ to: [2], probability: 1 }],
  transitions: ([k], { rate, effect, treated }) =>
    k === 0
      ? []
      : [
          { to: [k - 1], rate: rate.mul(k).mul(effect.mul(treated).neg().exp()), event: "die" },
          { to: [0], rate: effect.mul(3).sub(1), event: 'say "no"' },
        ],
});

test("plain data and drawings show states, events and formulas", () => {
  const graph = explore(small.callback);
  const names = ["rate", "effect", "treated"];
  const plain = toPlainGraph(graph, names);
  expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
  expect(plain.states.map(({ label, stops }) => [label, stops])).toEqual([
    ["(k = 0)", ""],
    ["(k = 1)", null],
    ["(k = 2)", null],
  ]);
  expect(plain.start).toEqual([{ state: 2, probability: "1" }]);
  expect(plain.edges).toEqual([
    {
      from: 1,
      to: 0,
      weight: "-1 + rate * exp(-effect * treated) + 3 * effect",
      events: ["die", 'say "no"'],
    },
    { from: 2, to: 0, weight: "-1 + 3 * effect", events: ['say "no"'] },
    { from: 2, to: 1, weight: "2 * rate * exp(-effect * treated)", events: ["die"] },
  ]);
  expect(toDot(graph, names)).toMatchInlineSnapshot(`
    "digraph model {
      rankdir=LR;
      node [shape=box, style=rounded];
      s0 [label="(k = 0)", peripheries=2];
      s1 [label="(k = 1)"];
      s2 [label="(k = 2)", penwidth=2];
      s1 -> s0 [label="die, say \\"no\\"\\n-1 + rate * exp(-effect * treated) + 3 * effect"];
      s2 -> s0 [label="say \\"no\\"\\n-1 + 3 * effect"];
      s2 -> s1 [label="die\\n2 * rate * exp(-effect * treated)"];
    }
    "
  `);
});

test("formulas are written with as few parentheses as they need", () => {
  const table = createFeatureTable(2);
  const [a, b] = [table.input(0), table.input(1)];
  const text = (expression: number): string => table.describe(table.feature(expression), ["a", "b"]);
  expect(text(table.apply("div", a, table.apply("mul", a, b)))).toBe("a / (a * b)");
  expect(text(table.apply("pow", table.apply("add", a, b), table.constant(2)))).toBe("(a + b)^2");
  expect(text(table.apply("mul", a, table.apply("sub", b, a)))).toBe("a * (b - a)");
  expect(text(table.apply("where", table.apply("less", a, b), a, table.apply("min", a, b)))).toBe(
    "if a < b then a else min(a, b)",
  );
  let deep = a;
  for (let i = 0; i < 50_000; i++) deep = table.apply("sqrt", deep);
  expect(text(deep).length).toBeLessThan(1000);
});

test("statistics count states, components and ranges", () => {
  expect(graphStatistics(explore(islandCounts(10)))).toMatchObject({
    states: 65,
    transientStates: 63,
    components: 9,
    largestComponent: 11,
    stopStates: [{ cause: "", states: 2 }],
    features: 4,
    cells: [
      { name: "a", lowest: 0, highest: 10 },
      { name: "b", lowest: 0, highest: 10 },
    ],
  });
  expect(graphStatistics(explore(queue(5), { keepTransitions: false })).transitions).toBeNull();
});

test("remarks name idle events and cells that never change", () => {
  const base = queue(5);
  const graph = explore({
    ...base,
    cells: [...base.cells, { name: "still", lower: 0, upper: 3 }],
    events: ["arrive", "serve", "break"],
    start: (sink) => sink.start(Int32Array.of(0, 2), 1, Int32Array.of(0), Float64Array.of(1)),
    transitions: ([q, still], _epoch, sink) =>
      sink.edge(0, Int32Array.of(q + 1, still), 1, Int32Array.of(0), Float64Array.of(1)),
  });
  expect(graphRemarks(graph)).toMatchObject({ idleEvents: ["serve", "break"], unchangedCells: ["still"] });
});
