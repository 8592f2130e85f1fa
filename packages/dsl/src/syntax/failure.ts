// A failed expectation of the grammar, as the explanations of syntax errors see it.
import type { Diagnostic, Span } from "@phxlang/autodiff";
import type { IToken } from "chevrotain";
import * as t from "./tokens.ts";

/** What an explanation may look at. */
export interface Surroundings {
  readonly text: string;
  readonly source: string;
  /** Tokens of the segment in which the error lies; not empty. */
  readonly tokens: readonly IToken[];
  /** Whether `model NAME` has been read before. */
  readonly hasModel: boolean;
}

/** One failed expectation with its neighbourhood. */
export interface Failure {
  readonly words: string;
  readonly code: string;
  /** Null where the segment ended. */
  readonly found: IToken | null;
  readonly previous: IToken | null;
  /** The token before `previous`. */
  readonly beforePrevious: IToken | null;
  readonly around: Surroundings;
}

/** A diagnostic on the way: its severity is error and its source is known. */
export type Said = Omit<Diagnostic, "severity" | "place"> & { readonly span: Span };

/** Whether a token is one of the words that open declarations. */
export function isDeclarationWord(token: IToken): boolean {
  return token.tokenType.CATEGORIES?.includes(t.DeclarationWord) === true;
}

/** Whether a token can be the last (or, if `first`, the first) of an operand. */
export function endsOperand(token: IToken, first = false): boolean {
  const { tokenType } = token;
  return (
    tokenType === t.NumberToken ||
    tokenType === t.Text ||
    tokenType === t.Ticked ||
    tokenType === t.True ||
    tokenType === t.False ||
    tokenType === t.Identifier ||
    tokenType.CATEGORIES?.includes(t.Identifier) === true ||
    (first ? tokenType === t.OpenParenthesis : [t.CloseParenthesis, t.CloseBracket].includes(tokenType))
  );
}

/** Whether a token goes on an expression that begins with a name. */
export function continuesName(token: IToken): boolean {
  const { tokenType } = token;
  return (
    [t.DotDot, t.OpenBracket, t.OpenParenthesis, t.Dot].includes(tokenType) ||
    tokenType.CATEGORIES?.includes(t.ArithmeticInfix) === true
  );
}
