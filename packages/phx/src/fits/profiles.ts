// Profile-likelihood intervals of an estimate, where they were asked for.
import type { Device } from "@phxlang/autodiff";
import type { Observations } from "@phxlang/graph";
import { profileInterval } from "@phxlang/inference";
import type { Interval, MaximumLikelihood } from "@phxlang/inference";
import type { Model } from "@phxlang/runtime";

/** One for each parameter; null where there is none. */
export type Profiles = readonly (Interval | null)[];

/** 95 % intervals; null for entries of a simplex, which have no range of their own, and where there is no standard error. */
export function profilesOf(
  model: Model,
  data: readonly Observations[],
  result: MaximumLikelihood,
  device: Device,
): Profiles {
  const isSimplex = model.parameters.flatMap(({ simplex, size }) =>
    Array.from({ length: size }, () => simplex),
  );
  return result.parameterNames.map((name, i) =>
    isSimplex[i] || !Number.isFinite(result.standardErrors[i])
      ? null
      : profileInterval(model, data, result, name, { device }),
  );
}
