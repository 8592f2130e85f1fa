// Exploration against an enumerator on sets of strings; its errors with their witnesses.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  blockCounting,
  islandCounts,
  queue,
  rabbits,
  recombination,
  sirs,
} from "../../../bench/graph/models.mjs";
import type { GraphCallback, LinearForms, MarkovGraph } from "../src/index.ts";
import { createFeatureTable, explore } from "../src/index.ts";
import { callbackOf, enumerate, parameterCount, tableModels } from "./table-model.ts";

const lenient = { allowDefective: true };

function exploreOrNull(callback: GraphCallback): MarkovGraph | null {
  try {
    return explore(callback, lenient);
  } catch (error) {
    expect((error as { code?: string }).code).toBe("PHX706");
    return null;
  }
}

/** Coefficients of (1, θ…) in row r; features were made in the order of the parameters. */
function rowOf(forms: LinearForms, r: number): number[] {
  const row = Array.from({ length: parameterCount + 1 }, () => 0);
  for (let j = forms.offsets[r]; j < forms.offsets[r + 1]; j++)
    row[forms.features[j]] += forms.coefficients[j];
  return row;
}

test("states, edges and transitions are those of an enumerator, epoch by epoch", () => {
  fc.assert(
    fc.property(tableModels, (model) => {
      const graph = exploreOrNull(callbackOf(model));
      if (graph === null) return;
      const expected = enumerate(model);
      const keys = Array.from({ length: graph.stateCount }, (_, i) =>
        Array.from(graph.states.read(i)).join(","),
      );
      expect(new Set(keys)).toEqual(expected.states);
      expect(keys.length).toBe(expected.states.size);
      graph.epochs.forEach((epoch, e) => {
        const reached = keys.filter((_, i) => epoch.reached === null || epoch.reached[i] === 1);
        expect(new Set(reached)).toEqual(expected.reached[e]);
        const edges = new Map<string, number[]>();
        const byEvent = new Map<string, number[]>();
        for (let i = 0; i < graph.stateCount; i++) {
          for (let k = graph.rowOffsets[i]; k < graph.rowOffsets[i + 1]; k++) {
            const row = rowOf(epoch.weights, k);
            if (row.some((c) => c !== 0)) edges.set(`${keys[i]}→${keys[graph.targets[k]]}`, row);
          }
        }
        const { transitions } = graph;
        for (let t = 0; t < transitions.count; t++) {
          const row = rowOf(transitions.weights[e], t);
          const pair = `${keys[transitions.sources[t]]}→${keys[graph.targets[transitions.edges[t]]]}`;
          if (row.some((c) => c !== 0)) byEvent.set(`${pair}@${transitions.events[t]}`, row);
        }
        expect(edges).toEqual(expected.edges[e]);
        expect(byEvent).toEqual(expected.byEvent[e]);
      });
    }),
    { numRuns: 150 },
  );
});

test("states and edges ascend, whatever order the callback emits in", () => {
  fc.assert(
    fc.property(tableModels, fc.infiniteStream(fc.nat()), (model, noise) => {
      const order = model.rules.map((_, i) => i);
      const weights = order.map(() => noise.next().value as number);
      const shuffled = order.toSorted((a, b) => weights[a] - weights[b]);
      const graph = exploreOrNull(callbackOf(model));
      const other = exploreOrNull(callbackOf(model, shuffled));
      expect(other === null).toBe(graph === null);
      if (graph === null || other === null) return;
      for (let i = 0; i < graph.stateCount; i++) {
        if (i > 0) expect(compare(graph.states.read(i - 1), graph.states.read(i))).toBe(-1);
        for (let k = graph.rowOffsets[i] + 1; k < graph.rowOffsets[i + 1]; k++) {
          expect(graph.targets[k]).toBeGreaterThan(graph.targets[k - 1]);
        }
      }
      expect(other.targets).toEqual(graph.targets);
      expect(other.rowOffsets).toEqual(graph.rowOffsets);
      expect(other.epochs).toEqual(graph.epochs);
      const columns = ({ events, edges, sources, weights }: MarkovGraph["transitions"]): unknown[] => [
        events,
        edges,
        sources,
        weights,
      ];
      expect(columns(other.transitions)).toEqual(columns(graph.transitions));
      expect(other.startStates).toEqual(graph.startStates);
    }),
    { numRuns: 100 },
  );
});

function compare(a: Int32Array, b: Int32Array): number {
  const k = a.findIndex((value, index) => value !== b[index]);
  return k < 0 ? 0 : Math.sign(a[k] - b[k]);
}

