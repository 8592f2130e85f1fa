// Maximum likelihood: searches from several starts, Newton to the last digits, standard errors and their conditions.
import type { Device, Value } from "@phxlang/autodiff";
import { array, random, special } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { numbersOf } from "../concrete.ts";
import { checkCount } from "../fit/prepare.ts";
import { refusalWarnings } from "../fit/fit.ts";
import type { FitWarning } from "../fit/fit.ts";
import type { LogDensity } from "../log-density.ts";
import { minimize } from "../optimize/lbfgs.ts";
import type { LbfgsResult } from "../optimize/lbfgs.ts";
import { largest, polish } from "../optimize/newton.ts";
import type { Data, Posterior } from "../posterior/posterior.ts";
import { observationSets, posterior } from "../posterior/posterior.ts";
import { modelDensity } from "../posterior/model-density.ts";
import { noStart, startingPoint } from "../posterior/starting-points.ts";
import { randomStream } from "../random-stream.ts";
import { boundCoordinates } from "./bounds.ts";
import { expectationMaximisation, requireEmModel } from "./em.ts";
import { structuralFlaws } from "./identifiability.ts";
import { covarianceAt } from "./information.ts";

export interface MaximumLikelihoodOptions {
  readonly data: Data;
  /** Points of θ to start from besides the defaults of the model; PHX901 and PHX902 where they are not within bounds. */
  readonly starts?: readonly Float64Array[];
  /**
   * More starts, at random within a factor of about 30 of the defaults: likelihoods of several phases have several modes.
   * Default 8.
   */
  readonly randomStarts?: number;
  /** Of the random starts; default random.key(0). */
  readonly key?: Value;
  /** EM steps before each search, for models whose rates are coefficient × parameter (PHX846 otherwise). Default 0. */
  readonly emSteps?: number;
  /** Iterations of each search; default 1000. */
  readonly iterations?: number;
  /** Where likelihoods are evaluated; default: this thread's CPU. */
  readonly device?: Device;
  /** Largest relative error of each density, in (0, 1); default 1e-8. */
  readonly tolerance?: number;
}

/** What became of one start. */
export interface Search {
  readonly logLikelihood: number;
  readonly outcome: LbfgsResult["outcome"];
}

export interface MaximumLikelihood {
  readonly method: "mle";
  readonly model: string;
  readonly parameterNames: readonly string[];
  readonly estimate: Float64Array;
  /** Square roots of the diagonal of `covariance`. */
  readonly standardErrors: Float64Array;
  /** Inverse observed information on the scale of θ, row-major P × P; NaN where there is none. */
  readonly covariance: Float64Array;
  readonly logLikelihood: number;
  readonly observationCount: number;
  readonly aic: number;
  readonly bic: number;
  /** Largest entry of the gradient on unconstrained space at the estimate, over the parameters that are not at a bound. */
  readonly gradientSize: number;
  /** One for each start from which the likelihood is finite. */
  readonly searches: readonly Search[];
  readonly warnings: readonly FitWarning[];
}

/** Unconstrained range of random starts around the defaults. */
const startRange = 3.5;

/**
 * Maximises log L(θ). Standard errors are exact derivatives: the Hessian of the log-likelihood on unconstrained space,
 * carried to θ by the Jacobian of the transform (delta method). Throws PHX831 where no start has a finite likelihood.
 */
