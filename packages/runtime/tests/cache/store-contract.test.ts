// What every trace store promises, checked alike for memory, directory and IndexedDB.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { indexedDB, IDBKeyRange } from "fake-indexeddb";
import { afterAll, describe, expect, test } from "vitest";
import { diskStore } from "../../src/cache/disk-store.node.ts";
import { indexedDbStore } from "../../src/cache/indexed-db-store.ts";
import { memoryStore } from "../../src/cache/memory-store.ts";
import type { StoreProblem, TraceStore } from "../../src/cache/store.ts";

Object.assign(globalThis, { indexedDB, IDBKeyRange });

const key = "0123456789abcdef".repeat(4);
const otherKey = "fedcba9876543210".repeat(4);
const root = mkdtempSync(join(tmpdir(), "phx-contract-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const makers: readonly [string, (report: (problem: StoreProblem) => void, name: string) => TraceStore][] = [
  ["memory", () => memoryStore()],
  ["directory", (report, name) => diskStore(join(root, name), report)],
  ["IndexedDB", (report, name) => indexedDbStore(report, name)],
];

describe.each(makers)("%s store", (kind, make) => {
  const fail = (problem: StoreProblem): never => {
    throw new Error(problem.message);
  };

  test("absent, put, got, counted, removed", async () => {
    const store = make(fail, `${kind}-life`);
    await store.prefetch([key, otherKey]);
    expect(store.get(key)).toBeNull();
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);
    store.put(key, bytes);
    await store.flush();
    bytes.fill(0);
    expect(Array.from(store.get(key) ?? [])).toEqual(Array.from({ length: 1000 }, (_, i) => i & 255));
    expect(store.get(otherKey)).toBeNull();
    await store.flush();
    const entries = await store.entries();
    expect(entries.map((entry) => [entry.key, entry.bytes, entry.hits])).toEqual([[key, 1000, 1]]);
    expect(entries[0].lastUsedAt).toBeGreaterThanOrEqual(entries[0].createdAt);
    await store.remove(key);
    expect(await store.entries()).toEqual([]);
    expect(store.get(key)).toBeNull();
  });

  test("an entry that was set aside is gone", async () => {
    const store = make(() => undefined, `${kind}-aside`);
    store.put(key, Uint8Array.of(1, 2, 3));
    await store.flush();
    store.setAside(key, "planted");
    await store.flush();
    expect(store.get(key)).toBeNull();
    expect(await store.entries()).toEqual([]);
  });
});

test("a second page finds in IndexedDB what the first one kept, once it is brought near", async () => {
  const report = (problem: StoreProblem): never => {
    throw new Error(problem.message);
  };
  const first = indexedDbStore(report, "shared");
  first.put(key, Uint8Array.of(5, 6));
  await first.flush();
  const second = indexedDbStore(report, "shared");
  expect(second.get(key)).toBeNull();
  await second.prefetch([key, otherKey]);
  expect(Array.from(second.get(key) ?? [])).toEqual([5, 6]);
  await second.flush();
});
