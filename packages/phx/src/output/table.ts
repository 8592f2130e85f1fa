// Tables for people: aligned columns, numbers aligned at the decimal point.
import { readableNumber } from "./numbers.ts";
import type { Style } from "./style.ts";

export interface Column {
  readonly title: string;
  readonly cells: readonly (string | number)[];
}

/** Lines of a table, each ended by a newline. A column of numbers is aligned at the decimal point. */
export function renderTable(columns: readonly Column[], style: Style, indent = ""): string {
  const blocks = columns.map(layOut);
  const rowCount = Math.max(0, ...blocks.map((block) => block.cells.length));
  const lines = [
    line(blocks.map((block) => block.title)),
    line(blocks.map((block) => "─".repeat(block.width))),
  ].map((text) => style("dim", text));
  for (let row = 0; row < rowCount; row++) lines.push(line(blocks.map((block) => block.cells[row] ?? "")));
  return lines.map((text) => `${indent}${text}\n`).join("");
}

function line(cells: readonly string[]): string {
  return cells.join("  ").trimEnd();
}

interface Block {
  readonly title: string;
  readonly cells: readonly string[];
  readonly width: number;
}

function layOut(column: Column): Block {
  const isNumeric = column.cells.some((cell) => typeof cell === "number");
  const texts = isNumeric ? alignAtPoint(column.cells) : column.cells.map(String);
  const width = Math.max(displayWidth(column.title), ...texts.map(displayWidth));
  const pad = isNumeric ? padStart : padEnd;
  return { title: pad(column.title, width), cells: texts.map((text) => pad(text, width)), width };
}

/** Pads on the right so that the points, or the ends of whole numbers, stand below each other. */
function alignAtPoint(cells: readonly (string | number)[]): readonly string[] {
  const texts = cells.map((cell) => (typeof cell === "number" ? readableNumber(cell) : cell));
  const tails = texts.map((text, row) => (typeof cells[row] === "number" ? text.length - pointAt(text) : 0));
  const longest = Math.max(...tails);
  return texts.map((text, row) =>
    typeof cells[row] === "number" ? text + " ".repeat(longest - tails[row]) : text,
  );
}

function pointAt(text: string): number {
  const point = text.indexOf(".");
  if (point >= 0) return point;
  const exponent = text.indexOf("e");
  return exponent >= 0 ? exponent : text.length;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Columns that a text takes in a terminal: one for each letter with its marks. */
function displayWidth(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : Array.from(graphemes.segment(text)).length;
}

function padStart(text: string, width: number): string {
  return " ".repeat(width - displayWidth(text)) + text;
}

function padEnd(text: string, width: number): string {
  return text + " ".repeat(width - displayWidth(text));
}
