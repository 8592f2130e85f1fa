// Densities written down by hand, for samplers and optimizers.
import type { Evaluation, LogDensity } from "../../src/log-density.ts";

export function densityOf(
  dimension: number,
  evaluate: (point: Float64Array) => Evaluation,
  information: (point: Float64Array) => Float64Array,
): LogDensity {
  return {
    dimension,
    evaluate,
    information,
    evaluateAll: (points) => points.map(evaluate),
    valuesOfAll: (points) => Float64Array.from(points, (point) => evaluate(point).value),
    refusals: new Map(),
  };
}

/** N(0, diag(scales²)) up to its constant. */
export function normalDensity(scales: Float64Array): LogDensity {
  const n = scales.length;
  return densityOf(
    n,
    (point) => ({
      value: point.reduce((sum, x, i) => sum - 0.5 * (x / scales[i]) ** 2, 0),
      gradient: point.map((x, i) => -x / scales[i] ** 2),
    }),
    () => Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? scales[at % n] ** -2 : 0)),
  );
}
