// The WebAssembly kernels against their oracle, bit for bit.
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { factorLength } from "../src/kernels/phase-type-kernels.ts";
import type { PhaseTypeKernels } from "../src/kernels/phase-type-kernels.ts";
import { referenceKernels } from "../src/kernels/reference-kernels.ts";
import { wasmKernels } from "../src/kernels/wasm/wasm-kernels.ts";
import { denseTrace } from "./support/dense-chain.ts";

const wasm = wasmKernels();

/** Rates over twelve decades, some of them 0. */
const rate = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: -6, max: 6, noNaN: true }).map((x) => 10 ** x) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const number = fc.double({ min: 0, max: 10, noNaN: true });

const chain = fc.integer({ min: 1, max: 7 }).chain((rows) =>
  fc.record({
    rows: fc.constant(rows),
    slots: fc.array(rate, { minLength: rows * rows, maxLength: rows * rows }),
    killing: fc.option(fc.array(rate, { minLength: rows, maxLength: rows })),
    right: fc.array(number, { minLength: rows, maxLength: rows }),
    left: fc.array(number, { minLength: rows, maxLength: rows }),
  }),
);

/** Signed zeros may differ: a skipped product is +0, a computed one may be −0. */
function same(actual: Float64Array, expected: Float64Array): void {
  expect(Array.from(actual, (x) => x + 0)).toEqual(Array.from(expected, (x) => x + 0));
}

describe("elimination", () => {
  test.prop([chain])("factor, solve, solveTransposed and reverseSolve have the oracle's bits", (sample) => {
    const trace = denseTrace(sample.rows);
    const slots = Float64Array.from(sample.slots);
    const killing = sample.killing === null ? null : Float64Array.from(sample.killing);
    const right = Float64Array.from(sample.right);
    const left = Float64Array.from(sample.left);
    const run = (kernels: PhaseTypeKernels): Record<string, Float64Array> => {
      const factors = new Float64Array(factorLength(trace));
      kernels.factor(trace, slots, killing, factors);
      const solution = new Float64Array(sample.rows);
      kernels.solve(trace, slots, factors, right, solution);
      const transposed = new Float64Array(sample.rows);
      kernels.solveTransposed(trace, slots, factors, left, transposed);
      const slotGradient = new Float64Array(trace.slotCount).fill(0.5);
      const killingGradient = new Float64Array(sample.rows);
      const pivots = factors.subarray(factors.length - 2 * sample.rows, factors.length - sample.rows);
      if (pivots.every((pivot) => pivot > 0)) {
        kernels.reverseSolve(trace, slots, factors, right, solution, left, slotGradient, killingGradient);
      }
      return { factors, solution, transposed, slotGradient, killingGradient };
    };
    const expected = run(referenceKernels);
    const actual = run(wasm);
    for (const [name, values] of Object.entries(expected)) same(actual[name], values);
  });
});
