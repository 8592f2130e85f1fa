// Which entries of a store go when it must be smaller or younger.
import type { StoredEntry } from "./store.ts";

export interface PruneLimits {
  /** Bytes that entries may take together. */
  readonly maximumBytes?: number;
  /** Milliseconds since an entry was last used. */
  readonly maximumAge?: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Entries older than the age, then the least recently used ones until the rest fits. */
export function choosePruned(entries: readonly StoredEntry[], limits: PruneLimits): readonly StoredEntry[] {
  const { maximumBytes = Infinity, maximumAge = Infinity, now } = limits;
  const oldestFirst = entries.toSorted((a, b) => a.lastUsedAt - b.lastUsedAt || (a.key < b.key ? -1 : 1));
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const pruned: StoredEntry[] = [];
  for (const entry of oldestFirst) {
    if (now - entry.lastUsedAt <= maximumAge && bytes <= maximumBytes) continue;
    pruned.push(entry);
    bytes -= entry.bytes;
  }
  return pruned;
}
