// Standard errors from the observed information.
import type { Value } from "@phxlang/autodiff";
import { array, jacfwd, np } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { numbersOf } from "../concrete.ts";
import type { LogDensity } from "../log-density.ts";
import { block, inverseFromEigen, symmetricEigen } from "../matrices/symmetric.ts";
import type { Posterior } from "../posterior/posterior.ts";
import { coordinateIndices } from "./bounds.ts";

export interface CovarianceEstimate {
  /**
   * Row-major P × P on the scale of θ. NaN for a parameter about which there is no information at all, and throughout where
   * the information about the others is singular.
   */
  readonly covariance: Float64Array;
  /** Parts of a direction of θ's coordinates along which the likelihood is flat; null where there is none. */
  readonly flat: readonly { readonly name: string; readonly share: number }[] | null;
  /** Names of parameters about which there is no information at all. */
  readonly silent: readonly string[];
}

/** Smallest share of the largest eigenvalue that counts as information. */
const smallestInformation = 1e-10;

/**
 * The inverse information of the free coordinates, carried to θ by the Jacobian of the transform (delta method). Parameters
 * at a bound are held there: their variances are NaN, those of the others are as if they were known. So it is with
 * parameters that change nothing: nobody needs to know them to learn about the others.
 */
export function covarianceAt(
  target: Posterior,
  density: LogDensity,
  u: Float64Array,
  atBound: ReadonlySet<number>,
): CovarianceEstimate {
  const { model } = target;
  const information = density.information(u);
  const inside = Array.from(u.keys()).filter((i) => !atBound.has(i));
  const silent = inside.filter((i) => inside.every((j) => information[i * u.length + j] === 0));
  const free = inside.filter((i) => !silent.includes(i));
  const eigen = symmetricEigen(block(information, free), free.length);
  const largest = eigen.values[free.length - 1] ?? 1;
  const names = coordinateIndices(model);
  const silentNames = [...new Set(silent.map((i) => model.parameterNames[names[i]]))];
  const isSingular = free.length > 0 && !(eigen.values[0] > smallestInformation * Math.max(1, largest));
  const size = model.parameterCount;
  if (isSingular) {
    const flat = directionOf(model, free, eigen.vectors[0]);
    return { covariance: new Float64Array(size * size).fill(Number.NaN), flat, silent: silentNames };
  }
  const jacobian = numbersOf(jacfwd((point: Value) => target.transform.constrain(point).theta)(array(u)));
  const part = Float64Array.from({ length: size * free.length }, (_, at) => {
    const row = Math.floor(at / free.length);
    return jacobian[row * u.length + free[at % free.length]];
  });
  const inner = array(inverseFromEigen(eigen)).reshape([free.length, free.length]);
  const outer = array(part).reshape([size, free.length]);
  const covariance = numbersOf(np.matmul(np.matmul(outer, inner), np.transpose(outer)));
  for (const coordinate of [...atBound, ...silent]) {
    const p = names[coordinate];
    for (let i = 0; i < size; i++) covariance[p * size + i] = covariance[i * size + p] = Number.NaN;
  }
  return { covariance, flat: null, silent: silentNames };
}

function directionOf(
  model: Model,
  free: readonly number[],
  direction: Float64Array,
): { readonly name: string; readonly share: number }[] {
  const indices = coordinateIndices(model);
  return Array.from(direction, (share, i) => ({
    share,
    name: model.parameterNames[indices[free[i]]],
  })).filter(({ share }) => Math.abs(share) > 0.05);
}
