// Growing lists of numbers on typed arrays: what building passes append to.

const initialCapacity = 16;

/** Appends 32-bit integers. `items` may be longer than `length`; only the first `length` entries mean anything. */
export class Int32List {
  items: Int32Array;
  length = 0;

  constructor(capacity: number = initialCapacity) {
    this.items = new Int32Array(Math.max(capacity, 1));
  }

  push(value: number): void {
    if (this.length === this.items.length) this.reserve(this.length + 1);
    this.items[this.length++] = value;
  }

  reserve(length: number): void {
    if (length <= this.items.length) return;
    const grown = new Int32Array(grownCapacity(this.items.length, length));
    grown.set(this.items.subarray(0, this.length));
    this.items = grown;
  }

  /** The entries, in an array of exactly their length. */
  toArray(): Int32Array {
    return this.length === this.items.length ? this.items : this.items.slice(0, this.length);
  }
}

/** Appends doubles; otherwise as Int32List. */
export class Float64List {
  items: Float64Array;
  length = 0;

  constructor(capacity: number = initialCapacity) {
    this.items = new Float64Array(Math.max(capacity, 1));
  }

  push(value: number): void {
    if (this.length === this.items.length) this.reserve(this.length + 1);
    this.items[this.length++] = value;
  }

  reserve(length: number): void {
    if (length <= this.items.length) return;
    const grown = new Float64Array(grownCapacity(this.items.length, length));
    grown.set(this.items.subarray(0, this.length));
    this.items = grown;
  }

  toArray(): Float64Array {
    return this.length === this.items.length ? this.items : this.items.slice(0, this.length);
  }
}

function grownCapacity(capacity: number, needed: number): number {
  return Math.max(needed, 2 * capacity);
}
