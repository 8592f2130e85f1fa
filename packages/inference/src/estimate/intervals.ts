// Intervals for parameters and for functions of them: delta method, profile likelihood, bootstrap.
import type { Device, Value } from "@phxlang/autodiff";
import { array, grad, makeJit, PhxError, random, special, valueAndGrad } from "@phxlang/autodiff";
import { cpuDevice } from "@phxlang/runtime";
import type { Model } from "@phxlang/runtime";
import { numbersOf } from "../concrete.ts";
import { quantileOf } from "../fit/summary.ts";
import { checkBetween, checkCount } from "../fit/prepare.ts";
import { minimize } from "../optimize/lbfgs.ts";
import type { Data } from "../posterior/posterior.ts";
import { observationSets, posterior } from "../posterior/posterior.ts";
import { isPointError, modelDensity } from "../posterior/model-density.ts";
import { startingPoint } from "../posterior/starting-points.ts";
import { randomStream } from "../random-stream.ts";
import { coordinateIndices } from "./bounds.ts";
import type { MaximumLikelihood } from "./mle.ts";

/** Ends of an interval; an end where the likelihood never falls far enough is the bound of the parameter. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export interface IntervalOptions {
  /** Default 0.95. */
  readonly level?: number;
  readonly device?: Device;
}

/**
 * A differentiable function of θ at the estimate, with the standard error that the delta method gives it: the square root
 * of ∇g Σ ∇gᵀ.
 */
export function deltaMethod(
  { estimate, covariance }: MaximumLikelihood,
  g: (theta: Value) => Value,
): { readonly value: number; readonly standardError: number } {
  const theta = array(estimate);
  const slope = numbersOf(grad(g)(theta));
  const n = estimate.length;
  let variance = 0;
  slope.forEach((a, i) => {
    slope.forEach((b, j) => (variance += a * b === 0 ? 0 : a * covariance[i * n + j] * b));
  });
  return { value: numbersOf(g(theta))[0], standardError: Math.sqrt(variance) };
}

/** Steps outwards and halvings that look for an end; a step doubles each time. */
const outward = 12;
const halvings = 40;

/**
 * The values of one entry of θ at which the log-likelihood, maximised over all other parameters, is within half a quantile
 * of the chi-squared distribution of its maximum. PHX842 for an entry of a simplex, which has no range of its own.
 */
export function profileInterval(
  model: Model,
  data: Data,
  { estimate, logLikelihood }: MaximumLikelihood,
  parameter: string,
  { level = 0.95, device }: IntervalOptions = {},
): Interval {
  checkBetween("level", level, 0, 1);
  const target = posterior(model, data);
  const index = model.parameterNames.indexOf(parameter);
  const isSimplex = model.parameters.some(
    ({ simplex, offset, size }) => simplex && index >= offset && index < offset + size,
  );
  if (index < 0 || isSimplex) {
    throw new PhxError({
      code: "PHX842",
      what: `a profile of \`${parameter}\``,
      why:
        index < 0
          ? `the parameters are ${model.parameterNames.join(", ")}`
          : "entries of a simplex move together",
      fix: "name another parameter",
    });
  }
  const coordinate = coordinateIndices(model).indexOf(index);
  const density = modelDensity(target.dimension, (u) => target.logLikelihood(u), device);
  const top = startingPoint(target, estimate);
  const margin = special.normalQuantile((1 + level) / 2) ** 2 / 2;
  let nearby = top;
  /** log L maximised with the coordinate at a value, minus what the interval allows. */
  const excess = (at: number): number => {
    const fixed = (others: Float64Array): Float64Array => {
      const u = others.slice();
      u[coordinate] = at;
      return u;
    };
    const found = minimize((others) => {
      const { value, gradient } = density.evaluate(fixed(others));
      return { value: -value, gradient: gradient.map((g, i) => (i === coordinate ? 0 : -g)) };
    }, fixed(nearby));
    nearby = found.point;
    return -found.value - (logLikelihood - margin);
  };
  const thetaAt = (at: number): number => {
    const u = top.slice();
    u[coordinate] = at;
    return numbersOf(target.transform.constrain(array(u)).theta)[index];
  };
  const ends = [-1, 1].map((sign): number => {
    nearby = top;
    let inside = top[coordinate];
    let step = 0.25;
    for (let k = 0; k < outward; k++, step *= 2) {
      const tried = inside + sign * step;
      if (excess(tried) < 0) return thetaAt(bisect(excess, inside, tried));
      inside = tried;
    }
    return thetaAt(sign * Infinity);
  });
  return { lower: Math.min(...ends), upper: Math.max(...ends) };
}

/** Where a function changes its sign between a point at which it is not negative and one at which it is. */
function bisect(f: (x: number) => number, inside: number, outside: number): number {
  let [low, high] = [inside, outside];
  for (let k = 0; k < halvings; k++) {
    const middle = (low + high) / 2;
    if (f(middle) >= 0) low = middle;
    else high = middle;
    if (Math.abs(high - low) < 1e-9 * Math.max(1, Math.abs(high))) break;
  }
  return (low + high) / 2;
}

export interface Bootstrap {
  /** estimates[p]: of parameter p in each resample. */
  readonly estimates: readonly Float64Array[];
  readonly intervals: readonly Interval[];
}

export interface BootstrapOptions extends IntervalOptions {
  readonly key: Value;
  /** Default 200. */
  readonly resamples?: number;
}

/**
 * Fits to observations (rows, or subjects of panel data) drawn with replacement, each from the estimate, and the quantiles
 * of these fits. Resamples are weights of one compiled likelihood.
 */
export function bootstrap(
  model: Model,
  data: Data,
  { estimate }: MaximumLikelihood,
  { key, level = 0.95, resamples = 200, device = cpuDevice }: BootstrapOptions,
): Bootstrap {
  checkCount("resamples", resamples, 2);
  checkBetween("level", level, 0, 1);
  const target = posterior(model, data);
  const weighted = makeJit(device)(
    valueAndGrad((u: Value, weights: Value) =>
      model.logLikelihoods(target.transform.constrain(u).theta, data).mul(weights).sum(),
    ),
  );
  const start = startingPoint(target, estimate);
  const count = observationUnits(data);
  const points = random.splitList(key, resamples).map((own) => {
    const stream = randomStream(own);
    const weights = new Float64Array(count);
    for (let i = 0; i < count; i++) weights[Math.floor(stream.uniform() * count)] += 1;
    const resampled = array(weights);
    const found = minimize(
      (u) => {
        try {
          const [value, gradient] = weighted(array(u), resampled);
          return { value: -numbersOf(value)[0], gradient: numbersOf(gradient).map((g) => -g) };
        } catch (error) {
          if (!isPointError(error)) throw error;
          return { value: Infinity, gradient: new Float64Array(u.length) };
        }
      },
      start,
      { gradientTolerance: 1e-7 },
    );
    return numbersOf(target.transform.constrain(array(found.point)).theta);
  });
  const estimates = model.parameterNames.map((_, p) => Float64Array.from(points, (theta) => theta[p]));
  const intervals = estimates.map((own): Interval => {
    const sorted = own.slice().sort();
    return { lower: quantileOf(sorted, (1 - level) / 2), upper: quantileOf(sorted, (1 + level) / 2) };
  });
  return { estimates, intervals };
}

function observationUnits(data: Data): number {
  return observationSets(data).reduce(
    (sum, set) => sum + (set.kind === "path" ? set.subjectOffsets.length - 1 : set.count),
    0,
  );
}
