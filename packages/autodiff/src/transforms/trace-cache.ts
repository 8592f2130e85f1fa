// The cache of jit: traced programs by argument types and static arguments, the least recently used given up.
import { sameStatic } from "./static-arguments.ts";

interface Entry<T> {
  readonly statics: readonly unknown[];
  readonly value: T;
}

/** At most `capacity` entries; keys are texts, and static arguments are compared in full. */
export class TraceCache<T> {
  readonly #capacity: number;
  /** In order of use, the oldest first: a Map keeps the order in which keys were set. */
  readonly #entries = new Map<string, Entry<T>[]>();
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string, statics: readonly unknown[]): T | undefined {
    const entries = this.#entries.get(key);
    if (entries === undefined) return undefined;
    const index = entries.findIndex((entry) => sameStatic(entry.statics, statics));
    if (index < 0) return undefined;
    const [entry] = entries.splice(index, 1);
    entries.push(entry);
    this.#entries.delete(key);
    this.#entries.set(key, entries);
    return entry.value;
  }

  set(key: string, statics: readonly unknown[], value: T): void {
    const entries = this.#entries.get(key) ?? [];
    this.#entries.delete(key);
    entries.push({ statics, value });
    this.#entries.set(key, entries);
    this.#size += 1;
    while (this.#size > this.#capacity) this.#dropOldest();
  }

  #dropOldest(): void {
    for (const [key, entries] of this.#entries) {
      entries.shift();
      this.#size -= 1;
      if (entries.length === 0) this.#entries.delete(key);
      return;
    }
  }
}
