// Maximum likelihood: L-BFGS from several starts, Newton to the last digits, standard errors and their conditions.
import type { Device } from "@phxlang/autodiff";
import { array, jacfwd, NdArray, special } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { minimize } from "../optimize/lbfgs.ts";
import type { Data } from "../posterior/posterior.ts";
import { modelDensity } from "../posterior/model-density.ts";
import { observationSets, posterior } from "../posterior/posterior.ts";
import { defaultPoint, noStart } from "../posterior/starting-points.ts";
import { largest, polish } from "../optimize/newton.ts";
import { inverseFromEigen, symmetricEigen } from "../matrices/symmetric.ts";

export interface MaximumLikelihoodOptions {
  readonly data: Data;
  /** Points of θ to start from besides the defaults of the model. */
  readonly starts?: readonly Float64Array[];
  /** Where densities are evaluated; default: this thread's CPU. The device does not change the results. */
  readonly device?: Device;
}

/** What is worth knowing about an estimate before believing it. */
export interface EstimateWarning {
  readonly code: "PHX803" | "PHX804";
  readonly message: string;
}

export interface MaximumLikelihood {
  readonly method: "mle";
  readonly parameterNames: readonly string[];
  readonly estimate: Float64Array;
  /** Square roots of the diagonal of the inverse observed information, on the scale of θ; NaN where it is singular. */
  readonly standardErrors: Float64Array;
  /** Row-major P × P. */
  readonly covariance: Float64Array;
  readonly logLikelihood: number;
  readonly observationCount: number;
  readonly aic: number;
  readonly bic: number;
  /** Largest entry of the gradient on unconstrained space at the estimate. */
  readonly gradientSize: number;
  readonly warnings: readonly EstimateWarning[];
}

/**
 * Maximises log L(θ). Standard errors are exact derivatives: the Hessian of the log-likelihood on unconstrained space,
 * carried to θ by the Jacobian of the transform (delta method). Throws PHX831 where no start has a finite likelihood.
 */
export function maximumLikelihood(model: Model, options: MaximumLikelihoodOptions): MaximumLikelihood {
  const target = posterior(model, options.data);
  const density = modelDensity(target.dimension, (u) => target.logLikelihood(u), options.device);
  const minimised = (point: Float64Array): { value: number; gradient: Float64Array } => {
    const { value, gradient } = density.evaluate(point);
    return { value: -value, gradient: gradient.map((g) => -g) };
  };
  let best: { point: Float64Array; value: number } | undefined;
  const others = (options.starts ?? []).map((start) => target.transform.unconstrain(start));
  for (const from of [defaultPoint(target), ...others]) {
    if (!Number.isFinite(density.evaluate(from).value)) continue;
    const { point, value } = minimize(minimised, from);
    if (best === undefined || value < best.value) best = { point, value };
  }
  if (best === undefined) throw noStart();
  const u = polish(density, best.point);
  const { value, gradient } = density.evaluate(u);
  const constrain = (point: Parameters<typeof target.transform.constrain>[0]) =>
    target.transform.constrain(point).theta;
  const estimate = elementsOf(constrain(array(u)));
  const eigen = symmetricEigen(density.information(u), target.dimension);
  const smallest = eigen.values[0] ?? 1;
  const isSingular = !(smallest > 1e-10 * Math.max(1, eigen.values[eigen.values.length - 1] ?? 1));
  const warnings: EstimateWarning[] = [];
  if (isSingular) warnings.push(singularWarning(eigen.vectors[0], model, target.dimension));
  warnings.push(...boundWarnings(u, estimate, model));
  const covariance = isSingular
    ? new Float64Array(estimate.length ** 2).fill(Number.NaN)
    : sandwich(elementsOf(jacfwd(constrain)(array(u))), inverseFromEigen(eigen), estimate.length);
  const count = observationCount(options.data);
  const free = target.dimension;
  return {
    method: "mle",
    parameterNames: model.parameterNames,
    estimate,
    standardErrors: Float64Array.from(estimate, (_, i) => Math.sqrt(covariance[i * estimate.length + i])),
    covariance,
    logLikelihood: value,
    observationCount: count,
    aic: 2 * free - 2 * value,
    bic: free * special.log(count) - 2 * value,
    gradientSize: largest(gradient),
    warnings,
  };
}

function elementsOf(value: unknown): Float64Array {
  if (!(value instanceof NdArray)) throw new Error("internal: an estimate was made inside a transform");
  return Float64Array.from(value.elements);
}

/** J V Jᵀ for J [rows, n] and V [n, n]. */
function sandwich(jacobian: Float64Array, inner: Float64Array, rows: number): Float64Array {
  const n = jacobian.length / rows;
  const result = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      for (let a = 0; a < n; a++) {
        for (let b = 0; b < n; b++) {
          result[i * rows + j] += jacobian[i * n + a] * inner[a * n + b] * jacobian[j * n + b];
        }
      }
    }
  }
  return result;
}

function observationCount(data: Data): number {
  let total = 0;
  for (const set of observationSets(data)) {
    if (set.weights === null) total += set.count;
    else for (const weight of set.weights) total += weight;
  }
  return total;
}

function singularWarning(direction: Float64Array, model: Model, dimension: number): EstimateWarning {
  const names = dimension === model.parameterCount ? model.parameterNames : undefined;
  const parts = Array.from(direction, (share, i) => ({ share, name: names?.[i] ?? `u${i + 1}` }))
    .filter(({ share }) => Math.abs(share) > 0.05)
    .map(({ share, name }) => `${name}: ${share.toFixed(2)}`);
  return {
    code: "PHX803",
    message: `the information matrix is singular in direction (${parts.join(", ")}) of the unconstrained parameters: the data do not tell these parameters apart, so they have no standard errors`,
  };
}

/** Where the search went so far out that the parameter is at its bound for all purposes. */
function boundWarnings(u: Float64Array, estimate: Float64Array, model: Model): EstimateWarning[] {
  const warnings: EstimateWarning[] = [];
  let position = 0;
  for (const parameter of model.parameters) {
    const free = parameter.simplex ? parameter.size - 1 : parameter.size;
    for (let k = 0; k < free; k++, position++) {
      const hasBound = parameter.lower !== null || parameter.upper !== null || parameter.simplex;
      if (!hasBound || Math.abs(u[position]) < 15) continue;
      const index = parameter.offset + k;
      if (parameter.lower !== null && parameter.upper === null && u[position] > 0) continue;
      if (parameter.upper !== null && parameter.lower === null && u[position] > 0) continue;
      const name = model.parameterNames[index];
      warnings.push({
        code: "PHX804",
        message: `fit stopped at the bound \`${name} = ${estimate[index].toPrecision(3)}\``,
      });
    }
  }
  return warnings;
}
