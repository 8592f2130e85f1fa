// From text to segments: stretches of tokens, one for each declaration, in which errors stay.
import { internalError } from "@phxlang/autodiff";
import type { IToken, TokenType } from "chevrotain";
import type { Comment } from "./ast.ts";
import { standIn } from "./foreign.ts";
import { endOf, spanOf } from "./spans.ts";
import * as t from "./tokens.ts";

/**
 * The tokens from one declaration's first word to the next one's. A text without errors is cut at every
 * declaration word that opens a line and nowhere else; segments cover all tokens in order.
 */
export interface Segment {
  /** Without foreign tokens: those are replaced by what was meant, or dropped. */
  readonly tokens: readonly IToken[];
  /** The foreign tokens as they are written, in order. */
  readonly foreign: readonly IToken[];
}

export interface Reading {
  readonly segments: readonly Segment[];
  readonly comments: readonly Comment[];
}

/** Lexes the text and cuts it; a text without tokens has no segments. */
export function read(text: string): Reading {
  const lexed = t.lexer().tokenize(text);
  if (lexed.errors.length > 0) throw internalError("a character begins no token");
  const comments = lexed.groups["comments"].map((token) => ({ text: token.image, span: spanOf(token) }));
  const openings = lineOpenings(text, lexed.tokens);
  const cuts = cutPlaces(lexed.tokens, openings);
  const segments = cuts.map((from, s): Segment => {
    const written = lexed.tokens.slice(from, cuts[s + 1] ?? lexed.tokens.length);
    const foreign = written.filter(isForeign);
    const tokens =
      foreign.length === 0
        ? written
        : written.flatMap((token) => (isForeign(token) ? (standIn(token) ?? []) : [token]));
    return { tokens, foreign };
  });
  return { segments, comments };
}

function isForeign(token: IToken): boolean {
  return token.tokenType.CATEGORIES?.includes(t.Foreign) === true;
}

/** For each token whether it is the first on its line: 1 or 0. */
function lineOpenings(text: string, tokens: readonly IToken[]): Uint8Array {
  const openings = new Uint8Array(tokens.length);
  let previousEnd = 0;
  for (let i = 0; i < tokens.length; i++) {
    openings[i] = i === 0 || hasLineBreak(text, previousEnd, tokens[i].startOffset) ? 1 : 0;
    previousEnd = endOf(tokens[i]);
  }
  return openings;
}

function hasLineBreak(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || unit === 13) return true;
  }
  return false;
}

/** Whether only spaces and tabs stand before an offset on its line. */
export function opensLine(text: string, offset: number): boolean {
  for (let i = offset - 1; i >= 0; i--) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || unit === 13) return true;
    if (unit !== 32 && unit !== 9) return false;
  }
  return true;
}

/**
 * Indices of the tokens that open a segment. Besides declaration words, a line opens one if it cannot go on a
 * declaration: it begins with a name where none can stand (a misspelled word), or holds an arrow.
 */
function cutPlaces(tokens: readonly IToken[], openings: Uint8Array): number[] {
  const cuts: number[] = tokens.length > 0 ? [0] : [];
  let lineStart = 0;
  for (let i = 1; i < tokens.length; i++) {
    const { tokenType } = tokens[i];
    if (openings[i] === 1) {
      lineStart = i;
      // A name cannot follow an operand, nor a plain name another one: this line begins something new.
      const misspelled =
        tokenType === t.Identifier &&
        (operandEnds.has(tokens[i - 1].tokenType) ||
          (tokens[i + 1]?.tokenType === t.Identifier && openings[i + 1] === 0));
      if (misspelled || opensDeclaration(tokens, i)) cuts.push(i);
    } else if (tokenType === t.Arrow && cuts.at(-1)! < lineStart) {
      cuts.push(lineStart);
    }
  }
  return cuts;
}

function opensDeclaration(tokens: readonly IToken[], i: number): boolean {
  const { tokenType } = tokens[i];
  if (tokenType.CATEGORIES?.includes(t.DeclarationWord) !== true) return false;
  const previous = tokens[i - 1].tokenType;
  // `observe d:` may have its `stop` or `reward` on the next line.
  if ((tokenType === t.Stop || tokenType === t.Reward) && previous === t.Colon) return false;
  return !(tokenType === t.Model && previous === t.Discrete && i === 1);
}

/** Tokens that are the last of an operand in every valid text; clause words are not. */
const operandEnds: ReadonlySet<TokenType> = new Set([
  t.Identifier,
  t.NumberToken,
  t.Text,
  t.Ticked,
  t.True,
  t.False,
  t.Rest,
  t.CloseParenthesis,
  t.CloseBracket,
  t.CloseBrace,
]);
