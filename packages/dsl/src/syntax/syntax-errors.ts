// From a failed expectation of the grammar to a diagnostic in the user's words (PHX104 to 107, 109, 115 to 117).
import type { Diagnostic, Place, Span } from "@phxlang/autodiff";
import type { IRecognitionException, IToken } from "chevrotain";
import { confusedSign } from "./confused-signs.ts";
import { expected, namedThing, readExpectation } from "./expected.ts";
import { endsOperand, isDeclarationWord } from "./failure.ts";
import type { Failure, Said, Surroundings } from "./failure.ts";
import { opensLine } from "./segments.ts";
import { endOf, quoted, spanOf } from "./spans.ts";
import { strayWord } from "./stray-word.ts";
import * as t from "./tokens.ts";

/** The diagnostic for the first error that the parser met in a segment. */
export function explainSyntaxError(error: IRecognitionException, around: Surroundings): Diagnostic {
  const { tokens } = around;
  const index = tokens.indexOf(error.token);
  const at = index === -1 ? tokens.length : index;
  const failure: Failure = {
    ...readExpectation(error.message),
    found: tokens[at] ?? null,
    previous: tokens[at - 1] ?? null,
    beforePrevious: tokens[at - 2] ?? null,
    around,
  };
  const said =
    confusedSign(failure) ??
    strayWord(failure) ??
    reservedName(failure) ??
    missingPart(failure) ??
    plain(failure);
  const { span, ...rest } = said;
  return { severity: "error", ...rest, place: { source: around.source, span } };
}

// Words in the wrong place ---------------------------------------------------------------------------------

function reservedName(failure: Failure): Said | null {
  const { found, code, words, around, previous } = failure;
  if (found === null || !t.isReserved(found)) return null;
  const span = spanOf(found);
  const word = found.image;
  const thing = code === "PHX105" ? namedThing(words) : null;
  const rename = { title: `call it \`${word}_\``, span, replacement: `${word}_` };
  if (thing !== null) {
    return {
      code: "PHX105",
      message: `\`${word}\` is a reserved word and cannot name ${article(thing)} ${thing}`,
      span,
      hint: `call it \`${word}_\``,
      fixes: [rename],
    };
  }
  const wantsValue = words === readExpectation(expected.value).words;
  const observing = around.tokens.some((token) => token.tokenType === t.Observe);
  const followsValueSign = previous !== null && !endsOperand(previous);
  if (!wantsValue || !followsValueSign) return null;
  if (observing && (isDeclarationWord(found) || found.tokenType === t.Rest)) {
    return {
      code: "PHX105",
      message: `\`${word}\` is a reserved word and cannot name a column as it stands`,
      span,
      hint: `write \`\` \`${word}\` \`\` in backticks if it is a column`,
      fixes: [{ title: "put it in backticks", span, replacement: `\`${word}\`` }],
    };
  }
  if (found.tokenType === t.Rest) {
    return {
      code: "PHX105",
      message: "`rest` is a reserved word: it stands alone after the `@` of an event and is no value",
      span,
      hint: "write `@ rest` with nothing else",
    };
  }
  if (!isDeclarationWord(found)) return null;
  return {
    code: "PHX105",
    message: `\`${word}\` is a reserved word and cannot name a value`,
    span,
    hint: `call it \`${word}_\` where it is declared and here`,
    fixes: [rename],
  };
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? "an" : "a";
}

// Missing parts --------------------------------------------------------------------------------------------

/** Declarations longer than this are not written out in a hint. */
const longestExample = 80;

function missingPart(failure: Failure): Said | null {
  const { found, previous, code, words } = failure;
  const span = missingSpan(failure);
  if (code === "PHX106") {
    const written = oneLine(failure.around, previous) + (previous?.tokenType === t.AtSign ? " 1" : " @ 1");
    const hint =
      written.length > longestExample
        ? "add `@` and its rate at the end, as in `… @ 2 * q`"
        : `write \`${written}\` with your rate for the 1`;
    return { code, message: `expected ${words}`, span, hint };
  }
  if (code === "PHX109") {
    const elseIf = found !== null && /^el(?:se)?s?if$/.test(found.image);
    return {
      code,
      message: "`if` needs an `else`: every expression has a value",
      span,
      hint: elseIf
        ? `write \`else if\` for \`${found.image}\``
        : "add `else 0`, or the value that it has otherwise",
      fixes: elseIf
        ? [{ title: "write `else if`", span: spanOf(found), replacement: "else if" }]
        : [
            {
              title: "add `else 0`",
              span: { start: span.start, end: span.start },
              replacement: found === null || span.end === span.start ? " else 0" : "else 0 ",
            },
          ],
    };
  }
  const wantsValue = words === readExpectation(expected.value).words;
  const afterDots = wantsValue && previous?.tokenType === t.DotDot;
  if (code === "PHX115" || afterDots || (wantsValue && found?.tokenType === t.DotDot)) {
    const parameter = failure.around.tokens[0].tokenType === t.Param;
    return {
      code: "PHX115",
      message: `a range needs two ends: ${quoted(rangeText(failure))}`,
      span: afterDots ? spanOf(previous) : found?.tokenType === t.DotDot ? spanOf(found) : span,
      hint: parameter
        ? "write both ends, as in `in 0..1`, or one bound, as in `> 0`"
        : afterDots
          ? "states are bounded: give the largest value"
          : "write it as `0..K`: the smallest value, two dots, the largest value",
    };
  }
  return null;
}

