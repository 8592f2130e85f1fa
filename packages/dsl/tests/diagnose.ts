// diagnose: everything that phx says about a file, as the golden tests of diagnostics see it.
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PhxError } from "@phxlang/autodiff";
import type { Diagnostic } from "@phxlang/autodiff";
import { bindObservations, check, inspectGraph, placeError, renderAll, unreadableData } from "@phxlang/dsl";
import type { ColumnTable, DslModel } from "@phxlang/dsl";
import { exploreModel } from "@phxlang/graph";

export interface Diagnosis {
  /** Codes in the order in which they are said. */
  readonly codes: readonly string[];
  /** What is printed, without colours. */
  readonly text: string;
}

/** Golden files stay small; so many states are enough to show that there are too many. */
const maxStates = 1000;

/** Checks a file as far as its diagnostics go: text, names, kinds, model, graph, data beside it. */
export function diagnose(path: string): Diagnosis {
  return diagnoseText(readFileSync(path, "utf8"), basename(path), dirname(path));
}

/** The same for a text; files that it names are looked for in `folder`. */
export function diagnoseText(text: string, source: string, folder: string): Diagnosis {
  const { model, diagnostics, sources } = check(text, {
    source,
    readFile: (name) => {
      const file = join(folder, name);
      return existsSync(file) ? { source: name, text: readFileSync(file, "utf8") } : null;
    },
  });
  const found = [...diagnostics];
  if (model !== null) found.push(...ofGraph(model), ...ofData(model, folder));
  return {
    codes: found.map((diagnostic) => diagnostic.code),
    text: renderAll(found, sources),
  };
}

function ofGraph(model: DslModel): readonly Diagnostic[] {
  try {
    return inspectGraph(model, exploreModel(model.description, { maxStates }));
  } catch (error) {
    if (!(error instanceof PhxError)) throw error;
    return placeError(model, error).diagnostics;
  }
}

function ofData(model: DslModel, folder: string): readonly Diagnostic[] {
  return model.checked.data.flatMap(({ name, path }) => {
    const file = join(folder, path);
    if (!existsSync(file)) return [unreadableData(model, name, path)];
    try {
      return bindObservations(model, name, readTable(readFileSync(file, "utf8"), path)).warnings;
    } catch (error) {
      if (!(error instanceof PhxError)) throw error;
      return error.diagnostics;
    }
  });
}

/** The tables of golden files have no quotes in them. */
function readTable(text: string, source: string): ColumnTable {
  const [header, ...lines] = text.trimEnd().split("\n");
  return {
    source,
    columns: header.split(","),
    rows: lines.map((line) => line.split(",")),
    rowNumbers: lines.map((_, i) => i + 2),
  };
}
