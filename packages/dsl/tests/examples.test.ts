// The example models against accounts of them in plain code: the same states, the same edges, the same rates.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "@phxlang/dsl";
import type { ConstantValues, DslModel } from "@phxlang/dsl";
import { explore } from "@phxlang/graph";
import type { MarkovGraph } from "@phxlang/graph";
import { describe, expect, test } from "vitest";
import { enumerate, keyOf } from "./support/enumerator.ts";
import type { Move, PlainModel, State } from "./support/enumerator.ts";
import { edgeRates, rowValue, stateKeys } from "./support/graphs.ts";

interface Example {
  readonly file: string;
  readonly constants?: ConstantValues;
  readonly theta: readonly number[];
  readonly plain: PlainModel;
}

const choose2 = (k: number): number => (k * (k - 1)) / 2;
const range = (low: number, high: number): number[] =>
  Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);
const certain = (state: State): PlainModel["start"] => [{ state, weight: 1 }];

/** Adds several changes to one state: what happens twice to a cell happens twice. */
function added(state: State, ...changes: readonly (readonly [string, number])[]): Record<string, number> {
  const change: Record<string, number> = {};
  for (const [cell, by] of changes) change[cell] = (change[cell] ?? state[cell]) + by;
  return change;
}

const kingman: PlainModel = {
  start: certain({ k: 7 }),
  stops: ({ k }) => k === 1,
  moves: ({ k }) => [{ change: { k: k - 1 }, rate: 1.3 * choose2(k) }],
};

function blocks(n: number): PlainModel {
  const b = (i: number): string => `b[${i}]`;
  return {
    start: certain(Object.fromEntries(range(1, n).map((i) => [b(i), i === 1 ? n : 0]))),
    stops: (state) => state[b(n)] === 1,
    moves: (state) =>
      range(1, n).flatMap((i) =>
        range(i, n - i).map((j) => ({
          change: added(state, [b(i), -1], [b(j), -1], [b(i + j), 1]),
          rate: i === j ? choose2(state[b(i)]) : state[b(i)] * state[b(j)],
        })),
      ),
  };
}

function islands(n1: number, n2: number, theta: readonly number[]): PlainModel {
  const [size1, size2, ancestral, m12, m21] = theta;
  return {
    start: certain({ a: n1, b: n2 }),
    stops: ({ a, b }) => a + b === 1,
    enter: [({ a, b }) => ({ a: a + b, b: 0 })],
    moves: ({ a, b }, epoch) => [
      { change: { a: a - 1 }, rate: choose2(a) / (epoch === 1 ? ancestral : size1) },
      { change: { b: b - 1 }, rate: choose2(b) / size2 },
      ...(epoch === 0
        ? [
            { change: { a: a - 1, b: b + 1 }, rate: m12 * a },
            { change: { a: a + 1, b: b - 1 }, rate: m21 * b },
          ]
        : []),
    ],
  };
}

function rabbits(n: number, left: number, right: number): PlainModel {
  return {
    start: certain({ left: n, right: 0 }),
    stops: (state) => state["left"] + state["right"] === 0,
    moves: (state) => {
      const moves: Move[] = [];
      if (state["left"] > 0) {
        moves.push({ change: { left: state["left"] - 1, right: state["right"] + 1 }, rate: 1 });
        moves.push({ change: { left: 0 }, rate: left });
      }
      if (state["right"] > 0) {
        moves.push({ change: { left: state["left"] + 1, right: state["right"] - 1 }, rate: 1 });
        moves.push({ change: { right: 0 }, rate: right });
      }
      return moves;
    },
  };
}

const queue: PlainModel = {
  start: certain({ q: 0 }),
  stops: ({ q }) => q === 6,
  moves: ({ q }) => [
    { change: { q: q + 1 }, rate: 0.8 },
    { change: { q: q - 1 }, rate: q > 0 ? 1.1 : 0 },
  ],
};

