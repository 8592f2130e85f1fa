// np functions: against plain loops and against what NumPy and JAX document.
import { fc, test as lawTest } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import type { NdArray, Value } from "../src/index.ts";
import { grad, hessian, np } from "../src/index.ts";

const js = (x: unknown): unknown => (x as NdArray).js();
const numbers = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -9, max: 9 }), { minLength: length, maxLength: length });

describe("broadcasting and dtypes", () => {
  test("plain numbers give way", () => {
    expect(np.add(np.array([1, 2], "f32"), 1).dtype).toBe("f32");
    expect(np.add(np.array([1, 2], "i32"), 1).dtype).toBe("i32");
    expect(np.add(np.array([1, 2], "i32"), 0.5).dtype).toBe("f64");
    expect(np.add(np.array([1, 2], "i32"), np.array([1, 2], "f32")).dtype).toBe("f32");
    expect(np.add(np.array([1, 2], "f32"), np.array([1, 2], "f64")).dtype).toBe("f64");
    expect(np.add(np.array([1], "u32"), np.array([1], "i32")).dtype).toBe("i32");
    expect(np.div(np.array([1], "i32"), np.array([2], "i32")).dtype).toBe("f64");
    expect(np.add(true, true).dtype).toBe("i32");
    const promoted = np.add(np.array([1], "i32"), np.array(0.5).dtype === "f64" ? 0.5 : 0);
    expect(promoted.weak).toBe(true);
  });

  test("shapes that do not fit are named", () => {
    expect(() => np.add(np.zeros([2, 3]), np.zeros(2))).toThrow(/PHX928.*f64\[2,3\] and f64\[2\]/s);
    expect(() => np.sum(np.zeros([2]), 1)).toThrow(/PHX945.*axis 1/s);
  });

  lawTest.prop([numbers(6), numbers(3)])("a matrix and a row", (a, b) => {
    const matrix = np.reshape(a, [2, 3]);
    expect(js(matrix.mul(b))).toEqual([0, 1].map((i) => b.map((y, j) => a[3 * i + j] * y)));
    expect(js(np.where(matrix.less(b), matrix, b))).toEqual(
      [0, 1].map((i) => b.map((y, j) => Math.min(a[3 * i + j], y))),
    );
  });
});

