// Laws of models on random chains, against dense linear algebra of twice the precision.
import type { Value } from "@phxlang/autodiff";
import { grad, hessian, NdArray, vmap } from "@phxlang/autodiff";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Model } from "../src/index.ts";
import { jit, makeModel } from "../src/index.ts";
import type { DoubleDouble } from "./support/double-double.ts";
import { add, dd, divide, exponential, multiply, solve, subtract } from "./support/double-double.ts";
import { elementsOf, expectNear } from "./support/expectations.ts";
import { linearModel } from "./support/linear-model.ts";
import type { RandomChain } from "./support/random-chains.ts";
import { negativeGenerator, randomChains } from "./support/random-chains.ts";

const modelOf = (chain: RandomChain): Model => makeModel(linearModel(chain));
const vectorOf = (numbers: readonly number[]): NdArray =>
  new NdArray(Float64Array.from(numbers), [numbers.length], "f64");

/** E[T^k] by dense solves. */
function trueMoment(chain: RandomChain, theta: readonly DoubleDouble[], order: number): DoubleDouble {
  const matrix = negativeGenerator(chain, theta);
  let x = chain.alpha.map(() => dd(1));
  for (let k = 1; k <= order; k++) x = solve(matrix, x).map((entry) => multiply(entry, dd(k)));
  return x.reduce((sum, entry, i) => add(sum, multiply(entry, dd(chain.alpha[i]))), dd(0));
}

/** Survival and density at t by a dense exponential. */
function trueLaw(
  chain: RandomChain,
  theta: readonly DoubleDouble[],
  t: number,
): { survival: DoubleDouble; pdf: DoubleDouble } {
  const matrix = negativeGenerator(chain, theta);
  const moved = exponential(matrix.map((row) => row.map((x) => multiply(x, dd(-t)))));
  const ones = chain.alpha.map(() => dd(1));
  const exits = matrix.map((row) => row.reduce((sum, x) => add(sum, x), dd(0)));
  const against = (right: readonly DoubleDouble[]): DoubleDouble =>
    moved.reduce((sum, row, i) => {
      const inner = row.reduce((total, x, j) => add(total, multiply(x, right[j])), dd(0));
      return add(sum, multiply(dd(chain.alpha[i]), inner));
    }, dd(0));
  return { survival: against(ones), pdf: against(exits) };
}

/** Central differences with steps that only doubled precision allows. */
function trueGradient(chain: RandomChain, f: (theta: readonly DoubleDouble[]) => DoubleDouble): number[] {
  return chain.theta.map((_, p) => {
    const step = 2 ** -34;
    const at = (shift: number): DoubleDouble =>
      f(chain.theta.map((x, q) => (q === p ? add(dd(x), dd(shift)) : dd(x))));
    return divide(subtract(at(step), at(-step)), dd(2 * step)).hi;
  });
}

const typicalTime = (model: Model, chain: RandomChain, factor: number): number => {
  const rates = chain.edges.map(({ coefficients }) => Math.max(...coefficients) * 3);
  const mean = model.mean([...chain.theta]).item();
  // Within reach of the dense exponential, whose error grows with rate · time.
  return Math.min(mean * factor, 3e3 / Math.max(...rates));
};

