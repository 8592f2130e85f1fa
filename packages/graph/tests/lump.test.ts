// Lumping: the coarsest classes (against naive refinement), and the same numbers with fewer rows.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  blockCounting,
  islandBlocks,
  rabbits,
  recombination,
  sirs,
  tandem,
} from "../../../bench/graph/models.mjs";
import type { EliminationTrace, GraphCallback, MarkovGraph } from "../src/index.ts";
import { explore, linearFormsOf, recordTrace } from "../src/index.ts";
import { evaluateForms, replaySolve } from "./replay.ts";
import { callbackOf, tableModels } from "./table-model.ts";

function exploreOrNull(callback: GraphCallback): MarkovGraph | null {
  try {
    return explore(callback, { allowDefective: true });
  } catch {
    return null;
  }
}

/** Refines by full signatures until nothing changes; coefficients of the tests are dyadic, so sums are exact. */
function naiveClasses(graph: MarkovGraph, trace: EliminationTrace, seed: (state: number) => string): number {
  const { weights } = graph.epochs[trace.epoch];
  let classes = Array.from(trace.rowOfState, (row, i) => (row < 0 ? String(row) : `t${seed(i)}`));
  for (;;) {
    const next = classes.map((own, i) => {
      if (trace.rowOfState[i] < 0) return own;
      const sums = new Map<string, number>();
      for (let e = graph.rowOffsets[i]; e < graph.rowOffsets[i + 1]; e++) {
        const target = classes[graph.targets[e]];
        if (target === own) continue;
        for (let j = weights.offsets[e]; j < weights.offsets[e + 1]; j++) {
          const key = `${target}/${weights.features[j]}`;
          sums.set(key, (sums.get(key) ?? 0) + weights.coefficients[j]);
        }
      }
      return `${own}|${[...sums]
        .filter(([, sum]) => sum !== 0)
        .map(([key, sum]) => `${key}=${sum}`)
        .toSorted()
        .join(";")}`;
    });
    const numbers = new Map([...new Set(next)].map((key, index) => [key, `n${index}`]));
    const renamed = next.map((key, i) => (trace.rowOfState[i] < 0 ? key : (numbers.get(key) ?? "")));
    if (new Set(next).size === new Set(classes).size)
      return new Set(next.filter((_, i) => trace.rowOfState[i] >= 0)).size;
    classes = renamed;
  }
}

test("classes are as few as naive refinement finds", () => {
  fc.assert(
    fc.property(tableModels, (model) => {
      const graph = exploreOrNull(callbackOf(model));
      if (graph === null) return;
      const plain = recordTrace(graph);
      const lumped = recordTrace(graph, { lump: true });
      expect(lumped.rowCount).toBe(naiveClasses(graph, plain, () => ""));
    }),
    { numRuns: 200 },
  );
});

test("a lumped replay gives every state the number that an unlumped one gives, to 1e-10", () => {
  const theta = fc.double({ min: 0.1, max: 10, noNaN: true });
  fc.assert(
    fc.property(tableModels, fc.tuple(theta, theta, theta), (model, values) => {
      const graph = exploreOrNull(callbackOf(model));
      if (graph === null) return;
      const rewardOf = (i: number): number => 1 + Math.abs(graph.states.read(i)[0] % 2);
      const reward = Array.from({ length: graph.stateCount }, (_, i) => rewardOf(i));
      const forms = linearFormsOf(reward.map((value) => [[0, value]]));
      const plain = recordTrace(graph);
      const lumped = recordTrace(graph, { lump: { stateRewards: [forms] } });
      expect(lumped.rowCount).toBe(naiveClasses(graph, plain, (i) => String(reward[i])));
      const weights = evaluateForms(
        graph.epochs[graph.epochs.length - 1].weights,
        graph.features.evaluate(values),
      );
      const expected = replaySolve(plain, weights, reward);
      replaySolve(lumped, weights, reward).forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-10 * Math.abs(expected[i]));
      });
    }),
    { numRuns: 150 },
  );
});

test.each([
  ["coalescent 20", blockCounting(20), 626, 19],
  ["coalescent 30", blockCounting(30), 5603, 29],
  ["island blocks 10", islandBlocks(10), 479, 63],
  ["island blocks 15", islandBlocks(15), 3954, 133],
  ["recombination 20", recombination(20), 3268, 1729],
  ["rabbits 30", rabbits(30), 495, 495],
  ["SIRS 20", sirs(20), 210, 210],
  ["tandem 10", tandem(10), 121, 121],
])("%s has the classes that are known", (_, callback, states, classes) => {
  const graph = explore(callback);
  expect(recordTrace(graph).rowCount).toBe(states);
  const trace = recordTrace(graph, { lump: true });
  expect(trace.rowCount).toBe(classes);
  trace.stateOfRow.forEach((state, row) => {
    expect(trace.rowOfState.indexOf(row)).toBe(state);
  });
});
