// Memo: values derived from immutable objects, computed once for each combination and kept as long as the first.

/** Remembers results by the identity of an object and by a second key, which may be anything. */
export class Memo<K extends object, L, V> {
  readonly #values = new WeakMap<K, Map<L, V>>();

  get(key: K, second: L, make: () => V): V {
    let inner = this.#values.get(key);
    if (inner === undefined) {
      inner = new Map();
      this.#values.set(key, inner);
    }
    const known = inner.get(second);
    if (known !== undefined) return known;
    const value = make();
    inner.set(second, value);
    return value;
  }
}
