// Random models, data and functions: they mean what their texts say, are reproducible, and shrink to smaller ones.
import { check as checkText } from "@phxlang/dsl";
import { makeModel } from "@phxlang/runtime";
import type { Model } from "@phxlang/runtime";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GraphShape } from "../src/index.ts";
import { graphs, observations, parameters, phaseTypes, phxPrograms, programs, times } from "../src/index.ts";

function modelOfText(source: string, allowDefective = false): Model {
  const { model, diagnostics } = checkText(source, { source: "drawn.phx" });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (model === null)
    throw new Error(`${source}\n${errors.map(({ code, message }) => `${code} ${message}`).join("\n")}`);
  return makeModel(model.description, { allowDefective });
}

function expectSame(found: Model, expected: Model, point: readonly number[]): void {
  const theta = [...point];
  const close = (a: number, b: number): void => {
    expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * Math.max(Math.abs(b), 1e-6));
  };
  expect(found.graph.stateCount).toBe(expected.graph.stateCount);
  expect(found.graph.edgeCount).toBe(expected.graph.edgeCount);
  expect(found.trace.contentHash).toBe(expected.trace.contentHash);
  // A few jumps of the fastest state: stiff chains would need millions of steps for more.
  const { matrix } = expected.toMatrices(theta);
  const t = 3 / Math.max(...Array.from(matrix.dataSync(), Math.abs));
  close(found.survival(theta, t).item(), expected.survival(theta, t).item());
  if (!expected.defective) close(found.mean(theta).item(), expected.mean(theta).item());
  for (const reward of expected.rewards) {
    if (reward === "time" || expected.defective) continue;
    close(found.reward(reward).mean(theta).item(), expected.reward(reward).mean(theta).item());
  }
}

const shapes: readonly GraphShape[] = ["acyclic", "cyclic", "stiff", "defective", "lumpable"];

describe.each(shapes)("%s graphs", (shape) => {
  test("the text and the model of a graph are the same", () => {
    fc.assert(
      fc.property(graphs({ shape }), (graph) => {
        expectSame(modelOfText(graph.source, graph.defective), graph.model, graph.point);
      }),
      { numRuns: 30 },
    );
  });

  test("have their shape", () => {
    fc.assert(
      fc.property(graphs({ shape }), ({ model, edges, groups, stateCount, startWeights, rewards }) => {
        expect(model.defective).toBe(shape === "defective");
        const blocks = model.trace.blockOffsets.length - 1;
        if (shape === "acyclic") expect(blocks).toBe(model.trace.rowCount);
        if (shape === "stiff") {
          for (const { coefficient } of edges)
            expect(Math.abs(Math.log10(coefficient))).toBeLessThanOrEqual(7);
        }
        expect(startWeights).toHaveLength(stateCount);
        if (shape !== "lumpable" || groups === null) return;
        // Rates from the states of a group into any group are the same.
        const into = (state: number): string =>
          edges
            .filter(({ from }) => from === state)
            .map(({ to, coefficient, parameter }) => `${groups[to] ?? "stop"} ${coefficient} ${parameter}`)
            .sort()
            .join();
        groups.forEach((group, state) => {
          const first = groups.indexOf(group);
          expect(into(state)).toBe(into(first));
          expect(rewards[state]).toBe(rewards[first]);
        });
      }),
      { numRuns: 30 },
    );
  });
});

test("components have the sizes that were asked for", () => {
  fc.assert(
    fc.property(graphs({ components: [3, 1, 2] }), ({ model }) => {
      const { blockOffsets } = model.trace;
      const sizes = Array.from(blockOffsets.slice(1), (end, block) => end - blockOffsets[block]);
      expect(sizes.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    }),
    { numRuns: 20 },
  );
});

test.each(["continuous", "discrete"] as const)("%s phase types are what their text says", (kind) => {
  fc.assert(
    fc.property(phaseTypes({ kind, decades: 3 }), ({ source, model, alpha, S, exits }) => {
      const text = modelOfText(source);
      const close = (a: number, b: number): void => {
        expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-11 * Math.abs(b));
      };
      close(text.mean([]).item(), model.mean([]).item());
      close(text.cdf([], 2).item(), model.cdf([], 2).item());
      expect(alpha.reduce((sum, p) => sum + p, 0)).toBeLessThanOrEqual(1 + 1e-12);
      const total = kind === "continuous" ? 0 : 1;
      S.forEach((row, i) => {
        const sum = row.reduce((all, x) => all + x, exits[i]);
        expect(Math.abs(sum - total)).toBeLessThanOrEqual(1e-12 * Math.max(1, ...row.map(Math.abs)));
      });
    }),
    { numRuns: 60 },
  );
});

