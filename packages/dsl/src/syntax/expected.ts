// What the grammar expects at each place, in the user's words: chevrotain carries these to the diagnostics.
import type { IParserErrorMessageProvider } from "chevrotain";
import { quoted } from "./spans.ts";

/**
 * An expectation is "PHXnnn words": the code that a failure at this place has unless what was found says
 * more, and a noun phrase that completes "expected …".
 */
export function expectation(words: string, code = "PHX117"): string {
  return `${code} ${words}`;
}

/** Splits what `expectation` joined. */
export function readExpectation(message: string): { readonly code: string; readonly words: string } {
  return { code: message.slice(0, 6), words: message.slice(7) };
}

/** A name that a declaration introduces; `noun` says of what. */
export function newName(noun: string): string {
  return expectation(`${nameWords}${noun}`, "PHX105");
}
const nameWords = "a name for the ";

/** What the name would have named, if the words are those of `newName`. */
export function namedThing(words: string): string | null {
  return words.startsWith(nameWords) ? words.slice(nameWords.length) : null;
}

export const expected = {
  value: "PHX117 a value",
  thenValue: "PHX117 `then` and a value",
  elseValue: "PHX109 `else` and a value",
  closeParenthesis: "PHX117 an operator or `)`",
  closeArguments: "PHX117 `,` or `)`",
  closeBracket: "PHX117 `,` or `]`",
  closeBrace: "PHX117 `,` or `}`",
  rangeDots: "PHX115 `..` and the other end of the range",
  loopIn: "PHX117 `in` and a range",
  colonBeforeChanges: "PHX117 `:` and the changes",
  changedCell: "PHX117 the state cell that changes",
  changeSign: "PHX117 `=`, `+=` or `-=`",
  fileName: "PHX117 a file name in double quotes",
  givesValue: "PHX117 `=` and a value",
  stateIn: "PHX117 `in` and a range, `{…}` with names, or `bool`",
  stopWhen: "PHX117 `when` and a condition",
  law: "PHX117 a prior law such as `gamma(2, 1)`",
  lawArguments: "PHX117 `(` and the arguments of the law",
  eventName: "PHX117 the name of an event",
  epochName: "PHX117 the name of an epoch",
  dataName: "PHX117 the name of a `data` declaration",
  rewardName: "PHX117 the name of a reward",
  covariateName: "PHX117 the name of a covariate",
  enumMember: "PHX117 a value of the state after the dot",
  observation: "PHX117 `stop`, `reward` or `path`",
  observeColon: "PHX117 `:` and what a row is: `stop`, `reward` or `path`",
  pathBy: "PHX117 `by` and the column that tells subjects apart",
  observedAt: "PHX117 `at` and the column of times",
  pathComma: "PHX117 `,` and the observed state",
  model: "PHX104 `model` and a name",
  epochTime: "PHX117 `from` and the time at which the epoch begins",
  dataFile: "PHX117 `from` and a file name in double quotes",
  nothingMore: "PHX117 an operator or the next declaration",
} as const;

/** The rate of the event that has this name. */
export function expectedRate(event: string): string {
  return expectation(`\`@\` and a rate after the changes of event ${quoted(event)}`, "PHX106");
}

/** Lets only expectations through: chevrotain's own messages print names of tokens and rules. */
export const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: () => expected.value,
  buildNotAllInputParsedMessage: () => expected.nothingMore,
  buildNoViableAltMessage: (options) => options.customUserDescription ?? expected.value,
  buildEarlyExitMessage: (options) => options.customUserDescription ?? expected.value,
};
