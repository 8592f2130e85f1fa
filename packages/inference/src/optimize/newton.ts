// The last digits of a maximum: Newton steps with the exact Hessian.
import type { LogDensity } from "../log-density.ts";
import { inverseFromEigen, symmetricEigen } from "../matrices/symmetric.ts";

/**
 * Moves a point near a maximum by Newton steps as long as the information matrix is positive definite and the gradient
 * shrinks. Returns the point of the smallest gradient seen.
 */
export function polish(density: LogDensity, start: Float64Array): Float64Array {
  let point: Float64Array = start;
  let { gradient, value } = density.evaluate(point);
  for (let iteration = 0; iteration < 20; iteration++) {
    const eigen = symmetricEigen(density.information(point), density.dimension);
    if (!(eigen.values[0] > 1e-12 * Math.abs(eigen.values[eigen.values.length - 1]))) return point;
    const inverse = inverseFromEigen(eigen);
    const next = point.map((x, i) => {
      let step = 0;
      for (let j = 0; j < gradient.length; j++) step += inverse[i * gradient.length + j] * gradient[j];
      return x + step;
    });
    const evaluation = density.evaluate(next);
    const isBetter =
      largest(evaluation.gradient) < largest(gradient) &&
      evaluation.value >= value - 1e-10 * Math.max(1, Math.abs(value));
    if (!isBetter) return point;
    point = next;
    ({ gradient, value } = evaluation);
  }
  return point;
}

export function largest(values: Float64Array): number {
  return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}