const erlang: PlainModel = {
  start: certain({ q: 1, stage: 1 }),
  stops: ({ q }) => q === 0,
  moves: ({ q, stage }) => [
    { change: { q: q + 1 }, rate: q < 6 ? 0.5 : 0 },
    { change: { stage: stage + 1 }, rate: stage < 3 ? 3 * 1.2 : 0 },
    { change: { q: q - 1, stage: 1 }, rate: stage === 3 ? 3 * 1.2 : 0 },
  ],
};

const epidemic: PlainModel = {
  start: certain({ S: 8, I: 1 }),
  stops: (state) => state["I"] === 0,
  moves: (state) => [
    {
      change: { S: state["S"] - 1, I: state["I"] + 1 },
      rate: state["S"] > 0 ? (2.5 * state["S"] * state["I"]) / 9 : 0,
    },
    { change: { I: state["I"] - 1 }, rate: 0.7 * state["I"] },
  ],
};

const repair: PlainModel = {
  start: certain({ up: 5 }),
  stops: ({ up }) => up < 2,
  moves: ({ up }) => [
    { change: { up: up - 1 }, rate: 0.1 * up },
    { change: { up: up + 1 }, rate: up < 5 ? 2 : 0 },
  ],
};

const illness: PlainModel = {
  start: certain({ cav: 0 }),
  stops: ({ cav }) => cav === 3,
  moves: ({ cav }) => {
    const [q12, q23, q21, q32, q14, q24, q34] = [0.1, 0.3, 0.2, 0.15, 0.05, 0.06, 0.4];
    const to = (state: number, rate: number): Move => ({ change: { cav: state }, rate });
    return [
      [to(1, q12), to(3, q14)],
      [to(2, q23), to(0, q21), to(3, q24)],
      [to(1, q32), to(3, q34)],
    ][cav];
  },
};

const gambler: PlainModel = {
  start: certain({ money: 3 }),
  stops: ({ money }) => money === 0 || money === 8,
  moves: ({ money }) => [
    { change: { money: money + 1 }, rate: 0.45 },
    { change: { money: money - 1 }, rate: 0.55 },
  ],
};

const pattern: PlainModel = {
  start: certain({ seen: 0 }),
  stops: ({ seen }) => seen === 3,
  moves: ({ seen }) => [
    { change: { seen: seen === 2 ? 3 : 1 }, rate: 0.3 },
    { change: { seen: seen === 1 ? 2 : 0 }, rate: 0.7 },
  ],
};

const bottleneck: PlainModel = {
  start: certain({ k: 5 }),
  stops: ({ k }) => k === 1,
  enter: [(state) => state, (state) => state],
  moves: ({ k }, epoch) => [{ change: { k: k - 1 }, rate: choose2(k) / [1.5, 0.1, 2][epoch] }],
};

const recombination: PlainModel = {
  start: certain({ ab: 4, a: 0, b: 0 }),
  stops: ({ ab, a, b }) => ab + a === 1 && ab + b === 1,
  moves: ({ ab, a, b }) => [
    { change: { ab: ab - 1, a: a + 1, b: b + 1 }, rate: 0.65 * ab },
    { change: { ab: ab - 1 }, rate: choose2(ab) },
    { change: { a: a - 1 }, rate: ab * a + choose2(a) },
    { change: { b: b - 1 }, rate: ab * b + choose2(b) },
    { change: { a: a - 1, b: b - 1, ab: ab + 1 }, rate: a * b },
  ],
};

