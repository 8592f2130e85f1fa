// Points inside the bounds of the parameters, where what must hold everywhere is tried.
import type { BoundValue, FeatureTable, ModelDescription, ParameterDeclaration } from "@phxlang/graph";

/** Values of z = (θ, covariates). The same model gives the same points. */
export function interiorPoints(description: ModelDescription, count: number): readonly Float64Array[] {
  const { callback, parameters, covariates } = description;
  const { features } = callback;
  const random = uniformSequence();
  return Array.from({ length: count }, () => {
    const z = new Float64Array(features.parameterCount + covariates.length);
    // Later bounds may read earlier parameters.
    for (const parameter of parameters) fill(z, parameter, features, random);
    for (const [i, { defaultValue }] of covariates.entries()) {
      z[features.parameterCount + i] = defaultValue + random() - 0.5;
    }
    return z;
  });
}

/** θ and covariates as the file gives them; null where a parameter has no default. */
export function defaultPoint(description: ModelDescription): Float64Array | null {
  const { callback, parameters, covariates } = description;
  const { parameterCount } = callback.features;
  const z = new Float64Array(parameterCount + covariates.length);
  for (const { defaults, offset } of parameters) {
    if (defaults === null) return null;
    z.set(defaults, offset);
  }
  for (const [i, { defaultValue }] of covariates.entries()) z[parameterCount + i] = defaultValue;
  return z;
}

function fill(
  z: Float64Array,
  parameter: ParameterDeclaration,
  features: FeatureTable,
  random: () => number,
): void {
  const { offset, size, simplex } = parameter;
  const low = valueOf(parameter.lower, -Infinity, features, z);
  const high = valueOf(parameter.upper, Infinity, features, z);
  for (let i = 0; i < size; i++) z[offset + i] = simplex ? -Math.log(random()) : between(low, high, random);
  if (!simplex) return;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += z[offset + i];
  for (let i = 0; i < size; i++) z[offset + i] /= sum;
}

function valueOf(bound: BoundValue | null, open: number, features: FeatureTable, z: Float64Array): number {
  if (bound === null) return open;
  return typeof bound === "number" ? bound : features.evaluate(z)[bound.feature];
}

function between(low: number, high: number, random: () => number): number {
  if (Number.isFinite(low) && Number.isFinite(high)) return low + (high - low) * random();
  if (Number.isFinite(low)) return low - Math.log(random());
  if (Number.isFinite(high)) return high + Math.log(random());
  return 4 * random() - 2;
}

/** Numbers in (0, 1) from a fixed seed: a multiplicative congruential sequence is random enough to try a sum. */
function uniformSequence(): () => number {
  const modulus = 2147483647;
  let seed = 20260117;
  return () => {
    seed = (seed * 48271) % modulus;
    return seed / modulus;
  };
}
