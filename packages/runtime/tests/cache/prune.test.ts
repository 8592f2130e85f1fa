// Pruning keeps within its limits and removes no more than it must.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { choosePruned } from "../../src/cache/prune.ts";
import type { StoredEntry } from "../../src/cache/store.ts";

const entry = fc.record({
  key: fc.nat().map((n) => n.toString(16).padStart(64, "0")),
  bytes: fc.integer({ min: 1, max: 1000 }),
  createdAt: fc.constant(0),
  lastUsedAt: fc.nat(1000),
  hits: fc.constant(0),
});
const bytesOf = (entries: readonly StoredEntry[]): number => entries.reduce((sum, e) => sum + e.bytes, 0);

test.prop([fc.uniqueArray(entry, { selector: (e) => e.key }), fc.nat(5000), fc.nat(1000)])(
  "what stays is young enough and fits; what goes had to",
  (entries, maximumBytes, maximumAge) => {
    const now = 1000;
    const gone = choosePruned(entries, { maximumBytes, maximumAge, now });
    const kept = entries.filter((e) => !gone.includes(e));
    expect(bytesOf(kept)).toBeLessThanOrEqual(maximumBytes);
    for (const e of kept) expect(now - e.lastUsedAt).toBeLessThanOrEqual(maximumAge);
    const newest = gone[gone.length - 1];
    if (newest !== undefined && now - newest.lastUsedAt <= maximumAge) {
      expect(bytesOf(kept) + newest.bytes).toBeGreaterThan(maximumBytes);
    }
    for (const g of gone) for (const k of kept) expect(g.lastUsedAt).toBeLessThanOrEqual(k.lastUsedAt);
  },
);
