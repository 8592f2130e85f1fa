// gatherSources: the text of a model and of every file it uses, parsed once each.
import type { Diagnostic } from "@phxlang/autodiff";
import { parse } from "../syntax/index.ts";
import type { AstFile, UseDeclaration } from "../syntax/index.ts";
import type { Sourced } from "./declare.ts";
import { diagnostic, placeOf } from "./reporter.ts";

/** A text that `use` brings in; `source` is its name in messages and tells files apart. */
export interface UsedFile {
  readonly source: string;
  readonly text: string;
}

/** Gives the text of a file that `use` names in the text called `from`; null if it cannot be read. */
export type ReadFile = (path: string, from: string) => UsedFile | null;

export interface Gathered {
  readonly file: AstFile;
  /** Of the model and of what it uses; used declarations stand where the `use` stands. */
  readonly declarations: readonly Sourced[];
  readonly sources: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Only these are taken from a used file. */
const shared: ReadonlySet<string> = new Set(["const", "param", "def", "use"]);

interface OpenFile {
  readonly source: string;
  readonly declarations: AstFile["declarations"];
  next: number;
}

export function gatherSources(text: string, source: string, readFile: ReadFile | undefined): Gathered {
  const { file, diagnostics: found } = parse(text, source);
  const sources = new Map([[source, text]]);
  const diagnostics = [...found];
  const declarations: Sourced[] = [];
  const open: OpenFile[] = [{ source, declarations: file.declarations, next: 0 }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    if (top.next === top.declarations.length) {
      open.pop();
      continue;
    }
    const declaration = top.declarations[top.next++];
    if (open.length > 1 && !shared.has(declaration.kind)) continue;
    if (declaration.kind !== "use") {
      declarations.push({ source: top.source, declaration });
      continue;
    }
    const used = readFile?.(declaration.path.value, top.source) ?? null;
    if (used === null) {
      diagnostics.push(unreadable(declaration, top.source));
    } else if (open.some((file) => file.source === used.source)) {
      diagnostics.push(circular(declaration, open, used.source));
    } else if (!sources.has(used.source)) {
      sources.set(used.source, used.text);
      const parsed = parse(used.text, used.source);
      diagnostics.push(...parsed.diagnostics);
      open.push({ source: used.source, declarations: parsed.file.declarations, next: 0 });
    }
  }
  return { file, declarations, sources, diagnostics };
}

function unreadable(use: UseDeclaration, source: string): Diagnostic {
  const place = placeOf(source, use.path);
  return diagnostic("error", "PHX216", place, `cannot read "${use.path.value}"`, {
    label: "this file was not found, or may not be read",
    hint: "the path is relative to the file that uses it",
  });
}

function circular(use: UseDeclaration, open: readonly OpenFile[], source: string): Diagnostic {
  const from = open.findIndex((file) => file.source === source);
  const circle = [...open.slice(from).map((file) => file.source), source].join(" → ");
  return diagnostic(
    "error",
    "PHX217",
    placeOf(open.at(-1)?.source ?? source, use.path),
    "files use each other",
    {
      notes: [circle],
      hint: "move what both need into a third file",
    },
  );
}
