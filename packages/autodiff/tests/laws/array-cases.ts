// The law table of primitives that reduce, move, index and multiply arrays.
import type { Value } from "../../src/index.ts";
import { csrMatrix, csrPattern, np } from "../../src/index.ts";
import { gather, scatter } from "../../src/primitives/indexing.ts";
import { dynamicSlice, dynamicUpdateSlice } from "../../src/primitives/dynamic-slice.ts";
import * as algebra from "../../src/primitives/linear-algebra.ts";
import { matmul } from "../../src/primitives/matmul.ts";
import { threefry } from "../../src/primitives/random-bits.ts";
import { randomLogGamma, randomPoisson } from "../../src/primitives/random-rejection.ts";
import { argMax, argMin, argSort, cumsum, reduceMax, reduceMin } from "../../src/primitives/reductions.ts";
import { concatenate, pad, reverse, slice } from "../../src/primitives/slicing.ts";
import {
  csrLinear,
  csrLinearTransposed,
  csrMatvec,
  csrOuter,
  csrTransposedMatvec,
} from "../../src/primitives/sparse.ts";
import { broadcastInto, permute, reduceSum, reshape } from "../../src/primitives/structural.ts";
import type { LawCase } from "./law-case.ts";
import { int, real, spread, unsigned } from "./law-case.ts";

/** Makes linear functions curved, so that their second derivatives are not all zero. */
const curved = (x: Value): Value => np.sin(x);

const pattern = csrPattern({
  rowOffsets: Int32Array.of(0, 2, 2, 4, 5),
  columns: Int32Array.of(0, 2, 0, 1, 1),
  columnCount: 3,
});
const matrix = csrMatrix({ ...pattern, coefficients: Float64Array.of(1, -2, 3, 0.5, 7) });

/** Well-conditioned matrices [b, n, n]. */
const dominant = (b: number, n: number): ReturnType<typeof real> =>
  real(
    Array.from(spread([b, n, n], 2, 0, 0.4).elements, (v, i) => ((i % (n * n)) % (n + 1) === 0 ? v + 2 : v)),
    [b, n, n],
  );

const cube = spread([2, 3, 4]);

