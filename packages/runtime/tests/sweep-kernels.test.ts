// Sweeps in WebAssembly against their oracle, and lanes against themselves alone: bit for bit.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import type { LaneCount } from "../src/kernels/lane-arrays.ts";
import { placeLanes, readLane, zeroLanes } from "../src/kernels/lane-arrays.ts";
import { referenceSweeps } from "../src/kernels/sweep.ts";
import type { SweepKernels } from "../src/kernels/sweep-kernels.ts";
import { wasmSweeps } from "../src/kernels/wasm/wasm-sweeps.ts";
import type { OperatorPattern } from "../src/patterns/operator-pattern.ts";
import { PatternBuilder } from "../src/patterns/pattern-builder.ts";
import { LeftBlock } from "../src/uniformization/left-block.ts";
import { OperatorBlock } from "../src/uniformization/operator-block.ts";
import { kernelHost } from "../src/wasm/index.ts";

interface Sample {
  readonly pattern: OperatorPattern;
  /** Everything that differs between lanes is made from this, by lane. */
  readonly numbers: readonly number[];
  readonly magnitude: number;
  /** Of cotangents. */
  readonly weight: number;
}

/** Any entries, some of them couplings; rates over twelve decades. */
const samples: fc.Arbitrary<Sample> = fc.integer({ min: 1, max: 6 }).chain((rows) => {
  const place = fc.integer({ min: 0, max: rows - 1 });
  return fc
    .record({
      edges: fc.array(fc.tuple(place, place, fc.integer({ min: 0, max: 2 })), { maxLength: 14 }),
      numbers: fc.array(
        fc.double({ min: -6, max: 6, noNaN: true }).map((x) => 10 ** x),
        { minLength: 7, maxLength: 7 },
      ),
      magnitude: fc.constantFrom(1e-60, 1, 1e60),
      weight: fc.constantFrom(1e-288, 1),
    })
    .map(({ edges, numbers, magnitude, weight }) => {
      const builder = new PatternBuilder(rows, edges.length);
      for (const [slot, [row, column, kind]] of edges.entries()) {
        if (kind === 0 && row !== column) builder.transition(row, column, slot);
        else if (kind === 1) builder.coupling(row, column, slot);
        else builder.exit(row, slot);
      }
      return { pattern: builder.finish(), numbers, magnitude, weight };
    });
});

const leftCount = 2;
const blocks = 2;
const steps = 4 * blocks;

/** Numbers of a lane: those of the sample in an order of its own, every seventh of them 0. */
function laneNumbers({ numbers }: Sample, lane: number, length: number, shift: number): Float64Array {
  return Float64Array.from({ length }, (_, i) =>
    (i + shift) % 7 === 3 ? 0 : numbers[(3 * i + 5 * lane + shift) % numbers.length],
  );
}

