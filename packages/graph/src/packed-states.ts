// PackedStates, the state table: states as bit fields in one arena, found by number of box or by hash.
import { internalError } from "@phxlang/autodiff";
import type { Cell, Moves, StateColumns } from "./callback.ts";
import type { StateTable } from "./markov-graph.ts";
import { layoutOf, maxDirectBox, sortWords } from "./state-layout.ts";
import type { StateLayout } from "./state-layout.ts";

/** States of the table in lanes, with their numbers and, where the table is direct, those of their boxes. */
export interface NumberedStates extends StateColumns {
  readonly numbers: Int32Array;
  /** Length 0 until they are needed. */
  boxes: Int32Array;
}

/**
 * Look-up has two forms. *Direct*, for boxes of cell ranges that are not much larger than the number of states:
 * direct[box number] is the state's number + 1, or 0. *Hashed*: `table` holds pairs (hash, number + 1), 0 where
 * free, at most half full; a hit compares the hash first, then all words. The hash before its finish is linear in
 * the words, h = Σ word_k · multiplier_k mod 2^32. A table starts hashed and
 * becomes direct when it has grown enough to afford it.
 */
export class PackedStates implements StateTable {
  readonly cells: readonly Cell[];
  readonly layout: StateLayout;
  private count = 0;
  private arena: Uint32Array;
  private table: Int32Array = new Int32Array(2 * 32);
  private direct: Int32Array | null = null;
  private readonly scratch: Uint32Array;
  private readonly multipliers: Int32Array;

  constructor(cells: readonly Cell[], layout: StateLayout = layoutOf(cells)) {
    this.cells = cells;
    this.layout = layout;
    this.arena = new Uint32Array(16 * layout.wordCount);
    this.scratch = new Uint32Array(layout.wordCount);
    this.multipliers = oddMultipliers(layout.wordCount);
    if (this.mayBeDirect()) this.direct = new Int32Array(layout.boxSize);
  }

  get stateCount(): number {
    return this.count;
  }

  get packedStates(): Uint32Array {
    return this.arena.subarray(0, this.count * this.layout.wordCount);
  }

  /** Number of a state, added if new (the caller sees by stateCount whether it was); −1 if a cell is out of bounds. */
  add(state: Int32Array): number {
    const { direct } = this;
    if (direct === null) return this.pack(state) ? this.addHashed() : -1;
    const box = this.boxOf(state);
    if (box < 0) return -1;
    const found = direct[box];
    if (found !== 0) return found - 1;
    this.pack(state);
    direct[box] = this.append() + 1;
    return this.count - 1;
  }

  find(state: Int32Array): number {
    if (state.length !== this.cells.length) return -1;
    if (this.direct !== null) {
      const box = this.boxOf(state);
      return box < 0 ? -1 : this.direct[box] - 1;
    }
    if (!this.pack(state)) return -1;
    return this.table[2 * this.slotOf(this.hash()) + 1] - 1;
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
    const { wordOfCell, shifts, masks, lowers, wordCount } = this.layout;
    const base = index * wordCount;
    for (let c = 0; c < lowers.length; c++) {
      out[c] = lowers[c] + ((this.arena[base + wordOfCell[c]] >>> shifts[c]) & masks[c]);
    }
    return out;
  }

  /** Reads the states in `count` lanes: cell c of numbers[i] into columns[c * width + i]. */
  readColumns(numbers: Int32Array, count: number, width: number, columns: Float64Array): void {
    const { arena } = this;
    const { wordOfCell, shifts, masks, lowers, wordCount } = this.layout;
    for (let c = 0; c < lowers.length; c++) {
      const word = wordOfCell[c];
      const shift = shifts[c];
      const mask = masks[c];
      const lower = lowers[c];
      const column = c * width;
      for (let i = 0; i < count; i++) {
        columns[column + i] = lower + ((arena[numbers[i] * wordCount + word] >>> shift) & mask);
      }
    }
  }

