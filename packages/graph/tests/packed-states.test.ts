// The state table against a Map of strings, and its order, look-up and words.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Cell } from "../src/index.ts";
import { describeState, PackedStates } from "../src/index.ts";

const cellLists = fc.array(
  fc
    .tuple(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.oneof(fc.constantFrom(0, 1, 255, 256, 65_535), fc.nat({ max: 2 ** 31 - 1 })),
    )
    .map(([lower, range]) => ({ lower, upper: Math.min(lower + range, 2 ** 31 - 1) })),
  { minLength: 1, maxLength: 12 },
);

const tables = cellLists.chain((bounds) =>
  fc.record({
    cells: fc.constant(bounds.map(({ lower, upper }, index): Cell => ({ name: `c${index}`, lower, upper }))),
    states: fc.array(
      fc.tuple(
        ...bounds.map(({ lower, upper }) =>
          fc.oneof(fc.integer({ min: lower, max: upper }), fc.constantFrom(lower, upper)),
        ),
      ),
      { maxLength: 200 },
    ),
  }),
);

test("numbers are those of a Map from the states' texts", () => {
  fc.assert(
    fc.property(tables, ({ cells, states }) => {
      const table = new PackedStates(cells);
      const numbers = new Map<string, number>();
      for (const state of states) {
        const packed = Int32Array.from(state);
        const key = state.join(",");
        expect(table.find(packed)).toBe(numbers.get(key) ?? -1);
        if (!numbers.has(key)) numbers.set(key, numbers.size);
        expect(table.add(packed)).toBe(numbers.get(key));
        expect(table.find(packed)).toBe(numbers.get(key));
      }
      expect(table.stateCount).toBe(numbers.size);
      for (const [key, number] of numbers) expect(Array.from(table.read(number)).join(",")).toBe(key);
    }),
  );
});

test("unsigned comparison of words is lexicographic comparison of states", () => {
  fc.assert(
    fc.property(tables, ({ cells, states }) => {
      const table = new PackedStates(cells);
      for (const state of states) table.add(Int32Array.from(state));
      const { wordCount } = table.layout;
      const wordsOf = (i: number): number[] =>
        Array.from(table.packedStates.subarray(i * wordCount, (i + 1) * wordCount));
      for (let i = 1; i < table.stateCount; i++) {
        const byCells = compare(Array.from(table.read(i - 1)), Array.from(table.read(i)));
        expect(compare(wordsOf(i - 1), wordsOf(i))).toBe(byCells);
      }
    }),
  );
});

function compare(a: readonly number[], b: readonly number[]): number {
  const k = a.findIndex((value, index) => value !== b[index]);
  return k < 0 ? 0 : Math.sign(a[k] - b[k]);
}

test("states outside the bounds, or of another length, are not found", () => {
  const table = new PackedStates([{ name: "q", lower: 0, upper: 10 }]);
  table.add(Int32Array.of(3));
  expect(table.find(Int32Array.of(11))).toBe(-1);
  expect(table.find(Int32Array.of(-1))).toBe(-1);
  expect(table.find(Int32Array.of(3, 0))).toBe(-1);
  expect(table.cellOutOfBounds(Int32Array.of(11))).toBe(0);
  expect(table.cellOutOfBounds(Int32Array.of(3))).toBe(-1);
  expect(table.add(Int32Array.of(11))).toBe(-1);
  expect(table.stateCount).toBe(1);
});

test("a permutation renumbers states and their look-up", () => {
  const table = new PackedStates([{ name: "q", lower: 0, upper: 100 }]);
  for (let q = 0; q < 100; q++) table.add(Int32Array.of(q));
  const reversed = Int32Array.from({ length: 100 }, (_, i) => 99 - i);
  const turned = table.permuted(reversed, reversed);
  for (let q = 0; q < 100; q++) {
    expect(turned.find(Int32Array.of(q))).toBe(99 - q);
    expect(turned.read(99 - q)[0]).toBe(q);
  }
});

test("descriptions use names and labels", () => {
  const cells: Cell[] = [
    { name: "S", lower: 0, upper: 50 },
    { name: "serving", lower: 0, upper: 1, labels: ["false", "true"] },
  ];
  expect(describeState(cells, [49, 1])).toBe("(S = 49, serving = true)");
});
