// Kernels of the CPU device against the references of their primitives.
import type { CsrMatrix, CsrPattern, DType, Parameters, NdArray } from "@phxlang/autodiff";
import { csrMatrix, csrPattern } from "@phxlang/autodiff";
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { compileProgram } from "../../src/jit/compile.ts";
import { loweringOf } from "../../src/jit/table/index.ts";
import { expectSame, filledArray, Grower, reference } from "./random-programs.ts";

function check(name: string, operands: readonly NdArray[], parameters: Parameters): void {
  const grower = new Grower();
  const inputs = operands.map((operand) => grower.input(operand));
  const result = grower.apply(name, inputs, parameters);
  expect(result).toBeGreaterThanOrEqual(0);
  const program = grower.finish([result]);
  expectSame(compileProgram(program, loweringOf)(operands), reference(program, operands));
}

const floats: readonly DType[] = ["f64", "f32"];

function randomPattern(
  rows: number,
  columns: number,
  seed: number,
): { pattern: CsrPattern; matrix: CsrMatrix } {
  const offsets = [0];
  const entries: number[] = [];
  let state = seed;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      if (state % 3 === 0) entries.push(c);
    }
    offsets.push(entries.length);
  }
  const rowOffsets = Int32Array.from(offsets);
  const columnNumbers = Int32Array.from(entries);
  const coefficients = Float64Array.from(entries, (_, i) => Math.sin(i + 1));
  return {
    pattern: csrPattern({ rowOffsets, columns: columnNumbers, columnCount: columns }),
    matrix: csrMatrix({ rowOffsets, columns: columnNumbers, columnCount: columns, coefficients }),
  };
}

test.prop([fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), fc.nat(), fc.boolean()])(
  "sparse products",
  (rows, columns, seed, transposed) => {
    const { pattern, matrix } = randomPattern(rows, columns, seed);
    const length = transposed ? rows : columns;
    for (const dtype of floats) {
      for (const lanes of [[], [3]]) {
        const values = filledArray(dtype, [...lanes, pattern.entryCount], seed + 1);
        const x = filledArray(dtype, [...lanes, length], seed + 2);
        check("csrMatvec", [values, x], { pattern, transposed });
        check("csrLinear", [x], { matrix, transposed });
        const u = filledArray(dtype, [...lanes, rows], seed + 3);
        const v = filledArray(dtype, [...lanes, columns], seed + 4);
        check("csrOuter", [u, v], { pattern });
      }
    }
    check("csrMatvec", [filledArray("f64", [pattern.entryCount], 1), filledArray("f64", [2, length], 2)], {
      pattern,
      transposed,
    });
  },
);
