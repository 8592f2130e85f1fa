// Codes 1xx: text and syntax.
import type { CodeExplanation } from "@phxlang/autodiff";

export const syntaxCodes: readonly CodeExplanation[] = [
  {
    code: "PHX101",
    severity: "error",
    title: "a character that cannot start anything",
    explanation:
      "The text holds a character that the language does not know, often a typographic quote, a long minus or a mathematical sign that came along when the text was copied from a document.",
    example: "model m\nconst n = 3 − 1",
    repair:
      "Write the sign of the keyboard that the hint names. Names are made of a to z, A to Z, 0 to 9 and `_`.",
  },
  {
    code: "PHX102",
    severity: "error",
    title: "a text that is not closed",
    explanation:
      "A text in double quotes, or a column name in backticks, must end on the line on which it begins.",
    example: 'model m\ndata visits from "cav.csv',
    repair: "Add the closing quote or backtick.",
  },
  {
    code: "PHX103",
    severity: "error",
    title: "a number with a dot at its end or its beginning",
    explanation:
      "Numbers have digits on both sides of the dot, because two dots make a range: `0..5` is the range from 0 to 5.",
    example: "model m\nconst n = 2.",
    repair: "Write `2` or `2.0`, and `0.5` for `.5`.",
  },
  {
    code: "PHX104",
    severity: "error",
    title: "no `model NAME` at the beginning",
    explanation:
      "A file holds one model, and its first declaration says its name: `model queue`, or `discrete model game` for a model in discrete steps.",
    example: "const n = 3",
    repair: "Begin the file with `model` and a name.",
  },
  {
    code: "PHX105",
    severity: "error",
    title: "a reserved word as a name",
    explanation:
      "Twenty-seven words cannot be names: model const param covariate state start stop event reward def epoch enter data observe use for in when if then else and or not true false rest. Words of clauses, such as `from`, `at`, `by`, `path` and `each`, may be names.",
    example: "model m\nparam state > 0 = 1",
    repair:
      "Choose another name, such as `state_`. A column of the data with such a name is written in backticks.",
  },
  {
    code: "PHX106",
    severity: "error",
    title: "an event without a rate",
    explanation:
      "Every event ends in `@` and its rate (in a discrete model, its probability): how often it happens in a state in which it can happen.",
    example: "model m\nevent arrive: q += 1",
    repair: "Add `@` and the rate: `event arrive: q += 1 @ lambda`.",
  },
  {
    code: "PHX107",
    severity: "error",
    title: "`=` and `==` confused",
    explanation:
      "`=` gives a value: it defines a name or sets a cell of the state. `==` compares two values and is true or false.",
    example: "model m\nstop when k = 1",
    repair: "Write `==` in conditions, `=` in definitions and changes.",
  },
  {
    code: "PHX108",
    severity: "error",
    title: "chained comparisons",
    explanation:
      "A comparison is yes or no, and yes or no cannot be compared with a number; `0 < k < n` has no meaning of its own here.",
    example: "model m\nstop when 0 < k < 3",
    repair: "Write both comparisons and join them: `0 < k and k < n`.",
  },
  {
    code: "PHX109",
    severity: "error",
    title: "`if` without `else`",
    explanation: "`if` chooses between two values, and an expression has a value in every state.",
    example: "model m\nreward r = if k > 1 then 2",
    repair: "Add `else` and the value that it has otherwise, often 0.",
  },
  {
    code: "PHX110",
    severity: "error",
    title: "an operator of another language",
    explanation: "Conditions are joined by the words `and`, `or`, `not`; powers are written with `^`.",
    example: "model m\nstop when k == 1 && q == 0",
    repair: "Write `and` for `&` and `&&`, `or` for `|` and `||`, `not` for `!`, `^` for `**`.",
  },
  {
    code: "PHX111",
    severity: "error",
    title: "a choice written with `?` and `:`",
    explanation: "A choice between two values is written with words, as it is read: `if c then a else b`.",
    example: "model m\ndef f = k > 1 ? 2 : 3",
    repair: "Write `if c then a else b`; several choices follow each other as `else if`.",
  },
  {
    code: "PHX112",
    severity: "error",
    title: "a semicolon",
    explanation:
      "Declarations need no sign at their end: each begins with a word of its own, and ends where the next one begins.",
    example: "model m\nconst n = 3;",
    repair: "Remove the semicolon.",
  },
  {
    code: "PHX113",
    severity: "error",
    title: "an arrow of another language",
    explanation:
      "PRISM writes `[name] guard -> rate : (x'=x+1);` and BioNetGen `A + B -> C rate`. Here an event says its name, its condition, what changes, and its rate.",
    example: "model m\n[arrive] q < 9 -> 2 : (q'=q+1);",
    repair:
      "Write `event NAME when CONDITION: CHANGES @ RATE`; the hint shows the line rewritten where that can be done.",
  },
  {
    code: "PHX114",
    severity: "error",
    title: "a change written with a prime",
    explanation:
      "PRISM marks the value after an event with a prime. Here a change is `x = …`, `x += …` or `x -= …`, and its right-hand side always reads the state before the event.",
    example: "model m\nevent a: x' = x + 1 @ 2",
    repair: "Remove the prime; write `x += 1` for `x = x + 1`.",
  },
  {
    code: "PHX115",
    severity: "error",
    title: "a range with one end",
    explanation:
      "A range has two ends, `low..high`, and both belong to it. Cells of the state always have a smallest and a largest value: the state space is finite.",
    example: "model m\nstate q in 0..",
    repair: "Give the other end. A parameter with one bound is written `param x > 0`.",
  },
  {
    code: "PHX116",
    severity: "error",
    title: "a line that opens no declaration",
    explanation:
      "Every declaration begins with one of these words: use const param covariate state start stop event reward def epoch enter data observe.",
    example: "model m\nevnt arrive: q += 1 @ 2",
    repair: "Correct the word; the hint names the nearest one.",
  },
  {
    code: "PHX117",
    severity: "error",
    title: "something else was expected here",
    explanation:
      "The declaration cannot go on in this way. The message says what may stand here and what does.",
    example: "model m\nconst n 3",
    repair: "Write what is expected; `docs/language.md` shows the form of each declaration.",
  },
  {
    code: "PHX118",
    severity: "error",
    title: "nested too deeply",
    explanation:
      "Expressions may be nested 200 levels deep. Long sums, long `and`/`or` chains and long `else if` ladders do not count as nesting.",
    repair: "Give an inner part a name with `def`, or drop parentheses that are not needed.",
  },
  {
    code: "PHX119",
    severity: "error",
    title: "a number that is too large",
    explanation: "Numbers are 64-bit floating-point numbers; the largest is about 1.8e308.",
    example: "model m\nconst n = 1e999",
    repair: "Write a smaller number, or leave the bound out if infinity was meant.",
  },
];