describe("reductions", () => {
  lawTest.prop([numbers(24)])("over any axes equal loops", (a) => {
    const x = np.reshape(a, [2, 3, 4]);
    const at = (i: number, j: number, k: number): number => a[12 * i + 4 * j + k];
    const sums = [0, 1].map((i) => [0, 1, 2, 3].map((k) => at(i, 0, k) + at(i, 1, k) + at(i, 2, k)));
    expect(js(x.sum(1))).toEqual(sums);
    expect(js(x.sum({ axis: [0, 2], keepdims: true }))).toEqual([
      [0, 1, 2].map((j) => [
        [0, 1].flatMap((i) => [0, 1, 2, 3].map((k) => at(i, j, k))).reduce((s, v) => s + v),
      ]),
    ]);
    expect(js(x.sum([0, 1]))).toEqual(
      [0, 1, 2, 3].map((k) =>
        [0, 1].flatMap((i) => [0, 1, 2].map((j) => at(i, j, k))).reduce((s, v) => s + v),
      ),
    );
    expect(js(x.max())).toBe(Math.max(...a));
    expect(js(x.argmin())).toBe(a.indexOf(Math.min(...a)));
    const products = [0, 1].map((i) =>
      [0, 1, 2].map((j) => at(i, j, 0) * at(i, j, 1) * at(i, j, 2) * at(i, j, 3)),
    );
    expect(js(np.equal(x.prod(2), products).all())).toBe(true);
    expect(js(np.any(x.greater(5)))).toBe(a.some((v) => v > 5));
    expect(js(np.all(x.greater(-9)))).toBe(a.every((v) => v > -9));
  });

  test("statistics", () => {
    const x = np.array([1, 2, 4, 9]);
    expect(js(x.mean())).toBe(4);
    expect(js(x.variance())).toBe(9.5);
    expect(js(x.variance({ ddof: 1 }))).toBeCloseTo(38 / 3, 14);
    expect(js(x.mean({ where: [true, true, false, true] }))).toBe(4);
  });

  test("logsumexp and softmax stay finite, and know their derivatives", () => {
    expect(js(np.logsumexp([1000, 1000]))).toBe(1000 + Math.LN2);
    expect(js(np.logsumexp([-Infinity, -Infinity]))).toBe(-Infinity);
    expect(js(grad((x: Value) => np.logsumexp(x))(np.array([-Infinity, -Infinity])))).toEqual([0, 0]);
    expect(js(np.logSoftmax([1000, 0]))).toEqual([0, -1000]);
    const masked = (x: Value): Value => np.logsumexp(x, { where: [1, 1, 1, 1, 0] });
    expect(js(grad(masked)(np.array([0, 0, 0, 0, 100])))).toEqual([0.25, 0.25, 0.25, 0.25, 0]);
    expect(
      js(
        np.softmax([
          [1, 1],
          [2, 2],
        ]),
      ),
    ).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  lawTest.prop([numbers(5)])("cumulative functions", (a) => {
    const fold = (f: (s: number, v: number) => number): number[] =>
      a.map((_, i) => a.slice(0, i + 1).reduce(f));
    expect(js(np.cumsum(a))).toEqual(fold((s, v) => s + v));
    expect(
      js(
        np
          .equal(
            np.cumprod(a),
            fold((s, v) => s * v),
          )
          .all(),
      ),
    ).toBe(true);
    expect(js(np.cummax(a))).toEqual(fold((s, v) => Math.max(s, v)));
    expect(js(np.cummin(a, { reverse: true }))).toEqual(a.map((_, i) => Math.min(...a.slice(i))));
  });
});

describe("shape", () => {
  test("joining, cutting, turning", () => {
    expect(
      js(
        np.stack(
          [
            [1, 2],
            [3, 4],
          ],
          1,
        ),
      ),
    ).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(js(np.concatenate([[1], [2, 3]]))).toEqual([1, 2, 3]);
    expect(np.split(np.arange(6), 3).map(js)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(np.split(np.arange(4), [1, 3]).map(js)).toEqual([[0], [1, 2], [3]]);
    expect(js(np.roll([1, 2, 3, 4], -1))).toEqual([2, 3, 4, 1]);
    expect(js(np.tile([1, 2], [2, 2]))).toEqual([
      [1, 2, 1, 2],
      [1, 2, 1, 2],
    ]);
    expect(js(np.repeat([[1, 2]], 2, 1))).toEqual([[1, 1, 2, 2]]);
    expect(js(np.pad([1, 2], [1, 2], 9))).toEqual([9, 1, 2, 9, 9]);
    expect(
      js(
        np.flip(
          [
            [1, 2],
            [3, 4],
          ],
          1,
        ),
      ),
    ).toEqual([
      [2, 1],
      [4, 3],
    ]);
    expect(np.transpose(np.zeros([2, 3, 4]), [2, 0, 1]).shape).toEqual([4, 2, 3]);
    expect(np.reshape(np.zeros([2, 3]), [3, -1]).shape).toEqual([3, 2]);
    expect(np.squeeze(np.expandDims([1, 2], [0, 2])).shape).toEqual([2]);
    expect(js(np.diag([1, 2], 1))).toEqual([
      [0, 1, 0],
      [0, 0, 2],
      [0, 0, 0],
    ]);
    expect(
      js(
        np.trace([
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toBe(5);
    expect(
      js(
        np.triu(
          [
            [1, 2],
            [3, 4],
          ],
          1,
        ),
      ),
    ).toEqual([
      [0, 2],
      [0, 0],
    ]);
    expect(js(np.oneHot([0, 2], 3))).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
  });

  test("slices are Python's", () => {
    const x = np.reshape(np.arange(12), [3, 4]);
    expect(js(x.slice(1))).toEqual([4, 5, 6, 7]);
    expect(js(x.slice(-1, [1, -1]))).toEqual([9, 10]);
    expect(js(x.slice([], 0))).toEqual([0, 4, 8]);
    expect(js(x.slice([null, null, 2], [2, null]))).toEqual([
      [2, 3],
      [10, 11],
    ]);
    expect(js(x.slice(np.array([2, 0], "i32"), 1))).toEqual([9, 1]);
    expect(() => x.slice(3)).toThrow(/PHX946.*index 3 of an axis of length 3/s);
  });
});

describe("places", () => {
  test("take, takeAlongAxis, scatter", () => {
    const x = np.array([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(js(x.take([2, 0], 1))).toEqual([
      [3, 1],
      [6, 4],
    ]);
    expect(js(x.take([[0], [-1]], 1))).toEqual([
      [[1], [3]],
      [[4], [6]],
    ]);
    expect(js(x.take(4))).toBe(5);
    expect(js(np.takeAlongAxis(x, [[2], [0]], 1))).toEqual([[3], [4]]);
    expect(js(np.scatterAdd(np.zeros(3), [0, 2, 0], [1, 2, 3]))).toEqual([4, 0, 2]);
    expect(js(np.scatterSet(x, [1], 9, 1))).toEqual([
      [1, 9, 3],
      [4, 9, 6],
    ]);
    expect(js(np.searchsorted([1, 2, 2, 3], [2, 0, 9], "right"))).toEqual([3, 0, 4]);
  });

  lawTest.prop([fc.array(fc.oneof(fc.double(), fc.constant(NaN)), { minLength: 1, maxLength: 9 })])(
    "sort is stable and puts NaN last",
    (a) => {
      const order = js(np.argsort(a)) as number[];
      const expected = a
        .map((v, i) => [v, i] as const)
        .sort(([v, i], [w, j]) => (v < w ? -1 : v > w ? 1 : Number(v !== v) - Number(w !== w) || i - j))
        .map(([, i]) => i);
      expect(order).toEqual(expected);
      expect(js(np.sort(a))).toEqual(expected.map((i) => a[i]));
    },
  );
});

describe("products", () => {
  lawTest.prop([numbers(6), numbers(12)])("matmul and einsum equal loops", (a, b) => {
    const x = np.reshape(a, [2, 3]);
    const y = np.reshape(b, [3, 4]);
    const expected = [0, 1].map((i) =>
      [0, 1, 2, 3].map((j) => [0, 1, 2].reduce((s, k) => s + a[3 * i + k] * b[4 * k + j], 0)),
    );
    expect(js(np.matmul(x, y))).toEqual(expected);
    expect(js(np.einsum("ik,kj->ij", x, y))).toEqual(expected);
    expect(js(np.einsum("ik,kj->ji", x, y))).toEqual(js(np.transpose(expected)));
    expect(js(np.tensordot(x, y, 1))).toEqual(expected);
    expect(js(np.einsum("ik,kj", x, y))).toEqual(expected);
    expect(js(np.einsum("ij,ij->", x, x))).toBe(a.reduce((s, v) => s + v * v, 0));
    expect(js(np.einsum("ij->j", x))).toEqual(js(x.sum(0)));
  });

  test("vectors, stacks and diagonals", () => {
    expect(js(np.dot([1, 2], [3, 4]))).toBe(11);
    expect(js(np.outer([1, 2], [3, 4]))).toEqual([
      [3, 4],
      [6, 8],
    ]);
    expect(np.matmul(np.ones([5, 1, 2, 3]), np.ones([4, 3, 2])).shape).toEqual([5, 4, 2, 2]);
    expect(
      js(
        np.einsum("ii->i", [
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toEqual([1, 4]);
    expect(js(np.einsum("i,i,i->", [1, 2], [3, 4], [5, 6]))).toBe(63);
    expect(np.einsum("bij,bjk,k->bi", np.ones([2, 3, 4]), np.ones([2, 4, 5]), np.ones(5)).shape).toEqual([
      2, 3,
    ]);
    expect(() => np.matmul(np.zeros([2, 3]), np.zeros([2, 3]))).toThrow(/PHX948/);
    expect(() => np.einsum("ij,jk", np.zeros([2, 3]))).toThrow(/PHX948.*1 operands/s);
  });
});

describe("statistics", () => {
  test("quantiles, covariance, interpolation, trapezoids", () => {
    expect(js(np.median([3, 1, 2, 10]))).toBe(2.5);
    expect(js(np.quantile([0, 10], [0, 0.25, 1]))).toEqual([0, 2.5, 10]);
    expect(np.quantile(np.zeros([2, 3, 4]), [0.1, 0.2], 1).shape).toEqual([2, 2, 4]);
    expect(
      js(
        np.cov([
          [1, 2, 3],
          [3, 2, 1],
        ]),
      ),
    ).toEqual([
      [1, -1],
      [-1, 1],
    ]);
    expect(js(np.interp([-1, 0.5, 1, 9], [0, 1, 3], [10, 20, 40]))).toEqual([10, 15, 20, 40]);
    expect(js(np.trapezoid([1, 2, 4]))).toBe(4.5);
    expect(js(np.trapezoid([1, 2, 4], [0, 2, 3]))).toBe(6);
    expect(js(np.allclose([1, 2], [1, 2 + 1e-9]))).toBe(true);
    expect(js(grad((x: Value) => np.median(x))(np.array([3, 1, 2, 10])))).toEqual([0.5, 0, 0.5, 0]);
  });
});

describe("JAX's conventions for derivatives", () => {
  const at = (f: (x: Value) => Value, x: number | number[]): unknown => js(grad(f)(np.array(x)));
  test("ties, bounds, zeros", () => {
    expect(at((x) => x.abs(), 0)).toBe(1);
    expect(at((x) => x.max(), [2, 2, 1])).toEqual([0.5, 0.5, 0]);
    expect(at((x) => np.clip(x, 0, 1).sum(), [-1, 0, 0.5, 1, 2])).toEqual([0, 0.5, 1, 0.5, 0]);
    expect(at((x) => np.relu6(x).sum(), [0, 3, 6, 7])).toEqual([0, 1, 0, 0]);
    expect(at((x) => x.pow(0), 0)).toBe(0);
    expect(at((x) => x.sqrt(), 0)).toBe(Infinity);
    expect(at((x) => np.where(x.greater(0), x.sqrt(), 0), 0)).toBeNaN();
    expect(at((x) => np.entr(x), 0)).toBe(Infinity);
    expect(at((x) => x.prod(), [0, 2, 3])).toEqual([6, 0, 0]);
    expect(at((x) => x.prod(), [0, 0, 3])).toEqual([0, 0, 0]);
    expect(at((x) => np.sort(x).mul([1, 10, 100]).sum(), [3, 1, 2])).toEqual([100, 1, 10]);
    expect(at((x) => x.floor().add(x.ceil()).add(x.round()).add(x.sign()), 0.3)).toBe(0);
    expect(js(np.xlogy(0, NaN))).toBeNaN();
    expect(js(np.logaddexp(-Infinity, -Infinity))).toBe(-Infinity);
  });

  test("the second derivatives of pow at exponent 0", () => {
    const h = hessian((v: Value) => np.pow(v.slice(0), v.slice(1)))(np.array([4, 0]));
    const [[xx, xy], [yx, yy]] = js(h) as number[][];
    expect([xx, xy, yx]).toEqual([0, 0.25, 0.25]);
    expect(yy).toBeCloseTo(Math.log(4) ** 2, 14);
  });
});
