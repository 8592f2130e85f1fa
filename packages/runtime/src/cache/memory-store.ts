// A trace store that lives as long as its process: for tests, and for pages that must not keep data.
import type { StoredEntry, TraceStore } from "./store.ts";

interface MemoryEntry {
  readonly bytes: Uint8Array;
  readonly createdAt: number;
  lastUsedAt: number;
  hits: number;
}

/** Makes an empty store. `now` gives milliseconds since 1970. */
export function memoryStore(now: () => number = Date.now): TraceStore {
  const entries = new Map<string, MemoryEntry>();
  return {
    location: "memory",
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return null;
      entry.hits += 1;
      entry.lastUsedAt = now();
      return entry.bytes;
    },
    prefetch: () => Promise.resolve(),
    put(key, bytes) {
      entries.set(key, { bytes: bytes.slice(), createdAt: now(), lastUsedAt: now(), hits: 0 });
    },
    setAside(key) {
      entries.delete(key);
    },
    flush: () => Promise.resolve(),
    entries() {
      const list: StoredEntry[] = [];
      for (const [key, entry] of entries) {
        const { createdAt, lastUsedAt, hits } = entry;
        list.push({ key, bytes: entry.bytes.length, createdAt, lastUsedAt, hits });
      }
      return Promise.resolve(list);
    },
    remove(key) {
      entries.delete(key);
      return Promise.resolve();
    },
  };
}
