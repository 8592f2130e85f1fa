// Laws: what WebGPU computes is what the reference rules compute, to the digits of its numbers, and bit by bit for integers.
import { fc, test } from "@fast-check/vitest";
import type { Value } from "@phxlang/autodiff";
import {
  cond,
  csrLinear,
  csrMatrix,
  csrMatvec,
  csrOuter,
  csrPattern,
  foriLoop,
  grad,
  jvp,
  makeJit,
  makePmap,
  NdArray,
  np,
  psum,
  random,
  scan,
  vmap,
  whileLoop,
} from "@phxlang/autodiff";
import { programs } from "@phxlang/testing";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { findSwiftShader } from "../../../scripts/gpu/swiftshader.ts";
import type { WebGpuDevice } from "../src/index.ts";
import { openDevice } from "./support/open-device.ts";

const { array } = np;

async function settled(result: Value | readonly Value[]): Promise<readonly number[][]> {
  const values = (Array.isArray(result) ? result : [result]) as readonly NdArray[];
  return Promise.all(values.map(async (value) => Array.from(await value.data())));
}

/** Differences are measured against the largest number of a result. */
function expectClose(found: readonly number[][], expected: readonly number[][], tolerance: number): void {
  expect(found.map((list) => list.length)).toEqual(expected.map((list) => list.length));
  found.forEach((list, r) => {
    const scale = Math.max(1e-3, ...expected[r].filter(Number.isFinite).map(Math.abs));
    list.forEach((value, i) => {
      const wanted = expected[r][i];
      if (!Number.isFinite(wanted)) expect(value, `result ${r}, element ${i}`).toBe(wanted);
      else {
        expect(
          Math.abs(value - wanted),
          `result ${r}, element ${i}: ${value}, expected ${wanted}`,
        ).toBeLessThanOrEqual(tolerance * scale);
      }
    });
  });
}

type Step = readonly [name: string, apply: (x: Value) => Value];

/** Rearrangements and integer arithmetic of matrices, of whatever shape they have by then. */
const steps: readonly Step[] = [
  ["transpose", (x) => np.transpose(x)],
  ["flip", (x) => np.flip(x, 0)],
  ["double", (x) => np.concatenate([x, x.mul(2)], 1)],
  [
    "pad",
    (x) =>
      np.pad(x, [
        [1, 0],
        [0, 2],
      ]),
  ],
  ["drop", (x) => (x.shape[0] > 1 ? np.take(x, np.arange(1, x.shape[0], 1, "i32"), 0) : x)],
  ["cumsum", (x) => np.cumsum(x, 0)],
  ["sort", (x) => np.sort(x, 1)],
  ["fold", (x) => x.reshape([x.shape[1], x.shape[0]])],
  ["outer", (x) => x.add(np.expandDims(x.sum(1), 1))],
  ["extremes", (x) => x.mul(x.max(0)).sub(x.min(0))],
  ["shift", (x) => x.mul(3).add(7).rem(array(11, "i32"))],
  ["order", (x) => np.argsort(x, 1)],
  ["product", (x) => np.matmul(x, np.transpose(x))],
  ["where", (x) => np.where(x.greater(2), x, x.neg())],
];

