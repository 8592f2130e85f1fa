// parse: from text to syntax tree, diagnostics and comments; never throws on any text.
import type { Diagnostic } from "@phxlang/autodiff";
import type { IToken } from "chevrotain";
import type { AstFile, Comment, Declaration, ModelHeader } from "./ast.ts";
import { maximumDepth } from "./ast.ts";
import { DeclarationParser } from "./declaration-parser.ts";
import { isTooDeep, nestedTooDeeply, tooManyOpen } from "./depth.ts";
import { explainFault } from "./faults.ts";
import { missingModel } from "./missing-model.ts";
import type { Segment } from "./segments.ts";
import { opensLine, read } from "./segments.ts";
import { explainSyntaxError } from "./syntax-errors.ts";
import * as t from "./tokens.ts";

export interface ParseResult {
  /** What could be read; complete if there are no diagnostics. */
  readonly file: AstFile;
  /** Codes 1xx, in the order of the text, at most `maximumErrors` and one for each declaration. */
  readonly diagnostics: readonly Diagnostic[];
  /** All comments in the order of the text. */
  readonly comments: readonly Comment[];
}

/** More syntax errors than this are counted and not shown. */
export const maximumErrors = 20;

let parserOnce: DeclarationParser | undefined;

/** Parses a file; `source` is the name that diagnostics show. */
export function parse(text: string, source: string): ParseResult {
  const { segments, comments } = read(text, source);
  const diagnostics: Diagnostic[] = [];
  const declarations: Declaration[] = [];
  let header: ModelHeader | null = null;
  const first = segments[0]?.tokens[0];
  const opensWithModel = first?.tokenType === t.Model || first?.tokenType === t.Discrete;
  if (!opensWithModel) {
    diagnostics.push(missingModel(source, first));
  }
  for (const [index, segment] of segments.entries()) {
    const isOpening = index === 0 && opensWithModel;
    const result = parseSegment(segment, isOpening, header !== null, text, source);
    header ??= result.header;
    for (const declaration of result.declarations) declarations.push(declaration);
    // A first line that opens nothing has been reported as a missing model.
    const reported = index === 0 && !opensWithModel && result.diagnostic?.code === "PHX116";
    if (result.diagnostic !== null && !reported) diagnostics.push(result.diagnostic);
  }
  return {
    file: { kind: "file", header, declarations, span: { start: 0, end: text.length } },
    diagnostics: limited(diagnostics),
    comments,
  };
}

interface SegmentResult {
  readonly header: ModelHeader | null;
  readonly declarations: readonly Declaration[];
  readonly diagnostic: Diagnostic | null;
}

function parseSegment(
  segment: Segment,
  isOpening: boolean,
  hasModel: boolean,
  text: string,
  source: string,
): SegmentResult {
  const { tokens, faults } = segment;
  const arrow = faults.find((fault) => fault.diagnostic.code === "PHX113");
  const signFault = (arrow ?? faults.find((fault) => fault.fatal) ?? faults[0])?.diagnostic ?? null;
  if (tokens.length === 0 || faults.some((fault) => fault.fatal)) {
    return { header: null, declarations: [], diagnostic: signFault };
  }
  const deepest = tooManyOpen(tokens);
  if (deepest !== null) {
    return { header: null, declarations: [], diagnostic: nestedTooDeeply(source, deepest) };
  }
  parserOnce ??= new DeclarationParser();
  const parser = parserOnce;
  parser.input = tokens as IToken[];
  parser.header = null;
  parser.declarations = [];
  parser.faults = [];
  if (isOpening) parser.opening();
  else parser.body();
  const { header, declarations } = parser;
  const error = parser.errors[0];
  // What goes on where a declaration could have ended belongs to it: `stop when k` is not what was meant.
  if (error?.name === "NotAllInputParsedException" && !opensLine(text, error.token.startOffset))
    declarations.pop();
  const fault = parser.faults[0];
  let diagnostic = signFault;
  if (diagnostic === null && error !== undefined) {
    diagnostic = explainSyntaxError(error, { text, source, tokens, hasModel: hasModel || header !== null });
  }
  if (diagnostic === null && fault !== undefined) diagnostic = explainFault(fault, text, source);
  if (tokens.length > maximumDepth && declarations.some(isTooDeep)) {
    return { header, declarations: [], diagnostic: diagnostic ?? nestedTooDeeply(source, tokens[0]) };
  }
  return { header, declarations, diagnostic };
}

function limited(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const hidden = diagnostics.length - maximumErrors;
  if (hidden <= 0) return diagnostics;
  const shown = diagnostics.slice(0, maximumErrors);
  const last = shown[maximumErrors - 1];
  const note = hidden === 1 ? "1 more error is not shown" : `${hidden} more errors are not shown`;
  shown[maximumErrors - 1] = { ...last, notes: [...(last.notes ?? []), note] };
  return shown;
}
