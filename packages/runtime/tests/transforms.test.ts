// Every function of a model under every transform: gradients, exact Hessians, batches and jit, in θ and in times.
import type { NdArray, Value } from "@phxlang/autodiff";
import { grad, hessian, jacfwd, jvp, np, vmap } from "@phxlang/autodiff";
import type { StopObservations } from "@phxlang/graph";
import { censoring } from "@phxlang/graph";
import { describe, test } from "vitest";
import type { Distribution, Model } from "../src/index.ts";
import { jit, makeModel } from "../src/index.ts";
import { expectClose, numbers, vectorOf } from "./support/derivative-laws.ts";
import { linearModel } from "./support/linear-model.ts";

/** The names of T's functions that give arrays: a table over them that lacks one does not compile. */
type ValueFunctions<T> = {
  [K in keyof T as T[K] extends (...args: never[]) => Value ? K : never]: unknown;
};

/** θ and times (or shares, or arguments of a transform) → an array. */
type Use<D> = (d: D, theta: Value, times: Value) => Value;
type Table<T, D> = { readonly [K in keyof ValueFunctions<T>]: Use<D> | null };

/** A cyclic chain of three states with two causes, a reward and a defect: 20 % start stopped. */
const description = {
  stateCount: 3,
  parameterCount: 2,
  edges: [
    { from: 0, to: 1, base: 0.05, coefficients: [0.3, 0] },
    { from: 1, to: 0, base: 0, coefficients: [0, 0.2] },
    { from: 1, to: 2, base: 0.02, coefficients: [0.15, 0.1] },
    { from: 2, to: -1, base: 0, coefficients: [0, 0.3] },
    { from: 0, to: -2, base: 0.03, coefficients: [0.05, 0.02] },
  ],
  alpha: [0.5, 0.3, 0],
  rewards: { weight: [1, 0, 2.5], visits: [0.5, 1, 0] },
  causes: ["first", "second"],
  defaults: [0.8, 1.1],
};
const continuous = makeModel(linearModel(description));
/** In discrete time what remains to 1 stays. */
const stays = [
  { from: 0, to: 0, base: 0.92, coefficients: [-0.35, -0.02] },
  { from: 1, to: 1, base: 0.98, coefficients: [-0.15, -0.3] },
  { from: 2, to: 2, base: 1, coefficients: [0, -0.3] },
];
const discrete = makeModel(
  linearModel({ ...description, kind: "discrete", edges: [...description.edges, ...stays] }),
);
const epochs = continuous.epochs([{ until: 1.5, theta: [0.8, 1.1] }, { theta: [1.3, 0.6] }]);

const distributionTable: Table<Distribution, Distribution> = {
  pdf: (d, theta, times) => d.pdf(theta, times),
  logPdf: (d, theta, times) => d.logPdf(theta, times),
  pmf: null,
  logPmf: null,
  cdf: (d, theta, times) => d.cdf(theta, times),
  survival: (d, theta, times) => d.survival(theta, times),
  logSurvival: (d, theta, times) => d.logSurvival(theta, times),
  hazard: (d, theta, times) => d.hazard(theta, times),
  // Shares above the 20 % that are 0 from the start.
  quantile: (d, theta, times) => d.quantile(theta, times.mul(0.1).add(0.3)),
  sample: null,
  mean: (d, theta) => d.mean(theta),
  variance: (d, theta) => d.variance(theta),
  std: (d, theta) => d.std(theta),
  moment: (d, theta) => d.moment(theta, 3),
  moments: (d, theta) => d.moments(theta, 4),
  cumulants: (d, theta) => d.cumulants(theta, 3),
  laplace: (d, theta, times) => d.laplace(theta, times),
};

