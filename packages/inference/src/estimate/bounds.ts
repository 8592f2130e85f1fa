// Which coordinates of an estimate have gone to the end of their range, and which are free.
import type { Model } from "@phxlang/runtime";

/** Unconstrained distance at which a parameter is at its bound for all purposes: e⁻¹⁵ of its scale away. */
const atBound = 15;

/** A coordinate of u whose search followed the likelihood to a bound. */
export interface BoundCoordinate {
  readonly coordinate: number;
  /** Index into θ. */
  readonly index: number;
}

/** Index into θ of each coordinate of u; the last entry of a simplex has no coordinate. */
export function coordinateIndices(model: Model): number[] {
  return model.parameters.flatMap(({ offset, size, simplex }) =>
    Array.from({ length: simplex ? size - 1 : size }, (_, k) => offset + k),
  );
}

export function boundCoordinates(model: Model, u: Float64Array): BoundCoordinate[] {
  let coordinate = 0;
  return model.parameters.flatMap(({ offset, size, simplex, lower, upper }) => {
    const free = simplex ? size - 1 : size;
    const first = coordinate;
    coordinate += free;
    const hasTwo = simplex || (lower !== null && upper !== null);
    if (!hasTwo && lower === null && upper === null) return [];
    return Array.from({ length: free }, (_, k) => ({ coordinate: first + k, index: offset + k })).filter(
      // With one bound, minus infinity is the bound and plus infinity is no end.
      ({ coordinate: at }) => (hasTwo ? Math.abs(u[at]) : -u[at]) >= atBound,
    );
  });
}
