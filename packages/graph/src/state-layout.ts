// Where the cells of a state lie in its words, and how states are sorted by them.
import type { Cell } from "./callback.ts";

/**
 * A state is `wordCount` unsigned 32-bit words; cell c is `value - lowers[c]` in the bits from
 * shifts[c] of word wordOfCell[c], as many as masks[c] has. Cells are laid from the highest bit of the first word
 * downwards and never straddle words, so unsigned comparison of words is lexicographic comparison of states. The
 * box number Σ (value − lower) · strides[c] counts all combinations of cells in the same order, up to boxSize.
 */
export interface StateLayout {
  readonly wordCount: number;
  readonly wordOfCell: Int32Array;
  readonly shifts: Int32Array;
  readonly masks: Int32Array;
  readonly lowers: Int32Array;
  readonly uppers: Int32Array;
  /** Meaningful only where boxSize fits an integer. */
  readonly strides: Int32Array;
  readonly boxSize: number;
}

export function layoutOf(cells: readonly Cell[]): StateLayout {
  const wordOfCell = new Int32Array(cells.length);
  const shifts = new Int32Array(cells.length);
  const masks = new Int32Array(cells.length);
  const strides = new Int32Array(cells.length);
  let word = 0;
  let free = 32;
  cells.forEach((cell, index) => {
    const width = 32 - Math.clz32(cell.upper - cell.lower);
    if (width > free) {
      word++;
      free = 32;
    }
    free -= width;
    wordOfCell[index] = word;
    shifts[index] = free % 32;
    masks[index] = width === 0 ? 0 : 0xffffffff >>> (32 - width);
  });
  let boxSize = 1;
  for (let index = cells.length - 1; index >= 0; index--) {
    strides[index] = boxSize;
    boxSize *= cells[index].upper - cells[index].lower + 1;
  }
  return {
    wordCount: word + 1,
    wordOfCell,
    shifts,
    masks,
    lowers: Int32Array.from(cells, (cell) => cell.lower),
    uppers: Int32Array.from(cells, (cell) => cell.upper),
    strides,
    boxSize,
  };
}

/** Largest box that may be addressed directly where a hash table of `tableLength` integers would do. */
export function maxDirectBox(tableLength: number): number {
  return tableLength <= 1 << 20 ? 8 * tableLength : 2 * tableLength;
}

const digitBits = 11;
const digitCount = 1 << digitBits;

/** Order of `count` rows of words, lexicographic: radix sort, last digits first. */
export function sortWords(words: Uint32Array, count: number, wordCount: number): Int32Array {
  let order = Int32Array.from({ length: count }, (_, i) => i);
  let spare = new Int32Array(count);
  const counts = new Int32Array(digitCount);
  for (let word = wordCount - 1; word >= 0; word--) {
    for (let shift = 0; shift < 32; shift += digitBits) {
      counts.fill(0);
      for (let i = 0; i < count; i++) counts[(words[i * wordCount + word] >>> shift) & (digitCount - 1)]++;
      // All in one digit: nothing to sort by.
      if (count > 0 && counts[(words[word] >>> shift) & (digitCount - 1)] === count) continue;
      let sum = 0;
      for (let digit = 0; digit < digitCount; digit++) {
        const inDigit = counts[digit];
        counts[digit] = sum;
        sum += inDigit;
      }
      for (let i = 0; i < count; i++) {
        const row = order[i];
        spare[counts[(words[row * wordCount + word] >>> shift) & (digitCount - 1)]++] = row;
      }
      [order, spare] = [spare, order];
    }
  }
  return order;
}

/** rank[order[i]] = i. */
export function inversePermutation(order: Int32Array): Int32Array {
  const rank = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) rank[order[i]] = i;
  return rank;
}
