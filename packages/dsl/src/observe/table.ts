// ColumnTable: the rows of a data file as texts; and what binding reports about them.
import { PhxError } from "@phxlang/autodiff";
import type { Diagnostic, Place } from "@phxlang/autodiff";
import { diagnostic, maximumErrors } from "../check/reporter.ts";
import type { Details } from "../check/reporter.ts";

/** Rows of text cells under named columns. `rowNumbers[i]` is the line of row i in its file. */
export interface ColumnTable {
  /** As messages call it. */
  readonly source: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly rowNumbers: readonly number[];
}

/** Whether a cell says that a value is not known. */
export function isMissing(cell: string): boolean {
  const text = cell.trim();
  return text === "" || text === "NA" || text === "NaN" || text === "." || text === "null";
}

/** The number that a cell holds, in decimal digits; NaN if it holds anything else. */
export function numberIn(cell: string): number {
  return decimal.test(cell) ? Number(cell) : Number.NaN;
}

/** Number() alone would read "" and " " as 0 and "0x1f" as 31. */
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** What is wrong with a row; thrown while the row is read. */
export class RowProblem extends Error {
  readonly code: string;
  readonly place: Place;
  readonly details: Details;

  /** `message` goes on after "row 17: ". */
  constructor(code: string, place: Place, message: string, details: Details) {
    super(message);
    this.code = code;
    this.place = place;
    this.details = details;
  }
}

/** A problem with the numbers of all rows that have it. */
interface Problem {
  readonly found: Diagnostic;
  readonly otherRows: number[];
}

/** Rows that are named when many have the same problem. */
const namedRows = 8;

/** Reads rows and collects what is wrong with them: each problem once, with the rows that have it. */
export class RowReader {
  readonly table: ColumnTable;
  readonly #problems = new Map<string, Problem>();

  constructor(table: ColumnTable) {
    this.table = table;
  }

  /** The result of `read`, or null after noting a problem. */
  read<T>(row: number, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      const { code, place, message, details } = error;
      const number = this.table.rowNumbers[row];
      const key = `${code} ${place.span.start} ${place.span.end}`;
      const known = this.#problems.get(key);
      if (known === undefined) this.fail(code, place, `row ${number}: ${message}`, details);
      else known.otherRows.push(number);
      return null;
    }
  }

  /** Of several with one code at one place the first is kept. */
  fail(code: string, place: Place, message: string, details: Details): void {
    const key = `${code} ${place.span.start} ${place.span.end}`;
    if (this.#problems.has(key)) return;
    const found = diagnostic("error", code, place, message, details);
    this.#problems.set(key, { found, otherRows: [] });
  }

  throwIfFailed(): void {
    if (this.#problems.size === 0) return;
    throw new PhxError([...this.#problems.values()].slice(0, maximumErrors).map(withOtherRows));
  }
}

function withOtherRows({ found, otherRows }: Problem): Diagnostic {
  if (otherRows.length === 0) return found;
  const named = otherRows.slice(0, namedRows).join(", ");
  const more = otherRows.length > namedRows ? ` and ${otherRows.length - namedRows} more` : "";
  const rows = otherRows.length === 1 ? "row" : "rows";
  return { ...found, notes: [...(found.notes ?? []), `the same is wrong with ${rows} ${named}${more}`] };
}
