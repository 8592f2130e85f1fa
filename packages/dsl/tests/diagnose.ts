// diagnose: everything that phx says about a file, as the golden tests of diagnostics see it.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parse, renderAll } from "@phxlang/dsl";

export interface Diagnosis {
  /** Codes in the order in which they are said. */
  readonly codes: readonly string[];
  /** What is printed, without colours. */
  readonly text: string;
}

/** Checks a file as far as its diagnostics go: text, names, kinds, model, data, graph. */
export function diagnose(path: string): Diagnosis {
  const text = readFileSync(path, "utf8");
  const { diagnostics } = parse(text, basename(path));
  return {
    codes: diagnostics.map((diagnostic) => diagnostic.code),
    text: renderAll(diagnostics, text),
  };
}
