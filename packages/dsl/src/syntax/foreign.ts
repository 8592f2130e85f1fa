// Signs of other languages (PHX102, 103, 110 to 114): each is reported, and replaced by what was meant.
import type { Diagnostic, Fix, Span } from "@phxlang/autodiff";
import type { IToken, TokenType } from "chevrotain";
import { rewriteArrow, rewriteChoice } from "./rewrite.ts";
import { endOf, quoted, spanOf } from "./spans.ts";
import * as t from "./tokens.ts";

export interface Adopted {
  readonly diagnostic: Diagnostic;
  /** What takes the place of the sign; null where it is simply dropped. */
  readonly replacement: IToken | null;
  readonly fatal: boolean;
}

/** What to say of a foreign token and how to read on. */
export function adopt(token: IToken, text: string, source: string): Adopted {
  const { image } = token;
  switch (token.tokenType) {
    case t.UnclosedText:
      return unclosed(token, source, '"', t.Text);
    case t.UnclosedTicked:
      return unclosed(token, source, "`", t.Ticked);
    case t.TrailingDot: {
      const digits = image.slice(0, -1);
      return replaced(token, t.NumberToken, digits, {
        code: "PHX103",
        message: `a number cannot end in a dot: \`${image}\``,
        hint: `write \`${digits}\` or \`${digits}.0\``,
        ...at(source, spanOf(token), digits),
      });
    }
    case t.LeadingDot:
      return replaced(token, t.NumberToken, `0${image}`, {
        code: "PHX103",
        message: `a number cannot start with a dot: \`${image}\``,
        hint: `write \`0${image}\``,
        ...at(source, spanOf(token), `0${image}`),
      });
    case t.AndSign:
      return operator(token, source, t.And, "and");
    case t.OrSign:
      return operator(token, source, t.Or, "or");
    case t.Bang:
      return operator(token, source, t.Not, "not");
    case t.DoubleStar:
      return operator(token, source, t.Caret, "^");
    case t.SingleQuoted: {
      const quoted = `"${image.slice(1, -1)}"`;
      return replaced(token, t.Text, quoted, {
        code: "PHX101",
        message: "this character cannot start anything: `'`",
        hint: `write text in double quotes: ${quoted}`,
        ...at(source, spanOf(token), quoted),
      });
    }
    case t.Semicolon:
      return dropped({
        code: "PHX112",
        message: "`;` is not needed: a declaration ends where the next one begins",
        hint: "remove it",
        ...at(source, spanOf(token), ""),
      });
    case t.Prime:
      return dropped({
        code: "PHX114",
        message: `changes are written without \`'\`: \`x = …\` or \`x += …\``,
        notes: ["the right-hand side of a change reads the state before the event"],
        hint: "remove the `'`",
        ...at(source, spanOf(token), ""),
      });
    case t.Question: {
      const rewritten = rewriteChoice(text, token.startOffset);
      return fatal({
        code: "PHX111",
        message: "a choice between two values is written `if c then a else b`",
        hint: rewritten === null ? "write `if c then a else b`" : `write \`${rewritten.replacement}\``,
        ...at(source, spanOf(token), null),
        ...(rewritten === null ? {} : { fixes: [{ title: "write it with `if`", ...rewritten }] }),
      });
    }
    default: {
      // The arrow.
      const rewritten = rewriteArrow(text, token.startOffset);
      return fatal({
        code: "PHX113",
        message:
          "`->` is the arrow of PRISM and BioNetGen; here an event says what changes, and at which rate",
        hint: `write \`${rewritten?.replacement ?? "event NAME when CONDITION: CHANGES @ RATE"}\``,
        ...at(source, spanOf(token), null),
        ...(rewritten === null ? {} : { fixes: [{ title: "write it as an event", ...rewritten }] }),
      });
    }
  }
}

type Said = Omit<Diagnostic, "severity">;

/** The place of the diagnostic and, if what to write instead is known, the repair. */
function at(
  source: string,
  span: Span,
  replacement: string | null,
): { readonly place: Diagnostic["place"] & object; readonly fixes?: readonly Fix[] } {
  const place = { source, span };
  if (replacement === null) return { place };
  const title = replacement === "" ? "remove it" : `write \`${replacement}\``;
  return { place, fixes: [{ title, span, replacement }] };
}

/** Another token over the same stretch of text. */
function standIn(token: IToken, tokenType: TokenType, image: string): IToken {
  return {
    ...token,
    image,
    tokenType,
    tokenTypeIdx: tokenType.tokenTypeIdx ?? token.tokenTypeIdx,
    endOffset: endOf(token) - 1,
  };
}

function replaced(token: IToken, tokenType: TokenType, image: string, said: Said): Adopted {
  return {
    diagnostic: { severity: "error", ...said },
    replacement: standIn(token, tokenType, image),
    fatal: false,
  };
}

function dropped(said: Said): Adopted {
  return { diagnostic: { severity: "error", ...said }, replacement: null, fatal: false };
}

function fatal(said: Said): Adopted {
  return { ...dropped(said), fatal: true };
}

function operator(token: IToken, source: string, tokenType: TokenType, word: string): Adopted {
  return replaced(token, tokenType, word, {
    code: "PHX110",
    message: `\`${token.image}\` is written \`${word}\``,
    hint: `replace it by \`${word}\``,
    ...at(source, spanOf(token), token.tokenType === t.Bang ? "not " : word),
  });
}

function unclosed(token: IToken, source: string, quote: string, tokenType: TokenType): Adopted {
  const trimmed = token.image.trimEnd();
  const end = token.startOffset + trimmed.length;
  return replaced(token, tokenType, trimmed + quote, {
    code: "PHX102",
    message: `this text is not closed: ${quoted(trimmed).slice(1, -1)}`,
    hint: quote === '"' ? 'add `"` before the end of the line' : "add a backtick before the end of the line",
    place: { source, span: { start: token.startOffset, end } },
    fixes: [{ title: "close it here", span: { start: end, end }, replacement: quote }],
  });
}