export function maximumLikelihood(model: Model, options: MaximumLikelihoodOptions): MaximumLikelihood {
  const { data, iterations = 1000, emSteps = 0 } = options;
  checkCount("iterations", iterations, 1);
  checkCount("emSteps", emSteps, 0);
  if (emSteps > 0) requireEmModel(model);
  const target = posterior(model, data, options.tolerance);
  const density = modelDensity(target.dimension, (u) => target.logLikelihood(u), options.device);
  const { point, searches, isExhausted } = bestSearch(target, density, startsOf(target, options), options);
  const atBound = boundCoordinates(model, point);
  const held = new Set(atBound.map(({ coordinate }) => coordinate));
  const u = polish(density, point, held);
  const { value, gradient } = density.evaluate(u);
  const estimate = numbersOf(target.transform.constrain(array(u)).theta);
  const { covariance, flat, silent } = covarianceAt(target, density, u, held);
  const size = estimate.length;
  const count = observationCount(data);
  const flaws = structuralFlaws(model, data);
  const warnings: FitWarning[] = flaws.map((message) => ({
    code: "PHX802",
    message: `${message}: not identifiable`,
  }));
  if (flat !== null) {
    const direction = flat.map(({ name, share }) => `${name}: ${share.toFixed(2)}`).join(", ");
    warnings.push({
      code: "PHX803",
      message: `the information matrix is singular in direction (${direction}) of the unconstrained parameters: the data do not tell these parameters apart, so they have no standard errors`,
    });
  }
  for (const name of silent.filter((unknown) => !flaws.some((flaw) => flaw.startsWith(`\`${unknown}\``)))) {
    warnings.push({
      code: "PHX803",
      message: `the data say nothing about \`${name}\`, so it has no standard error`,
    });
  }
  for (const { index } of atBound) {
    const shown = `${model.parameterNames[index]} = ${estimate[index].toPrecision(3)}`;
    warnings.push({ code: "PHX804", message: `fit stopped at the bound \`${shown}\`` });
  }
  if (isExhausted) {
    warnings.push({
      code: "PHX837",
      message: `the best search ran out of ${iterations} iterations before it converged: the estimate may not be the maximum`,
    });
  }
  return {
    method: "mle",
    model: model.name,
    parameterNames: model.parameterNames,
    estimate,
    standardErrors: Float64Array.from(estimate, (_, i) => Math.sqrt(covariance[i * size + i])),
    covariance,
    logLikelihood: value,
    observationCount: count,
    aic: 2 * target.dimension - 2 * value,
    bic: target.dimension * special.log(count) - 2 * value,
    gradientSize: largest(gradient.filter((_, i) => !held.has(i))),
    searches,
    warnings: [...warnings, ...refusalWarnings(density.refusals)],
  };
}

interface Best {
  readonly point: Float64Array;
  readonly searches: readonly Search[];
  readonly isExhausted: boolean;
}

function bestSearch(
  target: Posterior,
  density: LogDensity,
  starts: readonly Float64Array[],
  { data, iterations = 1000, emSteps = 0 }: MaximumLikelihoodOptions,
): Best {
  const minimised = (point: Float64Array): { value: number; gradient: Float64Array } => {
    const { value, gradient } = density.evaluate(point);
    return { value: -value, gradient: gradient.map((g) => -g) };
  };
  let best: LbfgsResult | undefined;
  const searches: Search[] = [];
  for (const start of starts) {
    if (!Number.isFinite(density.evaluate(start).value)) continue;
    let from = start;
    if (emSteps > 0) {
      const theta = numbersOf(target.transform.constrain(array(start)).theta);
      const climbed = expectationMaximisation(target.model, data, theta, emSteps);
      from = startingPoint(target, climbed.theta);
    }
    const found = minimize(minimised, from, { maximumIterations: iterations });
    searches.push({ logLikelihood: -found.value, outcome: found.outcome });
    // Of equal maxima the one from the earliest start is kept: parameters that do not matter stay at their defaults.
    const margin = 1e-9 * Math.max(1, Math.abs(found.value));
    if (best === undefined || found.value < best.value - margin) best = found;
  }
  if (best === undefined) throw noStart();
  return { point: best.point, searches, isExhausted: best.outcome === "iterations exhausted" };
}

/** The defaults, the starts that were given, and random ones around the defaults. */
function startsOf(target: Posterior, options: MaximumLikelihoodOptions): Float64Array[] {
  const { starts = [], randomStarts = 8, key = random.key(0) } = options;
  checkCount("randomStarts", randomStarts, 0);
  const center = startingPoint(target, Float64Array.from(target.model.defaults.elements));
  const given = starts.map((theta) => startingPoint(target, theta));
  const stream = randomStream(random.fold(key, 0));
  const scattered = Array.from({ length: randomStarts }, () =>
    center.map((x) => x + startRange * (2 * stream.uniform() - 1)),
  );
  return [center, ...given, ...scattered];
}

function observationCount(data: Data): number {
  let total = 0;
  for (const set of observationSets(data)) {
    if (set.weights === null) total += set.count;
    else for (const weight of set.weights) total += weight;
  }
  return total;
}
