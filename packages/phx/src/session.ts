// Session: the model that a command works on, with the parameter values and covariates that were asked for.
import { PhxError } from "@phxlang/autodiff";
import type { EvaluationOptions, Model } from "@phxlang/runtime";
import type { Invocation } from "./command.ts";
import { compileFile } from "./compile-file.ts";
import type { Value } from "./options/assignments.ts";
import * as common from "./options/common.ts";
import type { Json } from "./output/json.ts";
import { thetaFor } from "./theta-values.ts";
import { unknownName } from "./unknown-name.ts";

export interface Session {
  /** As typed. */
  readonly file: string;
  readonly model: Model;
  /** [P], in the order of model.parameterNames. */
  readonly theta: Float64Array;
  /** Given by --with; others keep the model's defaults. */
  readonly covariates: ReadonlyMap<string, number>;
  /** The same, as an option of the model's functions. */
  readonly evaluation: EvaluationOptions;
  /** Given by --set. */
  readonly constants: ReadonlyMap<string, Value>;
}

/** Opens the file named by the first word, with its parameter values. */
export function openSession(invocation: Invocation): Session {
  const [file] = invocation.words;
  const model = compileFile(invocation, file);
  const covariates = readCovariates(invocation.value(common.covariates), model);
  return {
    file,
    model,
    theta: thetaFor(model, invocation.value(common.theta)),
    covariates,
    evaluation: covariates.size === 0 ? {} : { with: Object.fromEntries(covariates) },
    constants: invocation.value(common.set),
  };
}

/** For commands that take no parameter values; covariates come from the data, row by row. */
export function sessionAtDefaults(invocation: Invocation, file: string, model: Model): Session {
  return {
    file,
    model,
    theta: thetaFor(model, common.theta.absent),
    covariates: new Map(),
    evaluation: {},
    constants: invocation.value(common.set),
  };
}

/** What every document says about its input. */
export function describeSession(session: Session): { readonly [key: string]: Json } {
  const { model, theta, constants, covariates } = session;
  return {
    model: model.name,
    file: session.file,
    ...(constants.size === 0 ? {} : { constants: Object.fromEntries(constants) }),
    theta: Object.fromEntries(model.parameterNames.map((name, index) => [name, theta[index]])),
    ...(covariates.size === 0 ? {} : { covariates: Object.fromEntries(covariates) }),
  };
}

/** `rate = 2, size = 0.5` for titles and headings. */
export function describeTheta(session: Session): string {
  const { model, theta, covariates } = session;
  const parts = model.parameterNames.map((name, index) => `${name} = ${Number(theta[index].toPrecision(6))}`);
  for (const [name, value] of covariates) parts.push(`${name} = ${value}`);
  return parts.length > 8 ? `${parts.slice(0, 8).join(", ")}, … (${parts.length} values)` : parts.join(", ");
}

function readCovariates(given: ReadonlyMap<string, Value>, model: Model): ReadonlyMap<string, number> {
  const covariates = new Map<string, number>();
  for (const [name, value] of given) {
    if (!model.covariates.includes(name)) throw unknownName("covariate", name, model.covariates, "--with");
    if (typeof value !== "number") {
      throw new PhxError({
        code: "PHX993",
        what: `the covariate \`${name}\` takes one number`,
        fix: `--with ${name}=1`,
      });
    }
    covariates.set(name, value);
  }
  return covariates;
}
