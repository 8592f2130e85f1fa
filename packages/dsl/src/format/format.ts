// format: the canonical form of a file. Words stay, spaces and line breaks are decided anew.
import type { Diagnostic, Span } from "@phxlang/autodiff";
import type { IToken } from "chevrotain";
import type { Comment } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import { opensLine } from "../syntax/segments.ts";
import * as t from "../syntax/tokens.ts";
import type { Annotations } from "./annotate.ts";
import { annotate } from "./annotate.ts";
import type { Piece } from "./layout.ts";
import { indentation, layout } from "./layout.ts";
import { piecesOf } from "./pieces.ts";

export interface FormatOptions {
  /** Columns that a line may have; default 88. */
  readonly width?: number;
  /** Name of the text in diagnostics. */
  readonly source?: string;
}

export interface FormatResult {
  /** Null if the text has syntax errors. */
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** One line of the file's top level: a declaration with what belongs to it, or a comment of its own. */
interface Item {
  readonly span: Span;
  readonly lines: readonly string[];
}

/** Formats a text: idempotent, keeps every comment, and means the same as before. */
export function format(text: string, options: FormatOptions = {}): FormatResult {
  const { file, diagnostics, comments } = parse(text, options.source ?? "input.phx");
  if (diagnostics.length > 0 || file.header === null) return { text: null, diagnostics };
  const width = options.width ?? 88;
  const annotations = annotate(file);
  const tokens = t.lexer().tokenize(text).tokens;
  const items: Item[] = [];
  let nextToken = 0;
  let nextComment = 0;
  for (const { span } of [file.header, ...file.declarations]) {
    for (; nextComment < comments.length && comments[nextComment].span.start < span.start; nextComment++) {
      items.push(commentItem(comments[nextComment]));
    }
    const from = nextToken;
    while (nextToken < tokens.length && tokens[nextToken].startOffset < span.end) nextToken++;
    const fromComment = nextComment;
    const following = tokens[nextToken]?.startOffset ?? text.length;
    while (nextComment < comments.length && belongs(text, span, comments[nextComment], following)) {
      nextComment++;
    }
    const own = comments.slice(fromComment, nextComment);
    const lines = declarationLines(text, tokens.slice(from, nextToken), own, annotations, width);
    items.push({ span: { start: span.start, end: own.at(-1)?.span.end ?? span.end }, lines });
  }
  for (; nextComment < comments.length; nextComment++) items.push(commentItem(comments[nextComment]));
  return { text: joinItems(text, items), diagnostics };
}

function commentItem(comment: Comment): Item {
  return { span: comment.span, lines: [comment.text.trimEnd()] };
}

/** Whether a comment lies inside a declaration or after it on the line on which it ends. */
function belongs(text: string, span: Span, comment: Comment, following: number): boolean {
  if (comment.span.start < span.end) return true;
  return comment.span.start < following && !/[\n\r]/.test(text.slice(span.end, comment.span.start));
}

/** Items with at most one blank line between, where the text has at least one. */
function joinItems(text: string, items: readonly Item[]): string {
  let result = "";
  for (const [index, item] of items.entries()) {
    const gap = index === 0 ? "" : text.slice(items[index - 1].span.end, item.span.start);
    if (/(?:\r\n?|\n)[^\S\n\r]*[\n\r]/.test(gap.replaceAll("\r\n", "\n"))) result += "\n";
    result += `${item.lines.join("\n")}\n`;
  }
  return result;
}

/** Stretches of pieces between comments; a comment always ends its line. */
function declarationLines(
  text: string,
  tokens: readonly IToken[],
  comments: readonly Comment[],
  annotations: Annotations,
  width: number,
): string[] {
  const indent = " ".repeat(indentation);
  const lines: string[] = [];
  let pieces: Piece[] = [];
  const flush = (): void => {
    if (pieces.length === 0) return;
    for (const line of layout(pieces, width, lines.length === 0)) {
      lines.push(lines.length === 0 ? line : indent + line);
    }
    pieces = [];
  };
  let nextComment = 0;
  const put = (comment: Comment): void => {
    flush();
    if (opensLine(text, comment.span.start)) lines.push(indent + comment.text.trimEnd());
    else lines[lines.length - 1] += `  ${comment.text.trimEnd()}`;
  };
  for (const piece of piecesOf(tokens, annotations)) {
    for (; nextComment < comments.length && comments[nextComment].span.start < piece.offset; nextComment++) {
      put(comments[nextComment]);
    }
    pieces.push(piece);
  }
  for (; nextComment < comments.length; nextComment++) put(comments[nextComment]);
  flush();
  return lines;
}