test("random files mean what they must", () => {
  fc.assert(
    fc.property(phxPrograms(), ({ source, model }) => {
      expectSame(modelOfText(source), model, Array.from(model.defaults.elements));
    }),
    { numRuns: 120 },
  );
});

describe("θ, times and data", () => {
  const bounded = modelOfText(
    `model bounded
param a > 0 = 2
param b in 0..1 = 0.5
param c > a = 3
param p[1..3] simplex
param free = 1
state s in 0..4
start for i in 1..3: s = i @ p[i]
stop when s == 0
event x when s == 1: s = 0 @ a
event y when s == 2: s = 0 @ b + c
event z when s == 3: s = 0 @ exp(free)
`,
  );

  test.each([false, true])("θ lies within all bounds (near them: %s)", (nearBounds) => {
    fc.assert(
      fc.property(parameters(bounded, { nearBounds }), (theta) => {
        const [a, b, c, ...rest] = theta;
        expect(a).toBeGreaterThan(0);
        expect(b > 0 && b < 1).toBe(true);
        expect(c).toBeGreaterThan(a);
        expect(rest[0] + rest[1] + rest[2]).toBeCloseTo(1, 12);
        expect(Number.isFinite(bounded.mean([...theta]).item())).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test("times are ascending and positive; data have a finite likelihood", () => {
    fc.assert(
      fc.property(
        graphs().chain((graph) =>
          fc.record({
            graph: fc.constant(graph),
            at: times(graph.model, [...graph.point]),
            data: observations(graph.model, [...graph.point]),
          }),
        ),
        ({ graph, at, data }) => {
          expect([...at].sort((x, y) => x - y)).toEqual(at);
          expect(at[0]).toBeGreaterThan(0);
          const value = graph.model.logLikelihood([...graph.point], data).item();
          expect(Number.isFinite(value)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("the contract of fast-check", () => {
  const graph = fc.sample(graphs(), { numRuns: 1, seed: 5 })[0];
  const arbitraries: readonly (readonly [string, fc.Arbitrary<unknown>])[] = [
    ["graphs", graphs()],
    ["lumpable graphs", graphs({ shape: "lumpable" })],
    ["phaseTypes", phaseTypes()],
    ["phxPrograms", phxPrograms()],
    ["programs", programs()],
    ["parameters", parameters(graph.model)],
    ["times", times(graph.model, [...graph.point])],
    ["observations", observations(graph.model, [...graph.point])],
  ];

  test.each(arbitraries)("%s: the same seed gives the same values", (_, arbitrary) => {
    const texts = (seed: number): string[] =>
      fc.sample(arbitrary, { numRuns: 10, seed }).map((value) => fc.stringify(value));
    expect(texts(11)).toEqual(texts(11));
    expect(texts(11)).not.toEqual(texts(12));
  });

  test.each(arbitraries)("%s: shrinking ends at a value that is not larger", (_, arbitrary) => {
    // A property that always fails takes the first value offered at each step.
    const seen: string[] = [];
    const outcome = fc.check(
      fc.property(arbitrary, (value) => {
        seen.push(fc.stringify(value));
        return false;
      }),
      { seed: 3, numRuns: 1 },
    );
    expect(outcome.failed).toBe(true);
    expect(seen.length).toBeLessThan(300);
    expect(seen[seen.length - 1].length).toBeLessThanOrEqual(seen[0].length);
  });

  test("counterexamples are small and print as a file", () => {
    const outcome = fc.check(
      fc.property(graphs(), ({ stateCount }) => stateCount < 3),
      { seed: 1, numRuns: 200 },
    );
    const [smallest] = outcome.counterexample ?? [];
    expect(smallest?.stateCount).toBe(3);
    expect(fc.stringify(smallest)).toContain("model chain");
  });
});
