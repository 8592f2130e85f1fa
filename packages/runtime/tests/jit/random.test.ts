// Random numbers in compiled programs have the bits of those without jit, derivatives included.
import { grad, np, random, vmap } from "@phxlang/autodiff";
import type { NdArray, Value } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { jit } from "../../src/index.ts";
import { expectSame } from "./random-programs.ts";

const key = random.key(11);
const weights = np.array([0.2, 0.5, 0.3]);
const covariance = np.array([
  [2, 0.5],
  [0.5, 1],
]);

/** Every name of `random`, as a function of a key. */
const draws: Readonly<Record<keyof typeof random, (key: Value) => Value>> = {
  bernoulli: (k) => random.bernoulli(k, 0.3, [9]),
  beta: (k) => random.beta(k, 0.7, 2, [9]),
  bits: (k) => random.bits(k, [9]),
  categorical: (k) => random.categorical(k, weights.log(), { shape: [9] }),
  cauchy: (k) => random.cauchy(k, [9]),
  chisquare: (k) => random.chisquare(k, 3, [9]),
  choice: (k) => random.choice(k, weights, [9]),
  dirichlet: (k) => random.dirichlet(k, weights, [3]),
  exponential: (k) => random.exponential(k, [9]),
  fold: (k) => random.fold(k, 5),
  gamma: (k) => random.gamma(k, 0.4, [9]),
  gumbel: (k) => random.gumbel(k, [9]),
  key: () => random.key(3),
  laplace: (k) => random.laplace(k, [9]),
  loggamma: (k) => random.loggamma(k, 2.5, [9]),
  logistic: (k) => random.logistic(k, [9]),
  lognormal: (k) => random.lognormal(k, 0.5, [9]),
  multivariateNormal: (k) => random.multivariateNormal(k, np.zeros([2]), covariance, [4]),
  normal: (k) => random.normal(k, [9]),
  pareto: (k) => random.pareto(k, 2, [9]),
  permutation: (k) => random.permutation(k, 9),
  poisson: (k) => random.poisson(k, 4.5, [9]),
  rademacher: (k) => random.rademacher(k, [9]),
  randint: (k) => random.randint(k, [9], -5, 100),
  rayleigh: (k) => random.rayleigh(k, 1, [9]),
  split: (k) => random.split(k, 4),
  splitList: (k) => np.stack(random.splitList(k, 3)),
  studentT: (k) => random.studentT(k, 5, [9]),
  truncatedNormal: (k) => random.truncatedNormal(k, -1, 2, [9]),
  uniform: (k) => random.uniform(k, [9]),
  weibull: (k) => random.weibull(k, 1, 2, [9]),
};

test.each(Object.entries(draws))("%s", (name, draw) => {
  expectSame([jit(draw)(key) as NdArray], [draw(key) as NdArray]);
  if (name === "key") return;
  const keys = random.split(key, 3);
  expectSame([jit(vmap(draw))(keys) as NdArray], [vmap(draw)(keys) as NdArray]);
});

test("derivatives at fixed randomness", () => {
  const loss = (shape: Value): Value => random.gamma(key, shape, [5]).log().mul(np.arange(5)).sum();
  expectSame([jit(grad(loss))(1.5) as NdArray], [grad(loss)(1.5) as NdArray]);
  expect(Number(jit(grad(loss))(1.5))).not.toBe(0);
});