const modelTable: Table<Omit<Model, keyof Distribution>, Model> = {
  covariance: (m, theta) => m.covariance(theta),
  correlation: (m, theta) => m.correlation(theta),
  jointMoment: (m, theta) => m.jointMoment(theta, ["weight", "visits", "weight"]),
  jointLaplace: (m, theta, times) => m.jointLaplace(theta, ["weight", "visits"], np.slice(times, [0, 2])),
  stateProbabilities: (m, theta, times) => m.stateProbabilities(theta, times),
  occupancy: (m, theta, times) => m.occupancy(theta, times),
  expectedVisits: (m, theta) => m.expectedVisits(theta),
  expectedTimeIn: (m, theta) => m.expectedTimeIn(theta),
  absorption: (m, theta) => m.absorption(theta),
  // With data, below.
  logLikelihood: null,
  logLikelihoods: null,
};

const causes: Readonly<Record<string, Use<Model>>> = {
  "pdf of a cause": (m, theta, times) => m.pdf(theta, times, { cause: "second" }),
  "logPdf of a cause": (m, theta, times) => m.logPdf(theta, times, { cause: "first" }),
  "cdf of a cause": (m, theta, times) => m.cdf(theta, times, { cause: "first" }),
  "hazard of a cause": (m, theta, times) => m.hazard(theta, times, { cause: "second" }),
};

const steps: Readonly<Record<string, Use<Model>>> = {
  pmf: (m, theta, times) => m.pmf(theta, times),
  logPmf: (m, theta, times) => m.logPmf(theta, times),
  "logPmf of a cause": (m, theta, times) => m.logPmf(theta, times, { cause: "second" }),
};

interface Laws {
  /** Whether times are differentiated too: they are whole numbers in discrete time. */
  readonly inTimes: boolean;
  readonly theta: readonly number[];
  readonly times: readonly number[];
}

const step = 2 ** -12;

/** The derivative of a list of numbers along a direction, by Richardson's extrapolation of central differences. */
function difference(f: (x: NdArray) => Value, at: NdArray, direction: NdArray): number[] {
  const moved = (h: number): NdArray =>
    vectorOf(Array.from(at.elements, (v, i) => v + h * direction.elements[i]));
  const central = (h: number): number[] => {
    const [ahead, behind] = [numbers(f(moved(h))), numbers(f(moved(-h)))];
    return ahead.map((value, n) => (value - behind[n]) / (2 * h));
  };
  const [coarse, fine] = [central(2 * step), central(step)];
  return fine.map((value, n) => (4 * value - coarse[n]) / 3);
}

function checkTransforms<D>(d: D, use: Use<D>, { inTimes, theta, times }: Laws): void {
  const count = theta.length;
  const point = vectorOf(inTimes ? [...theta, ...times] : theta);
  /** θ and, where they are differentiated, times, as one vector. */
  const value = (x: Value): Value =>
    use(d, np.slice(x, [0, count]), inTimes ? np.slice(x, [count, x.size]) : vectorOf(times));
  const loss = (x: Value): Value => {
    const result = np.ravel(value(x));
    return np.dot(result, np.cos(np.arange(result.size)));
  };
  const direction = vectorOf(numbers(point).map((_, i) => Math.sin(2 * i + 1)));
  const along = (matrix: Value): number[] => numbers(np.matmul(matrix, direction));
  const gradient = numbers(grad(loss)(point));
  const forward = numbers(jacfwd(loss)(point));
  expectClose(forward, gradient, 1e-11);
  expectClose(difference(loss, point, direction), along(vectorOf(gradient)), 1e-7);

  const second = numbers(hessian(loss)(point));
  const size = point.size;
  expectClose(difference(grad(loss), point, direction), along(vectorOf(second, [size, size])), 1e-6);
  // Exact: forward over reverse, forward over forward and the transpose agree to rounding.
  expectClose(numbers(jacfwd(jacfwd(loss))(point)), second, 1e-10);
  expectClose(numbers(np.transpose(vectorOf(second, [size, size]))), second, 1e-10);

  expectClose(numbers(jit(value)(point)), numbers(value(point)), 1e-14);
  expectClose(numbers(jit(grad(loss))(point)), gradient, 1e-13);
  expectClose(numbers(jit(hessian(loss))(point)), second, 1e-12);

  const points = [
    point,
    vectorOf(numbers(point).map((v) => v * 0.97)),
    vectorOf(numbers(point).map((v) => v * 1.02)),
  ];
  const batch = np.stack(points, 0);
  const each = points.flatMap((x) => numbers(grad(loss)(x)));
  expectClose(
    numbers(vmap(value)(batch)),
    points.flatMap((x) => numbers(value(x))),
    1e-13,
  );
  expectClose(numbers(vmap(grad(loss))(batch)), each, 1e-12);
  expectClose(numbers(jit(vmap(grad(loss)))(batch)), each, 1e-12);
  expectClose(numbers(grad((xs: Value) => vmap(loss)(xs).sum())(batch)), each, 1e-12);
  const curvature = (x: Value): Value => jvp(grad(loss), [x], [direction])[1];
  expectClose(
    numbers(vmap(curvature)(batch)),
    points.flatMap((x) => numbers(curvature(x))),
    1e-11,
  );
}

