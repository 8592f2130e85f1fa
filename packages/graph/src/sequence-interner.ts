// SequenceInterner: numbers for sequences of numbers, equal sequences getting one number.
import { Float64List, Int32List } from "./growing-list.ts";

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);

/** `push` the entries of a sequence, then `finish`: 0, 1, 2, … in order of first occurrence. */
export class SequenceInterner {
  private readonly values = new Float64List();
  /** Sequence k is values[starts[k] .. starts[k + 1]); the open one follows the last. */
  private readonly starts = new Int32List();
  private slots = new Int32Array(64);
  private itemStart = 0;
  private readonly items: number[][] = [];

  constructor() {
    this.starts.push(0);
  }

  get count(): number {
    return this.starts.length - 1;
  }

  push(value: number): void {
    this.values.push(value);
  }

  /** What was pushed since the last item, or since the sequence or a sort began, is an item: to be sorted. */
  endItem(): void {
    const begin = Math.max(this.itemStart, this.openStart);
    this.items.push(Array.from(this.values.items.subarray(begin, this.values.length)));
    this.itemStart = this.values.length;
  }

  /** Puts the items since the last sort in order: what is a multiset becomes one sequence. */
  sortItems(): void {
    const length = this.items.reduce((sum, item) => sum + item.length, 0);
    this.values.length -= length;
    for (const item of this.items.sort(compareSequences)) for (const value of item) this.values.push(value);
    this.items.length = 0;
    this.push(length);
    this.itemStart = this.values.length;
  }

  finish(): number {
    const begin = this.openStart;
    const end = this.values.length;
    const mask = this.slots.length - 1;
    let slot = this.hash(begin, end) & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const known = this.slots[slot] - 1;
      if (!this.isEqual(known, begin, end)) continue;
      this.values.length = begin;
      this.itemStart = begin;
      return known;
    }
    this.slots[slot] = this.starts.length;
    this.starts.push(end);
    this.itemStart = end;
    if (2 * this.count > this.slots.length) this.rehash();
    return this.count - 1;
  }

  private get openStart(): number {
    return this.starts.items[this.starts.length - 1];
  }

  private isEqual(known: number, begin: number, end: number): boolean {
    const start = this.starts.items[known];
    if (this.starts.items[known + 1] - start !== end - begin) return false;
    for (let j = begin; j < end; j++) {
      if (this.values.items[start + j - begin] !== this.values.items[j]) return false;
    }
    return true;
  }

  private hash(begin: number, end: number): number {
    let hash = end - begin;
    for (let j = begin; j < end; j++) {
      bits[0] = this.values.items[j];
      hash = Math.imul(hash ^ words[0], 0x85ebca6b) ^ (hash >>> 15);
      hash = Math.imul(hash ^ words[1], 0xc2b2ae35) ^ (hash >>> 13);
    }
    return hash ^ (hash >>> 16);
  }

  private rehash(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    const mask = this.slots.length - 1;
    for (let k = 0; k < this.count; k++) {
      let slot = this.hash(this.starts.items[k], this.starts.items[k + 1]) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = k + 1;
    }
  }
}

function compareSequences(a: readonly number[], b: readonly number[]): number {
  for (let k = 0; k < Math.min(a.length, b.length); k++) if (a[k] !== b[k]) return a[k] - b[k];
  return a.length - b.length;
}
