// Where searches and chains begin.
import { PhxError } from "@phxlang/autodiff";
import type { LogDensity } from "../log-density.ts";
import type { RandomStream } from "../random-stream.ts";
import type { Posterior } from "./posterior.ts";

/** Unconstrained distance that stands for a closed end, which no finite u reaches. */
const farOut = 10;

/** The defaults of the model as a point u; a default on a closed end becomes a point near it. */
export function defaultPoint(target: Posterior): Float64Array {
  const u = target.transform.unconstrain(Float64Array.from(target.model.defaults.elements));
  return u.map((x) => Math.max(-farOut, Math.min(farOut, x)));
}

/** A point of finite density around another: uniform within 1 in every direction, then closer and closer. */
export function jitteredPoint(density: LogDensity, center: Float64Array, stream: RandomStream): Float64Array {
  let reach = 1;
  for (let attempt = 0; attempt < 100; attempt++) {
    const point = center.map((x) => x + reach * (2 * stream.uniform() - 1));
    const { value, gradient } = density.evaluate(point);
    if (Number.isFinite(value) && gradient.every(Number.isFinite)) return point;
    reach *= 0.8;
  }
  throw noStart();
}

export function noStart(): PhxError {
  return new PhxError({
    code: "PHX831",
    what: "no start has a finite log-likelihood",
    why: "the data are impossible at the defaults of the model, and around them",
    fix: "give other starting values, or look for rows that the model cannot produce",
  });
}
