// Growing arrays of numbers: what a sweep of unknown length writes down.

/** A list of numbers; `take` copies some more to its end. */
export class GrowingArray<T extends Float64Array | Int32Array> {
  #items: T;
  #length = 0;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T, expected: number) {
    this.#make = make;
    this.#items = make(Math.max(16, Math.ceil(expected)));
  }

  take(numbers: T): void {
    const length = this.#length + numbers.length;
    if (length > this.#items.length) {
      const larger = this.#make(2 * length);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items.set(numbers, this.#length);
    this.#length = length;
  }

  /** What was taken so far, as a view that is valid until more is taken. */
  get view(): T {
    return this.#items.subarray(0, this.#length) as T;
  }
}

/** A copy of the numbers first, first + stride, …: one lane of lane arrays. */
export function everyNth<T extends Float64Array | Int32Array>(
  numbers: T,
  stride: number,
  first: number,
  count: number,
): T {
  const own = numbers.slice(0, count) as T;
  if (stride > 1) for (let k = 0, at = first; k < count; k++, at += stride) own[k] = numbers[at];
  return own;
}