describe.skipIf(findSwiftShader() === null)("in Node", () => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openDevice("f32");
  });
  afterAll(() => device.destroy());
  const jit = (): ReturnType<typeof makeJit> => makeJit(device);

  test.prop([programs()], { numRuns: 12 })(
    "random functions, their gradients, batches",
    async ({ f, x, y }) => {
      const [a, b] = [array(x), array(y)];
      const slope = grad((u: Value, v: Value) => f(u, v).sum(), { argnums: [0, 1] });
      expectClose(await settled(jit()(f)(a, b)), await settled(f(a, b)), 1e-4);
      expectClose(await settled(jit()(slope)(a, b)), await settled(slope(a, b)), 1e-3);
      const [many, others] = [np.stack([a, a.mul(0.5)]), np.stack([b, b.add(1)])];
      expectClose(
        await settled(jit()(vmap(slope))(many, others)),
        await settled(vmap(slope)(many, others)),
        1e-3,
      );
    },
  );

  test.prop(
    [
      fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 5 }),
      fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 })),
      fc.infiniteStream(fc.integer({ min: -9, max: 9 })),
    ],
    { numRuns: 25 },
  )("rearranged integers, bit by bit", async (chosen, [rows, columns], numbers) => {
    const elements = Int32Array.from({ length: rows * columns }, () => numbers.next().value as number);
    const f = (x: Value): Value => chosen.reduce((value, [, apply]) => apply(value), x);
    const x = new NdArray(elements, [rows, columns], "i32");
    expect(await settled(jit()(f)(x))).toEqual(await settled(f(x)));
  });

  test.prop([fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 40 })], { numRuns: 10 })(
    "random keys and bits are those of the CPU",
    async (seed, count) => {
      const key = random.key(seed);
      const f = (k: Value): Value[] => [
        random.split(k, 3),
        random.fold(k, 7),
        random.bits(k, [count]),
        random.uniform(k, [count], { dtype: "f32" }),
      ];
      expect(await settled(jit()(f)(key))).toEqual(await settled(f(key)));
    },
  );

  test("loops and branches of any width, within each other", async () => {
    // Wide arrays are worked on by many workgroups, narrow ones by one: each of them within a loop, a branch, a batch.
    const f = (x: Value): Value[] => {
      const [last, all] = scan(
        (c: Value, v: Value) => {
          const next = cond(
            c.sum().greater(2),
            (u: Value) => u.mul(0.5).add(v),
            (u: Value) => u.add(1),
            c,
          );
          return [next, next.max()] as const;
        },
        x,
        array([1, 2, 3, 4]),
      );
      const grown = whileLoop(
        (u: Value) => u.sum().less(1e5),
        (u: Value) => u.mul(2),
        np.abs(last).add(1),
      );
      return [last, all, grown, foriLoop(0, 3, (i, u: Value) => u.mul(0.9).add(i.astype("f64")), grown)];
    };
    for (const size of [1, 7, 300, 5000]) {
      const x = np.linspace(-1, 1, size);
      expectClose(await settled(jit()(f)(x)), await settled(f(x)), 1e-5);
    }
    const batch = np.linspace(-1, 1, 12).reshape([3, 4]);
    expectClose(await settled(jit()(vmap(f))(batch)), await settled(vmap(f)(batch)), 1e-5);
  });

  test("reductions of every extent", async () => {
    for (const shape of [
      [3, 0],
      [1, 1],
      [2, 1000],
      [1000, 2],
      [5000, 3],
      [40, 30, 20],
    ]) {
      const size = shape.reduce((product, length) => product * length, 1);
      const x = np.linspace(-1, 2, Math.max(1, size)).reshape(size === 0 ? [1] : shape);
      const given = size === 0 ? np.zeros(shape) : x;
      const f = (v: Value): Value[] => [v.sum(), v.sum(0), v.sum(-1), v.mul(v).mean(), np.cumsum(v, 0)];
      const g = (v: Value): Value[] => [v.max(), v.min(0), np.argmax(v, -1)];
      expectClose(await settled(jit()(f)(given)), await settled(f(given)), 1e-5);
      if (size > 0) expectClose(await settled(jit()(g)(given)), await settled(g(given)), 1e-6);
    }
  });

  test("elements at places that are data, some of them twice", async () => {
    const x = np.linspace(-1, 2, 12).reshape([4, 3]);
    const places = array([2, 0, 2, 3, 2], "i32");
    const far = np.arange(0, 90000).rem(7).astype("i32");
    const f = (v: Value): Value[] => [
      np.take(v, places, 0),
      np.take(v, array([1, 1], "i32"), 1),
      np.scatterAdd(v, places, np.ones([5, 3])),
      np.scatterSet(v, array([1, 3], "i32"), np.zeros([2, 3])),
    ];
    expectClose(await settled(jit()(f)(x)), await settled(f(x)), 1e-6);
    // A derivative adds up what was taken more than once, from few places and from many.
    const taken = grad((v: Value) =>
      np
        .take(v, places, 0)
        .mul(np.arange(15).reshape([5, 3]))
        .sum(),
    );
    expectClose(await settled(jit()(taken)(x)), await settled(taken(x)), 1e-6);
    const often = grad((v: Value) =>
      np
        .square(np.take(v, far, 0))
        .mul(np.linspace(0, 1, 90000))
        .sum(),
    );
    const seven = np.linspace(1, 2, 7);
    expectClose(await settled(jit()(often)(seven)), await settled(often(seven)), 1e-4);
  });

  test("linear algebra, sparse and dense", async () => {
    const a = random.normal(random.key(3), [4, 5, 5]).add(np.eye(5).mul(4));
    const b = random.normal(random.key(4), [4, 5, 2]);
    const spd = np.matmul(a, np.transpose(a, [0, 2, 1]));
    const dense = (m: Value, s: Value, r: Value): Value[] => [
      np.linalg.solve(m, r),
      np.linalg.det(m),
      np.linalg.slogdet(m).logabsdet,
      np.linalg.cholesky(s),
      np.einsum("bij,bjk->ik", m, r),
    ];
    expectClose(await settled(jit()(dense)(a, spd, b)), await settled(dense(a, spd, b)), 1e-4);
    const slopes = grad((m: Value, s: Value, r: Value) =>
      dense(m, s, r).reduce((sum: Value, part) => sum.add(part.mul(part).mean()), array(0)),
    );
    expectClose(await settled(jit()(slopes)(a, spd, b)), await settled(slopes(a, spd, b)), 1e-3);

    const fields = {
      rowOffsets: Int32Array.of(0, 2, 2, 3, 5),
      columns: Int32Array.of(2, 0, 1, 2, 2),
      columnCount: 3,
    };
    const pattern = csrPattern(fields);
    const matrix = csrMatrix({ ...fields, coefficients: Float64Array.of(1.5, 2, -3, 4, 0.25) });
    const sparse = (values: Value, x: Value): Value[] => {
      const y = csrMatvec(pattern, values, x);
      return [y, csrLinear(matrix, x), csrOuter(pattern, y, x)];
    };
    const values = array([1, -2, 3, 0.5, 7]);
    const x = array([2, 3, 5]);
    expectClose(await settled(jit()(sparse)(values, x)), await settled(sparse(values, x)), 1e-6);
    const slope = grad((v: Value, u: Value) => sparse(v, u)[2].sum(), { argnums: [0, 1] });
    expectClose(await settled(jit()(slope)(values, x)), await settled(slope(values, x)), 1e-6);
    const lanes = np.stack([x, x.mul(2)]);
    const inLanes = vmap(sparse, { inAxes: [null, 0] });
    expectClose(await settled(jit()(inLanes)(values, lanes)), await settled(inLanes(values, lanes)), 1e-6);
  });

  test("pmap, collectives and derivatives", async () => {
    const pmap = makePmap(device);
    const x = array([1, 2, 3]);
    const share = (y: Value): Value => y.div(psum(y, "i"));
    const expected = vmap(share, { axisName: "i" })(x);
    expectClose(await settled(pmap(share, { axisName: "i" })(x)), await settled(expected), 1e-6);
    const slope = (f: (v: Value) => Value): ((v: Value) => Value) =>
      grad((v: Value) => f(v).mul([1, 4, 9]).sum());
    const mapped = slope((v) => pmap(share, { axisName: "i" })(v));
    const batched = slope((v) => vmap(share, { axisName: "i" })(v));
    expectClose(await settled(jit()(mapped)(x)), await settled(batched(x)), 1e-6);
    // Members of results under way are moved on the device.
    const rows = np.arange(6).reshape([3, 2]).add(1);
    const columns = pmap((v: Value) => v.mul([1, 10]), { inAxes: 1, outAxes: -1 });
    const there = columns(columns(np.transpose(rows)));
    expect(await settled(there)).toEqual(await settled(np.transpose(rows).mul(np.array([[1], [100]]))));
    const along = jit()((v: Value) => jvp(pmap(np.sin as (u: Value) => Value), [v], [v.mul(2)])[1]);
    expectClose(await settled(along(x)), await settled(x.cos().mul(x).mul(2)), 1e-6);
  });

  test("results under way are arguments and constants of further calls", async () => {
    const double = jit()((v: Value) => v.mul(2));
    const once = double(array([1, 2, 3]));
    const closed = jit()((v: Value) => v.add(once));
    expect(await settled(closed(double(once)))).toEqual([[6, 12, 18]]);
  });
});