function jointSpectrum(n1: number, n2: number, theta: readonly number[]): PlainModel {
  const [size1, size2, size3, m1, m2] = theta;
  const x = (i: number, j: number, d: number): string => `x[${i}, ${j}, ${d}]`;
  const kinds = range(0, n1).flatMap((i) => range(0, n2).map((j) => [i, j] as const));
  const empty = Object.fromEntries(kinds.flatMap(([i, j]) => [1, 2].map((d) => [x(i, j, d), 0])));
  return {
    start: certain({ ...empty, [x(1, 0, 1)]: n1, [x(0, 1, 2)]: n2 }),
    stops: (state) => state[x(n1, n2, 1)] + state[x(n1, n2, 2)] === 1,
    enter: [
      (state) =>
        Object.fromEntries(
          kinds.flatMap(([i, j]) => [
            [x(i, j, 1), state[x(i, j, 1)] + state[x(i, j, 2)]],
            [x(i, j, 2), 0],
          ]),
        ),
    ],
    moves: (state, epoch) => {
      const moves: Move[] = [];
      for (const d of [1, 2]) {
        const size = epoch === 1 ? size3 : d === 1 ? size1 : size2;
        for (const [p, [i, j]] of kinds.entries()) {
          for (const [k, l] of kinds.slice(p)) {
            const pairs =
              i === k && j === l ? choose2(state[x(i, j, d)]) : state[x(i, j, d)] * state[x(k, l, d)];
            // Two lineages of one sample member cannot both be there.
            if (i + k > n1 || j + l > n2) continue;
            const change = added(state, [x(i, j, d), -1], [x(k, l, d), -1], [x(i + k, j + l, d), 1]);
            moves.push({ change, rate: pairs / size });
          }
          if (epoch === 0) {
            const change = added(state, [x(i, j, d), -1], [x(i, j, 3 - d), 1]);
            moves.push({ change, rate: (d === 1 ? m1 : m2) * state[x(i, j, d)] });
          }
        }
      }
      return moves;
    },
  };
}

const general: PlainModel = {
  start: [1, 2].map((phase) => ({ state: { phase }, weight: phase === 1 ? 0.1 : 0.9 })),
  stops: ({ phase }) => phase === 0,
  moves: ({ phase }) => {
    const q = [
      [0, 2, 0],
      [2, 0, 1],
      [1, 0, 0],
    ];
    return [
      ...range(1, 3)
        .filter((j) => j !== phase)
        .map((j) => ({ change: { phase: j }, rate: q[phase - 1][j - 1] })),
      { change: { phase: 0 }, rate: [4.2, 6, 2][phase - 1] },
    ];
  },
};

function polling(stations: number, mu: number, gamma: number): PlainModel {
  const waiting = (i: number): string => `waiting[${i}]`;
  return {
    start: certain({
      at_station: 1,
      serving: 0,
      ...Object.fromEntries(range(1, stations).map((i) => [waiting(i), 0])),
    }),
    stops: (state) => range(1, stations).every((i) => state[waiting(i)] === 1),
    moves: (state) => {
      const at = state["at_station"];
      const next = (at % stations) + 1;
      const moves: Move[] = range(1, stations)
        .filter((i) => state[waiting(i)] === 0)
        .map((i) => ({ change: { [waiting(i)]: 1 }, rate: mu / stations }));
      if (state["serving"] === 1) {
        moves.push({ change: { serving: 0, [waiting(at)]: 0, at_station: next }, rate: mu });
      } else if (state[waiting(at)] === 1) {
        moves.push({ change: { serving: 1 }, rate: gamma });
      } else {
        moves.push({ change: { at_station: next }, rate: gamma });
      }
      return moves;
    },
  };
}

const spectrum = [2, 1, 4, 0.3, 0.7, 3];
const examples: readonly Example[] = [
  { file: "kingman", constants: { n: 7 }, theta: [1.3], plain: kingman },
  { file: "sfs", constants: { n: 8 }, theta: [2], plain: blocks(8) },
  {
    file: "isolation_migration",
    constants: { n1: 3, n2: 2 },
    theta: [1, 0.5, 2, 0.1, 0.2, 1.5],
    plain: islands(3, 2, [1, 0.5, 2, 0.1, 0.2]),
  },
  { file: "rabbits", constants: { n: 6 }, theta: [2, 4.5], plain: rabbits(6, 2, 4.5) },
  { file: "mm1k", constants: { K: 6 }, theta: [0.8, 1.1], plain: queue },
  { file: "m_erlang_1", theta: [0.5, 1.2], plain: erlang },
  { file: "sir", constants: { N: 9 }, theta: [2.5, 0.7], plain: epidemic },
  { file: "k_of_n", constants: { n: 5 }, theta: [0.1, 2], plain: repair },
  { file: "illness_death", theta: [0.1, 0.3, 0.2, 0.15, 0.05, 0.06, 0.4], plain: illness },
  { file: "gambler", constants: { goal: 8 }, theta: [0.45], plain: gambler },
  { file: "pattern", theta: [0.3], plain: pattern },
  { file: "bottleneck", constants: { n: 5 }, theta: [1.5, 0.1, 2, 0.2, 0.3], plain: bottleneck },
  { file: "arg", constants: { n: 4 }, theta: [1.3], plain: recombination },
  { file: "jsfs", constants: { n1: 3, n2: 2 }, theta: spectrum, plain: jointSpectrum(3, 2, spectrum) },
  {
    file: "phase_type",
    theta: [0.1, 0.9, 0, 4.2, 6, 2, 0, 2, 0, 2, 0, 1, 1, 0, 0],
    plain: general,
  },
  { file: "polling", constants: { N: 4 }, theta: [1.5, 20], plain: polling(4, 1.5, 20) },
];

