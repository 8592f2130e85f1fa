// PatternBuilder: an OperatorPattern from entries in any order.
import { OperatorPattern } from "./operator-pattern.ts";

/** Collects entries, sorts them by row (transitions before couplings, otherwise in the order given). */
export class PatternBuilder {
  readonly #rowCount: number;
  readonly #slotCount: number;
  readonly #transitions: Entries = { rows: [], columns: [], slots: [] };
  readonly #couplings: Entries = { rows: [], columns: [], slots: [] };
  readonly #exits: Entries = { rows: [], columns: [], slots: [] };

  constructor(rowCount: number, slotCount: number) {
    this.#rowCount = rowCount;
    this.#slotCount = slotCount;
  }

  /** Adds slot at (row, column) and subtracts it at (row, row). */
  transition(row: number, column: number, slot: number): void {
    append(this.#transitions, row, column, slot);
  }

  /** Adds slot at (row, column). */
  coupling(row: number, column: number, slot: number): void {
    append(this.#couplings, row, column, slot);
  }

  /** Subtracts slot at (row, row). */
  exit(row: number, slot: number): void {
    append(this.#exits, row, 0, slot);
  }

  finish(): OperatorPattern {
    const rowCount = this.#rowCount;
    const transitionOffsets = offsetsOf(this.#transitions.rows, rowCount);
    const couplingOffsets = offsetsOf(this.#couplings.rows, rowCount);
    const exitOffsets = offsetsOf(this.#exits.rows, rowCount);
    const rowOffsets = new Int32Array(rowCount + 1);
    const closingEnds = new Int32Array(rowCount);
    for (let r = 0; r < rowCount; r++) {
      closingEnds[r] = transitionOffsets[r + 1] + couplingOffsets[r];
      rowOffsets[r + 1] = transitionOffsets[r + 1] + couplingOffsets[r + 1];
    }
    const columns = new Int32Array(rowOffsets[rowCount]);
    const entrySlots = new Int32Array(rowOffsets[rowCount]);
    place(this.#transitions, rowOffsets.slice(0, rowCount), columns, entrySlots);
    place(this.#couplings, closingEnds.slice(), columns, entrySlots);
    const exitSlots = new Int32Array(exitOffsets[rowCount]);
    place(this.#exits, exitOffsets.slice(0, rowCount), new Int32Array(exitSlots.length), exitSlots);
    return new OperatorPattern({
      rowCount,
      slotCount: this.#slotCount,
      rowOffsets,
      closingEnds,
      columns,
      entrySlots,
      exitOffsets,
      exitSlots,
    });
  }
}

interface Entries {
  readonly rows: number[];
  readonly columns: number[];
  readonly slots: number[];
}

function append(entries: Entries, row: number, column: number, slot: number): void {
  entries.rows.push(row);
  entries.columns.push(column);
  entries.slots.push(slot);
}

/** Compressed-row offsets of a list of row numbers. */
export function offsetsOf(rows: ArrayLike<number>, rowCount: number): Int32Array {
  const offsets = new Int32Array(rowCount + 1);
  for (let i = 0; i < rows.length; i++) offsets[rows[i] + 1] += 1;
  for (let r = 0; r < rowCount; r++) offsets[r + 1] += offsets[r];
  return offsets;
}

/** Writes the entries of each row from its cursor on; the cursors advance. */
function place(entries: Entries, cursors: Int32Array, columns: Int32Array, slots: Int32Array): void {
  for (let i = 0; i < entries.rows.length; i++) {
    const position = cursors[entries.rows[i]]++;
    columns[position] = entries.columns[i];
    slots[position] = entries.slots[i];
  }
}
