// Small helpers for half-open spans.
import type { Span } from "@phxlang/autodiff";
import type { IToken } from "chevrotain";

/** The span of a token; chevrotain's ends are inclusive. */
export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: endOf(token) };
}

/** The offset just after a token. A token that stands for another text has its end set by hand. */
export function endOf(token: IToken): number {
  return token.endOffset === undefined ? token.startOffset + token.image.length : token.endOffset + 1;
}

/** From the start of one span to the end of another. */
export function spanning(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}

/** Quotations in messages are at most this long. */
const longestQuotation = 60;

/** A stretch of text in backticks as messages quote it: on one line, and cut where it is long. */
export function quoted(text: string): string {
  const line = text.slice(0, 4 * longestQuotation).replaceAll(/\s+/g, " ");
  return `\`${line.length > longestQuotation ? `${line.slice(0, longestQuotation - 1)}…` : line}\``;
}
