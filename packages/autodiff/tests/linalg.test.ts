// np.linalg: every decomposition multiplied back, and derivatives where matrices are singular.
import { fc, test as lawTest } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import type { NdArray, Value } from "../src/index.ts";
import { grad, jacfwd, np, vmap } from "../src/index.ts";

const { linalg } = np;
const js = (x: unknown): unknown => (x as NdArray).js();
const item = (x: unknown): number => (x as NdArray).item();

/** Largest difference of entries. */
const gap = (x: Value, y: Value): number => item(np.abs(np.sub(x, y)).max());

const size = 4;
const entries = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: size * size,
  maxLength: size * size,
});
/** Diagonally dominant, so that no tolerance hides an error. */
const regular = entries.map((a) => np.add(np.reshape(a, [size, size]), np.mul(5, np.eye(size))));
const side = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size });

describe("decompositions multiply back", () => {
  lawTest.prop([regular, side])("solve, inv, lu, cholesky, triangularSolve", (a, b) => {
    expect(gap(np.matmul(a, linalg.solve(a, b)), np.array(b))).toBeLessThan(1e-13);
    expect(gap(np.matmul(a, linalg.inv(a)), np.eye(size))).toBeLessThan(1e-13);
    const [p, l, u] = linalg.lu(a);
    expect(gap(np.matmul(p, np.matmul(l, u)), a)).toBeLessThan(1e-14);
    expect(gap(np.triu(u), u) + gap(np.tril(l), l)).toBe(0);
    const positive = np.matmul(a, a.transpose());
    const factor = linalg.cholesky(positive);
    expect(gap(np.matmul(factor, factor.transpose()), positive)).toBeLessThan(1e-12);
    const x = linalg.triangularSolve(factor, b, { lower: true });
    expect(gap(np.matmul(factor, x), np.array(b))).toBeLessThan(1e-13);
    const y = linalg.triangularSolve(factor, b, { lower: true, transposed: true });
    expect(gap(np.matmul(factor.transpose(), y), np.array(b))).toBeLessThan(1e-13);
  });

  lawTest.prop([regular, regular])("determinants multiply, and slogdet is their logarithm", (a, b) => {
    const product = item(linalg.det(np.matmul(a, b)));
    expect(product / (item(linalg.det(a)) * item(linalg.det(b)))).toBeCloseTo(1, 12);
    const { sign, logabsdet } = linalg.slogdet(a);
    expect(item(sign) * Math.exp(item(logabsdet))).toBeCloseTo(item(linalg.det(a)), 8);
    const swapped = np.take(a, [1, 0, 2, 3], 0);
    expect(item(linalg.det(swapped))).toBeCloseTo(-item(linalg.det(a)), 8);
  });

  test("leading axes are stacks", () => {
    const stack = np.stack([
      np.mul(2, np.eye(2)),
      np.array([
        [0, 1],
        [1, 0],
      ]),
    ]);
    expect(js(linalg.det(stack))).toEqual([4, -1]);
    expect(js(linalg.solve(stack, [4, 6]))).toEqual([
      [2, 3],
      [6, 4],
    ]);
    expect(linalg.solve(stack, np.ones([2, 2, 3])).shape).toEqual([2, 2, 3]);
    expect(linalg.slogdet(stack).sign.shape).toEqual([2]);
    expect(js(vmap((m: Value) => linalg.det(m))(stack))).toEqual([4, -1]);
  });

  test("norms", () => {
    expect(js(linalg.norm([3, 4]))).toBe(5);
    expect(
      js(
        linalg.norm(
          [
            [3, -4],
            [0, 2],
          ],
          { order: 1, axis: 1 },
        ),
      ),
    ).toEqual([7, 2]);
    expect(js(linalg.norm([3, -4], { order: Infinity }))).toBe(4);
    expect(js(linalg.norm([1, 2, 2], { order: 3 }))).toBeCloseTo(17 ** (1 / 3), 14);
  });
});

describe("derivatives of the determinant at singular matrices", () => {
  const derivative = grad((a: Value) => linalg.det(a));
  test("of corank 1: the cofactors", () => {
    const cofactorsAre = (matrix: number[][], expected: number[][]): void =>
      expect(gap(derivative(np.array(matrix)), np.array(expected))).toBeLessThan(1e-13);
    cofactorsAre(
      [
        [1, 2],
        [2, 4],
      ],
      [
        [4, -2],
        [-2, 1],
      ],
    );
    cofactorsAre(
      [
        [0, 0],
        [0, 3],
      ],
      [
        [3, 0],
        [0, 0],
      ],
    );
    cofactorsAre(
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
      [
        [-3, 6, -3],
        [6, -12, 6],
        [-3, 6, -3],
      ],
    );
  });
  test("of corank 2 and more: zero", () => {
    expect(
      js(
        derivative(
          np.array([
            [1, 2, 3],
            [2, 4, 6],
            [3, 6, 9],
          ]),
        ),
      ),
    ).toEqual(js(np.zeros([3, 3])));
    expect(js(derivative(np.zeros([3, 3])))).toEqual(js(np.zeros([3, 3])));
    expect(js(derivative(np.zeros([1, 1])))).toEqual([[1]]);
  });
});

test("the derivative of a solution by its matrix is −A⁻¹ dA x", () => {
  const a = np.array([
    [4, 1],
    [2, 3],
  ]);
  const jacobian = jacfwd((m: Value) => linalg.solve(m, [1, 2]))(a) as NdArray;
  const inverse = linalg.inv(a);
  const x = linalg.solve(a, [1, 2]);
  const expected = np.neg(np.einsum("ki,j->kij", inverse, x));
  expect(gap(jacobian, expected)).toBeLessThan(1e-15);
});

test("cholesky of an indefinite matrix is NaN, and shapes are refused in words", () => {
  expect(
    js(
      linalg.cholesky([
        [1, 2],
        [2, 1],
      ]),
    ),
  ).toEqual([
    [NaN, NaN],
    [NaN, NaN],
  ]);
  expect(() => linalg.det(np.zeros([2, 3]))).toThrow(/PHX948.*square/s);
  expect(() => linalg.solve(np.eye(2), [1, 2, 3])).toThrow(/PHX948.*right-hand side/s);
});
