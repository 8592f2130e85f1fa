// Where searches and chains begin.
import { PhxError } from "@phxlang/autodiff";
import type { Posterior } from "./posterior.ts";

/** Unconstrained distance that stands for a closed end, which no finite u reaches. */
const farOut = 10;

/** The defaults of the model as a point u; a default on a closed end becomes a point near it. */
export function defaultPoint(target: Posterior): Float64Array {
  const u = target.transform.unconstrain(Float64Array.from(target.model.defaults.elements));
  return u.map((x) => Math.max(-farOut, Math.min(farOut, x)));
}

export function noStart(): PhxError {
  return new PhxError({
    code: "PHX831",
    what: "no start has a finite log-likelihood",
    why: "the data are impossible at the defaults of the model, and around them",
    fix: "give other starting values, or look for rows that the model cannot produce",
  });
}
