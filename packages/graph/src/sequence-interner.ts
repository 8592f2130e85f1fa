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

  constructor() {
    this.starts.push(0);
  }

  get count(): number {
    return this.starts.length - 1;
  }

  push(value: number): void {
    this.values.push(value);
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
      return known;
    }
    this.slots[slot] = this.starts.length;
    this.starts.push(end);
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
