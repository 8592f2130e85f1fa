// Where searches and chains begin.
import { PhxError } from "@phxlang/autodiff";
import type { Posterior } from "./posterior.ts";

/** Unconstrained distance that stands for a closed end, which no finite u reaches. */
const farOut = 10;

/** The defaults of the model as a point u; a default on a closed end becomes a point near it. */
export function defaultPoint(target: Posterior): Float64Array {
  return startingPoint(target, Float64Array.from(target.model.defaults.elements));
}

/**
 * θ as a point u; a value on a closed end becomes a point near it. PHX900 for a wrong length, PHX901 for what is not a
 * number, PHX902 out of bounds.
 */
export function startingPoint(target: Posterior, theta: Float64Array): Float64Array {
  const { model, transform } = target;
  const names = model.parameterNames;
  if (theta.length !== names.length) {
    throw new PhxError({
      code: "PHX900",
      what: `a start of ${theta.length} numbers for ${names.length} parameters`,
      fix: `give ${names.length} numbers, for ${names.join(", ")}`,
    });
  }
  const wrong = theta.findIndex((x) => !Number.isFinite(x));
  if (wrong >= 0) {
    throw new PhxError({
      code: "PHX901",
      what: `a start has ${names[wrong]} = ${theta[wrong]}`,
      fix: "give finite numbers",
    });
  }
  const u = transform.unconstrain(theta);
  const isOutside =
    u.some(Number.isNaN) ||
    model.parameters.some(({ simplex, offset, size }) => {
      const total = theta.subarray(offset, offset + size).reduce((a, b) => a + b, 0);
      return simplex && Math.abs(total - 1) > 1e-9;
    });
  if (isOutside) {
    throw new PhxError({
      code: "PHX902",
      what: `the start (${Array.from(theta, (x, i) => `${names[i]} = ${x}`).join(", ")}) is out of bounds`,
      fix: "give values within the bounds of all parameters",
    });
  }
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
