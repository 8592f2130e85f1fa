// What the facade asks of the compiler of the language.
import { internalError } from "@phxlang/autodiff";
import type { Diagnostic } from "@phxlang/autodiff";
import type { ModelDescription, Observations } from "@phxlang/graph";
import type { DataTable } from "./data/table.ts";
import type { Constant } from "./compile.ts";

export type ReadFile = (
  path: string,
  from: string,
) => { readonly source: string; readonly text: string } | null;

export interface CheckedModel {
  readonly name: string;
  readonly data: readonly { readonly name: string; readonly path: string }[];
}

export interface Checked {
  readonly model: CheckedModel | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LanguageOptions {
  readonly source?: string;
  readonly constants?: Readonly<Record<string, Constant>>;
  readonly readFile?: ReadFile;
}

export function checkModel(text: string, options: LanguageOptions): Checked {
  throw internalError(`no compiler for ${text.length} letters of ${options.source ?? "text"}`);
}

export function describeModel(model: CheckedModel): ModelDescription {
  throw internalError(`no compiler for ${model.name}`);
}

export function bindObservations(
  model: CheckedModel,
  tables: ReadonlyMap<string, DataTable>,
): readonly Observations[] {
  throw internalError(`no compiler for ${model.name} and ${tables.size} tables`);
}
