// Sparse products: against dense ones, and their derivatives through every transform.
import { fc, test as lawTest } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { array } from "../src/as-value.ts";
import type { NdArray } from "../src/ndarray.ts";
import { csrFromBytes, csrMatrix, csrPattern } from "../src/primitives/csr-structure.ts";
import {
  csrLinear,
  csrLinearTransposed,
  csrMatvec,
  csrOuter,
  csrTransposedMatvec,
} from "../src/primitives/sparse.ts";
import type { Value } from "../src/trace.ts";
import { jvp } from "../src/transforms/jvp.ts";
import { vjp } from "../src/transforms/vjp.ts";
import { vmap } from "../src/transforms/vmap.ts";

// [[a, ., b], [., ., .], [c, d, .], [., e, e']] with a repeated column in the last row
const pattern = csrPattern({
  rowOffsets: Int32Array.of(0, 2, 2, 4, 6),
  columns: Int32Array.of(0, 2, 0, 1, 1, 1),
  columnCount: 3,
});
const rows = Array.from({ length: 4 }, (_, r) => r);

function dense(values: readonly number[]): number[][] {
  const matrix = rows.map(() => [0, 0, 0]);
  for (const r of rows) {
    for (let e = pattern.rowOffsets[r]; e < pattern.rowOffsets[r + 1]; e++) {
      matrix[r][pattern.columns[e]] += values[e];
    }
  }
  return matrix;
}

const js = (x: unknown): number[] => (x as NdArray).js() as number[];
const vector = (n: number) => fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n, maxLength: n });
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, x, i) => s + x * b[i], 0);

describe("products equal dense ones", () => {
  lawTest.prop([vector(6), vector(3), vector(4)])("A x and Aᵀ y", (values, x, y) => {
    const matrix = dense(values);
    expect(js(csrMatvec(pattern, array(values), array(x)))).toEqual(matrix.map((row) => dot(row, x)));
    expect(js(csrTransposedMatvec(pattern, array(values), array(y)))).toEqual(
      [0, 1, 2].map((c) =>
        dot(
          matrix.map((row) => row[c]),
          y,
        ),
      ),
    );
    const constants = csrMatrix({ ...pattern, coefficients: Float64Array.from(values) });
    expect(js(csrLinear(constants, array(x)))).toEqual(matrix.map((row) => dot(row, x)));
    expect(js(csrLinearTransposed(constants, array(y)))).toEqual(
      js(csrTransposedMatvec(pattern, array(values), array(y))),
    );
  });

  lawTest.prop([vector(4), vector(3)])("outer products sampled at the entries", (u, v) => {
    const expected = rows.flatMap((r) =>
      Array.from(
        pattern.columns.subarray(pattern.rowOffsets[r], pattern.rowOffsets[r + 1]),
        (c) => u[r] * v[c],
      ),
    );
    expect(js(csrOuter(pattern, array(u), array(v)))).toEqual(expected);
  });
});

type Operation = (a: Value, b: Value) => Value;
const operations: readonly (readonly [string, Operation, number, number])[] = [
  ["csrMatvec", (a, b) => csrMatvec(pattern, a, b), 6, 3],
  ["csrTransposedMatvec", (a, b) => csrTransposedMatvec(pattern, a, b), 6, 4],
  ["csrOuter", (a, b) => csrOuter(pattern, a, b), 4, 3],
];

for (const [name, f, n, m] of operations) {
  describe(name, () => {
    lawTest.prop([vector(n), vector(m), vector(n), vector(m)])(
      "is bilinear: the tangent is f(da, b) + f(a, db), and vjp its transpose",
      (a, b, da, db) => {
        const [, tangent] = jvp(f, [array(a), array(b)], [array(da), array(db)]);
        const expected = js(f(array(da), array(b))).map((x, i) => x + js(f(array(a), array(db)))[i]);
        expect(js(tangent)).toEqual(expected);
        const ct = expected.map((_, i) => i + 1);
        const [, pullback] = vjp(f, array(a), array(b));
        const [ca, cb] = pullback(array(ct));
        expect(dot(js(ca), da) + dot(js(cb), db)).toBe(dot(expected, ct));
      },
    );

    test("vmap is a loop for every choice of mapped operands, nested too", () => {
      const a = Array.from({ length: 2 }, (_, i) => Array.from({ length: n }, (_, j) => 1 + i + j));
      const b = Array.from({ length: 2 }, (_, i) => Array.from({ length: m }, (_, j) => 2 - i * j));
      const loop = (ai: number[], bi: number[]): number[] => js(f(array(ai), array(bi)));
      const both = vmap(f)(array(a), array(b));
      expect(js(both)).toEqual([loop(a[0], b[0]), loop(a[1], b[1])]);
      expect(js(vmap(f, { inAxes: [0, null] })(array(a), array(b[0])))).toEqual(
        a.map((ai) => loop(ai, b[0])),
      );
      expect(js(vmap(f, { inAxes: [null, 0] })(array(a[0]), array(b)))).toEqual(
        b.map((bi) => loop(a[0], bi)),
      );
      const table = vmap((ai: Value) => vmap((bi: Value) => f(ai, bi))(array(b)))(array(a));
      expect(js(table)).toEqual(a.map((ai) => b.map((bi) => loop(ai, bi))));
      // Reverse mode through lanes: the cotangent of an unmapped operand is summed.
      const summed = vjp((x: Value) => vmap((bi: Value) => f(x, bi))(array(b)), array(a[0]));
      const ones = js(summed[0]).map((row) => (row as unknown as number[]).map(() => 1));
      const singles = b.map((bi) => {
        const [out, pullback] = vjp((x: Value) => f(x, array(bi)), array(a[0]));
        return js(pullback(array(js(out).map(() => 1)))[0]);
      });
      expect(js(summed[1](array(ones))[0])).toEqual(singles[0].map((x, i) => x + singles[1][i]));
    });
  });
}

test("structures travel as bytes and are equal by content", () => {
  const matrix = csrMatrix({ ...pattern, coefficients: Float64Array.of(1, 2, 3, 4, 5, 6) });
  for (const structure of [pattern, matrix]) {
    const copy = csrFromBytes(structure.toBytes());
    expect(copy.contentHash).toBe(structure.contentHash);
    expect(copy.columns).toEqual(structure.columns);
  }
  expect(matrix.contentHash).not.toBe(pattern.contentHash);
});

test("what does not fit is refused in words", () => {
  expect(() =>
    csrPattern({ rowOffsets: Int32Array.of(0, 1), columns: Int32Array.of(3), columnCount: 3 }),
  ).toThrow(/PHX947.*column 3 of 3/s);
  expect(() => csrMatvec(pattern, array([1, 2]), array([1, 2, 3]))).toThrow(/PHX947.*lengths 6 and 3/s);
});
