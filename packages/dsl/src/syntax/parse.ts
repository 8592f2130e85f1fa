// parse: from text to syntax tree, diagnostics and comments; never throws on any text.
import type { Diagnostic } from "@phxlang/autodiff";
import type { IToken } from "chevrotain";
import type { AstFile, Comment, Declaration, ModelHeader } from "./ast.ts";
import { maximumDepth } from "./ast.ts";
import { DeclarationParser } from "./declaration-parser.ts";
import { isTooDeep, nestedTooDeeply, tooManyOpen } from "./depth.ts";
import { isDeclarationWord } from "./failure.ts";
import { explainFault } from "./faults.ts";
import { explainForeign, isFatal } from "./foreign.ts";
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

/** After so many declarations with errors the rest of a text is not read. */
const maximumFailures = 1000;

let parserOnce: DeclarationParser | undefined;

/** Parses a file; `source` is the name that diagnostics show. */
export function parse(text: string, source: string): ParseResult {
  const { segments, comments } = read(text);
  const diagnostics: Diagnostic[] = [];
  const declarations: Declaration[] = [];
  let header: ModelHeader | null = null;
  let failures = 0;
  const fail = (explain: () => Diagnostic): void => {
    if (++failures <= maximumErrors) diagnostics.push(explain());
  };
  const first = segments[0]?.tokens[0] ?? segments[0]?.foreign[0];
  const opensWithModel = first?.tokenType === t.Model || first?.tokenType === t.Discrete;
  if (!opensWithModel) fail(() => missingModel(source, first));
  for (const [index, segment] of segments.entries()) {
    if (failures > maximumFailures) break;
    const isOpening = index === 0 && opensWithModel;
    const result = parseSegment(segment, isOpening, header !== null, text, source);
    header ??= result.header;
    for (const declaration of result.declarations) declarations.push(declaration);
    // A first line that opens nothing has been reported as a missing model.
    if (result.fault !== null && !(index === 0 && !opensWithModel && opensNothing(segment)))
      fail(result.fault);
  }
  return {
    file: { kind: "file", header, declarations, span: { start: 0, end: text.length } },
    diagnostics: withCount(diagnostics, failures),
    comments,
  };
}

/** Whether the first token of a segment cannot open a declaration. */
function opensNothing({ tokens }: Segment): boolean {
  return tokens.length > 0 && !isDeclarationWord(tokens[0]);
}

interface SegmentResult {
  readonly header: ModelHeader | null;
  readonly declarations: readonly Declaration[];
  /** Says what is wrong, if anything is. */
  readonly fault: (() => Diagnostic) | null;
}

function parseSegment(
  segment: Segment,
  isOpening: boolean,
  hasModel: boolean,
  text: string,
  source: string,
): SegmentResult {
  const { tokens, foreign } = segment;
  const arrow = foreign.find(({ tokenType }) => tokenType === t.Arrow);
  const fatal = arrow ?? foreign.find(isFatal);
  const foreignFault = faultOf(fatal ?? foreign[0], text, source);
  if (tokens.length === 0 || fatal !== undefined) return { ...nothing, fault: foreignFault };
  const deepest = tooManyOpen(tokens);
  if (deepest !== null) return { ...nothing, fault: () => nestedTooDeeply(source, deepest) };
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
  if (error?.name === "NotAllInputParsedException" && !opensLine(text, error.token.startOffset)) {
    declarations.pop();
  }
  const readingFault = parser.faults[0];
  let fault = foreignFault;
  if (fault === null && error !== undefined) {
    const around = { text, source, tokens, hasModel: hasModel || header !== null };
    fault = () => explainSyntaxError(error, around);
  }
  if (fault === null && readingFault !== undefined) fault = () => explainFault(readingFault, text, source);
  if (tokens.length > maximumDepth && declarations.some(isTooDeep)) {
    return { header, declarations: [], fault: fault ?? (() => nestedTooDeeply(source, tokens[0])) };
  }
  return { header, declarations, fault };
}

const nothing = { header: null, declarations: [] };

function faultOf(token: IToken | undefined, text: string, source: string): (() => Diagnostic) | null {
  return token === undefined ? null : () => explainForeign(token, text, source);
}

/** The last diagnostic says how many more there are. */
function withCount(diagnostics: readonly Diagnostic[], failures: number): readonly Diagnostic[] {
  const hidden = failures - diagnostics.length;
  if (hidden <= 0) return diagnostics;
  const last = diagnostics[diagnostics.length - 1];
  const count = failures > maximumFailures ? `more than ${maximumFailures - maximumErrors}` : String(hidden);
  const note = hidden === 1 ? "1 more error is not shown" : `${count} more errors are not shown`;
  return [...diagnostics.slice(0, -1), { ...last, notes: [...(last.notes ?? []), note] }];
}
