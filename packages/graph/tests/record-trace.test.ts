// Recorded eliminations: replayed numbers equal dense solves; counts are those of the design; orders are lawful.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  blockCounting,
  grid,
  islandBlocks,
  islandCounts,
  queue,
  rabbits,
  randomDigraph,
  recombination,
  sir,
  sirs,
  tandem,
} from "../../../bench/graph/models.mjs";
import type { GraphCallback, MarkovGraph } from "../src/index.ts";
import { explore, recordTrace } from "../src/index.ts";
import { denseSolve, evaluateForms, replaySolve } from "./replay.ts";
import { callbackOf, tableModels } from "./table-model.ts";

const thetas = fc.tuple(
  fc.double({ min: 0.1, max: 10, noNaN: true }),
  fc.double({ min: 0.1, max: 10, noNaN: true }),
  fc.double({ min: 0.1, max: 10, noNaN: true }),
);

function exploreOrNull(callback: GraphCallback): MarkovGraph | null {
  try {
    return explore(callback, { allowDefective: true });
  } catch (error) {
    expect((error as { code?: string }).code).toBe("PHX706");
    return null;
  }
}

test("a replay solves what dense elimination solves, in every epoch and order, to 1e-9", () => {
  fc.assert(
    fc.property(
      tableModels,
      thetas,
      fc.constantFrom("auto", "amd", "markowitz", "natural"),
      (model, theta, ordering) => {
        const graph = exploreOrNull(callbackOf(model));
        if (graph === null) return;
        const phi = graph.features.evaluate(theta);
        graph.epochs.forEach((epoch, index) => {
          const trace = recordTrace(graph, { epoch: index, ordering });
          const weights = evaluateForms(epoch.weights, phi);
          const reward = Array.from({ length: graph.stateCount }, (_, i) => 1 + (i % 3));
          const rows = Array.from(trace.stateOfRow).toSorted((a, b) => a - b);
          const expected = denseSolve(graph, weights, rows, reward);
          const found = replaySolve(trace, weights, reward);
          found.forEach((value, i) => {
            expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-9 * Math.abs(expected[i]));
          });
        });
      },
    ),
    { numRuns: 120 },
  );
});

test("rows are the states that can stop, blocks come after those they lead to", () => {
  fc.assert(
    fc.property(tableModels, (model) => {
      const graph = exploreOrNull(callbackOf(model));
      if (graph === null) return;
      const trace = recordTrace(graph);
      const epoch = graph.epochs[graph.epochs.length - 1];
      for (let i = 0; i < graph.stateCount; i++) {
        const row = trace.rowOfState[i];
        if (epoch.stop[i] >= 0) expect(row).toBe(-1 - epoch.stop[i]);
        else if (row < 0) expect(row).toBe(-1 - trace.neverCause);
        else expect(trace.stateOfRow[row]).toBe(i);
      }
      expect(trace.causeCount).toBe(1 + (trace.neverCause < 0 ? 0 : 1));
      for (let b = 0; b + 1 < trace.blockOffsets.length; b++) {
        const end = trace.rowOffsets[trace.blockOffsets[b + 1]];
        for (let s = trace.rowOffsets[trace.blockOffsets[b]]; s < end; s++) {
          expect(trace.columns[s]).toBeLessThan(trace.blockOffsets[b + 1]);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("the bytes do not depend on the order of exploration", () => {
  fc.assert(
    fc.property(tableModels, (model) => {
      const graph = exploreOrNull(callbackOf(model));
      const other = exploreOrNull(
        callbackOf(
          model,
          model.rules.map((_, i) => model.rules.length - 1 - i),
        ),
      );
      if (graph === null || other === null) return;
      expect(recordTrace(other).toBytes()).toEqual(recordTrace(graph).toBytes());
    }),
    { numRuns: 100 },
  );
});

/** Rows, blocks and multiply-adds; minimum degree leaves some freedom in ties, hence the 12 %. */
test.each([
  ["coalescent 30", blockCounting(30), 5603, 5603, 0],
  ["islands 100", islandCounts(100), 5148, 99, 5049],
  ["island blocks 12", islandBlocks(12), 1163, 76, 14_485],
  ["island blocks 15", islandBlocks(15), 3954, 175, 88_000],
  ["rabbits 100", rabbits(100), 5150, 100, 5050],
  ["M/M/1/1000", queue(1000), 1000, 1, 999],
  ["SIR 100", sir(100), 5050, 5050, 0],
  ["SIRS 60", sirs(60), 1830, 1, 730_000],
  ["SIRS 120", sirs(120), 7260, 1, 7_700_000],
  ["recombination 20", recombination(20), 3268, 399, 2869],
  ["grid 100", grid(100), 10_000, 1, 10_500_000],
  ["tandem 60", tandem(60), 3721, 1, 3_000_000],
])("%s: rows, blocks and operations", (_, callback, rows, blocks, operations) => {
  const trace = recordTrace(explore(callback));
  expect(trace.rowCount).toBe(rows);
  expect(trace.blockOffsets.length - 1).toBe(blocks);
  expect(Math.abs(trace.operationCount - operations)).toBeLessThanOrEqual(0.12 * operations);
});

test("Markowitz is taken where it is cheaper: unsymmetric random digraphs", () => {
  const graph = explore(randomDigraph(400, 3));
  const chosen = recordTrace(graph);
  expect(chosen.ordering).toBe("markowitz");
  expect(chosen.operationCount).toBeLessThan(recordTrace(graph, { ordering: "amd" }).operationCount);
});

test("operations are counted exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 6, max: 40 }), fc.integer({ min: 2, max: 4 }), (n, degree) => {
      const trace = recordTrace(explore(randomDigraph(n, degree)));
      let count = 0;
      for (let i = 0; i < trace.rowCount; i++) {
        for (const k of trace.lowerColumns.subarray(trace.lowerOffsets[i], trace.lowerOffsets[i + 1])) {
          const row = trace.upperColumns.subarray(trace.upperOffsets[k], trace.upperOffsets[k + 1]);
          count += 1 + row.filter((j) => j !== i).length;
        }
      }
      expect(trace.operationCount).toBe(count);
    }),
  );
});

test("a budget that is exceeded is an error with the numbers", () => {
  const graph = explore(grid(30));
  expect(() => recordTrace(graph, { maxOperations: 1000 })).toThrow(
    /PHX950: the elimination of 901 states, 3,481 edges and 4 parameters exceeds its budget: more than 1,\d\d\d operations/,
  );
  expect(() => recordTrace(graph, { maxNonzeros: 100 })).toThrow("PHX950");
  expect(() => recordTrace(graph, { epoch: 1 })).toThrow("PHX951");
});

test("states that never stop have no rows, and entering them is an exit", () => {
  const one = Int32Array.of(0);
  const graph = explore(
    {
      ...queue(4),
      // 0 stops at 4 or falls into {1, 2} for ever.
      transitions: ([q], _epoch, sink) =>
        [[1, 4], [2], [1]][q].forEach((to) => sink.edge(0, Int32Array.of(to), 1, one, Float64Array.of(1))),
    },
    { allowDefective: true },
  );
  const trace = recordTrace(graph);
  expect(Array.from(trace.rowOfState)).toEqual([0, -2, -2, -1]);
  expect(trace.neverCause).toBe(1);
  expect(Array.from(trace.exitCauses)).toEqual([0, 1]);
});
