// fit.laplace: the posterior as a normal distribution around its mode, on unconstrained space.
import type { Value } from "@phxlang/autodiff";
import { array, NdArray, PhxError } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { polish } from "../estimate/newton.ts";
import { inverseFromEigen, symmetricEigen } from "../estimate/symmetric.ts";
import type { LogDensity } from "../log-density.ts";
import { cholesky } from "../nuts/metric.ts";
import { minimize } from "../optimize/lbfgs.ts";
import type { Data, Posterior } from "../posterior/posterior.ts";
import { logDensity, posterior, requirePriors } from "../posterior/posterior.ts";
import { defaultPoint, noStart } from "../posterior/starting-points.ts";
import { randomStream } from "../random-stream.ts";
import type { Fit } from "./fit.ts";
import { summarize } from "./summary.ts";

/** The mode of a density and the curvature there. */
export interface Mode {
  readonly point: Float64Array;
  /** Lower triangle L, row-major, with L Lᵀ the inverse information. */
  readonly scale: Float64Array;
}

/** Finds the mode from a point. PHX803 where the density is flat in some direction and has no normal approximation. */
export function findMode(density: LogDensity, start: Float64Array): Mode {
  if (!Number.isFinite(density.evaluate(start).value)) throw noStart();
  const { point } = minimize((u) => {
    const { value, gradient } = density.evaluate(u);
    return { value: -value, gradient: gradient.map((g) => -g) };
  }, start);
  const mode = polish(density, point);
  const eigen = symmetricEigen(density.information(mode), density.dimension);
  if (!(eigen.values[0] > 0)) {
    throw new PhxError({
      code: "PHX803",
      what: "the posterior is flat in some direction: it has no normal approximation",
      why: `the smallest eigenvalue of the information matrix is ${eigen.values[0].toExponential(2)}`,
      fix: "give priors to the parameters that the data do not determine",
    });
  }
  return { point: mode, scale: cholesky(inverseFromEigen(eigen), density.dimension) };
}

/** point + L z */
export function displaced({ point, scale }: Mode, z: Float64Array): Float64Array {
  return point.map((x, i) => {
    let sum = x;
    for (let j = 0; j <= i; j++) sum += scale[i * point.length + j] * z[j];
    return sum;
  });
}

export interface LaplaceOptions {
  readonly data: Data;
  readonly key: Value;
  /** Default 1000. */
  readonly draws?: number;
}

export function fitLaplace(model: Model, options: LaplaceOptions): Fit {
  const { draws = 1000 } = options;
  requirePriors(model);
  const target = posterior(model, options.data);
  const density = logDensity(target.dimension, (u) => target.logPosterior(u));
  const mode = findMode(density, defaultPoint(target));
  const stream = randomStream(options.key);
  const points = Array.from({ length: draws }, () =>
    displaced(
      mode,
      Float64Array.from({ length: target.dimension }, () => stream.normal()),
    ),
  );
  const columns = thetaColumns(target, points).map((column) => [column]);
  return {
    method: "laplace",
    parameterNames: model.parameterNames,
    draws: columns,
    summary: summarize(model.parameterNames, columns, false),
    warnings: [],
    isPosterior: true,
  };
}

/** Points u as columns of θ. */
export function thetaColumns(target: Posterior, points: readonly Float64Array[]): Float64Array[] {
  const columns = target.model.parameterNames.map(() => new Float64Array(points.length));
  points.forEach((point, i) => {
    const { theta } = target.transform.constrain(array(point));
    if (!(theta instanceof NdArray)) throw new Error("internal: a fit ran inside a transform");
    for (let p = 0; p < columns.length; p++) columns[p][i] = theta.elements[p];
  });
  return columns;
}