function load(file: string, constants: ConstantValues = {}): DslModel {
  const path = fileURLToPath(new URL(`../../../examples/${file}.phx`, import.meta.url));
  return compile(readFileSync(path, "utf8"), { source: `${file}.phx`, constants });
}

function startOf(graph: MarkovGraph, z: readonly number[]): ReadonlyMap<string, number> {
  const features = graph.features.evaluate(z);
  const weights = new Map<string, number>();
  for (const [row, state] of graph.startStates.entries()) {
    const values = graph.states.read(state);
    const named = Object.fromEntries(graph.states.cells.map((cell, c) => [cell.name, values[c]]));
    const weight = rowValue(graph.startWeights, row, features);
    if (weight !== 0) weights.set(keyOf(named), weight);
  }
  return weights;
}

describe("the graph of an example is that of its account in plain code", () => {
  test.each(examples)("$file", ({ file, constants, theta, plain }) => {
    const graph = explore(load(file, constants).description.callback);
    const wanted = enumerate(plain);
    const z = [...theta];
    const found = edgeRates(graph, z);
    // Edges whose rate is 0 at these values are there all the same; the account has none of them.
    const happening = found.map((rates) => new Map([...rates].filter(([, rate]) => rate !== 0)));
    expect(happening.map((rates) => [...rates.keys()].sort())).toEqual(
      wanted.edges.map((rates) => [...rates.keys()].sort()),
    );
    for (const [epoch, rates] of wanted.edges.entries()) {
      for (const [edge, rate] of rates) {
        expect(Math.abs((happening[epoch].get(edge) ?? 0) - rate)).toBeLessThanOrEqual(1e-14 * rate);
      }
    }
    expect(startOf(graph, z)).toEqual(
      new Map(plain.start.map(({ state, weight }) => [keyOf(state), weight])),
    );
    if (file !== "phase_type") expect([...stateKeys(graph)].sort()).toEqual([...wanted.states].sort());
  });
});

describe("the number of states", () => {
  interface Known {
    readonly states?: number;
    readonly states_islands?: number;
  }
  const vectors = JSON.parse(
    readFileSync(fileURLToPath(new URL("../../../vectors/example-models.json", import.meta.url)), "utf8"),
  ) as { readonly models: Readonly<Record<string, Known>> };
  const constants: Readonly<Record<string, ConstantValues>> = {
    "kingman n=5 rate=1": { n: 5 },
    "sfs n=4 theta=2": { n: 4 },
    "rabbits n=2 flood 2,4": { n: 2 },
    "mm1k K=5 lambda=4/5 mu=1": { K: 5 },
    "sir N=5 beta=2 gamma=1": { N: 5 },
    "bottleneck n=4": { n: 4 },
  };

  test.each(Object.entries(vectors.models))("%s", (title, known) => {
    const graph = explore(load(title.split(" ")[0], constants[title] ?? {}).description.callback);
    expect(graph.stateCount).toBe(known.states ?? known.states_islands);
  });

  test("polling with five stations has PRISM's 240 states, 230 of them transient", () => {
    const graph = explore(load("polling").description.callback);
    expect(graph.stateCount).toBe(240);
    expect(graph.epochs[0].stop.filter((cause) => cause < 0).length).toBe(230);
  });
});
