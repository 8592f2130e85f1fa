// Expressions mean what they say: through the checker, the unrolling, the separation and the machine.
import { fc, test } from "@fast-check/vitest";
import { compile } from "@phxlang/dsl";
import type { DslModel } from "@phxlang/dsl";
import { explore } from "@phxlang/graph";
import type { LinearForms, MarkovGraph } from "@phxlang/graph";
import { describe, expect } from "vitest";
import { choose } from "../src/terms/operations.ts";
import { conditions, declarations, rates, wholeNumbers } from "./support/expressions.ts";
import type { Point } from "./support/expressions.ts";

/** A model whose states are a few hundred values of the cells, with one reward. */
function modelWith(reward: string): DslModel {
  return compile(`model m
${declarations}
start: p = 0
event p_up when p < 3: p += 1 @ mu
event q_up when q < 3: q += 1 @ nu
event b_up for i in 1..3 when b[i] < 2 and sum(b[j] for j in 1..3) < 3: b[i] += 1 @ 1
event opens when not open and p == 3: open = true @ 1
reward r = ${reward}
`);
}

function valuesOf(
  model: DslModel,
  mu: number,
  nu: number,
): { readonly graph: MarkovGraph; readonly values: number[] } {
  const graph = explore(model.description.callback);
  const forms = model.description.rewards[0].stateForms(graph, 0);
  if (forms === null) throw new Error("a state reward has state forms");
  const features = graph.features.evaluate([mu, nu]);
  return {
    graph,
    values: Array.from({ length: graph.stateCount }, (_, row) => rowValue(forms, row, features)),
  };
}

function rowValue(forms: LinearForms, row: number, features: Float64Array): number {
  let value = 0;
  for (let j = forms.offsets[row]; j < forms.offsets[row + 1]; j++) {
    value += forms.coefficients[j] * features[forms.features[j]];
  }
  return value;
}

function pointOf(graph: MarkovGraph, state: number, mu: number, nu: number): Point {
  const [p, q, b1, b2, b3, open] = graph.states.read(state);
  return { p, q, b: [b1, b2, b3], open: open === 1, mu, nu };
}

/** States that do not stop, for which rewards have values. */
function transientStates(graph: MarkovGraph): readonly number[] {
  return [...graph.epochs[0].stop.keys()].filter((state) => graph.epochs[0].stop[state] < 0);
}

const options = { numRuns: 40 };

describe("an expression in a reward has its value in every state", () => {
  test.prop([wholeNumbers], options)("whole numbers", ({ text, value }) => {
    const { graph, values } = valuesOf(modelWith(text), 1, 1);
    for (const state of transientStates(graph)) {
      expect(values[state]).toBe(value(pointOf(graph, state, 1, 1)) + 0);
    }
  });

  test.prop([conditions], options)("conditions", ({ text, value }) => {
    const { graph, values } = valuesOf(modelWith(`if ${text} then 1 else 0`), 1, 1);
    for (const state of transientStates(graph)) {
      expect(values[state]).toBe(value(pointOf(graph, state, 1, 1)) ? 1 : 0);
    }
  });

  const positive = fc.double({ min: 0.1, max: 3, noNaN: true });
  test.prop([rates, positive, positive], options)("parameters and state", ({ text, value }, mu, nu) => {
    const { graph, values } = valuesOf(modelWith(text), mu, nu);
    for (const state of transientStates(graph)) {
      const wanted = value(pointOf(graph, state, mu, nu));
      // Sums are rearranged, so what cancels leaves rounding of its parts.
      expect(Math.abs(values[state] - wanted)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(wanted)));
    }
  });
});

describe("a guard decides where an event happens", () => {
  test.prop([conditions], options)("by its value in the state", ({ text, value }) => {
    const model = compile(`model m
${declarations}
start: p = 0
event p_up when p < 3: p += 1 @ mu
event q_up when q < 3: q += 1 @ nu
event b_up for i in 1..3 when b[i] < 2 and sum(b[j] for j in 1..3) < 3: b[i] += 1 @ 1
event opens when not open and ${text}: open = true @ mu
`);
    const graph = explore(model.description.callback);
    const opens = new Set<number>();
    const { transitions } = graph;
    for (let t = 0; t < transitions.count; t++)
      if (transitions.events[t] === 3) opens.add(transitions.sources[t]);
    for (let state = 0; state < graph.stateCount; state++) {
      const at = pointOf(graph, state, 1, 1);
      expect(opens.has(state)).toBe(!at.open && value(at));
    }
  });
});

describe("choose", () => {
  const exact = (n: number, k: number): bigint => {
    let ways = 1n;
    for (let step = 1n; step <= BigInt(k); step++) ways = (ways * (BigInt(n) - step + 1n)) / step;
    return ways;
  };

  test("is exact below 2^53, and right to 1e-13 above", () => {
    for (let n = 0; n <= 120; n++) {
      for (let k = 0; k <= n; k++) {
        const wanted = exact(n, k);
        if (wanted < 2n ** 53n) expect(BigInt(choose(n, k))).toBe(wanted);
        else expect(Math.abs(choose(n, k) / Number(wanted) - 1)).toBeLessThan(1e-13);
      }
    }
  });

  test("is 0 outside 0..n, and ends for any n", () => {
    expect([choose(3, -1), choose(3, 4), choose(-2, 1)]).toEqual([0, 0, 0]);
    expect(choose(1e9, 5e8)).toBe(Infinity);
    expect(choose(1e9, 2)).toBe(499999999500000000);
  });
});
