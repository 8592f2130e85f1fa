// The key of a structure: blind to names and orders, sharp for every constant, formula and option.
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { islandBlocks, queue, rabbits } from "../../../bench/graph/models.mjs";
import type { FeatureTable, GraphCallback, MarkovGraph } from "../src/index.ts";
import {
  createFeatureTable,
  decodeTrace,
  explore,
  findMisfit,
  linearFormsOf,
  recordTrace,
  structureKey,
} from "../src/index.ts";
import { callbackOf, tableModels } from "./table-model.ts";

function exploreOrNull(callback: GraphCallback): MarkovGraph | null {
  try {
    return explore(callback, { allowDefective: true });
  } catch {
    return null;
  }
}

test("another order of exploration gives the same key and the same trace", () => {
  fc.assert(
    fc.property(tableModels, (model) => {
      const reversed = model.rules.map((_, i) => model.rules.length - 1 - i);
      const graph = exploreOrNull(callbackOf(model));
      const other = exploreOrNull(callbackOf(model, reversed));
      if (graph === null || other === null) return;
      expect(structureKey(other)).toBe(structureKey(graph));
      const options = { lump: true };
      expect(recordTrace(other, options).contentHash).toBe(recordTrace(graph, options).contentHash);
    }),
    { numRuns: 100 },
  );
});

test("one changed coefficient that occurs gives another key", () => {
  fc.assert(
    fc.property(tableModels, fc.nat({ max: 5 }), (model, which) => {
      const rule = model.rules[which % model.rules.length];
      if (rule.terms.length === 0) return;
      const [[p, coefficient], ...rest] = rule.terms;
      const changed = { ...rule, terms: [[p, coefficient + 0.125] as const, ...rest] };
      const graph = exploreOrNull(callbackOf(model));
      const other = exploreOrNull(
        callbackOf({ ...model, rules: model.rules.map((r) => (r === rule ? changed : r)) }),
      );
      if (graph === null || other === null) return;
      const same = graph.epochs.every((epoch, e) =>
        epoch.weights.coefficients.every((c, j) => c === other.epochs[e].weights.coefficients[j]),
      );
      expect(structureKey(other) === structureKey(graph)).toBe(same);
    }),
    { numRuns: 100 },
  );
});

/** A pure death process whose rate is a formula of two parameters. */
function death(
  formula: (table: FeatureTable) => number,
  names: { cell?: string; event?: string; cause?: string } = {},
  before: (table: FeatureTable) => void = () => undefined,
): MarkovGraph {
  const features = createFeatureTable(2);
  before(features);
  const form = features.linearForm(formula(features));
  return explore({
    kind: "continuous",
    cells: [{ name: names.cell ?? "k", lower: 0, upper: 3 }],
    features,
    events: [names.event ?? "die"],
    causes: [names.cause ?? ""],
    declaresStop: true,
    epochs: [{ name: "", start: 0 }],
    start: (sink) => sink.start(Int32Array.of(3), 1, Int32Array.of(0), Float64Array.of(1)),
    transitions: ([k], _epoch, sink) =>
      sink.edge(
        0,
        Int32Array.of(k - 1),
        form.features.length,
        Int32Array.from(form.features),
        Float64Array.from(form.coefficients),
      ),
    stopCause: ([k]) => (k === 0 ? 0 : -1),
    enter: () => undefined,
  });
}

test("names and other features do not enter; formulas do", () => {
  const sum = (t: FeatureTable): number => t.apply("add", t.apply("exp", t.input(0)), t.input(1));
  const key = structureKey(death(sum));
  expect(structureKey(death(sum, { cell: "lineages", event: "coalesce", cause: "done" }))).toBe(key);
  const unused = (t: FeatureTable): void => {
    t.feature(t.apply("log", t.input(1)));
    t.feature(t.input(1));
  };
  expect(structureKey(death(sum, {}, unused))).toBe(key);
  const others = [
    (t: FeatureTable): number => t.apply("add", t.apply("exp", t.input(1)), t.input(0)),
    (t: FeatureTable): number => t.apply("add", t.apply("log", t.input(0)), t.input(1)),
    (t: FeatureTable): number => t.apply("exp", t.apply("add", t.input(0), t.input(1))),
    (t: FeatureTable): number => t.apply("div", t.input(0), t.input(1)),
    (t: FeatureTable): number => t.apply("div", t.input(1), t.input(0)),
    (t: FeatureTable): number => t.apply("pow", t.input(0), t.constant(2)),
    (t: FeatureTable): number => t.apply("pow", t.input(0), t.constant(3)),
  ];
  const keys = others.map((formula) => structureKey(death(formula)));
  expect(new Set([key, ...keys]).size).toBe(1 + others.length);
});

test("two models that differ in a constant rate or a start weight have different keys", () => {
  const constant = (value: number) => (t: FeatureTable) => t.apply("mul", t.constant(value), t.input(0));
  expect(structureKey(death(constant(1)))).not.toBe(structureKey(death(constant(5))));
  expect(structureKey(death(constant(5)))).toBe(structureKey(death(constant(5))));
});

test("kind, epoch, ordering, lumping and rewards enter; the budget and the hash's maker do not", () => {
  const graph = explore(rabbits(5));
  const rewards = linearFormsOf(Array.from({ length: graph.stateCount }, (_, i) => [[0, 1 + (i % 2)]]));
  const discrete = { ...graph, kind: "discrete" as const };
  const keys = [
    structureKey(graph),
    structureKey(discrete),
    structureKey(graph, { ordering: "natural" }),
    structureKey(graph, { lump: true }),
    structureKey(graph, { lump: { stateRewards: [rewards] } }),
    structureKey(explore(rabbits(6))),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(structureKey(graph, { maxOperations: 1 })).toBe(keys[0]);
  expect(structureKey(graph, { createHash: () => createHash("sha256") })).toBe(keys[0]);
  // Written down: the same on every machine, engine and day.
  expect(structureKey(explore(queue(5)))).toMatchInlineSnapshot(
    `"c11ca727e6814f57a3d1351376efc5e6d7340e4a7b54b93339549a1faf511e72"`,
  );
  expect(recordTrace(explore(islandBlocks(4))).contentHash).toMatchInlineSnapshot(
    `"b1941b4694adf2ddea58dce72c6d63327cdda8070b55260a8208e4e04df36fa7"`,
  );
});

test("a decoded trace fits its graph and no other", () => {
  const graphs = [islandBlocks(4), islandBlocks(5), rabbits(5), queue(20)].map((callback) =>
    explore(callback),
  );
  graphs.forEach((graph, own) => {
    for (const lump of [false, true]) {
      const trace = decodeTrace(recordTrace(graph, { lump }).toBytes());
      graphs.forEach((other, index) => expect(findMisfit(trace, other) === null).toBe(index === own));
    }
  });
});
