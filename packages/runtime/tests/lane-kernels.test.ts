// Elimination in lanes: every lane has the bits of the oracle, whatever the number of lanes and what the others hold.
import { fc, test } from "@fast-check/vitest";
import type { EliminationTrace } from "@phxlang/graph";
import { describe, expect } from "vitest";
import { makeModel } from "../src/index.ts";
import { factor, solve, solveTransposed } from "../src/kernels/gth.ts";
import type { LaneCount } from "../src/kernels/lane-arrays.ts";
import { allocateLanes, placeLanes, readLane, zeroLanes } from "../src/kernels/lane-arrays.ts";
import { LaneGenerator } from "../src/kernels/lane-generator.ts";
import { addEdgeProducts, addGenerated, addGeneratedTransposed } from "../src/kernels/operator.ts";
import { factorLength } from "../src/kernels/phase-type-kernels.ts";
import { reverseSolve } from "../src/kernels/reverse-gth.ts";
import { generatorPattern } from "../src/patterns/operator-pattern.ts";
import { kernelHost } from "../src/wasm/index.ts";
import { denseTrace } from "./support/dense-chain.ts";
import { linearModel } from "./support/linear-model.ts";
import { randomChains } from "./support/random-chains.ts";

const traces: fc.Arbitrary<EliminationTrace> = fc.oneof(
  fc.integer({ min: 1, max: 7 }).map(denseTrace),
  randomChains(2, true).map((chain) => makeModel(linearModel(chain)).trace),
);

/** Numbers that a seed picks: mostly rates over twelve decades, some of them 0. */
function draw(seed: number, length: number, zeros: boolean): Float64Array {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    if (zeros && state >>> 29 === 0) return 0;
    return 10 ** ((state / 2 ** 32) * 12 - 6);
  });
}

const samples = fc.record({
  trace: traces,
  lanes: fc.constantFrom<LaneCount>(1, 2, 4, 8),
  seed: fc.nat(),
  zeros: fc.boolean(),
  kills: fc.boolean(),
});

/** Signed zeros may differ: a skipped product is +0, a computed one may be −0. */
function same(actual: Float64Array, expected: Float64Array): void {
  expect(Array.from(actual, (x) => x + 0)).toEqual(Array.from(expected, (x) => x + 0));
}

describe("each lane has the oracle's bits", () => {
  test.prop([samples])("factors, solves, reverse mode", ({ trace, lanes, seed, zeros, kills }) => {
    const rows = trace.rowCount;
    const items = Array.from({ length: lanes }, (_, lane) => {
      const own = seed + 7 * lane;
      const slots = draw(own, trace.slotCount, zeros);
      const killing = kills ? draw(own + 1, rows, zeros) : null;
      const right = draw(own + 2, rows, true);
      const left = draw(own + 3, rows, true);
      const factors = new Float64Array(factorLength(trace));
      factor(trace, slots, killing, factors);
      const solution = new Float64Array(rows);
      solve(trace, slots, factors, right, solution);
      const cosolution = new Float64Array(rows);
      solveTransposed(trace, slots, factors, left, cosolution);
      const slotGradient = new Float64Array(trace.slotCount).fill(0.5);
      const killingGradient = new Float64Array(rows);
      const pivots = factors.subarray(factors.length - 2 * rows, factors.length - rows);
      const isRegular = pivots.every((pivot) => pivot > 0);
      if (isRegular) {
        reverseSolve(trace, slots, factors, right, solution, left, slotGradient, killingGradient);
      }
      const results = { factors, solution, cosolution, slotGradient, killingGradient };
      return { slots, killing, right, left, isRegular, results };
    });
    const arena = kernelHost().arena();
    const place = (name: "slots" | "right" | "left"): number =>
      placeLanes(
        arena,
        items.map((item) => item[name]),
      );
    const killing = items.flatMap((item) => item.killing ?? []);
    const generator = new LaneGenerator(arena, lanes, trace, place("slots"), {
      killing:
        killing.length > 0
          ? placeLanes(
              arena,
              items.map((item) => item.killing ?? item.right),
            )
          : null,
    });
    const [right, left] = [place("right"), place("left")];
    const solution = allocateLanes(arena, lanes, rows);
    generator.solve(right, solution);
    const cosolution = allocateLanes(arena, lanes, rows);
    generator.solveTransposed(left, cosolution);
    const slotGradient = placeLanes(
      arena,
      items.map(() => new Float64Array(trace.slotCount).fill(0.5)),
    );
    const killingGradient = zeroLanes(arena, lanes, rows);
    generator.reverseSolve(right, solution, left, slotGradient, killingGradient);
    const addresses = { factors: generator.factors, solution, cosolution, slotGradient, killingGradient };
    for (const [lane, { results, isRegular }] of items.entries()) {
      for (const [name, expected] of Object.entries(results)) {
        if (name.endsWith("Gradient") && !isRegular) continue;
        const actual = new Float64Array(expected.length);
        readLane(addresses[name as keyof typeof addresses], lanes, lane, actual);
        same(actual, expected);
      }
    }
    arena.release();
  });

  test.prop([samples])("products with the generator and its edges", ({ trace, lanes, seed, zeros }) => {
    const rows = trace.rowCount;
    const pattern = generatorPattern(trace);
    const items = Array.from({ length: lanes }, (_, lane) => {
      const slots = draw(seed + lane, trace.slotCount, zeros);
      const x = draw(seed + lane + 1, rows, false);
      const left = draw(seed + lane + 2, rows, true);
      const product = draw(seed + lane + 3, rows, true);
      const transposed = product.slice();
      const edges = new Float64Array(trace.slotCount).fill(2);
      const before = product.slice();
      addGenerated(pattern, slots, x, product);
      addGeneratedTransposed(pattern, slots, x, transposed);
      addEdgeProducts(pattern, left, x, 1, edges);
      return { slots, x, left, before, results: { product, transposed, edges } };
    });
    const arena = kernelHost().arena();
    const place = (name: "slots" | "x" | "left" | "before"): number =>
      placeLanes(
        arena,
        items.map((item) => item[name]),
      );
    const slots = draw(seed, trace.slotCount, false);
    const own = placeLanes(
      arena,
      items.map(() => slots),
    );
    const generator = new LaneGenerator(arena, lanes, trace, own, { killing: null });
    const addresses = {
      product: place("before"),
      transposed: place("before"),
      edges: placeLanes(
        arena,
        items.map(() => new Float64Array(trace.slotCount).fill(2)),
      ),
    };
    generator.addGenerated(place("slots"), place("x"), addresses.product);
    generator.addGeneratedTransposed(place("slots"), place("x"), addresses.transposed);
    generator.addEdgeProducts(place("left"), place("x"), addresses.edges);
    for (const [lane, { results }] of items.entries()) {
      for (const name of ["product", "transposed", "edges"] as const) {
        const actual = new Float64Array(results[name].length);
        readLane(addresses[name], lanes, lane, actual);
        same(actual, results[name]);
      }
    }
    arena.release();
  });
});
