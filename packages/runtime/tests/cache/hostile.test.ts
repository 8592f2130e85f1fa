// Entries made by an enemy who knows the format: each is refused by a process that neither crashes nor grows.
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explore, recordTrace, structureKey } from "@phxlang/graph";
import { afterAll, expect, test } from "vitest";
import { islandBlocks } from "../../../../bench/graph/models.mjs";
import {
  arrayLengths,
  checksum,
  checksumWord,
  countNames,
  countsOf,
  firstCountWord,
  headerWords,
  operationWord,
} from "../../../graph/src/trace-layout.ts";
import type { TraceArrayName } from "../../../graph/src/trace-layout.ts";
import { frameEntry } from "../../src/cache/entry.ts";
import { spawnFixture } from "./spawn-fixture.ts";

const graph = explore(islandBlocks(5));
const trace = recordTrace(graph);
const key = structureKey(graph);
const root = mkdtempSync(join(tmpdir(), "phx-hostile-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** An entry whose words were changed, with a checksum that fits again. */
function forged(change: (words: Int32Array) => void): Uint8Array {
  const words = new Int32Array(trace.toBytes().slice().buffer);
  change(words);
  words.set(checksum(words, firstCountWord), checksumWord);
  return frameEntry(key, new Uint8Array(words.buffer));
}

/** Where the words of each array begin. */
const begins = new Map<TraceArrayName, number>();
let at = headerWords;
for (const [name, length] of arrayLengths(countsOf(trace))) {
  begins.set(name, at);
  at += length;
}
const set = (name: TraceArrayName, index: number, value: number) => (words: Int32Array) => {
  words[(begins.get(name) ?? 0) + index] = value;
};
const last = (name: TraceArrayName): number => trace[name].length - 1;

const good = forged(() => undefined);
const entries: Record<string, Uint8Array> = {
  good,
  empty: new Uint8Array(0),
  "cut within the frame": good.subarray(0, 30),
  "cut within the header": good.subarray(0, 100),
  "cut short": good.subarray(0, good.length - 4),
  "longer than it says": Uint8Array.from([...good, ...new Uint8Array(64)]),
  "says that it is longer": good.with(43, 0x7f),
  "a program": new TextEncoder().encode(`#!/usr/bin/env node\nprocess.exit(7);\n${"//".repeat(200)}`),
  "JSON with a prototype": new TextEncoder().encode('{"__proto__":{"rowCount":1},"rowCount":1e9}'),
  "operations beyond counting": forged((words) => {
    words[operationWord + 1] = 0x7fffffff;
  }),
  "a column that leads to its own row": forged(set("columns", 0, 0)),
  "columns in a cycle": forged(set("lowerColumns", last("lowerColumns"), trace.rowCount - 1)),
  "an upper column below the diagonal": forged(set("upperColumns", 0, 0)),
  "offsets that go round": forged(set("slotOffsets", 5, 2)),
  "an offset beyond the end": forged(set("lowerOffsets", trace.rowCount - 1, 0x7ffffffe)),
  "a negative offset": forged(set("rowOffsets", 1, -4)),
  "an edge that does not exist": forged(set("slotEdges", 0, 0x7fffffff)),
  "an edge of another state": forged(set("slotEdges", 0, graph.edgeCount - 1)),
  "a state without its row": forged(set("rowOfState", trace.stateOfRow[0], 1)),
  "a row of a state that stops": forged(set("stateOfRow", 0, graph.stateCount - 1)),
  "blocks that overlap": forged(set("blockOffsets", 1, 0)),
};
countNames.forEach((name, index) => {
  for (const count of [0x7fffffff, -1, 1 << 30]) {
    entries[`${name} ${count}`] = forged((words) => {
      words[firstCountWord + index] = count;
    });
  }
});

test("whatever a file holds, the trace is the recorded one, and memory stays small", async () => {
  for (const [name, bytes] of Object.entries(entries)) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, `${key}.trace`), bytes);
  }
  // Three gibibytes that take no room on the disk.
  const vast = join(root, "vast", `${key}.trace`);
  mkdirSync(join(root, "vast"));
  writeFileSync(vast, good);
  truncateSync(vast, 3 * 2 ** 30);

  const { status, output } = await spawnFixture("load-entries.mjs", [root], {
    nodeArgs: ["--max-old-space-size=64"],
  }).done;
  expect(status, output).toBe(0);
  const { outcomes, grownBy } = JSON.parse(output) as {
    outcomes: Record<string, { hash: string; source: string; rejected?: string; problems: string[] }>;
    grownBy: number;
  };
  const { good: accepted, ...refused } = outcomes;
  expect(accepted).toEqual({ hash: trace.contentHash, source: "cache", problems: [] });
  expect(Object.keys(refused)).toHaveLength(Object.keys(entries).length);
  for (const [name, outcome] of Object.entries(refused)) {
    expect(outcome, name).toEqual({
      hash: trace.contentHash,
      source: "recorded",
      rejected: expect.any(String) as string,
      problems: ["PHX962"],
    });
  }
  expect(grownBy).toBeLessThan(64 * 2 ** 20);
});
