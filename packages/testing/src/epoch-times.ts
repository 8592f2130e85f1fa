// epochTimes: when the rates of a model change.
import type { Model } from "@phxlang/runtime";

/** Beginnings of the epochs after the first, at θ and default covariates; densities may jump there. */
export function epochTimes(model: Model, theta: readonly number[]): readonly number[] {
  const { callback, covariates } = model.description;
  const z = Float64Array.from([...theta, ...covariates.map(({ defaultValue }) => defaultValue)]);
  const features = callback.features.evaluate(z);
  return model.graph.epochs
    .slice(1)
    .map(({ start }) => (typeof start === "number" ? start : features[start.feature]));
}
