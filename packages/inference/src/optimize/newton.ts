// The last digits of a maximum: Newton steps with the exact Hessian.
import type { LogDensity } from "../log-density.ts";
import { block, inverseFromEigen, symmetricEigen } from "../matrices/symmetric.ts";

/**
 * Moves a point near a maximum by Newton steps as long as the information matrix is positive definite and the gradient
 * shrinks; the coordinates in `held` stay where they are. Returns the point of the smallest gradient seen.
 */
export function polish(
  density: LogDensity,
  start: Float64Array,
  held: ReadonlySet<number> = new Set(),
): Float64Array {
  const free = Array.from(start.keys()).filter((i) => !held.has(i));
  const size = (values: Float64Array): number => largest(Float64Array.from(free, (i) => values[i]));
  let point: Float64Array = start;
  let { gradient, value } = density.evaluate(point);
  for (let iteration = 0; iteration < 20 && free.length > 0; iteration++) {
    const eigen = symmetricEigen(block(density.information(point), free), free.length);
    if (!(eigen.values[0] > 1e-12 * Math.abs(eigen.values[free.length - 1]))) return point;
    const inverse = inverseFromEigen(eigen);
    const next = point.slice();
    free.forEach((i, row) => {
      free.forEach((j, column) => (next[i] += inverse[row * free.length + column] * gradient[j]));
    });
    const evaluation = density.evaluate(next);
    const isBetter =
      size(evaluation.gradient) < size(gradient) &&
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
