// PackedStates, the state table: states as bit fields in one arena, found by open addressing.
import { internalError } from "@phxlang/autodiff";
import type { Cell } from "./callback.ts";
import type { StateTable } from "./markov-graph.ts";

/**
 * Where the cells lie. A state is `wordCount` unsigned 32-bit words; cell c is `value - lower` in the bits
 * [shifts[c], shifts[c] + width) of word wordOfCell[c]. Cells are laid from the highest bit of the first word
 * downwards and never straddle words, so unsigned comparison of words is lexicographic comparison of states.
 */
export interface StateLayout {
  readonly wordCount: number;
  readonly wordOfCell: Int32Array;
  readonly shifts: Int32Array;
  readonly lowers: Int32Array;
  readonly uppers: Int32Array;
}

export function layoutOf(cells: readonly Cell[]): StateLayout {
  const wordOfCell = new Int32Array(cells.length);
  const shifts = new Int32Array(cells.length);
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
    shifts[index] = free === 32 ? 0 : free;
  });
  return {
    wordCount: Math.max(1, cells.length === 0 ? 1 : word + 1),
    wordOfCell,
    shifts,
    lowers: Int32Array.from(cells, (cell) => cell.lower),
    uppers: Int32Array.from(cells, (cell) => cell.upper),
  };
}

/**
 * `table` holds pairs (hash, index + 1), 0 where free, at most half full. A hit compares the hash first, then all
 * words. The hash before its finish is linear in the words: h = Σ word_k · multiplier_k mod 2^32.
 */
export class PackedStates implements StateTable {
  readonly cells: readonly Cell[];
  readonly layout: StateLayout;
  private count = 0;
  private arena: Uint32Array;
  private table: Int32Array;
  private readonly scratch: Uint32Array;
  private readonly multipliers: Int32Array;

  constructor(cells: readonly Cell[], layout: StateLayout = layoutOf(cells)) {
    this.cells = cells;
    this.layout = layout;
    this.arena = new Uint32Array(16 * layout.wordCount);
    this.table = new Int32Array(2 * 32);
    this.scratch = new Uint32Array(layout.wordCount);
    this.multipliers = oddMultipliers(layout.wordCount);
  }

  get stateCount(): number {
    return this.count;
  }

  /** Words of all states, row-major stateCount × wordCount; the tail beyond stateCount means nothing. */
  get words(): Uint32Array {
    return this.arena;
  }

  /** Number of a state, added if new. The caller sees by stateCount whether it was. Cells must lie in bounds. */
  add(state: Int32Array): number {
    if (!this.pack(state)) throw internalError(`state (${Array.from(state).join(", ")}) is out of bounds`);
    return this.addPacked(this.scratch);
  }

  find(state: Int32Array): number {
    if (state.length !== this.cells.length || !this.pack(state)) return -1;
    return this.table[2 * this.slotOf(this.scratch, this.hash(this.scratch)) + 1] - 1;
  }

  /** First cell outside its bounds, or −1. */
  cellOutOfBounds(state: Int32Array): number {
    const { lowers, uppers } = this.layout;
    for (let c = 0; c < lowers.length; c++) {
      if (!(state[c] >= lowers[c] && state[c] <= uppers[c])) return c;
    }
    return -1;
  }

  read(index: number, out: Int32Array = new Int32Array(this.cells.length)): Int32Array {
    if (!(index >= 0 && index < this.count)) throw internalError(`no state ${index} of ${this.count}`);
    const { wordOfCell, shifts, lowers, uppers, wordCount } = this.layout;
    const base = index * wordCount;
    for (let c = 0; c < lowers.length; c++) {
      const mask = 0xffffffff >>> Math.clz32(uppers[c] - lowers[c]);
      const field = lowers[c] === uppers[c] ? 0 : (this.arena[base + wordOfCell[c]] >>> shifts[c]) & mask;
      out[c] = lowers[c] + (field >>> 0);
    }
    return out;
  }