  /** Numbers of the states that moves lead to, in the order of the lanes moved; adds those that are new. */
  addMoved(block: NumberedStates, moves: Moves, numbers: Int32Array): void {
    let done = 0;
    if (this.direct === null) done = this.addMovedHashed(block, moves, numbers);
    if (this.direct !== null) this.addMovedDirect(this.direct, block, moves, numbers, done);
  }

  describe(index: number): string {
    return describeState(this.cells, this.read(index));
  }

  /**
   * Lexicographic order of the states: order[i] is the number of the i-th. Direct look-up is in this order already;
   * otherwise the words are sorted.
   */
  canonicalOrder(): Int32Array {
    const { direct } = this;
    if (direct === null) return sortWords(this.arena, this.count, this.layout.wordCount);
    const order = new Int32Array(this.count);
    let i = 0;
    for (let box = 0; box < direct.length; box++) if (direct[box] !== 0) order[i++] = direct[box] - 1;
    return order;
  }

  /** The same states in another order: state order[i] of this table is state i of the result. */
  permuted(order: Int32Array, rank: Int32Array): PackedStates {
    const { wordCount } = this.layout;
    const result = new PackedStates(this.cells, this.layout);
    result.count = this.count;
    result.arena = new Uint32Array(this.count * wordCount);
    for (let i = 0; i < this.count; i++) {
      const from = order[i] * wordCount;
      for (let w = 0; w < wordCount; w++) result.arena[i * wordCount + w] = this.arena[from + w];
    }
    if (this.direct !== null) {
      result.direct = renumbered(this.direct, rank);
      return result;
    }
    result.table = this.table.slice();
    for (let slot = 1; slot < result.table.length; slot += 2) {
      if (result.table[slot] !== 0) result.table[slot] = rank[result.table[slot] - 1] + 1;
    }
    return result;
  }

  /** Stops where the table becomes direct; returns how many it has done. */
  private addMovedHashed(block: NumberedStates, moves: Moves, numbers: Int32Array): number {
    let k = 0;
    for (; k < moves.count && this.direct === null; k++) {
      this.packMoved(block, moves, moves.lanes[k]);
      numbers[k] = this.addHashed();
    }
    return k;
  }

  private addMovedDirect(
    direct: Int32Array,
    block: NumberedStates,
    moves: Moves,
    numbers: Int32Array,
    done: number,
  ): void {
    const { lanes, count, cells, cellCount, deltas } = moves;
    const { strides } = this.layout;
    const { width } = block;
    if (block.boxes.length === 0) block.boxes = this.boxesOf(block);
    const { boxes } = block;
    for (let k = done; k < count; k++) numbers[k] = boxes[lanes[k]];
    for (let j = 0; j < cellCount; j++) {
      const stride = strides[cells[j]];
      const column = j * width;
      for (let k = done; k < count; k++) numbers[k] += Math.imul(deltas[column + lanes[k]], stride);
    }
    for (let k = done; k < count; k++) {
      const box = numbers[k];
      const found = direct[box];
      if (found === 0) {
        this.packMoved(block, moves, lanes[k]);
        numbers[k] = this.append();
        direct[box] = this.count;
      } else {
        numbers[k] = found - 1;
      }
    }
  }

  private boxesOf({ count, width, cells }: StateColumns): Int32Array {
    const { lowers, strides } = this.layout;
    const boxes = new Int32Array(width);
    for (let c = 0; c < lowers.length; c++) {
      const stride = strides[c];
      const lower = lowers[c];
      const column = c * width;
      for (let i = 0; i < count; i++) boxes[i] += Math.imul(cells[column + i] - lower, stride);
    }
    return boxes;
  }

