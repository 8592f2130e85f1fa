// Wrong signs: `=` for `==` and the reverse (PHX107), and signs of other languages that are made of ours.
import { expected, readExpectation } from "./expected.ts";
import { endsOperand, isDeclarationWord } from "./failure.ts";
import type { Failure, Said } from "./failure.ts";
import type { IToken } from "chevrotain";
import { endOf, spanOf } from "./spans.ts";
import * as t from "./tokens.ts";

/** What to say if the sign that was found explains the failure by itself, else null. */
export function confusedSign(failure: Failure): Said | null {
  const { found, previous, beforePrevious, words } = failure;
  if (found === null || previous === null) return null;
  const next = failure.around.tokens[failure.around.tokens.indexOf(found) + 1];
  for (const [first, second] of [
    [previous, found],
    [found, next],
  ]) {
    if (second === undefined || endOf(first) !== second.startOffset) continue;
    const pair = first.image + second.image;
    const written = misspelledSigns.get(pair);
    if (written === undefined) continue;
    const span = { start: first.startOffset, end: endOf(second) };
    return {
      code: "PHX117",
      message: `\`${pair}\` is written \`${written}\``,
      span,
      hint: `replace it by \`${written}\``,
      fixes: [{ title: `write \`${written}\``, span, replacement: written }],
    };
  }
  const span = spanOf(found);
  // After the name or the bound of a parameter nothing but `=` or `~` can stand.
  const bounded =
    failure.around.tokens[0].tokenType === t.Param && words === readExpectation(expected.nothingMore).words;
  const assigning = bounded || words.startsWith("`=`");
  if (found.tokenType === t.Equal && assigning) {
    return {
      code: "PHX107",
      message: "`==` compares; to give a value write `=`",
      span,
      hint: "replace it by `=`",
      fixes: [{ title: "write `=`", span, replacement: "=" }],
    };
  }
  const justNamed = beforePrevious !== null && isDeclarationWord(beforePrevious);
  if (found.tokenType === t.Assign && endsOperand(previous) && endsExpression(words) && !justNamed) {
    return {
      code: "PHX107",
      message: "`=` gives a value; to compare write `==`",
      span,
      hint: "replace it by `==`",
      fixes: [{ title: "write `==`", span, replacement: "==" }],
    };
  }
  if (words.startsWith("`=`, `+=`") && found.tokenType !== t.Equal) return changeOperator(failure, found);
  return null;
}

/** Whether what is expected comes after an expression that could have gone on. */
function endsExpression(words: string): boolean {
  return afterExpressions.has(words) || words.startsWith("`@`");
}

const afterExpressions: ReadonlySet<string> = new Set(
  [
    expected.thenValue,
    expected.elseValue,
    expected.closeParenthesis,
    expected.closeArguments,
    expected.closeBracket,
    expected.colonBeforeChanges,
    expected.observeColon,
    expected.observedAt,
    expected.pathComma,
    expected.nothingMore,
  ].map((message) => readExpectation(message).words),
);

const misspelledSigns: ReadonlyMap<string, string> = new Map([
  ["=<", "<="],
  ["=>", ">="],
  ["<>", "!="],
  ["===", "=="],
  [":=", "="],
  ["=+", "+="],
]);

/** `q++`, `q *= 2` where a change is expected. */
function changeOperator(failure: Failure, found: IToken): Said | null {
  const { around, words } = failure;
  const at = around.tokens.indexOf(found);
  const next = around.tokens[at + 1];
  const cell = failure.previous?.image ?? "x";
  const doubled = next !== undefined && next.startOffset === endOf(found) && next.image === found.image;
  const span = doubled ? { start: found.startOffset, end: endOf(next) } : spanOf(found);
  if (doubled && (found.image === "+" || found.image === "-")) {
    const replacement = ` ${found.image}= 1`;
    return {
      code: "PHX117",
      message: `\`${found.image}${found.image}\` is written \`${found.image}= 1\``,
      span,
      hint: `write \`${cell}${replacement}\``,
      fixes: [{ title: `write \`${replacement.trim()}\``, span, replacement }],
    };
  }
  if ((found.image === "*" || found.image === "/") && next?.tokenType === t.Assign) {
    return {
      code: "PHX117",
      message: `expected ${words}, found \`${found.image}=\``,
      span: { start: found.startOffset, end: endOf(next) },
      hint: `write \`${cell} = ${cell} ${found.image} …\``,
    };
  }
  return null;
}
