// Session: the model that a command works on, with the parameter values and covariates that were asked for.
import { NdArray, PhxError } from "@phxlang/autodiff";
import type { EvaluationOptions, Model } from "@phxlang/runtime";
import type { Invocation } from "./command.ts";
import { compileFile } from "./compile-file.ts";
import * as common from "./options/common.ts";
import { closest } from "@phxlang/dsl";
import type { Value } from "./options/assignments.ts";
import type { Json } from "./output/json.ts";

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
  readonly constants: ReadonlyMap<string, Value>;
}

/** Opens the file named by the first word, with its parameter values. */
export function openSession(invocation: Invocation): Session {
  const [file] = invocation.words;
  const constants = invocation.value(common.set);
  const model = compileFile(invocation, file);
  const covariates = readCovariates(invocation.value(common.covariates), model);
  return {
    file,
    model,
    theta: readThetaFor(model, invocation),
    covariates,
    evaluation: covariates.size === 0 ? {} : { with: Object.fromEntries(covariates) },
    constants,
  };
}

/** What every document says about its input. */
export function describeSession(session: Session): { readonly [key: string]: Json } {
  const { model, theta } = session;
  return {
    model: model.name,
    file: session.file,
    ...(session.constants.size === 0 ? {} : { constants: Object.fromEntries(session.constants) }),
    theta: Object.fromEntries(model.parameterNames.map((name, index) => [name, theta[index]])),
    ...(session.covariates.size === 0 ? {} : { covariates: Object.fromEntries(session.covariates) }),
  };
}

/** `rate = 2, size = 0.5` for titles and headings. */
export function describeTheta(session: Session): string {
  const { model, theta } = session;
  const parts = model.parameterNames.map((name, index) => `${name} = ${Number(theta[index].toPrecision(6))}`);
  for (const [name, value] of session.covariates) parts.push(`${name} = ${value}`);
  return parts.length > 8 ? `${parts.slice(0, 8).join(", ")}, … (${parts.length} values)` : parts.join(", ");
}

function readCovariates(given: ReadonlyMap<string, Value>, model: Model): ReadonlyMap<string, number> {
  const covariates = new Map<string, number>();
  for (const [name, value] of given) {
    if (!model.covariates.includes(name)) throw unknownName("covariate", name, model.covariates, "--with");
    if (typeof value !== "number") throw notANumber("covariate", name);
    covariates.set(name, value);
  }
  return covariates;
}

/** The file's defaults, replaced by the list of --theta, replaced by its named values. */
function readThetaFor(model: Model, invocation: Invocation): Float64Array {
  const { list, named } = invocation.value(common.theta);
  const { parameters, parameterNames } = model;
  const values = list === undefined ? defaultsOf(model) : Float64Array.from(list);
  if (list !== undefined && list.length !== model.parameterCount) {
    throw new PhxError({
      code: "PHX900",
      what: `--theta lists ${list.length} ${list.length === 1 ? "value" : "values"}, ${model.name} has ${model.parameterCount} parameters`,
      why: `in order: ${parameterNames.join(", ")}`,
      fix: `give all ${model.parameterCount}, or some by name: --theta ${parameterNames[0] ?? "name"}=…`,
    });
  }
  for (const [name, value] of named) {
    const entry = parameterNames.indexOf(name.replaceAll(",", ", "));
    const parameter = parameters.find((candidate) => candidate.name === name);
    if (parameter !== undefined) values.set(flatten(value, parameter.size, name), parameter.offset);
    else if (entry >= 0 && typeof value === "number") values[entry] = value;
    else
      throw unknownName(
        "parameter",
        name,
        [...parameters.map((candidate) => candidate.name), ...parameterNames],
        "--theta",
      );
  }
  const missing = parameterNames.filter((_, index) => Number.isNaN(values[index]));
  if (missing.length > 0) {
    throw new PhxError({
      code: "PHX511",
      what: `${missing.length === 1 ? "parameter" : "parameters"} ${missing.map((name) => `\`${name}\``).join(", ")} ${missing.length === 1 ? "has" : "have"} neither a default nor a value`,
      fix: `--theta ${missing[0]}=…, or a default in ${session(invocation)}: param ${missing[0]} … = …`,
    });
  }
  return values;
}

function session(invocation: Invocation): string {
  return invocation.words[0];
}

/** NaN where the file gives no default. */
function defaultsOf(model: Model): Float64Array {
  const values = new Float64Array(model.parameterCount).fill(Number.NaN);
  for (const parameter of model.parameters) {
    if (parameter.defaults !== null) values.set(parameter.defaults, parameter.offset);
  }
  return values;
}

function flatten(value: Value, size: number, name: string): readonly number[] {
  const entries = typeof value === "number" ? [value] : value.flat(10).map(Number);
  if (entries.length === size) return entries;
  throw new PhxError({
    code: "PHX900",
    what: `--theta gives ${entries.length} ${entries.length === 1 ? "value" : "values"} to \`${name}\`, which has ${size}`,
    fix: size === 1 ? `--theta ${name}=${entries[0]}` : `give all ${size} entries: --theta ${name}=[…]`,
  });
}

/** PHX994 with the names that exist. */
export function unknownName(kind: string, name: string, known: readonly string[], option: string): PhxError {
  const match = closest(name, known);
  return new PhxError({
    code: "PHX994",
    what: `${option}: no ${kind} is called \`${name}\``,
    why:
      known.length === 0
        ? `the model has no ${kind}s`
        : `the ${kind}s are ${known.slice(0, 20).join(", ")}${known.length > 20 ? ", …" : ""}`,
    fix: match === null ? "`phx info FILE` lists the names of a model" : `did you mean \`${match}\`?`,
  });
}

function notANumber(kind: string, name: string): PhxError {
  return new PhxError({
    code: "PHX993",
    what: `the ${kind} \`${name}\` takes one number`,
    fix: `--with ${name}=1`,
  });
}

/** The elements of a result that no transform is tracing. */
export function numbersOf(value: unknown): Float64Array {
  if (value instanceof NdArray) return Float64Array.from(value.elements);
  throw new Error("internal: a traced value reached the command line");
}
