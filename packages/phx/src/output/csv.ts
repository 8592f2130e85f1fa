// Tables as CSV text: exact numbers, quoting where needed.
import { exactNumber } from "./numbers.ts";
import type { Column } from "./table.ts";

/** Header row and rows, each ended by a newline. */
export function renderCsv(columns: readonly Column[]): string {
  const rowCount = Math.max(0, ...columns.map((column) => column.cells.length));
  const lines = [columns.map((column) => quoted(column.title)).join(",")];
  for (let row = 0; row < rowCount; row++) {
    lines.push(columns.map((column) => cell(column.cells[row])).join(","));
  }
  return `${lines.join("\n")}\n`;
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return "";
  return typeof value === "number" ? exactNumber(value) : quoted(value);
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