/** Everything the kernels write, lane by lane, for the lanes first … first + count − 1 of a sample. */
function run(kernels: SweepKernels, sample: Sample, first: number, count: LaneCount): Float64Array[][] {
  const { pattern, magnitude, weight } = sample;
  const rows = pattern.rowCount;
  const arena = kernelHost().arena();
  const lanes = Array.from({ length: count }, (_, l) => first + l);
  const place = (length: number, shift: number, factor = 1): number =>
    placeLanes(
      arena,
      lanes.map((lane) => laneNumbers(sample, lane, length, shift).map((x) => x * factor)),
    );
  const zeros = (length: number): number => zeroLanes(arena, count, length);
  const operator = new OperatorBlock(arena, pattern, count);
  for (const [l, lane] of lanes.entries()) {
    const slots = laneNumbers(sample, lane, pattern.slotCount, 1).map((x) => x * magnitude);
    operator.gather(l, slots, 1e-3, l % 2);
  }
  operator.transpose();
  const left = new LeftBlock(
    arena,
    lanes.map((lane) => laneNumbers(sample, lane, leftCount * rows, 2)),
    leftCount,
    rows,
  );
  const tape = zeros((steps + 1) * rows);
  const start = place(rows, 4);
  kernelHost().u8.copyWithin(tape, start, start + 8 * count * rows);
  const alternating = zeros(2 * rows);
  kernelHost().u8.copyWithin(alternating, start, start + 8 * count * rows);
  const exponents = arena.place(new Int32Array(count * (steps + 1)).fill(-7));
  const sums = zeros(steps * leftCount);
  const peak = zeros(1);
  const bytes = 8 * count * rows;
  const functions = kernels(count);
  const sweep = (source: number, advances: number): void =>
    functions.sweep(
      operator.frame,
      left.frame,
      source,
      source + bytes,
      advances,
      steps,
      exponents,
      peak,
      sums,
    );
  sweep(tape, 1);
  const exponentNumbers = Float64Array.from(
    kernelHost().i32.subarray(exponents / 4, exponents / 4 + count * (steps + 1)),
  );
  sweep(alternating, 0);
  const factors = placeLanes(
    arena,
    lanes.map((lane) =>
      Float64Array.from({ length: steps }, (_, k) => ((k + lane) % 5 === 0 ? 2 ** 200 : 1)),
    ),
  );
  const ring = place(5 * rows, 5, weight);
  const outputs = { entries: zeros(pattern.entryCount), rows: zeros(rows), left: zeros(leftCount * rows) };
  functions.sweepBack(
    operator.frame,
    left.frame,
    tape,
    place(steps * leftCount, 6, weight),
    factors,
    blocks,
    ring,
    zeros(8 * rows),
    outputs.entries,
    outputs.rows,
    outputs.left,
  );
  const single = { entries: zeros(pattern.entryCount), rows: zeros(rows) };
  functions.addEdgeProducts(operator.frame, start, tape, single.entries, single.rows);
  const applied = place(rows, 3);
  functions.addApplied(operator.frame, start, applied);
  const transposed = place(rows, 3);
  functions.addAppliedTransposed(operator.frame, start, transposed);
  const read = (address: number, length: number, l: number): Float64Array => {
    const target = new Float64Array(length);
    readLane(address, count, l, target);
    return target;
  };
  const results = lanes.map((_, l) => [
    read(tape, (steps + 1) * rows, l),
    read(alternating, rows, l),
    exponentNumbers.filter((_x, i) => i % count === l),
    read(sums, steps * leftCount, l),
    read(peak, 1, l),
    read(ring, 5 * rows, l),
    read(outputs.entries, pattern.entryCount, l),
    read(outputs.rows, rows, l),
    read(outputs.left, leftCount * rows, l),
    read(single.entries, pattern.entryCount, l),
    read(single.rows, rows, l),
    read(applied, rows, l),
    read(transposed, rows, l),
  ]);
  arena.release();
  return results;
}

/** Signed zeros may differ: a skipped product is +0, a computed one may be −0. */
const plain = (results: Float64Array[][]): number[][][] =>
  results.map((lane) => lane.map((values) => Array.from(values, (x) => x + 0)));

test.prop([samples, fc.constantFrom<LaneCount>(1, 2, 4, 8)])("the oracle's bits", (sample, count) => {
  expect(plain(run(wasmSweeps, sample, 0, count))).toEqual(plain(run(referenceSweeps, sample, 0, count)));
});

test.prop([samples, fc.constantFrom<LaneCount>(2, 4, 8)])(
  "a lane has the bits that it has alone",
  (sample, count) => {
    const together = plain(run(wasmSweeps, sample, 0, count));
    for (let lane = 0; lane < count; lane++) {
      // The identity alternates between lanes: a lane alone must start at an even one to have the same.
      if (lane % 2 === 0) expect([together[lane]]).toEqual(plain(run(wasmSweeps, sample, lane, 1)));
    }
  },
);

test("an alternating sweep ends with the last vector of one that keeps all", () => {
  const builder = new PatternBuilder(2, 2);
  builder.transition(0, 1, 0);
  builder.exit(1, 1);
  const sample = { pattern: builder.finish(), numbers: [1, 2, 3, 4, 5, 6, 7], magnitude: 1, weight: 1 };
  const [[tape, alternating]] = run(wasmSweeps, sample, 0, 1);
  expect(Array.from(alternating)).toEqual(Array.from(tape.subarray(2 * steps)));
});
