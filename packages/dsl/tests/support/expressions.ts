// Random expressions of the language, each as a text and as a function that says what it means.
import { fc } from "@fast-check/vitest";

/** Where an expression is evaluated: two whole-number cells, an array of cells, a yes/no cell, two parameters. */
export interface Point {
  readonly p: number;
  readonly q: number;
  readonly b: readonly number[];
  readonly open: boolean;
  readonly mu: number;
  readonly nu: number;
}

export interface Meant<T> {
  /** Parenthesised where it needs to be. */
  readonly text: string;
  readonly value: (at: Point) => T;
}

/** The declarations that the expressions read; `p` and `q` go through all their values. */
export const declarations = `
param mu > 0 = 1
param nu > 0 = 1

state p in 0..3
state q in 0..3
state b[1..3] in 0..2
state open in bool
`;

const number = (text: string, value: (at: Point) => number): Meant<number> => ({ text, value });

function binomial(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return Math.round(ways);
}

const leaves: fc.Arbitrary<Meant<number>> = fc.oneof(
  fc.integer({ min: 0, max: 4 }).map((n) => number(String(n), () => n)),
  fc.constantFrom(
    number("p", (at) => at.p),
    number("q", (at) => at.q),
    number("b[2]", (at) => at.b[1]),
    number("b[1 + mod(p, 3)]", (at) => at.b[at.p % 3]),
    number("sum(b[i] for i in 1..3)", (at) => at.b[0] + at.b[1] + at.b[2]),
    number("sum(i * b[i] for i in 1..3 when b[i] > 0)", (at) =>
      at.b.reduce((sum, b, i) => sum + (i + 1) * b, 0),
    ),
    number("count(b[i] == q for i in 1..3)", (at) => at.b.filter((b) => b === at.q).length),
    number("product(b[i] + 1 for i in 1..q when i <= 3)", (at) =>
      at.b.slice(0, at.q).reduce((product, b) => product * (b + 1), 1),
    ),
    number("max(b[i] for i in 1..3)", (at) => Math.max(...at.b)),
    number("choose(p + 1, q)", (at) => binomial(at.p + 1, at.q)),
    number("factorial(q)", (at) => [1, 1, 2, 6][at.q]),
  ),
);

/** Whole numbers of the state. */
export const wholeNumbers: fc.Arbitrary<Meant<number>> = fc.letrec<{
  number: Meant<number>;
  truth: Meant<boolean>;
}>((tie) => ({
  number: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaves,
    fc
      .tuple(tie("number"), fc.constantFrom("+", "-", "*"), tie("number"))
      .map(([a, operator, b]) =>
        number(`(${a.text} ${operator} ${b.text})`, (at) => arithmetic(operator, a.value(at), b.value(at))),
      ),
    fc
      .tuple(fc.constantFrom("min", "max"), tie("number"), tie("number"))
      .map(([name, a, b]) =>
        number(`${name}(${a.text}, ${b.text})`, (at) =>
          name === "min" ? Math.min(a.value(at), b.value(at)) : Math.max(a.value(at), b.value(at)),
        ),
      ),
    tie("number").map((a) => number(`abs(-${wrapped(a.text)})`, (at) => Math.abs(a.value(at)))),
    fc
      .tuple(tie("number"), fc.integer({ min: 1, max: 3 }))
      .map(([a, n]) => number(`div(${a.text}, ${n})`, (at) => Math.floor(a.value(at) / n))),
    fc
      .tuple(tie("number"), fc.integer({ min: 1, max: 3 }))
      .map(([a, n]) => number(`mod(${a.text}, ${n})`, (at) => a.value(at) - n * Math.floor(a.value(at) / n))),
    fc
      .tuple(tie("truth"), tie("number"), tie("number"))
      .map(([c, a, b]) =>
        number(`(if ${c.text} then ${a.text} else ${b.text})`, (at) =>
          c.value(at) ? a.value(at) : b.value(at),
        ),
      ),
  ),
  truth: truths(tie("number"), tie("truth")),
})).number;

