// Kernels of the CPU device against the references of their primitives.
import type { CsrMatrix, CsrPattern, DType, Parameters } from "@phxlang/autodiff";
import { csrMatrix, csrPattern, NdArray } from "@phxlang/autodiff";
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

test.prop(
  [
    fc.constantFrom<readonly [number, number, number, number, number]>(
      [1, 1, 3, 3, 3],
      [1, 1, 17, 19, 300],
      [2, 2, 16, 16, 40],
      [1, 3, 20, 1, 50],
      [3, 1, 33, 7, 65],
      [1, 5, 8, 9, 10],
      [1, 1, 70, 1100, 20],
      [4, 1, 5, 1, 7],
      [1, 1, 1, 40, 60],
      [2, 2, 3, 4, 0],
    ),
    fc.constantFrom<DType>("f64", "f32", "i32", "u32"),
    fc.boolean(),
    fc.boolean(),
  ],
  { numRuns: 60 },
)("matmul", ([stackX, stackY, m, n, k], dtype, transposeLeft, transposeRight) => {
  const x = filledArray(dtype, transposeLeft ? [stackX, k, m] : [stackX, m, k], 1);
  const y = filledArray(dtype, transposeRight ? [stackY, n, k] : [stackY, k, n], 2);
  check("matmul", [x, y], { transposeLeft, transposeRight });
});

const dtype = fc.constantFrom<DType>("f64", "f32", "i32", "u32", "bool");

test.prop([dtype, fc.constantFrom([1, 1], [1, 3], [3, 1], [2, 2]), fc.integer({ min: 1, max: 9 }), fc.nat()])(
  "gather and scatter",
  (type, [b, c], m, seed) => {
    const stack = Math.max(b, c);
    const indices = filledArray("i32", [c, 6], seed);
    check("gather", [filledArray(type, [b, 5, m], seed + 1), indices], { outside: "zero" });
    check("gather", [filledArray(type, [b, 5, m], seed + 1), indices], { outside: "fill" });
    const updates = filledArray(type, [stack, 6, m], seed + 2);
    const x = filledArray(type, [stack, 7, m], seed + 3);
    check("scatter", [x, indices, updates], { mode: "set" });
    if (type !== "bool") check("scatter", [x, indices, updates], { mode: "add" });
  },
);

test.prop([
  dtype,
  fc.constantFrom(0, 1, 2),
  fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 }),
])("concatenate", (type, axis, lengths) => {
  const operands = lengths.map((length, i) =>
    filledArray(
      type,
      [2, 3, 5].map((own, a) => (a === axis ? length : own)),
      i,
    ),
  );
  check("concatenate", operands, { axis });
});

test.prop([dtype, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 })])(
  "pad, and slices that begin at data",
  (type, [a, b, c, d, e, g]) => {
    const x = filledArray(type, [4, 9], a);
    check("pad", [x, filledArray(type, [], b)], { low: [a, b], high: [c, d], interior: [e, g] });
    const starts = new NdArray(Int32Array.of(a * 2 - 3, b * 4 - 2), [2], "i32");
    check("dynamicSlice", [x, starts], { sizes: [c + 1, d * 3] });
    check("dynamicUpdateSlice", [x, filledArray(type, [e + 1, g + 1], 5), starts], {});
  },
);

test.prop([fc.constantFrom<DType>("f64", "f32", "i32"), fc.constantFrom(0, 1, 2), fc.boolean()])(
  "running sums, orders and places",
  (type, axis, reverse) => {
    const x = filledArray(type, [3, 11, 2], 7);
    check("cumsum", [x], { axis, reverse });
    check("argSort", [x], { axis });
    check("argMax", [x], { axis });
    check("argMin", [x], { axis });
  },
);
