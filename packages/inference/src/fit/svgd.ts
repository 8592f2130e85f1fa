// fit.svgd: the posterior by Stein variational gradient descent, in coordinates whitened by the exact Hessian.
import type { Value } from "@phxlang/autodiff";
import { NdArray, valueAndGrad, vmap } from "@phxlang/autodiff";
import { jit } from "@phxlang/runtime";
import type { Model } from "@phxlang/runtime";
import { variance } from "../diagnostics/ranks.ts";
import type { Data } from "../posterior/posterior.ts";
import { logDensity, posterior, requirePriors } from "../posterior/posterior.ts";
import { defaultPoint } from "../posterior/starting-points.ts";
import { randomStream } from "../random-stream.ts";
import { steinDirection } from "../svgd/kernel.ts";
import type { KernelName } from "../svgd/kernel.ts";
import { optimizerStep, startOptimizer } from "../svgd/optimizer.ts";
import type { OptimizerName } from "../svgd/optimizer.ts";
import type { Fit, FitWarning, ReportProgress } from "./fit.ts";
import { displaced, findMode, thetaColumns } from "./laplace.ts";
import type { Mode } from "./laplace.ts";
import { summarize } from "./summary.ts";

export interface SvgdOptions {
  readonly data: Data;
  readonly key: Value;
  /** Default 100. */
  readonly particles?: number;
  /** Default 300. */
  readonly iterations?: number;
  /** First step size, in posterior standard deviations; it falls as 1 / (1 + 10 i / iterations). Default 0.1. */
  readonly learningRate?: number;
  readonly kernel?: KernelName;
  readonly optimizer?: OptimizerName;
  readonly onProgress?: ReportProgress;
}

/** Spread of the particles below this share of the Laplace spread is a collapse, not a posterior. */
const smallestSpread = 0.7;

export interface SvgdFit extends Fit {
  readonly method: "svgd";
  /** Mean over coordinates of the particles' sd divided by the Laplace sd. */
  readonly spreadRatio: number;
}

export function fitSvgd(model: Model, options: SvgdOptions): SvgdFit {
  const { particles = 100, iterations = 300, learningRate = 0.1 } = options;
  const { kernel = "dimension-scaled", optimizer = "adam" } = options;
  requirePriors(model);
  const target = posterior(model, options.data);
  const { dimension } = target;
  const density = logDensity(dimension, (u) => target.logPosterior(u));
  const mode = findMode(density, defaultPoint(target));
  const gradients = jit(vmap(valueAndGrad((u: Value) => target.logPosterior(u))));
  const stream = randomStream(options.key);
  let positions: Float64Array = Float64Array.from({ length: particles * dimension }, () => stream.normal());
  let state = startOptimizer(optimizer, positions.length);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const points = pointsOf(mode, positions, dimension);
    const batch = new NdArray(
      Float64Array.from(points.flatMap((u) => Array.from(u))),
      [particles, dimension],
      "f64",
    );
    const [, gradient] = gradients(batch);
    const whitened = whitenedGradients(mode, gradient, particles);
    const direction = steinDirection(kernel, { count: particles, dimension, positions }, whitened);
    const rate = learningRate / (1 + (10 * iteration) / iterations);
    const next = optimizerStep(state, direction, rate);
    state = next.state;
    positions = positions.map((x, i) => x + next.step[i]);
    options.onProgress?.({ done: iteration + 1, total: iterations, stage: "iteration" });
  }
  const ratio = spreadRatio(positions, dimension);
  const columns = thetaColumns(target, pointsOf(mode, positions, dimension)).map((column) => [column]);
  const warnings: FitWarning[] =
    ratio >= smallestSpread
      ? []
      : [
          {
            code: "PHX832",
            message: `the particles have collapsed: their spread is ${ratio.toFixed(2)} of the Laplace approximation's, so their standard deviations and quantiles are not the posterior's`,
          },
        ];
  return {
    method: "svgd",
    parameterNames: model.parameterNames,
    draws: columns,
    summary: summarize(model.parameterNames, columns, false),
    warnings,
    isPosterior: warnings.length === 0,
    spreadRatio: ratio,
  };
}

function pointsOf(mode: Mode, positions: Float64Array, dimension: number): Float64Array[] {
  return Array.from({ length: positions.length / dimension }, (_, i) =>
    displaced(mode, positions.subarray(i * dimension, (i + 1) * dimension)),
  );
}

/** Lᵀ ∇ for each particle. */
function whitenedGradients({ scale }: Mode, gradient: Value, particles: number): Float64Array {
  if (!(gradient instanceof NdArray)) throw new Error("internal: a fit ran inside a transform");
  const dimension = gradient.shape[1];
  const result = new Float64Array(particles * dimension);
  for (let i = 0; i < particles; i++) {
    for (let k = 0; k < dimension; k++) {
      for (let j = k; j < dimension; j++) {
        result[i * dimension + k] += scale[j * dimension + k] * gradient.elements[i * dimension + j];
      }
    }
  }
  return result;
}

function spreadRatio(positions: Float64Array, dimension: number): number {
  let sum = 0;
  for (let k = 0; k < dimension; k++) {
    sum += Math.sqrt(variance(positions.filter((_, i) => i % dimension === k)));
  }
  return dimension === 0 ? 1 : sum / dimension;
}
