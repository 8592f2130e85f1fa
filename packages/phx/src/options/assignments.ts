// Reading NAME=VALUE options: constants, parameters, covariates and data files.
import { unreadable } from "./declaration.ts";
import { readNumber } from "./numbers.ts";

/** A number, yes or no, or the entries of an array parameter or list constant, nested as written. */
export type Value = number | boolean | readonly Value[];

const assignment = /^\s*([A-Za-z_]\w*(?:\[[\d,\s-]+\])?)\s*=(.*)$/s;

/**
 * `n=20`, `alpha=[0.1,0.9]`, `alpha=0.1,0.9`, `a=1,b=2` or `alpha[1]=0.1`; later texts win. Names keep their index
 * as written, without blanks.
 */
export function readAssignments(texts: readonly string[]): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const text of texts) {
    for (const [name, valueText] of splitAssignments(text)) {
      values.delete(name);
      values.set(name, readValue(valueText));
    }
  }
  return values;
}

/** `visits=data/cav.csv`: names and paths. */
export function readPaths(texts: readonly string[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const text of texts) {
    const match = /^\s*([A-Za-z_]\w*)\s*=(.+)$/s.exec(text);
    // A bare path is allowed where the model names a single data set.
    if (match === null) paths.set("", text);
    else paths.set(match[1], match[2]);
  }
  return paths;
}

/** True if the text begins with a name and an equals sign. */
export function isAssignment(text: string): boolean {
  return assignment.test(text);
}

/** Splits at commas that are followed by `NAME=` and stand outside of brackets. */
function splitAssignments(text: string): [string, string][] {
  const parts: [string, string][] = [];
  for (const piece of splitAtCommas(text)) {
    const match = assignment.exec(piece);
    if (match !== null) parts.push([match[1].replace(/\s/g, ""), match[2]]);
    else if (parts.length > 0) parts[parts.length - 1][1] += `,${piece}`;
    else throw unreadable(`"${piece}" gives no name a value`, "write NAME=VALUE, such as n=20");
  }
  return parts;
}

function splitAtCommas(text: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "[") depth++;
    else if (text[index] === "]") depth--;
    else if (text[index] === "," && depth === 0) {
      pieces.push(text.slice(start, index));
      start = index + 1;
    }
  }
  pieces.push(text.slice(start));
  return pieces;
}

function readValue(text: string): Value {
  const trimmed = text.trim();
  if (trimmed.startsWith("[") && trimmed.endsWith("]")) {
    return splitAtCommas(trimmed.slice(1, -1)).map(readValue);
  }
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  const pieces = splitAtCommas(trimmed);
  return pieces.length === 1 ? readNumber(trimmed) : pieces.map(readValue);
}