function wrapped(text: string): string {
  return text.startsWith("(") ? text : `(${text})`;
}

function arithmetic(operator: string, a: number, b: number): number {
  return operator === "+" ? a + b : operator === "-" ? a - b : a * b;
}

function truths(
  numbers: fc.Arbitrary<Meant<number>>,
  inner: fc.Arbitrary<Meant<boolean>>,
): fc.Arbitrary<Meant<boolean>> {
  const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
    "==": (a, b) => a === b,
    "!=": (a, b) => a !== b,
    "<": (a, b) => a < b,
    "<=": (a, b) => a <= b,
    ">": (a, b) => a > b,
    ">=": (a, b) => a >= b,
  };
  return fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Meant<boolean>>(
      { text: "open", value: (at) => at.open },
      { text: "any(b[i] > 1 for i in 1..3)", value: (at) => at.b.some((b) => b > 1) },
      {
        text: "all(b[i] > 0 for i in 1..p when i < 4)",
        value: (at) => at.b.slice(0, at.p).every((b) => b > 0),
      },
      // The index is inside only where the first condition holds.
      { text: "(q > 0 and b[q] == 1)", value: (at) => at.q > 0 && at.b[at.q - 1] === 1 },
    ),
    fc
      .tuple(numbers, fc.constantFrom(...Object.keys(comparisons)), numbers)
      .map(([a, operator, b]): Meant<boolean> => ({
        text: `(${a.text} ${operator} ${b.text})`,
        value: (at) => comparisons[operator](a.value(at), b.value(at)),
      })),
    fc.tuple(inner, fc.constantFrom("and", "or"), inner).map(([a, operator, b]): Meant<boolean> => ({
      text: `(${a.text} ${operator} ${b.text})`,
      value: (at) => (operator === "and" ? a.value(at) && b.value(at) : a.value(at) || b.value(at)),
    })),
    inner.map((a): Meant<boolean> => ({ text: `(not ${a.text})`, value: (at) => !a.value(at) })),
  );
}

/** Conditions on the state. */
export const conditions: fc.Arbitrary<Meant<boolean>> = truths(
  wholeNumbers,
  truths(
    wholeNumbers,
    fc.constant({
      text: "(p < q)",
      value: (at: Point) => at.p < at.q,
    }),
  ),
);

/** Expressions of the state and of parameters that have a value everywhere. */
export const rates: fc.Arbitrary<Meant<number>> = fc.letrec<{ rate: Meant<number> }>((tie) => ({
  rate: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(
      number("mu", (at) => at.mu),
      number("nu", (at) => at.nu),
      number("mu / (q + nu)", (at) => at.mu / (at.q + at.nu)),
      number("exp(-nu * p)", (at) => Math.exp(-at.nu * at.p)),
      number("sqrt(mu + q)", (at) => Math.sqrt(at.mu + at.q)),
      number("(if nu > 1 then mu else q)", (at) => (at.nu > 1 ? at.mu : at.q)),
      number("(mu + q)^2", (at) => (at.mu + at.q) ** 2),
      number("(1 - mu)", (at) => 1 - at.mu),
    ),
    wholeNumbers,
    fc
      .tuple(tie("rate"), fc.constantFrom("+", "-", "*"), tie("rate"))
      .map(([a, operator, b]) =>
        number(`(${a.text} ${operator} ${b.text})`, (at) => arithmetic(operator, a.value(at), b.value(at))),
      ),
    tie("rate").map((a) => number(`(${a.text} / (2 * mu))`, (at) => a.value(at) / (2 * at.mu))),
    fc
      .tuple(conditions, tie("rate"), tie("rate"))
      .map(([c, a, b]) =>
        number(`(if ${c.text} then ${a.text} else ${b.text})`, (at) =>
          c.value(at) ? a.value(at) : b.value(at),
        ),
      ),
  ),
})).rate;
