// Random numbers: known answers, JAX's bits, laws of keys, and moments of every sampler.
import { describe, expect, test } from "vitest";
import type { NdArray, Value } from "../src/index.ts";
import { grad, np, random, special, vmap } from "../src/index.ts";

const js = (x: unknown): unknown => (x as NdArray).js();
const elements = (x: unknown): number[] => Array.from((x as NdArray).elements);
const hex = (words: Iterable<number>): string[] =>
  Array.from(words, (w) => (w >>> 0).toString(16).padStart(8, "0"));

describe("bits", () => {
  test("threefry2x32 gives the known answers of Random123", () => {
    const out = new Uint32Array(2);
    const cases: readonly (readonly [readonly number[], string[]])[] = [
      [
        [0, 0, 0, 0],
        ["6b200159", "99ba4efe"],
      ],
      [
        [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
        ["1cb996fc", "bb002be7"],
      ],
      [
        [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3],
        ["c4923a9c", "483df7a0"],
      ],
    ];
    for (const [[k0, k1, x0, x1], expected] of cases) {
      special.threefry2x32(k0, k1, x0, x1, out, 0);
      expect(hex(out)).toEqual(expected);
    }
  });

  test("keys are split as JAX splits them", () => {
    expect(js(random.key(2 ** 32 + 7))).toEqual([1, 7]);
    // jax.random.split(jax.random.key(0)), threefry_partitionable
    expect(js(random.split(random.key(0)))).toEqual([
      [1797259609, 2579123966],
      [928981903, 3453687069],
    ]);
  });

  test("folding and splitting give different keys", () => {
    const key = random.key(3);
    const keys = [random.fold(key, 0), random.fold(key, 1), ...random.splitList(key, 4), key].map((k) =>
      String(js(k)),
    );
    // fold(key, 0) and the first of split are the block of counter 0: only one of them may be used
    expect(new Set(keys).size).toBe(keys.length - 2);
  });

  test("a draw is the beginning of a longer draw", () => {
    const key = random.key(5);
    expect(elements(random.normal(key, [3]))).toEqual(elements(random.normal(key, [7])).slice(0, 3));
  });

  test("vmap over keys is a loop", () => {
    const keys = random.split(random.key(1), 3);
    const draws: readonly ((key: Value) => Value)[] = [
      (key) => random.normal(key, [2]),
      (key) => random.gamma(key, [0.5, 2]),
      (key) => random.poisson(key, [3, 50]),
      (key) => random.permutation(key, 5),
      (key) => random.categorical(key, [0, 1, 2]),
      (key) => random.fold(key, 9),
    ];
    for (const draw of draws) {
      const loop = [0, 1, 2].map((i) => elements(draw(np.slice(keys, i))));
      expect(elements(vmap(draw)(keys))).toEqual(loop.flat());
    }
  });
});

const count = 20000;
const many = (draw: (key: Value, shape: readonly number[]) => Value): number[] =>
  elements(draw(random.key(42), [count]));

function moments(xs: readonly number[]): { mean: number; variance: number } {
  const mean = xs.reduce((s, x) => s + x, 0) / xs.length;
  return { mean, variance: xs.reduce((s, x) => s + (x - mean) ** 2, 0) / xs.length };
}

/** Kolmogorov's distance to a distribution function; 1.95/√n is exceeded once in a thousand. */
function distance(xs: readonly number[], cdf: (x: number) => number): number {
  const sorted = xs.slice().sort((a, b) => a - b);
  return sorted.reduce((d, x, i) => {
    const f = cdf(x);
    return Math.max(d, Math.abs(f - i / xs.length), Math.abs(f - (i + 1) / xs.length));
  }, 0);
}

describe("distributions", () => {
  const normalCdf = (x: number): number => 0.5 * special.erfc(-x / Math.SQRT2);
  const cases: readonly (readonly [
    string,
    (key: Value, shape: readonly number[]) => Value,
    (x: number) => number,
  ])[] = [
    ["uniform", (k, s) => random.uniform(k, s), (x) => x],
    ["uniform between bounds", (k, s) => random.uniform(k, s, { lower: -1, upper: 3 }), (x) => (x + 1) / 4],
    ["uniform f32", (k, s) => random.uniform(k, s, { dtype: "f32" }), (x) => x],
    ["normal", (k, s) => random.normal(k, s), normalCdf],
    ["exponential", (k, s) => random.exponential(k, s), (x) => 1 - Math.exp(-x)],
    ["gumbel", (k, s) => random.gumbel(k, s), (x) => Math.exp(-Math.exp(-x))],
    ["logistic", (k, s) => random.logistic(k, s), (x) => special.expit(x)],
    ["laplace", (k, s) => random.laplace(k, s), (x) => (x < 0 ? 0.5 * Math.exp(x) : 1 - 0.5 * Math.exp(-x))],
    ["cauchy", (k, s) => random.cauchy(k, s), (x) => 0.5 + Math.atan(x) / Math.PI],
    ["lognormal", (k, s) => random.lognormal(k, 0.5, s), (x) => normalCdf(Math.log(x) / 0.5)],
    ["pareto", (k, s) => random.pareto(k, 3, s), (x) => 1 - x ** -3],
    ["weibull", (k, s) => random.weibull(k, 2, 1.5, s), (x) => 1 - Math.exp(-((x / 2) ** 1.5))],
    ["rayleigh", (k, s) => random.rayleigh(k, 2, s), (x) => 1 - Math.exp((-x * x) / 8)],
    [
      "truncatedNormal",
      (k, s) => random.truncatedNormal(k, -1, 2, s),
      (x) => (normalCdf(x) - normalCdf(-1)) / (normalCdf(2) - normalCdf(-1)),
    ],
    ["gamma of shape 0.3", (k, s) => random.gamma(k, 0.3, s), (x) => special.gammainc(0.3, x)],
    ["gamma of shape 4", (k, s) => random.gamma(k, 4, s), (x) => special.gammainc(4, x)],
    ["beta", (k, s) => random.beta(k, 2, 0.7, s), (x) => special.betainc(2, 0.7, x)],
    ["chisquare", (k, s) => random.chisquare(k, 3, s), (x) => special.gammainc(1.5, x / 2)],
    [
      "studentT",
      (k, s) => random.studentT(k, 4, s),
      (x) =>
        x > 0
          ? 1 - 0.5 * special.betainc(2, 0.5, 4 / (4 + x * x))
          : 0.5 * special.betainc(2, 0.5, 4 / (4 + x * x)),
    ],
  ];
  for (const [name, draw, cdf] of cases) {
    test(`${name} has its distribution function`, () => {
      expect(distance(many(draw), cdf)).toBeLessThan(1.95 / Math.sqrt(count));
    });
  }

  for (const mean of [0.5, 6, 40]) {
    test(`poisson of mean ${mean}: frequencies`, () => {
      const xs = many((k, s) => random.poisson(k, mean, s));
      let chiSquare = 0;
      let cells = 0;
      for (let n = 0; n < 80; n++) {
        const expected = count * special.poissonDensity(n, mean);
        if (expected < 10) continue;
        const seen = xs.filter((x) => x === n).length;
        chiSquare += (seen - expected) ** 2 / expected;
        cells += 1;
      }
      // Beyond five standard deviations of a chi-square number.
      expect(chiSquare).toBeLessThan(cells + 5 * Math.sqrt(2 * cells));
    });
  }

  test("bernoulli, rademacher, randint, categorical, choice: means", () => {
    const near = (xs: readonly number[], mean: number, sd: number): void =>
      expect(Math.abs(moments(xs).mean - mean)).toBeLessThan((4.5 * sd) / Math.sqrt(count));
    near(
      many((k, s) => random.bernoulli(k, 0.3, s)),
      0.3,
      0.46,
    );
    near(
      many((k, s) => random.rademacher(k, s)),
      0,
      1,
    );
    const integers = many((k, s) => random.randint(k, s, -2, 5));
    expect([Math.min(...integers), Math.max(...integers)]).toEqual([-2, 4]);
    near(integers, 1, 2);
    const logits = np.log([0.2, 0.3, 0.5]);
    near(
      many((k, shape) => random.categorical(k, logits, { shape })),
      1.3,
      0.8,
    );
    near(
      many((k, s) => random.choice(k, [10, 20, 30], s, { p: [0.2, 0.3, 0.5] })),
      23,
      8,
    );
  });

  test("permutations and choices without replacement", () => {
    const permuted = elements(random.permutation(random.key(2), 100));
    expect(permuted.slice().sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(permuted).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
    const chosen = elements(random.choice(random.key(2), 9, [5], { replace: false }));
    expect(new Set(chosen).size).toBe(5);
    const weighted = elements(
      random.choice(random.key(2), 4, [3], { replace: false, p: [0.5, 0, 0.25, 0.25] }),
    );
    expect(weighted.slice().sort((a, b) => a - b)).toEqual([0, 2, 3]);
  });

  test("dirichlet vectors and normal vectors", () => {
    const vectors = random.dirichlet(random.key(1), [1, 2, 3], [1000]);
    expect(vectors.shape).toEqual([1000, 3]);
    expect(elements(vectors.sum(1)).every((s) => Math.abs(s - 1) < 1e-12)).toBe(true);
    const normals = random.multivariateNormal(
      random.key(1),
      [1, -1],
      [
        [2, 0.6],
        [0.6, 1],
      ],
      [count],
    );
    const centered = np.sub(normals, [1, -1]);
    const covariance = elements(np.matmul(centered.transpose(), centered).div(count));
    [2, 0.6, 0.6, 1].forEach((c, i) => expect(Math.abs(covariance[i] - c)).toBeLessThan(0.08));
  });
});

test("gamma numbers are differentiable in their shape: dz/da keeps P(a, z)", () => {
  const key = random.key(8);
  for (const a of [0.2, 1.3, 7, 150]) {
    const z = random.gamma(key, a) as NdArray;
    const slope = grad((x: Value) => random.gamma(key, x))(np.array(a)) as NdArray;
    const h = 1e-5 * a;
    const along = (s: number): number => special.gammainc(a + s, z.item() + s * slope.item());
    expect(Math.abs(along(h) - along(-h))).toBeLessThan(1e-8);
  }
  // To second order: P(a + s, z + s z′ + s²/2 z″) − P(a, z) is of order s³.
  const first = grad((x: Value) => random.gamma(key, x));
  const [z, z1, z2] = [(x: Value) => random.gamma(key, x), first, grad(first)].map((f) =>
    (f(np.array(2.5)) as NdArray).item(),
  );
  const at = (s: number): number => special.gammainc(2.5 + s, z + s * z1 + 0.5 * s * s * z2);
  expect(Math.abs(at(1e-3) + at(-1e-3) - 2 * at(0))).toBeLessThan(1e-11);
  // Far below the smallest positive number, in logarithms.
  const slope = grad((x: Value) => random.loggamma(key, x))(np.array(1e-4)) as NdArray;
  const value = random.loggamma(key, 1e-4) as NdArray;
  expect(slope.item() / (-value.item() / 1e-4)).toBeCloseTo(1, 2);
});

test("wrong keys and arguments are refused in words", () => {
  expect(() => random.normal(np.array([1, 2]))).toThrow(/PHX949.*random key of dtype f64/s);
  expect(() => random.key(-1)).toThrow(/PHX949.*seed/s);
  expect(() => random.randint(random.key(0), [], 3, 3)).toThrow(/PHX949/);
});