test.each([
  ["rabbits 100", rabbits(100), 5151, 20_200],
  ["rabbits 400 (found by box number)", rabbits(400), 80_601, 320_800],
  ["block-counting coalescent 30", blockCounting(30), 5604, 48_297],
  ["islands 100", islandCounts(100), 5150, 19_998],
  ["M/M/1/1000", queue(1000), 1001, 1999],
  ["SIRS 60", sirs(60), 1890, 5370],
  ["two-locus recombination 20", recombination(20), 3270, 14_288],
])("%s has the states and edges that are known", (_, callback, states, edges) => {
  const graph = explore(callback);
  expect(graph.stateCount).toBe(states);
  expect(graph.edgeCount).toBe(edges);
  const withoutEvents = explore(callback, { keepTransitions: false });
  expect(withoutEvents.edgeCount).toBe(edges);
  expect(() => withoutEvents.transitions).toThrow("internal:");
});

/** One cell `q` in 0..9, a successor function with rates, and a stop test. */
function chain(
  successors: (q: number) => readonly (readonly [target: number, rate: number])[],
  stop: ((q: number) => boolean) | null,
  start: readonly (readonly [q: number, weight: number])[] = [[0, 1]],
): GraphCallback {
  const one = Int32Array.of(0);
  return {
    kind: "continuous",
    cells: [{ name: "q", lower: 0, upper: 9 }],
    features: createFeatureTable(0),
    events: ["go"],
    causes: [""],
    declaresStop: stop !== null,
    epochs: [{ name: "", start: 0 }],
    start: (sink) =>
      start.forEach(([q, weight]) => sink.start(Int32Array.of(q), 1, one, Float64Array.of(weight))),
    transitions: ([q], _epoch, sink) =>
      successors(q).forEach(([target, rate]) =>
        sink.edge(0, Int32Array.of(target), 1, one, Float64Array.of(rate)),
      ),
    stopCause: ([q]) => (stop?.(q) === true ? 0 : -1),
    enter: () => undefined,
  };
}

test("without a stop declaration, states without transitions stop", () => {
  const graph = explore(chain((q) => (q < 3 ? [[q + 1, 1]] : []), null));
  expect(Array.from(graph.epochs[0].stop)).toEqual([-1, -1, -1, 0]);
});

test("start states are distinct and ascend, their weights are added up", () => {
  const graph = explore(
    chain(
      (q) => [[q - 1, 1]],
      (q) => q === 0,
      [
        [5, 0.25],
        [3, 0.5],
        [5, 0.25],
      ],
    ),
  );
  expect(Array.from(graph.startStates)).toEqual([3, 5]);
  expect(Array.from(graph.startWeights.coefficients)).toEqual([0.5, 0.5]);
});

test.each([
  [
    "PHX701",
    chain(
      (q) => [[q + 1, 1]],
      () => false,
    ),
    ["event `go` takes q to 10, outside 0..9, from (q = 9)"],
  ],
  [
    "PHX702",
    chain(
      (q) => [[q + 1, 3 - 2 * q]],
      (q) => q === 9,
    ),
    ["event `go` has rate -1 in (q = 2)"],
  ],
  [
    "PHX703",
    chain(
      (q) => [[q + 1, q === 2 ? NaN : 1]],
      (q) => q === 9,
    ),
    ["is not a number in (q = 2)"],
  ],
  [
    "PHX703",
    chain(
      (q) => [[q + 1, q === 2 ? Infinity : 1]],
      (q) => q === 9,
    ),
    ["is Infinity in (q = 2)"],
  ],
  [
    "PHX705",
    chain(
      (q) =>
        q === 0
          ? [
              [1, 1],
              [9, 1],
            ]
          : [[(q % 7) + 1, 1]],
      (q) => q === 9,
    ),
    ["from (q = 1)", "(q = 5), … (7 states)"],
  ],
  [
    "PHX706",
    chain(
      (q) => [[(q + 1) % 4, 1]],
      (q) => q === 9,
    ),
    ["from the start (q = 0)"],
  ],
  [
    "PHX404",
    chain(
      (q) => [[q + 1, 1]],
      (q) => q === 9,
      [
        [0, 1.5],
        [1, -0.5],
      ],
    ),
    ["-0.5"],
  ],
])("%s shows its witness", (code, callback, parts) => {
  let message = "";
  try {
    explore(callback);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain(code);
  for (const part of parts) expect(message).toContain(part);
});

test("PHX707 names the limit, the last state and the cell that grows", () => {
  expect(() => explore(rabbits(100), { maxStates: 1000 })).toThrow(
    /PHX707: more than 1,000 states \(last: .*`(left|right)`/s,
  );
});

test("a defective model is accepted where that is asked for", () => {
  const callback = chain(
    (q) =>
      q === 0
        ? [
            [1, 1],
            [9, 1],
          ]
        : [[1, 1]],
    (q) => q === 9,
  );
  expect(explore(callback, lenient).stateCount).toBe(3);
  expect(() => explore(callback)).toThrow("PHX705");
});
