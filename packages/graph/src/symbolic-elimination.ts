// Symbolic elimination: where the factors of a block are non-zero, and how many operations a numeric one takes.
import type { BlockPattern } from "./block-pattern.ts";
import { Int32List } from "./growing-list.ts";

/** Counts beyond which symbolic elimination stops. */
export interface EliminationBudget {
  readonly operations: number;
  readonly nonzeros: number;
}

/**
 * The patterns of all blocks so far. Row i (in pivot order, over all blocks) has lower columns
 * lower[lowerOffsets[i] .. lowerOffsets[i + 1]) and upper columns likewise, ascending, in global row numbers.
 */
export class SymbolicElimination {
  readonly lower: Int32List = new Int32List(1024);
  readonly upper: Int32List = new Int32List(1024);
  readonly lowerOffsets: Int32Array;
  readonly upperOffsets: Int32Array;
  rowCount = 0;
  /**
   * Multiply-adds of the numeric elimination so far: for every lower entry (i, k) one for the exits and one for
   * each upper column of k other than i.
   */
  operationCount = 0;
  private readonly budget: EliminationBudget;

  constructor(rowTotal: number, budget: EliminationBudget) {
    this.budget = budget;
    this.lowerOffsets = new Int32Array(rowTotal + 1);
    this.upperOffsets = new Int32Array(rowTotal + 1);
  }

  get nonzeroCount(): number {
    return this.lower.length + this.upper.length;
  }

  get isOverBudget(): boolean {
    return this.operationCount > this.budget.operations || this.nonzeroCount > this.budget.nonzeros;
  }

  /** A row that is a block of its own. */
  appendSingleton(): void {
    this.rowCount++;
    this.lowerOffsets[this.rowCount] = this.lower.length;
    this.upperOffsets[this.rowCount] = this.upper.length;
  }

  /** Forgets everything from row `rowCount` on. */
  rewind(rowCount: number, operationCount: number): void {
    this.rowCount = rowCount;
    this.lower.length = this.lowerOffsets[rowCount];
    this.upper.length = this.upperOffsets[rowCount];
    this.operationCount = operationCount;
  }

  /**
   * Appends a block whose p-th pivot is vertex order[p]. Row i is reached from its own arcs through the upper rows of
   * its lower columns. A row k is *pruned* at the first i with both (i, k) lower and (k, i) upper: columns of k beyond
   * i are columns of i then, so later rows need not look at them. Stops early, incomplete, when over the budget.
   */
  appendBlock(block: BlockPattern, order: Int32Array): void {
    const { size, offsets, columns } = block;
    const base = this.rowCount;
    const position = new Int32Array(size);
    for (let p = 0; p < size; p++) position[order[p]] = p;
    const mark = new Int32Array(size).fill(-1);
    const row = new Int32Array(size);
    const upperBegin = new Int32Array(size + 1);
    const prunedEnd = new Int32Array(size);
    const cursor = new Int32Array(size);
    upperBegin[0] = this.upper.length;
    for (let i = 0; i < size; i++) {
      mark[i] = i;
      let lowerCount = 0;
      let upperCount = 0;
      const vertex = order[i];
      for (let j = offsets[vertex]; j < offsets[vertex + 1]; j++) {
        const p = position[columns[j]];
        if (mark[p] === i) continue;
        mark[p] = i;
        if (p < i) row[lowerCount++] = p;
        else row[size - ++upperCount] = p;
      }
      for (let k = 0; k < lowerCount; k++) {
        const pivot = row[k];
        const { items } = this.upper;
        for (let j = upperBegin[pivot]; j < prunedEnd[pivot]; j++) {
          const p = items[j] - base;
          if (mark[p] === i) continue;
          mark[p] = i;
          if (p < i) row[lowerCount++] = p;
          else row[size - ++upperCount] = p;
        }
      }
      const lowerRow = row.subarray(0, lowerCount);
      sortAscending(lowerRow);
      const upperRow = row.subarray(size - upperCount);
      sortAscending(upperRow);
      this.finishRow(base, i, lowerRow, upperRow, upperBegin, prunedEnd, cursor);
      if (this.isOverBudget) return;
    }
  }

  private finishRow(
    base: number,
    i: number,
    lowerRow: Int32Array,
    upperRow: Int32Array,
    upperBegin: Int32Array,
    prunedEnd: Int32Array,
    cursor: Int32Array,
  ): void {
    const { items } = this.upper;
    let operations = 0;
    for (const k of lowerRow) {
      const end = upperBegin[k + 1];
      let at = cursor[k];
      while (at < end && items[at] - base < i) at++;
      cursor[k] = at;
      operations += 1 + end - upperBegin[k];
      if (at === end || items[at] - base !== i) continue;
      operations--;
      if (prunedEnd[k] === end) prunedEnd[k] = at + 1;
    }
    this.operationCount += operations;
    for (const k of lowerRow) this.lower.push(base + k);
    for (const j of upperRow) this.upper.push(base + j);
    cursor[i] = upperBegin[i];
    upperBegin[i + 1] = this.upper.length;
    prunedEnd[i] = this.upper.length;
    this.rowCount++;
    this.lowerOffsets[this.rowCount] = this.lower.length;
    this.upperOffsets[this.rowCount] = this.upper.length;
  }
}

function sortAscending(values: Int32Array): void {
  if (values.length > 24) {
    values.sort();
    return;
  }
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    let j = i - 1;
    for (; j >= 0 && values[j] > value; j--) values[j + 1] = values[j];
    values[j + 1] = value;
  }
}
