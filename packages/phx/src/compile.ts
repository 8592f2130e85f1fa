// compile, check and bindData: from the text of a model, and of its data, to what can be evaluated.
import { PhxError } from "@phxlang/autodiff";
import type { Diagnostic } from "@phxlang/autodiff";
import { check as checkText } from "@phxlang/dsl";
import type { ConstantValues, DslModel, ReadFile } from "@phxlang/dsl";
import type { Observations } from "@phxlang/graph";
import { makeModel } from "@phxlang/runtime";
import type { Model, ModelOptions } from "@phxlang/runtime";
import { readTable } from "./data/table.ts";
import type { DataTable } from "./data/table.ts";
import { bindObservations } from "./dsl-interface.ts";

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
  /** Errors and warnings, at most twenty errors. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a model was compiled from, for binding data. */
const origins = new WeakMap<Model, DslModel>();

/** Never throws on mistakes in the text: they are in `diagnostics`, those of the state graph included. */
export function check(text: string, options: CompileOptions = {}): CheckResult {
  const source = options.source ?? "inline.phx";
  const { model: parsed, diagnostics } = checkText(text, { ...options, source });
  if (parsed === null) return { model: null, diagnostics };
  try {
    const model = makeModel(parsed.description, options);
    origins.set(model, parsed);
    return { model, diagnostics };
  } catch (error) {
    if (!(error instanceof PhxError)) throw error;
    return { model: null, diagnostics: [...diagnostics, ...error.diagnostics] };
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
  const origin = origins.get(model);
  return (origin?.checked.data ?? []).map(({ name, path, place }) => ({ name, path, source: place.source }));
}

/**
 * Observations from tables, by the name of the data set: CSV text, or rows that were read already. The `observe`
 * lines of the model say what a row means. Throws PHX6xx with the row and the column.
 */
export function bindData(
  model: Model,
  tables: Readonly<Record<string, string | DataTable>>,
): readonly Observations[] {
  const origin = origins.get(model);
  if (origin === undefined) {
    throw new PhxError({
      code: "PHX601",
      what: `${model.name} has no \`observe\` lines`,
      why: "it was not compiled from a text",
      fix: "make observations in code, or write the model as a .phx file",
    });
  }
  const read = Object.entries(tables).map(
    ([name, table]) => [name, typeof table === "string" ? readTable(table, name) : table] as const,
  );
  return bindObservations(origin, new Map(read));
}
