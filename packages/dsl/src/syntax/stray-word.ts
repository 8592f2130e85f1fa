// PHX116 and PHX104: what stands after a complete declaration and opens none.
import { didYouMean } from "../names/index.ts";
import { expected, readExpectation } from "./expected.ts";
import type { Failure, Said } from "./failure.ts";
import { opensLine } from "./segments.ts";
import { quoted, spanOf } from "./spans.ts";
import * as t from "./tokens.ts";

/** Words of other languages that open declarations there. */
const borrowedWords: Readonly<Record<string, string>> = {
  constant: "const",
  parameter: "param",
  parameters: "param",
  var: "state",
  variable: "state",
  species: "state",
  init: "start",
  initial: "start",
  rule: "event",
  reaction: "event",
  transition: "event",
  absorb: "stop",
  target: "stop",
  end: "stop",
  formula: "def",
  function: "def",
  let: "def",
  import: "use",
  include: "use",
};

/** What to say of a word that opens no declaration, or null if that is not the failure. */
export function strayWord(failure: Failure): Said | null {
  const { found, words, around } = failure;
  if (found === null || words !== readExpectation(expected.nothingMore).words) return null;
  if (found.tokenType === t.Model) {
    return {
      code: "PHX104",
      message: "the first declaration must be `model NAME`, and there is only one",
      span: spanOf(found),
      hint: around.hasModel ? "one file holds one model: remove this line" : "move it to the top",
    };
  }
  if (!opensLine(around.text, found.startOffset) && failure.previous !== null) return null;
  const span = spanOf(found);
  const openers = t.declarationWords.filter((word) => word !== "model");
  const borrowed = borrowedWords[found.image.toLowerCase()];
  const hint =
    borrowed === undefined ? didYouMean(found.image, openers) : `the word for it is \`${borrowed}\``;
  const meant = /`(.*)`/.exec(hint ?? "")?.[1];
  return {
    code: "PHX116",
    message: `expected a declaration, found ${quoted(found.image)}`,
    span,
    hint: hint ?? `a declaration begins with one of ${openers.join(", ")}`,
    ...(meant === undefined ? {} : { fixes: [{ title: `write \`${meant}\``, span, replacement: meant }] }),
  };
}
