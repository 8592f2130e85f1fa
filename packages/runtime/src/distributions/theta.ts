// From what users give as θ and covariates to the vector z = (θ, covariates) that features are functions of.
import type { Value } from "@phxlang/autodiff";
import { asValue, isValue, NdArray, PhxError } from "@phxlang/autodiff";
import type { ModelDescription, ParameterDeclaration } from "@phxlang/graph";
import { concatenate, reshape, toF64, vector } from "../array-operations.ts";
import type { ArrayArgument, Covariates, Theta } from "../model.ts";
import { checkBounds } from "./bounds.ts";
import { parameterNames } from "./parameter-names.ts";

/** θ as a vector [P]; concrete values are checked against the bounds. */
export function lowerTheta(description: ModelDescription, theta: Theta): Value {
  const { parameters } = description;
  const count = parameters.reduce((size, parameter) => size + parameter.size, 0);
  const lowered = isNamed(theta) ? fromNames(parameters, theta) : fromArray(parameters, theta, count);
  if (lowered instanceof NdArray) checkBounds(description, lowered.elements);
  return lowered;
}

/** Covariates [C]: those named, and the defaults of the others. */
export function lowerCovariates(description: ModelDescription, given: Covariates | undefined): Value {
  const { covariates } = description;
  for (const name of Object.keys(given ?? {})) {
    if (covariates.some((covariate) => covariate.name === name)) continue;
    throw new PhxError({
      code: "PHX905",
      what: `there is no covariate ${name}`,
      why: covariates.length === 0 ? "the model has no covariates" : `it has ${list(covariates)}`,
      fix: "use one of the model's covariates, or declare this one",
    });
  }
  const values = covariates.map(({ name, defaultValue }) => {
    const own = given !== undefined && Object.hasOwn(given, name) ? given[name] : defaultValue;
    const covariate = toF64(asValue(own));
    if (covariate.size !== 1) {
      throw new PhxError({
        code: "PHX905",
        what: `the covariate ${name} is an array of shape [${covariate.shape.join(", ")}]`,
        why: "a covariate is one number; rows of data with their own values go through logLikelihood",
        fix: "give one number, or use vmap for several",
      });
    }
    if (covariate instanceof NdArray && !Number.isFinite(covariate.elements[0])) {
      throw new PhxError({
        code: "PHX905",
        what: `the covariate ${name} is ${covariate.elements[0]}`,
        why: "a covariate must be a finite number",
        fix: "drop the row or give a number",
      });
    }
    return reshape(covariate, [1]);
  });
  return values.length === 0 ? vector(new Float64Array(0)) : concatenate(values);
}

function isNamed(theta: Theta): theta is { readonly [name: string]: ArrayArgument } {
  return typeof theta === "object" && !Array.isArray(theta) && !ArrayBuffer.isView(theta) && !isValue(theta);
}

function fromArray(parameters: readonly ParameterDeclaration[], theta: ArrayArgument, count: number): Value {
  const given = toF64(asValue(theta));
  const isScalar = given.shape.length === 0 && count === 1;
  if (!isScalar && (given.shape.length !== 1 || given.shape[0] !== count)) {
    const names = parameterNames(parameters);
    throw new PhxError({
      code: "PHX900",
      what: `theta has shape [${given.shape.join(", ")}], and the model has ${count} ${count === 1 ? "parameter" : "parameters"}`,
      why:
        count === 0
          ? "the model has no parameters"
          : `they are, in order: ${names.slice(0, 12).join(", ")}${names.length > 12 ? ", …" : ""}`,
      fix: `give ${count} ${count === 1 ? "number" : "numbers"}, or an object { name: value }; use vmap for a batch of thetas`,
    });
  }
  return reshape(given, [count]);
}

function fromNames(
  parameters: readonly ParameterDeclaration[],
  theta: { readonly [name: string]: ArrayArgument },
): Value {
  for (const name of Object.keys(theta)) {
    if (parameters.some((parameter) => parameter.name === name)) continue;
    throw new PhxError({
      code: "PHX903",
      what: `there is no parameter ${name}`,
      why: parameters.length === 0 ? "the model has no parameters" : `it has ${list(parameters)}`,
      fix: "use the names of the model's parameters",
    });
  }
  const parts = parameters.map((parameter) => {
    const { name, shape, size, defaults } = parameter;
    if (!Object.hasOwn(theta, name)) {
      if (defaults !== null) return vector(defaults);
      throw new PhxError({
        code: "PHX904",
        what: `theta has no value for the parameter ${name}`,
        why: "it has no default",
        fix: `give { ${name}: … }`,
      });
    }
    const given = toF64(asValue(theta[name]));
    const fits =
      given.shape.length === shape.length && given.shape.every((length, axis) => length === shape[axis]);
    if (!fits) {
      throw new PhxError({
        code: "PHX900",
        what: `the value of the parameter ${name} has shape [${given.shape.join(", ")}]`,
        why: shape.length === 0 ? "it is one number" : `its shape is [${shape.join(", ")}]`,
        fix: "give numbers nested like the parameter",
      });
    }
    return reshape(given, [size]);
  });
  return parts.length === 0 ? vector(new Float64Array(0)) : concatenate(parts);
}

function list(named: readonly { readonly name: string }[]): string {
  return named.map(({ name }) => name).join(", ");
}
