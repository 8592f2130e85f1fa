// Points inside the bounds of all parameters, where what must hold for all values is tried.
import type { BoundValue, ModelDescription, ParameterDeclaration } from "./description.ts";

/**
 * `count` values of z = (θ, covariates), the same on every call: parameters strictly within their bounds, simplexes
 * summing to 1, covariates at their defaults.
 */
export function interiorPoints(description: ModelDescription, count = 8): readonly Float64Array[] {
  const { parameters, covariates, callback } = description;
  const thetaLength = parameters.reduce((sum, { size }) => sum + size, 0);
  const random = randomNumbers(0x70687821);
  return Array.from({ length: count }, () => {
    const z = new Float64Array(thetaLength + covariates.length).fill(1);
    covariates.forEach(({ defaultValue }, index) => {
      z[thetaLength + index] = defaultValue;
    });
    for (const parameter of parameters) {
      // Bounds may read earlier parameters, which have their values by now.
      const valueOf = (bound: BoundValue): number =>
        typeof bound === "number" ? bound : callback.features.evaluate(z)[bound.feature];
      z.set(drawParameter(parameter, valueOf, random), parameter.offset);
    }
    return z;
  });
}

function drawParameter(
  { size, simplex, lower, upper }: ParameterDeclaration,
  valueOf: (bound: BoundValue) => number,
  random: () => number,
): Float64Array {
  const values = Float64Array.from({ length: size }, () => random());
  if (simplex) {
    const total = values.reduce((sum, value) => sum + value, 0);
    return values.map((value) => value / total);
  }
  const low = lower === null ? -Infinity : valueOf(lower);
  const high = upper === null ? Infinity : valueOf(upper);
  return values.map((u) => {
    if (low === -Infinity && high === Infinity) return 4 * u - 2;
    if (high === Infinity) return low + u / (1 - u);
    if (low === -Infinity) return high - u / (1 - u);
    return low + (high - low) * u;
  });
}

/** Uniform in (0, 1), away from the ends; a small generator of its own, for it needs no quality. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return 0.02 + 0.96 * (((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32);
  };
}
