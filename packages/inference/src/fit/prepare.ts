// What every method that draws from the posterior does first.
import type { Device, Value } from "@phxlang/autodiff";
import { PhxError, vmap } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { numbersOf, stacked } from "../concrete.ts";
import type { LogDensity } from "../log-density.ts";
import type { Data, Posterior } from "../posterior/posterior.ts";
import { fitTolerance, posterior, requirePriors } from "../posterior/posterior.ts";
import { modelDensity } from "../posterior/model-density.ts";
import { defaultPoint } from "../posterior/starting-points.ts";

/** Options that all of these methods have. */
export interface PosteriorOptions {
  readonly data: Data;
  /** Everything random follows from it. */
  readonly key: Value;
  /** Where densities are evaluated; default: this thread's CPU. The device does not change the results. */
  readonly device?: Device;
  /** Largest relative error of each density, in (0, 1); default 1e-8. */
  readonly tolerance?: number;
}

export interface Prepared {
  readonly target: Posterior;
  readonly density: LogDensity;
  /** The defaults of the model as a point u. */
  readonly center: Float64Array;
}

/** Checks the model and the data (PHX830, PHX834, PHX835) and compiles the log posterior. */
export function prepare(model: Model, { data, device, tolerance }: PosteriorOptions): Prepared {
  requirePriors(model);
  const target = posterior(model, data, tolerance);
  const density = modelDensity(target.dimension, (u) => target.logPosterior(u), device);
  const center = defaultPoint(target);
  // The log-likelihood looks through the data when it is traced: what is wrong with them comes out here, before any work.
  density.evaluate(center);
  return { target, density, center };
}

/** Points u as columns of θ: one for each parameter. */
export function thetaColumns(target: Posterior, points: readonly Float64Array[]): Float64Array[] {
  const { parameterCount } = target.model;
  if (points.length === 0) return Array.from({ length: parameterCount }, () => new Float64Array(0));
  const constrain = vmap((u: Value) => target.transform.constrain(u).theta);
  const thetas = numbersOf(constrain(stacked(points, [points.length, target.dimension])));
  return Array.from({ length: parameterCount }, (_, p) =>
    Float64Array.from(points, (_, i) => thetas[i * parameterCount + p]),
  );
}

/** PHX842 unless an option is a whole number of at least `least`. */
export function checkCount(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new PhxError({
    code: "PHX842",
    what: `${name} is ${value}`,
    why: `it must be a whole number of at least ${least}`,
    fix: "give such a number",
  });
}

/** PHX842 unless an option lies strictly between two numbers. */
export function checkBetween(name: string, value: number, low: number, high: number): void {
  if (value > low && value < high) return;
  throw new PhxError({
    code: "PHX842",
    what: `${name} is ${value}`,
    why: high === Infinity ? `it must be above ${low}` : `it must be between ${low} and ${high}`,
    fix: "give such a number",
  });
}

/** What of these options the results of a run depend on, besides the data. */
export function identifying({ key, tolerance = fitTolerance }: PosteriorOptions): {
  readonly key: readonly number[];
  readonly tolerance: number;
} {
  return { key: Array.from(numbersOf(key)), tolerance };
}
