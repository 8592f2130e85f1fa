// The mode of a density, and the normal distribution that has its curvature there.
import { PhxError } from "@phxlang/autodiff";
import type { LogDensity } from "../log-density.ts";
import { cholesky } from "../matrices/cholesky.ts";
import { inverseFromEigen, symmetricEigen } from "../matrices/symmetric.ts";
import { minimize } from "../optimize/lbfgs.ts";
import { polish } from "../optimize/newton.ts";
import { noStart } from "./starting-points.ts";

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
