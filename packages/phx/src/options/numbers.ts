// Reading numbers, lists of numbers and times from the texts of options.
import { last, unreadable } from "./declaration.ts";

const numeral = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** A decimal number; no blanks, units, hexadecimal, infinities or empty text. */
export function readNumber(text: string): number {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (!numeral.test(trimmed))
    throw unreadable(`"${text}" is not a number`, "write a decimal number, such as 0.25 or 1e-3");
  if (!Number.isFinite(value))
    throw unreadable(`${text} is too large for a double`, "write a number below 1.7e308");
  return value;
}

export function readWholeNumber(lower: number, upper: number): (texts: readonly string[]) => number {
  return (texts) => {
    const value = readNumber(last(texts));
    if (!Number.isInteger(value) || value < lower || value > upper) {
      const range = upper >= Number.MAX_SAFE_INTEGER ? `from ${lower}` : `from ${lower} to ${upper}`;
      throw unreadable(`${last(texts)} is not a whole number ${range}`, `write a whole number ${range}`);
    }
    return value;
  };
}

/** A comma-separated list of numbers. */
export function readNumberList(text: string): number[] {
  return text.split(",").map(readNumber);
}

const longestGrid = 10_000_000;

/**
 * Times: numbers and grids `from:to:step`, separated by commas. A grid holds its end if the step meets it to within
 * one part in 10⁹. Times must not be negative.
 */
export function readTimes(texts: readonly string[]): Float64Array {
  const times: number[] = [];
  for (const part of last(texts).split(",")) {
    if (!part.includes(":")) {
      times.push(readNumber(part));
      continue;
    }
    for (const time of readGrid(part)) times.push(time);
  }
  const negative = times.find((time) => time < 0);
  if (negative !== undefined)
    throw unreadable(
      `time ${negative} is negative`,
      "times are counted from the start of the process: give times ≥ 0",
    );
  return Float64Array.from(times);
}

function readGrid(part: string): number[] {
  const ends = part.split(":");
  if (ends.length !== 3) {
    throw unreadable(
      `"${part}" is not a grid of times`,
      "write from:to:step, such as 0:10:0.1, or a list such as 1,2,5",
    );
  }
  const [from, to, step] = ends.map(readNumber);
  if (!(step > 0)) throw unreadable(`the step of the grid "${part}" is ${step}`, "give a step > 0");
  if (to < from) throw unreadable(`the grid "${part}" ends before it begins`, `write ${to}:${from}:${step}`);
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > longestGrid) {
    throw unreadable(
      `the grid "${part}" has ${count} times`,
      `take a larger step: at most ${longestGrid} times are computed at once`,
    );
  }
  return Array.from({ length: count }, (_, index) => from + index * step);
}
