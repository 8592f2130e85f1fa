// A trace store in a browser's IndexedDB, with the same interface as the directory on disk.
import { createStore, del, entries as readEntries, getMany, set, update } from "idb-keyval";
import type { StoredEntry, StoreProblem, TraceStore } from "./store.ts";

interface DatabaseEntry {
  readonly bytes: Uint8Array;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly hits: number;
}

/**
 * Opens (or makes) the database `name`. IndexedDB can only be awaited, so `get` answers from what `prefetch` brought
 * in or `put` kept in this page; each transaction of the database is atomic, so no part of an entry is ever seen.
 */
export function indexedDbStore(report: (problem: StoreProblem) => void, name = "phx-traces"): TraceStore {
  const database = createStore(name, "traces");
  const near = new Map<string, Uint8Array>();
  const pending = new Set<Promise<void>>();
  const reported = new Set<StoreProblem["code"]>();

  function reportOnce(code: StoreProblem["code"], what: string, error: unknown): void {
    if (reported.has(code)) return;
    reported.add(code);
    const message = `the trace cache ${name} of this browser cannot be ${what}: ${String(error)}; traces are kept for this page only`;
    report({ code, message });
  }

  function track(work: Promise<void>): void {
    const settled = work.catch((error: unknown) => reportOnce("PHX960", "written", error));
    pending.add(settled);
    void settled.then(() => pending.delete(settled));
  }

  return {
    location: `IndexedDB ${name}`,
    get(key) {
      const bytes = near.get(key);
      if (bytes === undefined) return null;
      const countHit = (old: DatabaseEntry | undefined): DatabaseEntry => ({
        bytes,
        createdAt: old?.createdAt ?? Date.now(),
        lastUsedAt: Date.now(),
        hits: (old?.hits ?? 0) + 1,
      });
      track(update<DatabaseEntry>(key, countHit, database));
      return bytes;
    },
    async prefetch(keys) {
      const found = await getMany<DatabaseEntry | undefined>([...keys], database).catch((error: unknown) => {
        reportOnce("PHX961", "read", error);
        return [];
      });
      found.forEach((entry, index) => {
        if (entry !== undefined) near.set(keys[index], entry.bytes);
      });
    },
    put(key, bytes) {
      const copy = bytes.slice();
      near.set(key, copy);
      const now = Date.now();
      track(set(key, { bytes: copy, createdAt: now, lastUsedAt: now, hits: 0 }, database));
    },
    setAside(key, reason) {
      near.delete(key);
      track(del(key, database));
      report({
        code: "PHX962",
        message: `an entry of the trace cache ${name} of this browser is corrupt (${reason}); it was removed and the trace is recorded again`,
      });
    },
    async flush() {
      while (pending.size > 0) await Promise.all(pending);
    },
    async entries() {
      const found = await readEntries<string, DatabaseEntry>(database);
      return found.map(([key, { bytes, createdAt, lastUsedAt, hits }]): StoredEntry => ({
        key,
        bytes: bytes.length,
        createdAt,
        lastUsedAt,
        hits,
      }));
    },
    async remove(key) {
      near.delete(key);
      await del(key, database);
    },
  };
}