/** The functions of a table that have a use, each under its name. */
function testTable<D>(d: D, table: Readonly<Record<string, Use<D> | null>>, laws: Laws): void {
  for (const [name, use] of Object.entries(table)) {
    if (use !== null) test(name, () => checkTransforms(d, use, laws));
  }
}

const times = [0.4, 3.7];
const inContinuous: Laws = { inTimes: true, theta: [0.8, 1.1], times };

describe("the time until the model stops", () => {
  testTable(continuous, { ...distributionTable, ...modelTable, ...causes }, inContinuous);
});

describe("an accumulated reward", () => {
  testTable(continuous.reward("weight"), distributionTable, inContinuous);
});

describe("epochs, in their parameters and in the time of change", () => {
  const laws = { inTimes: true, theta: [0.8, 1.1, 1.3, 0.6, 1.5], times };
  const { logPdf, cdf, survival, hazard, moments } = distributionTable;
  const { stateProbabilities, absorption, covariance } = modelTable;
  const chosen = { logPdf, cdf, survival, hazard, moments, stateProbabilities, absorption, covariance };
  testTable(epochs, chosen, laws);
});

describe("discrete time", () => {
  const { pdf: _pdf, logPdf: _logPdf, quantile: _quantile, ...shared } = distributionTable;
  const { occupancy, stateProbabilities, ...expectations } = modelTable;
  const laws = { inTimes: false, theta: [0.8, 1.1], times: [1, 2, 6] };
  testTable(discrete, { ...shared, ...expectations, ...steps, occupancy, stateProbabilities }, laws);
});

/** Exact rows with and without a cause, right, left and interval censoring, late entry, weights. */
const observations: StopObservations = {
  kind: "stop",
  count: 6,
  weights: Float64Array.of(1, 2, 1, 1, 0.5, 3),
  covariates: null,
  sourceRows: Int32Array.of(1, 2, 3, 4, 5, 6),
  times: Float64Array.of(1.2, 0.3, 2, 4, 1, 2.5),
  uppers: Float64Array.of(0, 0, 0, 0, 3, 0),
  censoring: Uint8Array.of(
    censoring.exact,
    censoring.exact,
    censoring.right,
    censoring.left,
    censoring.interval,
    censoring.exact,
  ),
  causes: Int32Array.of(-1, 1, -1, -1, -1, 0),
  entries: Float64Array.of(0, 0, 0.5, 0, 0, 1),
};

describe("log-likelihoods", () => {
  const use: Use<Model> = (m, theta) => m.logLikelihood(theta, observations);
  const each: Use<Model> = (m, theta) => m.logLikelihoods(theta, observations);
  testTable(continuous, { "of all rows": use, "row by row": each }, { ...inContinuous, inTimes: false });
});
