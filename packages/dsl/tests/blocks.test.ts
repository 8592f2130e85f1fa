// Exploring blocks of states finds, bit for bit, the graph that asking state by state finds.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "@fast-check/vitest";
import { compile } from "@phxlang/dsl";
import type { ConstantValues, DslModel } from "@phxlang/dsl";
import { explore, structureKey } from "@phxlang/graph";
import type { GraphCallback, LinearForms, MarkovGraph } from "@phxlang/graph";
import { describe, expect } from "vitest";
import { declarationsOf, eventLists, modelText } from "./support/models.ts";
import { stateByState } from "./support/state-by-state.ts";

/** All that a graph holds, as plain data. Features are numbered as they are met, so their digests stand for them. */
function contents(graph: MarkovGraph): unknown {
  const codes = Array.from({ length: graph.features.featureCount }, (_, feature) =>
    Buffer.from(graph.features.canonicalCode(feature)).toString("hex"),
  );
  const terms = ({ rowCount, offsets, features, coefficients }: LinearForms): unknown =>
    Array.from({ length: rowCount }, (_, row) => {
      const from = offsets[row];
      const length = offsets[row + 1] - from;
      return Array.from(
        { length },
        (__, j) => `${coefficients[from + j]} ${codes[features[from + j]]}`,
      ).sort();
    });
  const { transitions } = graph;
  return {
    states: Array.from({ length: graph.stateCount }, (_, i) => graph.states.read(i).join()),
    rowOffsets: graph.rowOffsets,
    targets: graph.targets,
    epochs: graph.epochs.map(({ weights, stop, reached, enter }) => [terms(weights), stop, reached, enter]),
    start: [graph.startStates, terms(graph.startWeights)],
    eventCounts: graph.eventCounts,
    transitions: [transitions.edges, transitions.events, transitions.sources],
    transitionWeights: transitions.weights.map(terms),
    key: structureKey(graph),
  };
}

/** Each from a text of its own, so that neither meets the features of the other. */
function expectSame(make: () => DslModel): void {
  const one = (callback: GraphCallback): unknown => contents(explore(callback, { allowDefective: true }));
  expect(one(make().description.callback)).toEqual(one(stateByState(make().description.callback)));
}

const examples: readonly (readonly [string, ConstantValues])[] = [
  ["arg", { n: 8 }],
  ["bottleneck", { n: 12 }],
  ["gambler", { goal: 700, stake: 30 }],
  ["isolation_migration", { n1: 6, n2: 6 }],
  ["jsfs", { n1: 3, n2: 2 }],
  ["m_erlang_1", { K: 200 }],
  ["phase_type", {}],
  ["polling", { N: 7 }],
  ["rabbits", { n: 60 }],
  ["sfs", { n: 17 }],
];

describe("the same graph, many states at once or one by one", () => {
  test.each(examples)("%s", (file, constants) => {
    const path = fileURLToPath(new URL(`../../../examples/${file}.phx`, import.meta.url));
    const text = readFileSync(path, "utf8");
    expectSame(() => compile(text, { source: `${file}.phx`, constants }));
  });

  test("with a rest that differs from state to state", () => {
    expectSame(() =>
      compile(
        `discrete model walk
const n = 600
param p in 0..1 = 0.3
state x in 0..n
start: x = 1
stop when x == n or x == 0
event up when x > 1: x += 1 @ p * (x mod 3 + 1) / 4
event jump when mod(x, 2) == 0: x = min(n, 2 * x) @ p / 8
event down: x -= 1 @ rest`.replaceAll("x mod 3", "mod(x, 3)"),
      ),
    );
  });

  test("with cells that the state chooses and rates of several terms", () => {
    expectSame(() =>
      compile(`model chosen
const n = 5
param a > 0 = 1
param b[1..n] > 0 = [1, 2, 3, 4, 5]
state at in 1..n
state on[1..n] in 0..2
start: at = 1
stop when all(on[i] == 2 for i in 1..n)
event light when on[at] < 2: on[at] += 1 @ a + 2 * b[at] + on[n + 1 - at]
event go: at = (if at == n then 1 else at + 1) @ a * at + b[at] / 2
event off for i in 2..n when on[i] == 1 and at < i: on[i] = 0, on[at] = 0 @ exp(-a * on[i - 1])`),
    );
  });

  test.prop([eventLists], { numRuns: 40 })("for rules of any kind", (events) => {
    expectSame(() => compile(modelText(declarationsOf(events))));
  });

  test("after a run that failed in the middle of a block", () => {
    const model = compile(
      "model m\nconst n = 900\nparam r > 0 = 1\nstate q in 0..n\nstart: q = 0\nstop when q == n\nevent up: q += 1 @ r\nevent drop when q == 700: q = 0 @ r",
    );
    const { callback } = model.description;
    expect(() => explore(callback, { maxStates: 500 })).toThrow("PHX707");
    expect(explore(callback).stateCount).toBe(901);
  });
});