export const arrayCases: readonly LawCase[] = [
  { primitive: "reshape", f: (x) => reshape(curved(x), [4, 6]), operands: [cube] },
  { primitive: "permute", f: (x) => permute(curved(x), [2, 0, 1]), operands: [cube] },
  {
    primitive: "broadcast",
    f: (x) => broadcastInto(curved(x), [2, 3, 4], [0, 2]),
    operands: [spread([2, 4])],
  },
  {
    primitive: "broadcast",
    f: (x) => broadcastInto(curved(x), [2, 3, 4], [0, 1, 2]),
    operands: [spread([2, 1, 4])],
  },
  { primitive: "reduceSum", f: (x) => reduceSum(curved(x), [0, 2]), operands: [cube] },
  { primitive: "reduceSum", f: (x) => reduceSum(curved(x), [0]), operands: [spread([19])] },
  { primitive: "reduceMax", f: (x) => reduceMax(curved(x), [0, 2]), operands: [cube] },
  { primitive: "reduceMin", f: (x) => reduceMin(curved(x), [1]), operands: [cube] },
  { primitive: "argMax", f: (x) => argMax(x, 1), operands: [cube] },
  { primitive: "argMin", f: (x) => argMin(x, 2), operands: [cube] },
  { primitive: "argSort", f: (x) => argSort(x, 1), operands: [cube] },
  { primitive: "argSort", f: (x) => np.sort(curved(x), 0), operands: [spread([5])] },
  { primitive: "cumsum", f: (x) => cumsum(curved(x), 1, false), operands: [cube] },
  { primitive: "cumsum", f: (x) => cumsum(curved(x), 0, true), operands: [cube] },
  { primitive: "slice", f: (x) => slice(curved(x), [0, 1, 0], [2, 3, 4], [1, 1, 2]), operands: [cube] },
  {
    primitive: "pad",
    f: (x, v) => pad(curved(x), np.exp(v), [1, 0], [0, 2], [1, 0]),
    operands: [spread([2, 3]), real([0.3], [])],
  },
  { primitive: "reverse", f: (x) => reverse(curved(x), [0, 2]), operands: [cube] },
  {
    primitive: "concatenate",
    f: (x, y) => concatenate([curved(x), y.mul(y), x], 1),
    operands: [spread([2, 3]), spread([2, 2], 4)],
  },
  {
    primitive: "gather",
    f: (x, i) => gather(curved(x), i, "fill"),
    operands: [cube, int([2, 0, 2, 1], [1, 4])],
  },
  {
    primitive: "gather",
    f: (x, i) => gather(curved(x), i, "zero"),
    operands: [cube, int([2, 0, 5, 1], [2, 2])],
  },
  {
    primitive: "gather",
    f: (x, i) => gather(curved(x), i, "fill"),
    operands: [spread([1, 3, 2]), int([2, 0, 0, 1], [2, 2])],
  },
  {
    primitive: "scatter",
    f: (x, i, u) => scatter(curved(x), i, np.exp(u), "add"),
    operands: [cube, int([2, 0, 2, 7], [1, 4]), spread([2, 4, 4], 6)],
  },
  {
    primitive: "scatter",
    f: (x, i, u) => scatter(curved(x), i, np.exp(u), "set"),
    operands: [cube, int([2, 0, 2, 0], [2, 2]), spread([2, 2, 4], 6)],
  },
  {
    primitive: "scatter",
    f: (x, i, u) => scatter(curved(x), i, np.exp(u), "set"),
    operands: [cube, int([1, 0, 1], [1, 3]), spread([2, 3, 4], 6)],
  },
  {
    primitive: "dynamicSlice",
    f: (x, i) => dynamicSlice(curved(x), i, [1, 2, 3]),
    operands: [cube, int([1, 0, 9])],
  },
  {
    primitive: "dynamicUpdateSlice",
    f: (x, u, i) => dynamicUpdateSlice(curved(x), np.exp(u), i),
    operands: [cube, spread([1, 2, 3], 5), int([1, -2, 1])],
  },
  { primitive: "matmul", f: (x, y) => matmul(x, y), operands: [spread([2, 3, 4]), spread([2, 4, 2], 4)] },
  {
    primitive: "matmul",
    f: (x, y) => matmul(x, y, true, false),
    operands: [spread([1, 4, 3]), spread([2, 4, 2], 4)],
  },
  {
    primitive: "matmul",
    f: (x, y) => matmul(x, y, false, true),
    operands: [spread([2, 3, 4]), spread([1, 2, 4], 4)],
  },
  {
    primitive: "matmul",
    f: (x, y) => matmul(x, y, true, true),
    operands: [spread([1, 4, 3]), spread([1, 2, 4], 4)],
  },
  ...[true, false].flatMap((lower) =>
    [true, false].map((transposed): LawCase => ({
      primitive: "triangularSolve",
      f: (t, b) => algebra.triangularSolve(t, b, { lower, transposed, unit: lower && transposed }),
      operands: [dominant(2, 3), spread([2, 3, 2], 3)],
      batchTolerance: 1e-12,
    })),
  ),
  { primitive: "cholesky", f: (a) => algebra.cholesky(a), operands: [dominant(2, 3)] },
  { primitive: "lu", f: (a) => algebra.lu(a)[0], operands: [dominant(2, 3)] },
  {
    primitive: "solve",
    f: (a, b) => algebra.solve(a, b),
    operands: [dominant(2, 3), spread([2, 3, 2], 3)],
    batchTolerance: 1e-12,
  },
  {
    primitive: "solve",
    f: (a, b) => algebra.solve(a, b, true),
    operands: [dominant(1, 3), spread([1, 3, 1], 3)],
    batchTolerance: 1e-12,
  },
  { primitive: "det", f: (a) => algebra.det(a), operands: [dominant(2, 3)] },
  { primitive: "cofactor", f: (a) => algebra.cofactor(a), operands: [dominant(2, 3)] },
  { primitive: "slogdet", f: (a) => np.stack([...algebra.slogdet(a)]), operands: [dominant(2, 3)] },
  { primitive: "csrMatvec", f: (v, x) => csrMatvec(pattern, v, x), operands: [spread([5]), spread([3], 2)] },
  {
    primitive: "csrMatvec",
    f: (v, x) => csrTransposedMatvec(pattern, v, x),
    operands: [spread([5]), spread([2, 4], 2)],
  },
  {
    primitive: "csrMatvec",
    f: (v, x) => csrMatvec(pattern, v, x),
    operands: [spread([2, 5]), spread([3], 2)],
  },
  { primitive: "csrOuter", f: (u, v) => csrOuter(pattern, u, v), operands: [spread([4]), spread([2, 3], 2)] },
  { primitive: "csrLinear", f: (x) => csrLinear(matrix, curved(x)), operands: [spread([3])] },
  { primitive: "csrLinear", f: (x) => csrLinearTransposed(matrix, curved(x)), operands: [spread([2, 4])] },
  {
    primitive: "threefry2x32",
    f: (a, b, c, d) => np.stack([...threefry(a, b, c, d)]),
    operands: [
      unsigned([1, 2], [2, 1]),
      unsigned([3], []),
      unsigned([0, 7, 4294967295]),
      unsigned([5, 6], [2, 1]),
    ],
  },
  {
    primitive: "randomLogGamma",
    f: (keys, a) => randomLogGamma(keys, a),
    operands: [unsigned([1, 2, 3, 4], [2, 2]), real([0.3, 1.7, 0.9, 12, 3, 100], [2, 3])],
    // Rejection makes the number jump with a: only the laws that hold at one point are tried here.
    second: false,
    forward: false,
  },
  {
    primitive: "randomPoisson",
    f: (keys, m) => randomPoisson(keys, m),
    operands: [unsigned([1, 2, 3, 4], [2, 2]), real([0.3, 1.7, 9.9, 12, 300, 0], [2, 3])],
  },
];
