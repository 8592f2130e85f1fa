// check and compile: the two ways from the text of a .phx file to a model.
import { PhxError } from "@phxlang/autodiff";
import type { Diagnostic } from "@phxlang/autodiff";
import { checkModel } from "./check/check-model.ts";
import type { CheckOptions } from "./check/check-model.ts";
import type { CheckedModel } from "./check/model.ts";
import type { Sources } from "./check/reporter.ts";
import { describeModel } from "./compile/describe.ts";
import type { FileDescription } from "./compile/describe.ts";
import { unrollModel } from "./compile/structure.ts";
import type { AstFile } from "./syntax/index.ts";

/** A model from a file: what graphs are explored from, and what data are bound to. */
export interface DslModel {
  /** The name of the text in messages. */
  readonly source: string;
  readonly ast: AstFile;
  /** Resolved names, kinds and terms. */
  readonly checked: CheckedModel;
  readonly description: FileDescription;
  /** Texts of the file and of what it uses, by name: what diagnostics are rendered with. */
  readonly sources: Sources;
  /** Warnings; a model has no errors. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface CheckResult {
  /** Null if there are errors. */
  readonly model: DslModel | null;
  /** In the order of the text, at most twenty errors. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}

/** Never throws on user errors: they are diagnostics. Nothing of the state graph is explored yet. */
export function check(text: string, options: CheckOptions = {}): CheckResult {
  const { gathered, report, model: checked } = checkModel(text, options);
  const { sources } = gathered;
  const unrolled = checked === null ? null : unrollModel(checked, report);
  const diagnostics = report.diagnostics();
  if (checked === null || unrolled === null) return { model: null, diagnostics, sources };
  const source = options.source ?? "model.phx";
  const description = describeModel(checked, unrolled, (place) => report.text(place));
  const model = { source, ast: gathered.file, checked, description, sources, diagnostics };
  return { model, diagnostics, sources };
}

/** The model of a text. Throws a PhxError with all diagnostics if there are errors. */
export function compile(text: string, options: CheckOptions = {}): DslModel {
  const { model, diagnostics } = check(text, options);
  if (model === null) throw new PhxError(diagnostics);
  return model;
}
