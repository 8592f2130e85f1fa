// compile, check and bindData: from the text of a model, and of its data, to what can be evaluated.
import { internalError, PhxError } from "@phxlang/autodiff";
import type { Diagnostic } from "@phxlang/autodiff";
import { bindObservations, check as checkText, inspectGraph, placeError, unreadableData } from "@phxlang/dsl";
import type { BoundData, ConstantValues, DslModel, ReadFile } from "@phxlang/dsl";
import { makeModel } from "@phxlang/runtime";
import type { Model, ModelOptions } from "@phxlang/runtime";
import { readTable } from "./data/table.ts";
import type { DataTable } from "./data/table.ts";
import { unknownName } from "./unknown-name.ts";

export interface CompileOptions extends ModelOptions {
  /** Other values for constants of the file, by name. */
  readonly constants?: ConstantValues;
  /** What messages call the text; default `inline.phx`. */
  readonly source?: string;
  /** Gives the text of a file that `use` names; default: there are no other files. */
  readonly readFile?: ReadFile;
}

export interface CheckResult {
  /** Null where there is an error. */
  readonly model: Model | null;
  /** Errors and warnings of the text and of its state graph, at most twenty errors. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a model was compiled from, for binding data. */
const origins = new WeakMap<Model, DslModel>();

/** Never throws on mistakes in the text: they are in `diagnostics`, those of the state graph included. */
export function check(text: string, options: CompileOptions = {}): CheckResult {
  const { model: parsed, diagnostics } = checkText(text, {
    ...options,
    source: options.source ?? "inline.phx",
  });
  if (parsed === null) return { model: null, diagnostics };
  try {
    const model = makeModel(parsed.description, options);
    const found = [...diagnostics, ...inspectGraph(parsed, model.graph)];
    if (found.some((diagnostic) => diagnostic.severity === "error"))
      return { model: null, diagnostics: found };
    origins.set(model, parsed);
    return { model, diagnostics: found };
  } catch (error) {
    if (!(error instanceof PhxError)) throw error;
    return { model: null, diagnostics: [...diagnostics, ...placeError(parsed, error).diagnostics] };
  }
}

/** The model of a text. Throws a PhxError with all `.diagnostics` where there is an error; warnings do no harm. */
export function compile(text: string, options: CompileOptions = {}): Model {
  const { model, diagnostics } = check(text, options);
  if (model !== null) return model;
  throw new PhxError(diagnostics.filter((diagnostic) => diagnostic.severity === "error"));
}

/** A data set that a model names: `data NAME from "PATH"`. */
export interface DataReference {
  readonly name: string;
  readonly path: string;
  /** The file that names it. */
  readonly source: string;
}

/** The data sets that the text of a model names; none for models that were not compiled from a text. */
export function dataReferences(model: Model): readonly DataReference[] {
  const data = origins.get(model)?.checked.data ?? [];
  return data.map(({ name, path, place }) => ({ name, path, source: place.source }));
}

/**
 * Observations of one data set: from CSV text, or from a table that was read already. The `observe` lines of the
 * model say what a row means. Throws PHX601 to PHX614 with the row and the column.
 */
export function bindData(model: Model, name: string, table: string | DataTable): BoundData {
  const origin = origins.get(model);
  if (origin === undefined) {
    throw new PhxError({
      code: "PHX601",
      what: `${model.name} has no \`observe\` lines`,
      why: "it was not compiled from a text",
      fix: "make observations in code, or write the model as a .phx file",
    });
  }
  const names = origin.checked.data.map((data) => data.name);
  if (!names.includes(name)) throw unknownName("data set", name, names, "bindData");
  return bindObservations(origin, name, typeof table === "string" ? readTable(table, name) : table);
}

/** PHX601 at the line that names the data set, with where it was looked for and why it was not had. */
export function unreadableSet(
  model: Model,
  name: string,
  path: string,
  reasons: readonly string[],
): PhxError {
  const origin = origins.get(model);
  if (origin === undefined) throw internalError(`${model.name} names no data`);
  return new PhxError([unreadableData(origin, name, path, reasons)]);
}
