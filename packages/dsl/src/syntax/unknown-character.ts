// PHX101: characters that no token begins with, and what was probably meant.
import type { Diagnostic, Span } from "@phxlang/autodiff";
import { quoted } from "./spans.ts";

interface Meant {
  /** What to write instead, where that can simply be put in place. */
  readonly replacement?: string;
  readonly hint: string;
}

const meanings: Readonly<Record<string, Meant>> = {
  "“": { replacement: '"', hint: 'write text in straight double quotes: "…"' },
  "”": { replacement: '"', hint: 'write text in straight double quotes: "…"' },
  "„": { replacement: '"', hint: 'write text in straight double quotes: "…"' },
  "«": { replacement: '"', hint: 'write text in straight double quotes: "…"' },
  "»": { replacement: '"', hint: 'write text in straight double quotes: "…"' },
  "‘": {
    replacement: "`",
    hint: 'write text in straight double quotes ("…") and columns in backticks (`…`)',
  },
  "’": {
    replacement: "`",
    hint: 'write text in straight double quotes ("…") and columns in backticks (`…`)',
  },
  "'": { replacement: '"', hint: 'write text in double quotes: "…"' },
  "−": { replacement: "-", hint: "write the minus of the keyboard: `-`" },
  "–": { replacement: "-", hint: "write the minus of the keyboard: `-`" },
  "—": { replacement: "-", hint: "write the minus of the keyboard: `-`" },
  "×": { replacement: "*", hint: "write `*`" },
  "·": { replacement: "*", hint: "write `*`" },
  "÷": { replacement: "/", hint: "write `/`" },
  "≤": { replacement: "<=", hint: "write `<=`" },
  "≥": { replacement: ">=", hint: "write `>=`" },
  "≠": { replacement: "!=", hint: "write `!=`" },
  "∧": { replacement: "and", hint: "write `and`" },
  "∨": { replacement: "or", hint: "write `or`" },
  "¬": { replacement: "not ", hint: "write `not`" },
  "…": { replacement: "..", hint: "write a range with two dots: `..`" },
  "→": { hint: "write `event NAME when CONDITION: CHANGES @ RATE`" },
  "²": { replacement: "^2", hint: "write `^2`" },
  "³": { replacement: "^3", hint: "write `^3`" },
  "½": { replacement: "(1 / 2)", hint: "write `1 / 2`" },
  "∞": { hint: "leave the bound out, or give the largest value" },
  "%": { hint: "write the remainder of a division as `mod(a, b)`, a comment after `#`" },
  $: { hint: "names are written without a sign before them" },
  "\\": { hint: "a declaration goes on over lines by itself; remove it" },
};

const greek: Readonly<Record<string, string>> = {
  α: "alpha",
  β: "beta",
  γ: "gamma",
  δ: "delta",
  ε: "epsilon",
  ζ: "zeta",
  η: "eta",
  θ: "theta",
  κ: "kappa",
  λ: "lambda",
  μ: "mu",
  µ: "mu",
  ν: "nu",
  ξ: "xi",
  π: "pi",
  ρ: "rho",
  σ: "sigma",
  τ: "tau",
  φ: "phi",
  χ: "chi",
  ψ: "psi",
  ω: "omega",
};

/** What is said of the character at an offset, which no token begins with. */
export function unknownCharacter(text: string, source: string, offset: number): Omit<Diagnostic, "severity"> {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0xfffd);
  const span = { start: offset, end: offset + character.length };
  const meant = meanings[character] ?? letter(character);
  const fix = quotation(text, offset, meant.replacement) ?? { span, replacement: meant.replacement };
  const { replacement } = fix;
  return {
    code: "PHX101",
    message: `this character cannot start anything: ${printable(character)}`,
    place: { source, span },
    hint: meant.hint,
    ...(replacement === undefined
      ? {}
      : { fixes: [{ title: `write ${quoted(replacement)}`, span: fix.span, replacement }] }),
  };
}

/** A text between typographic quotes, with straight ones; null if none opens here and closes on this line. */
function quotation(
  text: string,
  offset: number,
  quote: string | undefined,
): { readonly span: Span; readonly replacement: string } | null {
  const line = /^[^\n\r]*/.exec(text.slice(offset, offset + longestQuotation))?.[0] ?? "";
  const found = /^(?:[“”„«»]([^“”„«»"]*)[“”„«»]|[‘’]([^‘’`]*)[‘’])/.exec(line);
  if (found === null || quote === undefined) return null;
  const span = { start: offset, end: offset + found[0].length };
  return { span, replacement: quote + (found[1] ?? found[2]) + quote };
}

/** Longer texts between typographic quotes are repaired one quote at a time. */
const longestQuotation = 1000;

function letter(character: string): Meant {
  const spelled = greek[character];
  if (spelled !== undefined) return { replacement: spelled, hint: `spell the letter: \`${spelled}\`` };
  if (/\p{L}/u.test(character)) {
    return { hint: "names are made of the letters a to z, digits and `_`; put column names in backticks" };
  }
  return { hint: "remove it" };
}

function printable(character: string): string {
  return /[\p{C}\p{Z}]/u.test(character)
    ? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`
    : `\`${character}\``;
}
