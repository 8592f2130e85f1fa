// Growing lists of numbers on typed arrays, for tables that are built once and read often.

export class Int32List {
  /** Longer than `length`; entries beyond it mean nothing. */
  items: Int32Array;
  length = 0;

  constructor(capacity = 16) {
    this.items = new Int32Array(capacity);
  }

  push(value: number): number {
    if (this.length === this.items.length) {
      const grown = new Int32Array(this.items.length * 2);
      grown.set(this.items);
      this.items = grown;
    }
    this.items[this.length] = value;
    return this.length++;
  }

  toArray(): Int32Array {
    return this.items.slice(0, this.length);
  }
}

export class Float64List {
  /** Longer than `length`; entries beyond it mean nothing. */
  items: Float64Array;
  length = 0;

  constructor(capacity = 16) {
    this.items = new Float64Array(capacity);
  }

  push(value: number): number {
    if (this.length === this.items.length) {
      const grown = new Float64Array(this.items.length * 2);
      grown.set(this.items);
      this.items = grown;
    }
    this.items[this.length] = value;
    return this.length++;
  }

  toArray(): Float64Array {
    return this.items.slice(0, this.length);
  }
}
