// parameters: random θ within the bounds of a model, and near them when asked.
import type { ParameterDeclaration } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import * as fc from "fast-check";
import { printed } from "./printed.ts";

type BoundValue = ParameterDeclaration["lower"];

export interface ParameterOptions {
  /** Also values within a millionth of a bound; default false. */
  readonly nearBounds?: boolean;
}

/** θ of a model, an array [P] that prints with names. */
export type ThetaArray = readonly number[];

/**
 * Values strictly inside the bounds. With one bound they lie between a thirtieth and thirty times as far from it as
 * the default does (1 without a default); between two bounds anywhere; without bounds within three units of the
 * default. They shrink towards the default or the middle.
 */
export function parameters(model: Model, options: ParameterOptions = {}): fc.Arbitrary<ThetaArray> {
  const { nearBounds = false } = options;
  const size = model.parameterCount;
  const inside = fc.integer({ min: -20, max: 20 }).map((twentieths) => twentieths / 20.5);
  const close = fc.constantFrom(-1 + 1e-6, 1 - 1e-6);
  const place = nearBounds
    ? fc.oneof({ weight: 3, arbitrary: inside }, { weight: 1, arbitrary: close })
    : inside;
  return fc.array(place, { minLength: size, maxLength: size }).map((places) => {
    const theta = valuesAt(model, places);
    return printed(theta, () =>
      theta.length === 0
        ? "no parameters"
        : model.parameterNames.map((name, i) => `${name}=${theta[i]}`).join(","),
    );
  });
}

/** θ from places in (−1, 1): 0 is the default or the middle. Bounds may read earlier parameters. */
function valuesAt(model: Model, places: readonly number[]): number[] {
  const theta: number[] = [];
  for (const parameter of model.parameters) {
    const own = places.slice(parameter.offset, parameter.offset + parameter.size);
    if (parameter.simplex) {
      const weights = own.map((place) => 1.001 + place);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      theta.push(...weights.map((weight) => weight / total));
      continue;
    }
    const lower = boundAt(model, parameter.lower, theta);
    const upper = boundAt(model, parameter.upper, theta);
    own.forEach((place, i) => theta.push(valueAt(place, lower, upper, parameter.defaults?.[i] ?? null)));
  }
  return theta;
}

function boundAt(model: Model, bound: BoundValue, theta: readonly number[]): number | null {
  if (bound === null || typeof bound === "number") return bound;
  const { callback, covariates } = model.description;
  const z = new Float64Array(model.parameterCount + covariates.length).fill(1);
  z.set(theta);
  covariates.forEach(({ defaultValue }, c) => (z[model.parameterCount + c] = defaultValue));
  return callback.features.evaluate(z)[bound.feature];
}

function valueAt(place: number, lower: number | null, upper: number | null, fallback: number | null): number {
  const magnitude = Math.abs(place) > 0.99 ? Math.sign(place) * 6 : place * Math.log10(30);
  if (lower !== null && upper !== null) return lower + (upper - lower) * (0.5 + place / 2);
  if (lower !== null) return lower + distance(fallback === null ? 1 : fallback - lower) * 10 ** magnitude;
  if (upper !== null) return upper - distance(fallback === null ? 1 : upper - fallback) * 10 ** magnitude;
  return (fallback ?? 0) + 3 * place;
}

/** From the bound; a default on a closed end says nothing about the scale. */
function distance(given: number): number {
  return given > 0 ? given : 1;
}
