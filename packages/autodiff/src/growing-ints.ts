// GrowingInts, an Int32Array that grows by doubling.

export class GrowingInts {
  length: number = 0;
  #storage: Int32Array = new Int32Array(16);

  push(value: number): void {
    if (this.length === this.#storage.length) {
      const larger = new Int32Array(2 * this.length);
      larger.set(this.#storage);
      this.#storage = larger;
    }
    this.#storage[this.length++] = value;
  }

  at(index: number): number {
    return this.#storage[index];
  }

  /** A copy of exactly the pushed values. */
  toArray(): Int32Array {
    return this.#storage.slice(0, this.length);
  }
}
