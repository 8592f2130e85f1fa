// What disks and network file systems do, planted in the file system of real processes: results stand, and one line says so.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explore, recordTrace } from "@phxlang/graph";
import { afterEach, beforeEach, expect, test } from "vitest";
import { queue } from "../../../../bench/graph/models.mjs";
import { spawnFixture } from "./spawn-fixture.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "phx-faults-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const ending = (suffix: string): string[] => readdirSync(directory).filter((name) => name.endsWith(suffix));
const hashOf = (size: number): string => recordTrace(explore(queue(size))).contentHash;

interface Answer {
  readonly hashes: readonly string[];
  readonly sources: readonly string[];
  readonly problems: readonly string[];
}

async function ask(sizes: readonly number[], fault?: string): Promise<Answer> {
  const preload = new URL("fixtures/plant-fault.mjs", import.meta.url).href;
  const { status, output } = await spawnFixture("ask.mjs", [directory, ...sizes.map(String)], {
    nodeArgs: fault === undefined ? [] : ["--import", preload],
    environment: { PHX_FAULT: fault ?? "" },
  }).done;
  expect(status, output).toBe(0);
  return JSON.parse(output) as Answer;
}

test.each([
  ["a directory that is read-only", "open:EROFS"],
  ["a directory of someone else", "open:EACCES"],
  ["a disk that is full", "writeFile:ENOSPC"],
  ["a disk that fails while it syncs", "sync:EIO"],
  ["a rename that another writer won", "rename:EPERM"],
  ["a temporary file that went away", "rename:ENOENT"],
])("%s: said once, with the path; nothing is left behind", async (_name, fault) => {
  const { hashes, sources, problems } = await ask([5, 6, 7], fault);
  expect(hashes).toEqual([5, 6, 7].map(hashOf));
  expect(sources).toEqual(["recorded", "recorded", "recorded"]);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^PHX960 /);
  expect(problems[0]).toContain(directory);
  expect(problems[0]).toContain(fault.split(":")[1]);
  expect(readdirSync(directory)).toEqual([]);
});

test.each([
  ["an entry that may not be read", "openSync:EACCES", "recorded", /^PHX961 .*EACCES/],
  ["a handle that stays stale", "openSync:ESTALE", "recorded", /^PHX961 .*ESTALE/],
  ["a handle that is stale once", "openSync:ESTALE:1", "cache", null],
  ["an entry that is not seen yet", "openSync:ENOENT", "recorded", null],
])("%s: the trace is the same", async (_name, fault, source, said) => {
  await ask([5]);
  const { hashes, sources, problems } = await ask([5], fault);
  expect([hashes, sources]).toEqual([[hashOf(5)], [source]]);
  expect(problems).toEqual(said === null ? [] : [expect.stringMatching(said)]);
  expect(ending(".trace")).toHaveLength(1);
  expect((await ask([5])).sources).toEqual(["cache"]);
});

test(
  "sixteen processes that record the same and different traces leave one entry for each",
  { timeout: 180_000 },
  async () => {
    const sizes = (i: number): number[] => [30, 40 + (i % 4), 50 + (i % 2)];
    const answers = await Promise.all(Array.from({ length: 16 }, (_, i) => ask(sizes(i))));
    for (const [i, { hashes, problems }] of answers.entries()) {
      expect(hashes).toEqual(sizes(i).map(hashOf));
      expect(problems).toEqual([]);
    }
    expect(ending(".trace")).toHaveLength(1 + 4 + 2);
    expect(ending(".tmp")).toEqual([]);
    expect((await ask([30, 40, 41, 42, 43, 50, 51])).sources).toEqual(Array(7).fill("cache"));
  },
);