  /** Packs what the state in a lane becomes into `scratch`. Fields do not overflow, so words are added as a whole. */
  private packMoved(block: NumberedStates, { cells, cellCount, deltas }: Moves, lane: number): void {
    const { scratch, arena } = this;
    const { wordOfCell, shifts } = this.layout;
    const from = block.numbers[lane] * scratch.length;
    for (let w = 0; w < scratch.length; w++) scratch[w] = arena[from + w];
    for (let j = 0; j < cellCount; j++) {
      const cell = cells[j];
      scratch[wordOfCell[cell]] += deltas[j * block.width + lane] << shifts[cell];
    }
  }

  private boxOf(state: Int32Array): number {
    const { lowers, uppers, strides } = this.layout;
    let box = 0;
    for (let c = 0; c < lowers.length; c++) {
      const value = state[c];
      if (value < lowers[c] || value > uppers[c]) return -1;
      box = (box + Math.imul(value - lowers[c], strides[c])) | 0;
    }
    return box;
  }

  /** Packs a state into `scratch`; false if a cell is out of bounds. */
  private pack(state: Int32Array): boolean {
    const { wordOfCell, shifts, lowers, uppers } = this.layout;
    const { scratch } = this;
    for (let w = 0; w < scratch.length; w++) scratch[w] = 0;
    for (let c = 0; c < lowers.length; c++) {
      const value = state[c];
      if (value < lowers[c] || value > uppers[c]) return false;
      scratch[wordOfCell[c]] |= (value - lowers[c]) << shifts[c];
    }
    return true;
  }

  private addHashed(): number {
    const hash = this.hash();
    const slot = this.slotOf(hash);
    const found = this.table[2 * slot + 1];
    if (found !== 0) return found - 1;
    const index = this.append();
    this.table[2 * slot] = hash;
    this.table[2 * slot + 1] = index + 1;
    if (4 * this.count > this.table.length) this.rehash();
    return index;
  }

  /** Appends `scratch` as a new state. */
  private append(): number {
    const { scratch } = this;
    const base = this.count * scratch.length;
    if (base + scratch.length > this.arena.length) {
      const grown = new Uint32Array(2 * this.arena.length);
      grown.set(this.arena);
      this.arena = grown;
    }
    for (let w = 0; w < scratch.length; w++) this.arena[base + w] = scratch[w];
    return this.count++;
  }

  private hash(): number {
    const { scratch, multipliers } = this;
    let sum = 0;
    for (let w = 0; w < scratch.length; w++) sum = (sum + Math.imul(scratch[w], multipliers[w])) | 0;
    sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
    sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
    return sum ^ (sum >>> 16);
  }

  /** Slot of the state in `scratch`, or the free slot where it belongs. */
  private slotOf(hash: number): number {
    const { table, arena, scratch } = this;
    const mask = table.length / 2 - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = table[2 * slot + 1];
      if (entry === 0) return slot;
      if (table[2 * slot] !== hash) continue;
      const base = (entry - 1) * scratch.length;
      let w = 0;
      while (w < scratch.length && arena[base + w] === scratch[w]) w++;
      if (w === scratch.length) return slot;
    }
  }

  private rehash(): void {
    const old = this.table;
    if (this.mayBeDirect()) return this.becomeDirect();
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

  private mayBeDirect(): boolean {
    return this.layout.boxSize <= maxDirectBox(this.table.length);
  }

  private becomeDirect(): void {
    const direct = new Int32Array(this.layout.boxSize);
    const state = new Int32Array(this.cells.length);
    for (let i = 0; i < this.count; i++) direct[this.boxOf(this.read(i, state))] = i + 1;
    this.direct = direct;
    this.table = new Int32Array(0);
  }
}

/** Numbers + 1 of states, 0 where there is none. */
function renumbered(direct: Int32Array, rank: Int32Array): Int32Array {
  const result = new Int32Array(direct.length);
  for (let box = 0; box < direct.length; box++) {
    const entry = direct[box];
    if (entry !== 0) result[box] = rank[entry - 1] + 1;
  }
  return result;
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
