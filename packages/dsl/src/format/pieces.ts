// piecesOf: the tokens of a declaration with the spaces between them and the places where lines may break.
import type { IToken } from "chevrotain";
import { isReserved } from "../syntax/tokens.ts";
import * as t from "../syntax/tokens.ts";
import { endOf } from "../syntax/spans.ts";
import type { Annotations } from "./annotate.ts";
import { level } from "./annotate.ts";
import type { Piece } from "./layout.ts";

export interface PlacedPiece extends Piece {
  /** Offset of the token in the old text, for comments. */
  readonly offset: number;
}

/** Ranks of breaks grow by this much with each bracket, so that outer places break before inner ones. */
const rankPerBracket = 10;

/** Redundant parentheses are left out; all other tokens come in their order. */
export function piecesOf(tokens: readonly IToken[], annotations: Annotations): PlacedPiece[] {
  const result: PlacedPiece[] = [];
  let previous: IToken | undefined;
  let depth = 0;
  /** Level of a left-out parenthesis: it goes to the token after it. */
  let carried = 0;
  for (const [index, token] of tokens.entries()) {
    const own = breakLevel(previous, token, tokens[index + 1], annotations);
    if (isRedundant(token, annotations)) {
      carried = Math.max(carried, own);
      continue;
    }
    if (")]}".includes(token.image)) depth--;
    const breakLevelHere = previous === undefined ? 0 : Math.max(own, carried);
    result.push({
      text: token.image,
      spaceBefore: previous !== undefined && isSpaced(previous, token, annotations),
      breakRank: breakLevelHere === 0 ? 0 : breakLevelHere + rankPerBracket * depth,
      offset: token.startOffset,
    });
    if ("([{".includes(token.image)) depth++;
    previous = token;
    carried = 0;
  }
  return result;
}

function isRedundant(token: IToken, annotations: Annotations): boolean {
  const isParenthesis = token.tokenType === t.OpenParenthesis || token.tokenType === t.CloseParenthesis;
  return isParenthesis && annotations.redundant.has(token.startOffset);
}

function breakLevel(
  previous: IToken | undefined,
  token: IToken,
  next: IToken | undefined,
  annotations: Annotations,
): number {
  if (previous?.tokenType === t.Colon || annotations.bodyStarts.has(token.startOffset)) {
    return level.afterColon;
  }
  if (previous?.tokenType === t.Comma) return level.afterComma;
  if (next !== undefined && annotations.clauseStarts.has(next.startOffset)) return level.beforeClause;
  if (next?.tokenType === t.When && (token.tokenType === t.Censored || token.tokenType === t.Exact)) {
    return level.beforeClause;
  }
  if (token.tokenType === t.Else) return level.beforeElse;
  return annotations.operators.get(token.startOffset) ?? 0;
}

const tight: ReadonlySet<string> = new Set(["..", "^", "."]);

function isSpaced(previous: IToken, token: IToken, annotations: Annotations): boolean {
  if ("([{".includes(previous.image) || ")]},:".includes(token.image)) return false;
  if (tight.has(previous.image) || tight.has(token.image)) return false;
  if (previous.tokenType === t.Minus && !annotations.operators.has(previous.startOffset)) return false;
  if (token.tokenType === t.OpenParenthesis) return !annotations.calleeEnds.has(endOf(previous));
  if (token.tokenType === t.OpenBracket) return !isName(previous);
  return true;
}

function isName(token: IToken): boolean {
  const { tokenType } = token;
  return (
    (tokenType === t.Identifier || tokenType.CATEGORIES?.includes(t.Identifier) === true) &&
    !isReserved(token)
  );
}
