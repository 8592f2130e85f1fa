// Signs of other languages (PHX101 to 103, 110 to 114): each is reported, and replaced by what was meant.
import type { Diagnostic, Fix, Place, Span } from "@phxlang/autodiff";
import type { IToken, TokenType } from "chevrotain";
import { rewriteArrow, rewriteChoice } from "./rewrite.ts";
import { endOf, quoted, spanOf } from "./spans.ts";
import * as t from "./tokens.ts";
import { unknownCharacter } from "./unknown-character.ts";

/** Where reading cannot go on sensibly, so that a syntax error would only repeat the fault. */
export function isFatal({ tokenType }: IToken): boolean {
  return tokenType === t.Arrow || tokenType === t.Question || tokenType === t.Stray;
}

/** What takes the place of a foreign token; null where it is simply dropped. */
export function standIn(token: IToken): IToken | null {
  const { image } = token;
  switch (token.tokenType) {
    case t.UnclosedText:
      return replaced(token, t.Text, `${image.trimEnd()}"`);
    case t.UnclosedTicked:
      return replaced(token, t.Ticked, `${image.trimEnd()}\``);
    case t.TrailingDot:
      return replaced(token, t.NumberToken, image.slice(0, -1));
    case t.LeadingDot:
      return replaced(token, t.NumberToken, `0${image}`);
    case t.SingleQuoted:
      return replaced(token, t.Text, `"${image.slice(1, -1)}"`);
    case t.AndSign:
      return replaced(token, t.And, "and");
    case t.OrSign:
      return replaced(token, t.Or, "or");
    case t.Bang:
      return replaced(token, t.Not, "not");
    case t.DoubleStar:
      return replaced(token, t.Caret, "^");
    default:
      return null;
  }
}

/** Another token over the same stretch of text. */
function replaced(token: IToken, tokenType: TokenType, image: string): IToken {
  const tokenTypeIdx = tokenType.tokenTypeIdx ?? token.tokenTypeIdx;
  return { ...token, image, tokenType, tokenTypeIdx, endOffset: endOf(token) - 1 };
}

/** What to say of a foreign token. */
export function explainForeign(token: IToken, text: string, source: string): Diagnostic {
  return { severity: "error", ...explain(token, text, source) };
}

type Said = Omit<Diagnostic, "severity">;

function explain(token: IToken, text: string, source: string): Said {
  const { image } = token;
  const meant = standIn(token)?.image ?? "";
  const here = (replacement: string | null): Where => at(source, spanOf(token), replacement);
  switch (token.tokenType) {
    case t.UnclosedText:
    case t.UnclosedTicked:
      return unclosed(token, source);
    case t.TrailingDot:
      return {
        code: "PHX103",
        message: `a number cannot end in a dot: ${quoted(image)}`,
        hint: `write ${quoted(meant)} or ${quoted(`${meant}.0`)}`,
        ...here(meant),
      };
    case t.LeadingDot:
      return {
        code: "PHX103",
        message: `a number cannot start with a dot: ${quoted(image)}`,
        hint: `write ${quoted(meant)}`,
        ...here(meant),
      };
    case t.AndSign:
    case t.OrSign:
    case t.Bang:
    case t.DoubleStar:
      return {
        code: "PHX110",
        message: `\`${image}\` is written \`${meant}\``,
        hint: `replace it by \`${meant}\``,
        ...here(token.tokenType === t.Bang ? "not " : meant),
      };
    case t.SingleQuoted:
      return {
        code: "PHX101",
        message: "this character cannot start anything: `'`",
        hint: `write text in double quotes: ${quoted(meant).slice(1, -1)}`,
        ...here(meant),
      };
    case t.Semicolon:
      return {
        code: "PHX112",
        message: "`;` is not needed: a declaration ends where the next one begins",
        hint: "remove it",
        ...here(""),
      };
    case t.Prime:
      return {
        code: "PHX114",
        message: "changes are written without `'`: `x = …` or `x += …`",
        notes: ["the right-hand side of a change reads the state before the event"],
        hint: "remove the `'`",
        ...here(""),
      };
    case t.Question: {
      const rewritten = rewriteChoice(text, token.startOffset);
      return {
        code: "PHX111",
        message: "a choice between two values is written `if c then a else b`",
        hint: `write ${rewritten === null ? "`if c then a else b`" : quoted(rewritten.replacement)}`,
        ...here(null),
        ...(rewritten === null ? {} : { fixes: [{ title: "write it with `if`", ...rewritten }] }),
      };
    }
    case t.Arrow: {
      const rewritten = rewriteArrow(text, token.startOffset);
      const form = "event NAME when CONDITION: CHANGES @ RATE";
      return {
        code: "PHX113",
        message:
          "`->` is the arrow of PRISM and BioNetGen; here an event says what changes, and at which rate",
        hint: `write \`${rewritten !== null && rewritten.replacement.length < 100 ? rewritten.replacement : form}\``,
        ...here(null),
        ...(rewritten === null ? {} : { fixes: [{ title: "write it as an event", ...rewritten }] }),
      };
    }
    default:
      return unknownCharacter(text, source, token.startOffset);
  }
}

interface Where {
  readonly place: Place;
  readonly fixes?: readonly Fix[];
}

/** The place of the diagnostic and, if what to write instead is known, the repair. */
function at(source: string, span: Span, replacement: string | null): Where {
  const place = { source, span };
  if (replacement === null) return { place };
  const title = replacement === "" ? "remove it" : `write ${quoted(replacement)}`;
  return { place, fixes: [{ title, span, replacement }] };
}

function unclosed(token: IToken, source: string): Said {
  const trimmed = token.image.trimEnd();
  const quote = token.tokenType === t.UnclosedText ? '"' : "`";
  const end = token.startOffset + trimmed.length;
  return {
    code: "PHX102",
    message: `this text is not closed: ${quoted(trimmed).slice(1, -1)}`,
    hint: quote === '"' ? 'add `"` before the end of the line' : "add a backtick before the end of the line",
    place: { source, span: { start: token.startOffset, end } },
    fixes: [{ title: "close it here", span: { start: end, end }, replacement: quote }],
  };
}