  describe(index: number): string {
    return describeState(this.cells, this.read(index));
  }

  /** The same states in another order: state order[i] of this table is state i of the result. */
  permuted(order: Int32Array): PackedStates {
    const { wordCount } = this.layout;
    const result = new PackedStates(this.cells, this.layout);
    result.count = this.count;
    result.arena = new Uint32Array(this.count * wordCount);
    const rank = new Int32Array(this.count);
    for (let i = 0; i < this.count; i++) {
      rank[order[i]] = i;
      const from = order[i] * wordCount;
      for (let w = 0; w < wordCount; w++) result.arena[i * wordCount + w] = this.arena[from + w];
    }
    result.table = this.table.slice();
    for (let slot = 1; slot < result.table.length; slot += 2) {
      if (result.table[slot] !== 0) result.table[slot] = rank[result.table[slot] - 1] + 1;
    }
    return result;
  }

  private pack(state: Int32Array): boolean {
    const { wordOfCell, shifts, lowers, uppers } = this.layout;
    const { scratch } = this;
    scratch.fill(0);
    for (let c = 0; c < lowers.length; c++) {
      const value = state[c];
      const lower = lowers[c];
      if (value < lower || value > uppers[c]) return false;
      scratch[wordOfCell[c]] |= (value - lower) << shifts[c];
    }
    return true;
  }

  private addPacked(words: Uint32Array): number {
    const hash = this.hash(words);
    const slot = this.slotOf(words, hash);
    const found = this.table[2 * slot + 1];
    if (found !== 0) return found - 1;
    const { wordCount } = this.layout;
    const index = this.count++;
    if (this.count * wordCount > this.arena.length) {
      const grown = new Uint32Array(2 * this.arena.length);
      grown.set(this.arena);
      this.arena = grown;
    }
    for (let w = 0; w < wordCount; w++) this.arena[index * wordCount + w] = words[w];
    this.table[2 * slot] = hash;
    this.table[2 * slot + 1] = this.count;
    if (4 * this.count > this.table.length) this.rehash();
    return index;
  }

  private hash(words: Uint32Array): number {
    let sum = 0;
    for (let w = 0; w < words.length; w++) sum = (sum + Math.imul(words[w], this.multipliers[w])) | 0;
    sum ^= sum >>> 16;
    sum = Math.imul(sum, 0x85ebca6b);
    sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
    return sum ^ (sum >>> 16);
  }

  private slotOf(words: Uint32Array, hash: number): number {
    const { table, arena } = this;
    const { wordCount } = this.layout;
    const mask = table.length / 2 - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = table[2 * slot + 1];
      if (entry === 0) return slot;
      if (table[2 * slot] === hash) {
        const base = (entry - 1) * wordCount;
        let w = 0;
        while (w < wordCount && arena[base + w] === words[w]) w++;
        if (w === wordCount) return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  private rehash(): void {
    const old = this.table;
    const table = new Int32Array(2 * old.length);
    const mask = table.length / 2 - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      let slot = old[i] & mask;
      while (table[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      table[2 * slot] = old[i];
      table[2 * slot + 1] = old[i + 1];
    }
    this.table = table;
  }
}

/** A state as people read it: `(S = 49, I = 1)`, with labels where the cell has them. */
export function describeState(cells: readonly Cell[], state: ArrayLike<number>): string {
  const parts = cells.map((cell, index) => {
    const label = cell.labels?.[state[index] - cell.lower];
    return `${cell.name} = ${label ?? String(state[index])}`;
  });
  return `(${parts.join(", ")})`;
}

function oddMultipliers(count: number): Int32Array {
  const multipliers = new Int32Array(count);
  let seed = 0x9e3779b9;
  for (let w = 0; w < count; w++) {
    multipliers[w] = seed | 1;
    seed = (Math.imul(seed, 0x2c1b3c6d) + 0x297a2d39) | 0;
  }
  return multipliers;
}