/** The range as far as it is written: from the `in` before it to the end of its line. */
function rangeText(failure: Failure): string {
  const { around, previous } = failure;
  const last = failure.found?.tokenType === t.DotDot ? failure.found : previous;
  if (last === null) return "in";
  const until = around.tokens.indexOf(last);
  let from = until;
  while (from > 0 && around.tokens[from].tokenType !== t.In && until - from < 6) from--;
  const after = failure.found?.tokenType === t.DotDot ? around.tokens[until + 1] : undefined;
  const end = after !== undefined && after.tokenType === t.NumberToken ? after : last;
  return around.text.slice(around.tokens[from].startOffset, endOf(end)).replaceAll(/\s+/g, " ");
}

/** The declaration up to a token, on one line. */
function oneLine(around: Surroundings, last: IToken | null): string {
  const from = around.tokens.findLastIndex(
    (token) => isDeclarationWord(token) && token.startOffset <= (last?.startOffset ?? 0),
  );
  const parts = around.tokens.slice(Math.max(from, 0), last === null ? 1 : around.tokens.indexOf(last) + 1);
  const start = parts[0].startOffset;
  return around.text
    .slice(start, endOf(parts.at(-1) ?? parts[0]))
    .replaceAll(/#[^\n\r]*/g, "")
    .replaceAll(/\s+/g, " ");
}

/** Where something is missing: what stands there instead, or the place after the last token of the line. */
function missingSpan(failure: Failure): Span {
  const { found, previous, around } = failure;
  if (found !== null && (previous === null || !opensLine(around.text, found.startOffset)))
    return spanOf(found);
  const end = previous === null ? 0 : endOf(previous);
  return { start: end, end };
}

// All others -----------------------------------------------------------------------------------------------

function plain(failure: Failure): Said {
  const { found, previous, around } = failure;
  const words = failure.words === "a value" ? valueWords(previous) : failure.words;
  const span = found === null ? missingSpan(failure) : spanOf(found);
  const open = /`[)\]}]`/.test(words) ? openBracket(around.tokens, found) : null;
  const message =
    found === null
      ? `expected ${words}, but the declaration ends here`
      : `expected ${words}, found ${quoted(found.image)}`;
  const hint = plainHint(failure);
  const related: Place[] =
    open === null ? [] : [{ source: around.source, span: spanOf(open), label: "opened here" }];
  return {
    code: failure.code === "PHX105" ? "PHX117" : failure.code,
    message,
    span,
    ...(related.length === 0 ? {} : { related }),
    ...(hint === undefined ? {} : { hint }),
  };
}

function valueWords(previous: IToken | null): string {
  if (previous === null) return "a value";
  if (previous.tokenType === t.AtSign) return "a rate or weight after `@`";
  if (previous.tokenType === t.OpenParenthesis || previous.tokenType === t.OpenBracket) return "a value";
  return `a value after ${quoted(previous.image)}`;
}

function plainHint(failure: Failure): string | undefined {
  const { found, previous, words, around } = failure;
  const opening = around.tokens[0];
  if (found?.tokenType === t.If && words === "a value")
    return "put parentheses around the `if … then … else …`";
  if (previous !== null && found !== null && !opensLine(around.text, found.startOffset)) {
    const times = previous.tokenType === t.NumberToken || previous.tokenType === t.CloseParenthesis;
    if (times && endsOperand(found, true) && found.tokenType !== t.Text && isArithmeticPlace(words)) {
      return `to multiply write ${quoted(`${previous.image} * ${found.image}`)}`;
    }
    if (words.startsWith("`:`") && found.tokenType === t.If)
      return "a condition of an event is written after `when`";
    if (words.startsWith("`:`") && (found.tokenType === t.And || found.tokenType === t.Comma)) {
      return "write all loops after one `for` with commas between, then one `when`";
    }
  }
  if (words.startsWith("`=` and a value") && opening.tokenType === t.Const)
    return "every constant has a value: `const n = 5`";
  if (words.startsWith("`in` and a range, ")) return "say which values it takes: `state q in 0..10`";
  if (words === "a file name in double quotes" && found?.tokenType === t.Identifier) {
    return `write ${quoted(`"${found.image}"`)}`;
  }
  return undefined;
}

function isArithmeticPlace(words: string): boolean {
  return words.includes("operator") || words.startsWith("`,`") || words.startsWith("`:`");
}

/** The bracket that is still open where the error lies. */
function openBracket(tokens: readonly IToken[], found: IToken | null): IToken | null {
  const open: IToken[] = [];
  for (const token of tokens) {
    if (token === found) break;
    if ("([{".includes(token.image)) open.push(token);
    else if (")]}".includes(token.image)) open.pop();
  }
  return open.at(-1) ?? null;
}
