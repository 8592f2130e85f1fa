// parse: from text to syntax tree, diagnostics and comments; never throws on any text.
import { internalError } from "@phxlang/autodiff";
import type { Diagnostic } from "@phxlang/autodiff";
import type { AstFile, Comment } from "./ast.ts";

export interface ParseResult {
  /** What could be read; complete if there are no diagnostics. */
  readonly file: AstFile;
  /** Codes 1xx, in the order of the text, at most 20 and one for each declaration. */
  readonly diagnostics: readonly Diagnostic[];
  /** All comments in the order of the text. */
  readonly comments: readonly Comment[];
}

/** Parses a file; `source` is the name that diagnostics show. */
export function parse(text: string, source: string): ParseResult {
  throw internalError(`the parser has not been written yet (${source}, ${text.length} characters)`);
}
