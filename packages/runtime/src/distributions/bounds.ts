// Whether θ lies where the model says it must.
import type { Elements } from "@phxlang/autodiff";
import { PhxError } from "@phxlang/autodiff";
import type { BoundValue, ModelDescription, ParameterDeclaration } from "@phxlang/graph";
import { parameterNames } from "./parameter-names.ts";

/** Parts of a simplex may miss the sum 1 by this much. */
const simplexTolerance = 1e-9;

/** PHX901 for NaN and infinities, PHX902 outside the bounds; θ is concrete, [P]. */
export function checkBounds(description: ModelDescription, theta: Elements): void {
  const { parameters } = description;
  const names = parameterNames(parameters);
  for (let i = 0; i < theta.length; i++) {
    if (Number.isFinite(theta[i])) continue;
    throw new PhxError({
      code: "PHX901",
      what: `the parameter ${names[i]} is ${theta[i]}`,
      why: "every parameter must be a finite number",
      fix: `give ${names[i]} a number`,
    });
  }
  let features: Float64Array | null = null;
  const boundOf = (bound: BoundValue | null, otherwise: number): number => {
    if (bound === null) return otherwise;
    if (typeof bound === "number") return bound;
    features ??= featuresAt(description, theta);
    return features[bound.feature];
  };
  for (const parameter of parameters) {
    const lower = boundOf(parameter.lower, -Infinity);
    const upper = boundOf(parameter.upper, Infinity);
    for (let i = parameter.offset; i < parameter.offset + parameter.size; i++) {
      const aboveLower = parameter.lowerClosed ? theta[i] >= lower : theta[i] > lower;
      const belowUpper = parameter.upperClosed ? theta[i] <= upper : theta[i] < upper;
      if (!aboveLower || !belowUpper) throw outOfBounds(parameter, names[i], theta[i], lower, upper);
    }
    if (parameter.simplex) checkSimplex(parameter, theta);
  }
}

/** Bounds read parameters only, so covariates may be at their defaults. */
function featuresAt({ callback, covariates }: ModelDescription, theta: Elements): Float64Array {
  const z = [...theta, ...covariates.map((covariate) => covariate.defaultValue)];
  return callback.features.evaluate(z);
}

function outOfBounds(
  parameter: ParameterDeclaration,
  name: string,
  value: number,
  lower: number,
  upper: number,
): PhxError {
  const parts: string[] = [];
  if (lower > -Infinity) parts.push(`${name} ${parameter.lowerClosed ? "≥" : ">"} ${lower}`);
  if (upper < Infinity) parts.push(`${name} ${parameter.upperClosed ? "≤" : "<"} ${upper}`);
  return new PhxError({
    code: "PHX902",
    what: `the parameter ${name} is ${value}, out of its bounds`,
    why: `the model says ${parts.join(" and ")}`,
    fix: "give a value within the bounds",
  });
}

function checkSimplex({ name, offset, size }: ParameterDeclaration, theta: Elements): void {
  let total = 0;
  for (let i = offset; i < offset + size; i++) {
    if (theta[i] < 0) {
      throw new PhxError({
        code: "PHX902",
        what: `the parameter ${name} has the negative entry ${theta[i]}`,
        why: "it is a simplex: entries of at least 0 with sum 1",
        fix: "give probabilities",
      });
    }
    total += theta[i];
  }
  if (Math.abs(total - 1) > simplexTolerance) {
    throw new PhxError({
      code: "PHX902",
      what: `the entries of the parameter ${name} sum to ${total}`,
      why: "it is a simplex: entries of at least 0 with sum 1",
      fix: "divide the entries by their sum",
    });
  }
}
