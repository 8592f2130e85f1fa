// Tables of text cells, read from CSV; every later complaint can name row and column.
import { PhxError } from "@phxlang/autodiff";
import { csvParseRows, tsvParseRows } from "d3-dsv";

/** Rows of text cells under named columns. `rowNumbers[i]` is the line of row i, the header being 1. */
export interface DataTable {
  /** As messages call it: the path as given. */
  readonly source: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly rowNumbers: readonly number[];
}

/**
 * Reads a header row and rows of as many cells each. Cells stay text, without blanks around them: what a column
 * means is the model's to say. Blank lines are skipped. Tabs separate cells in `.tsv` files, commas elsewhere.
 * Throws PHX601 for an empty table, a bad header or a row of another length.
 */
export function readTable(text: string, source: string): DataTable {
  const parseRows = source.toLowerCase().endsWith(".tsv") ? tsvParseRows : csvParseRows;
  const rows: string[][] = [];
  const rowNumbers: number[] = [];
  let columns: string[] | undefined;
  parseRows(text.replace(/^\uFEFF/, ""), (cells, index) => {
    const trimmed = cells.map((cell) => cell.trim());
    if (trimmed.every((cell) => cell === "")) return null;
    if (columns === undefined) {
      columns = checkHeader(trimmed, source);
      return null;
    }
    if (trimmed.length !== columns.length)
      throw wrongLength(trimmed.length, columns.length, index + 1, source);
    rows.push(trimmed);
    rowNumbers.push(index + 1);
    return null;
  });
  if (columns === undefined)
    throw broken(`"${source}" is empty`, "a table needs a header row and at least one row of data");
  if (rows.length === 0)
    throw broken(`"${source}" has a header and no rows`, "there is nothing to learn from an empty table");
  return { source, columns, rows, rowNumbers };
}

function checkHeader(columns: string[], source: string): string[] {
  const empty = columns.indexOf("");
  if (empty >= 0)
    throw broken(
      `column ${empty + 1} of "${source}" has no name`,
      "the first row of a table names its columns",
    );
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined)
    throw broken(`"${source}" has two columns called \`${twice}\``, "a column is found by its name");
  return columns;
}

function wrongLength(found: number, expected: number, row: number, source: string): PhxError {
  return broken(
    `row ${row} of "${source}" has ${found} ${found === 1 ? "cell" : "cells"}, the header has ${expected}`,
    found > expected
      ? "a text with a comma in it must stand in double quotes"
      : "every row needs a cell for every column",
  );
}

function broken(what: string, why: string): PhxError {
  return new PhxError({
    code: "PHX601",
    what,
    why,
    fix: "repair the file, or give another one: --data NAME=PATH",
  });
}