describe.each([
  { name: "acyclic", decades: 2, isCyclic: false },
  { name: "cyclic", decades: 2, isCyclic: true },
  { name: "stiff over 12 decades", decades: 12, isCyclic: true },
])("$name chains", ({ decades, isCyclic }) => {
  const chains = randomChains(decades, isCyclic);

  test("moments and their gradients", () => {
    fc.assert(
      fc.property(chains, (chain) => {
        const model = modelOf(chain);
        const theta = chain.theta.map((x) => dd(x));
        for (const order of [1, 2, 3]) {
          const expected = trueMoment(chain, theta, order).hi;
          expectNear(model.moment([...chain.theta], order), expected, 1e-12);
          if (order === 3) continue;
          const gradient = grad((x: Value) => model.moment(x, order))(vectorOf(chain.theta));
          const wanted = trueGradient(chain, (x) => trueMoment(chain, x, order));
          expectNear(gradient, wanted, 1e-10, 1e-2, expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("densities, survival and their gradients", () => {
    fc.assert(
      fc.property(chains, fc.double({ min: 0.05, max: 3, noNaN: true }), (chain, factor) => {
        const model = modelOf(chain);
        const t = typicalTime(model, chain, factor);
        const exact = trueLaw(
          chain,
          chain.theta.map((x) => dd(x)),
          t,
        );
        // Subtractions within the dense exponential leave it an absolute error.
        const scale = Math.max(...chain.edges.map(({ coefficients }) => Math.max(...coefficients)));
        expectNear(model.survival([...chain.theta], t), exact.survival.hi, 1e-11, 1, 1e-12);
        expectNear(model.cdf([...chain.theta], t), 1 - exact.survival.hi, 1e-12, 1, 1);
        expectNear(model.pdf([...chain.theta], t), exact.pdf.hi, 1e-11, 1, 1e-14 * scale);
        const gradient = grad((x: Value) => model.pdf(x, t))(vectorOf(chain.theta));
        const wanted = trueGradient(chain, (x) => trueLaw(chain, x, t).pdf);
        expectNear(
          gradient,
          wanted,
          1e-10,
          1,
          Math.max(exact.pdf.hi * Math.max(1, scale * t), 1e-12 * scale),
        );
      }),
      { numRuns: 40 },
    );
  });
});

test("scaling all rates by c scales T by 1 / c", () => {
  fc.assert(
    fc.property(randomChains(3, true), fc.double({ min: 0.01, max: 100, noNaN: true }), (chain, c) => {
      const model = modelOf(chain);
      const scaled = chain.theta.map((x) => x * c);
      const t = typicalTime(model, chain, 0.7);
      expectNear(model.mean(scaled), model.mean([...chain.theta]).item() / c, 1e-12);
      expectNear(model.variance(scaled), model.variance([...chain.theta]).item() / c ** 2, 1e-9);
      expectNear(model.pdf(scaled, t / c), model.pdf([...chain.theta], t).item() * c, 1e-11);
      expectNear(model.survival(scaled, t / c), model.survival([...chain.theta], t).item(), 1e-11);
      expectNear(model.quantile(scaled, 0.3), model.quantile([...chain.theta], 0.3).item() / c, 1e-11);
    }),
    { numRuns: 30 },
  );
});

test("splitting an edge in two halves changes nothing", () => {
  fc.assert(
    fc.property(randomChains(4, true), (chain) => {
      const halves = {
        ...chain,
        edges: chain.edges.flatMap((edge) => {
          const half = { ...edge, coefficients: edge.coefficients.map((c) => c / 2) };
          return [half, half];
        }),
      };
      const [one, two] = [modelOf(chain), modelOf(halves)];
      const theta = [...chain.theta];
      expectNear(two.moments(theta, 3), elementsOf(one.moments(theta, 3)), 1e-14);
      const t = typicalTime(one, chain, 1);
      expectNear(two.pdf(theta, t), one.pdf(theta, t).item(), 1e-13);
    }),
    { numRuns: 30 },
  );
});

test("the density integrates to the distribution function, which ends at 1", () => {
  fc.assert(
    fc.property(randomChains(2, true), (chain) => {
      const model = modelOf(chain);
      const theta = [...chain.theta];
      const end = typicalTime(model, chain, 2);
      // Gauss–Legendre with 3 nodes on 200 pieces.
      const nodes = [-Math.sqrt(0.6), 0, Math.sqrt(0.6)];
      const weights = [5 / 18, 8 / 18, 5 / 18];
      const pieces = 200;
      const times = Array.from({ length: pieces }, (_, i) =>
        nodes.map((x) => (end * (i + 0.5 + x / 2)) / pieces),
      ).flat();
      const density = elementsOf(model.pdf(theta, times));
      const integral = density.reduce((sum, f, i) => sum + (f * weights[i % 3] * end) / pieces, 0);
      expectNear(model.cdf(theta, end), integral, 1e-5, 1, 1);
      const both = model.cdf(theta, end).item() + model.survival(theta, end).item();
      expect(Math.abs(both - 1)).toBeLessThanOrEqual(1e-13);
    }),
    { numRuns: 20 },
  );
});

test("what composes with logPdf: vmap of grad, grad of vmap, jit, Hessians", () => {
  const chain: RandomChain = {
    stateCount: 3,
    parameterCount: 2,
    edges: [
      { from: 0, to: 1, base: 0.5, coefficients: [1, 0] },
      { from: 1, to: 0, base: 0, coefficients: [0, 1] },
      { from: 1, to: 2, base: 0, coefficients: [2, 0] },
      { from: 2, to: -1, base: 0, coefficients: [0, 3] },
      { from: 0, to: -1, base: 0.1, coefficients: [0, 0] },
    ],
    alpha: [0.7, 0.3, 0],
    theta: [1, 2],
  };
  const model = modelOf(chain);
  const times = [0.1, 0.7, 2.5];
  const loss = (theta: Value): Value => model.logPdf(theta, times).sum().neg();
  const thetas = [
    [1, 2],
    [0.5, 1.5],
    [2, 0.25],
  ];
  const batch = new NdArray(Float64Array.from(thetas.flat()), [3, 2], "f64");
  const separate = thetas.map((theta) => elementsOf(grad(loss)(vectorOf(theta)))).flat();
  expectNear(vmap(grad(loss))(batch), separate, 1e-13);
  expectNear(jit(vmap(grad(loss)))(batch), separate, 1e-13);
  const total = (x: Value): Value => vmap(loss)(x).sum();
  expectNear(grad(total)(batch), separate, 1e-13);
  const second = elementsOf(hessian(loss)(vectorOf([1, 2])));
  expectNear(jit(hessian(loss))(vectorOf([1, 2])), second, 1e-13);
  const step = 1e-5;
  const columns = [0, 1].map((p) => {
    const at = (shift: number): number[] =>
      elementsOf(grad(loss)(vectorOf([1, 2].map((x, q) => (q === p ? x + shift : x)))));
    const [ahead, behind] = [at(step), at(-step)];
    return ahead.map((x, i) => (x - behind[i]) / (2 * step));
  });
  expectNear(vectorOf(second), [columns[0][0], columns[1][0], columns[0][1], columns[1][1]], 1e-8);
  const inTime = grad((t: Value) => model.logPdf([1, 2], t))(new NdArray(Float64Array.of(0.7), [], "f64"));
  const slope =
    (model.logPdf([1, 2], 0.7 + step).item() - model.logPdf([1, 2], 0.7 - step).item()) / (2 * step);
  expectNear(inTime, slope, 1e-8);
});
