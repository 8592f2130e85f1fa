// Errors of model definitions and of the functions in them.
import { PhxError } from "@phxlang/autodiff";

export function malformedDefinition(what: string, fix: string): PhxError {
  return new PhxError({ code: "PHX913", what: `defineModel: ${what}`, fix });
}

/** `call` names the function and the state: `transitions in (k = 3)`. */
export function notAnAmount(call: string, what: string, found: string): PhxError {
  return new PhxError({
    code: "PHX911",
    what: `${call} gives ${found} as ${what}`,
    why: "a rate, probability or reward is a number or an expression of the parameters, one number each",
    fix: "give a number, a parameter, or an expression such as rate.mul(3) or np.exp(rate)",
  });
}

export function wrongState(call: string, found: string, why: string): PhxError {
  return new PhxError({
    code: "PHX912",
    what: `${call} leads to ${found}`,
    why,
    fix: "give one whole number for each cell of the state, in the order of `state`",
  });
}

export function malformedTransition(call: string, what: string, fix: string): PhxError {
  return new PhxError({ code: "PHX914", what: `${call} returns ${what}`, fix });
}

export function wrongCoefficients(call: string, what: string, parameterCount: number): PhxError {
  return new PhxError({
    code: "PHX915",
    what: `${call} gives ${what}`,
    why: `a coefficient vector has one finite number for each of the ${parameterCount} entries of θ`,
    fix: "give base + Σ coefficients[i] · θ[i], or write the rate as an expression",
  });
}

export function notWithinState(call: string, state: string): PhxError {
  return new PhxError({
    code: "PHX708",
    what: `${call} leads back to the same state ${state} in continuous time`,
    why: "a transition that changes nothing has no meaning there, unless a reward counts it",
    fix: "leave it out, or declare a reward on its event",
  });
}

/** A value as a message shows it: short, and never failing. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) {
    const entries = value.slice(0, 8).map((entry: unknown) => (Array.isArray(entry) ? "[…]" : shown(entry)));
    return `[${entries.join(", ")}${value.length > 8 ? ", …" : ""}]`;
  }
  return "an object";
}
