// The directory store: whole entries or none, with many processes, faults planted on the real file system.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cacheDirectory } from "../../src/cache/cache-directory.node.ts";
import { diskStore } from "../../src/cache/disk-store.node.ts";
import type { StoreProblem } from "../../src/cache/store.ts";
import { spawnFixture } from "./spawn-fixture.ts";

const key = "0123456789abcdef".repeat(4);
const otherKey = "fedcba9876543210".repeat(4);

let directory: string;
let problems: StoreProblem[];
const report = (problem: StoreProblem): number => problems.push(problem);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "phx-cache-"));
  problems = [];
});
afterEach(() => {
  chmodSync(directory, 0o755);
  rmSync(directory, { recursive: true, force: true });
});

describe("one process", () => {
  test("what was put is read back, by another store too", async () => {
    const store = diskStore(join(directory, "deep", "inside"), report);
    expect(store.get(key)).toBeNull();
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    store.put(key, bytes);
    await store.flush();
    const again = diskStore(join(directory, "deep", "inside"), report);
    expect(Buffer.compare(Buffer.from(again.get(key) ?? []), Buffer.from(bytes))).toBe(0);
    expect(again.get(otherKey)).toBeNull();
    await again.flush();
    const [entry] = await again.entries();
    expect(entry).toMatchObject({ key, bytes: 100_000, hits: 1 });
    expect((await again.leftovers()).temporaries).toHaveLength(0);
    await again.remove(key);
    expect(readdirSync(join(directory, "deep", "inside"))).toEqual([]);
    expect(problems).toEqual([]);
  });

  test("only content hashes become file names", async () => {
    const store = diskStore(directory, report);
    for (const bad of ["../escape", "", key.toUpperCase(), `${key}/..`]) {
      store.put(bad, Uint8Array.of(1));
      expect(store.get(bad)).toBeNull();
    }
    await store.flush();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("a directory that cannot be made is reported once, and nothing is thrown", async () => {
    writeFileSync(join(directory, "file"), "not a directory");
    const store = diskStore(join(directory, "file", "cache"), report);
    expect(store.get(key)).toBeNull();
    store.put(key, Uint8Array.of(1));
    store.put(otherKey, Uint8Array.of(2));
    await store.flush();
    expect(problems).toHaveLength(1);
    expect(problems[0].code).toBe("PHX960");
    expect(problems[0].message).toContain(join(directory, "file", "cache"));
    expect(problems[0].message).toContain("PHX_CACHE_DIR");
  });

  test("an entry that cannot be read is reported and counts as absent", () => {
    mkdirSync(join(directory, `${key}.trace`));
    const store = diskStore(directory, report);
    expect(store.get(key)).toBeNull();
    expect(problems.map((problem) => problem.code)).toEqual(["PHX961"]);
  });

  test("setting aside keeps the bytes for inspection and frees the key", async () => {
    const store = diskStore(directory, report);
    store.put(key, Uint8Array.of(1, 2, 3));
    await store.flush();
    store.setAside(key, "planted");
    expect(store.get(key)).toBeNull();
    const { setAside } = await store.leftovers();
    expect(setAside).toHaveLength(1);
    expect([...readFileSync(setAside[0].path)]).toEqual([1, 2, 3]);
    expect(problems.map((problem) => problem.code)).toEqual(["PHX962"]);
  });
});

describe("many processes", () => {
  test("ten thousand reads among sixteen racing processes see no torn entry", async () => {
    const racers = Array.from({ length: 16 }, (_, i) =>
      spawnFixture("race.mjs", [directory, String(i + 1), "650", "6"]),
    );
    const totals = { found: 0, missed: 0, torn: 0 };
    for (const racer of racers) {
      const { status, output } = await racer.done;
      expect(output).toMatch(/^\{/);
      expect(status).toBe(0);
      const counts = JSON.parse(output) as typeof totals & { problems: string[] };
      expect(counts.problems).toEqual([]);
      totals.found += counts.found;
      totals.missed += counts.missed;
      totals.torn += counts.torn;
    }
    expect(totals.torn).toBe(0);
    expect(totals.found + totals.missed).toBe(10_400);
    expect(totals.found).toBeGreaterThan(8_000);
    const store = diskStore(directory, report);
    expect(await store.entries()).toHaveLength(6);
    expect((await store.leftovers()).temporaries).toHaveLength(0);
  });

  test("a directory that hides entries, shows them late and loses temporary files tears no read", async () => {
    const saboteur = spawnFixture("sabotage.mjs", [directory]);
    await saboteur.started;
    const racers = Array.from({ length: 6 }, (_, i) =>
      spawnFixture("race.mjs", [directory, String(i + 1), "400", "3"]),
    );
    const outcomes = await Promise.all(racers.map(({ done }) => done));
    saboteur.kill();
    await saboteur.done;
    let missed = 0;
    for (const { status, output } of outcomes) {
      expect(status, output).toBe(0);
      const counts = JSON.parse(output) as { missed: number; torn: number; problems: string[] };
      expect(counts.torn).toBe(0);
      missed += counts.missed;
      // A writer whose temporary file went away says so, once.
      expect(counts.problems.length).toBeLessThanOrEqual(1);
      for (const problem of counts.problems) expect(problem).toContain("cannot be written (ENOENT)");
    }
    expect(missed).toBeGreaterThan(6 * 3);
  });

  test("a writer that is killed at any moment leaves a whole entry or none", async () => {
    const size = 3_000_000;
    let cutOff = 0;
    for (let attempt = 0; attempt < 16; attempt++) {
      const own = join(directory, String(attempt));
      const writer = spawnFixture("write-forever.mjs", [own, key, String(size)]);
      await writer.started;
      await new Promise((resolve) => setTimeout(resolve, 3 * attempt));
      writer.kill();
      await writer.done;
      const store = diskStore(own, report);
      const bytes = store.get(key);
      if (bytes !== null) {
        expect(bytes.length).toBe(size);
        expect(bytes.every((byte) => byte === 7)).toBe(true);
      }
      cutOff += (await store.leftovers()).temporaries.length;
    }
    expect(problems).toEqual([]);
    // Otherwise no kill met a write, and nothing was shown.
    expect(cutOff).toBeGreaterThan(0);
  });
});

test("the directory is PHX_CACHE_DIR, else the platform's", () => {
  expect(cacheDirectory({ PHX_CACHE_DIR: "/data/x" }, "linux", "/home/u")).toBe("/data/x");
  expect(cacheDirectory({}, "linux", "/home/u")).toBe("/home/u/.cache/phx");
  expect(cacheDirectory({ XDG_CACHE_HOME: "/xdg" }, "linux", "/home/u")).toBe("/xdg/phx");
  expect(cacheDirectory({}, "darwin", "/Users/u")).toBe("/Users/u/Library/Caches/phx");
  expect(cacheDirectory({ LOCALAPPDATA: "/local" }, "win32", "/Users/u")).toBe("/local/phx");
});
