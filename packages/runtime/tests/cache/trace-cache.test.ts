// The trace cache: a hit equals a recording, and whatever is wrong with an entry, the trace is recorded again.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PhxError } from "@phxlang/autodiff";
import type { EliminationTrace, MarkovGraph } from "@phxlang/graph";
import { decodeTrace, recordTrace } from "@phxlang/graph";
import { beforeEach, describe, expect, test } from "vitest";
import { diskStore } from "../../src/cache/disk-store.node.ts";
import { memoryStore } from "../../src/cache/memory-store.ts";
import type { TraceStore } from "../../src/cache/store.ts";
import { traceCache } from "../../src/cache/trace-cache.ts";
import type { TraceCache, TraceCodec } from "../../src/cache/trace-cache.ts";
import { birthDeath } from "../support/birth-death.ts";

const key = "a1".repeat(32);
const graph = birthDeath(6);
const codec: TraceCodec = {
  keyOf: () => key,
  encode: (trace) => trace.toBytes(),
  decode: decodeTrace,
};

let store: TraceStore;
let cache: TraceCache;
let recordings: number;

beforeEach(() => {
  store = memoryStore();
  cache = traceCache(store, codec);
  recordings = 0;
});

function ask(of: MarkovGraph = graph, through: TraceCache = cache): EliminationTrace {
  return through.traceOf(of, {}, () => {
    recordings++;
    return recordTrace(of);
  });
}

const bytesOf = (trace: EliminationTrace): number[] => Array.from(trace.toBytes());

/** What the store holds for the key, read past the cache. */
function entry(): Uint8Array {
  const bytes = store.get(key);
  if (bytes === null) throw new Error("no entry");
  return bytes.slice();
}

test("the second asking is a hit with the same trace, byte for byte", () => {
  const first = ask();
  const second = ask();
  expect(recordings).toBe(1);
  expect(bytesOf(second)).toEqual(bytesOf(first));
  expect(second.contentHash).toBe(first.contentHash);
  expect(cache.origins.map(({ source }) => source)).toEqual(["recorded", "cache"]);
});

describe("an entry that is not right is recorded again", () => {
  test("whatever byte of it is flipped", () => {
    const good = bytesOf(ask());
    const bytes = entry();
    for (let i = 0; i < bytes.length; i++) {
      const flipped = bytes.slice();
      flipped[i] ^= 1 << (i % 8);
      const through = traceCache(store, codec);
      store.put(key, flipped);
      expect(bytesOf(ask(graph, through))).toEqual(good);
      expect(through.origins[0].source).toBe("recorded");
      expect(through.origins[0].rejected).toBeTypeOf("string");
    }
    expect(recordings).toBe(bytes.length + 1);
  });

  test.each([
    ["empty", (): Uint8Array => new Uint8Array(0)],
    ["cut short", (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length - 5)],
    ["longer than written", (bytes: Uint8Array): Uint8Array => Uint8Array.from([...bytes, 0, 0, 0, 0])],
    ["all zero", (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.length)],
  ])("%s", (_name, damage) => {
    const good = bytesOf(ask());
    store.put(key, damage(entry()));
    expect(bytesOf(ask())).toEqual(good);
    expect(recordings).toBe(2);
    ask();
    expect(recordings).toBe(2);
  });

  test("a whole trace of another graph under this key", () => {
    ask(birthDeath(7));
    const through = traceCache(store, codec);
    expect(ask(graph, through).rowCount).toBe(6);
    expect(through.origins[0].rejected).toMatch(/8 states and 13 edges, the graph has 7/);
  });
});

test("a failure to record is the caller's error, and nothing is kept", () => {
  const failure = new PhxError({ code: "PHX950", what: "over budget" });
  expect(() =>
    cache.traceOf(graph, {}, () => {
      throw failure;
    }),
  ).toThrow(failure);
  expect(store.get(key)).toBeNull();
  expect(cache.origins).toEqual([]);
});

test("an error of ours in the codec is not taken for a corrupt entry", () => {
  ask();
  const broken = traceCache(store, {
    ...codec,
    decode: () => {
      throw new Error("internal: broken invariant");
    },
  });
  expect(() => ask(graph, broken)).toThrow("internal: broken invariant");
});

test("through a directory, a second process's asking is a hit too", async () => {
  const directory = mkdtempSync(join(tmpdir(), "phx-traces-"));
  const fail = (problem: { readonly message: string }): never => {
    throw new Error(problem.message);
  };
  const first = diskStore(directory, fail);
  const good = bytesOf(ask(graph, traceCache(first, codec)));
  await first.flush();
  const second = traceCache(diskStore(directory, fail), codec);
  expect(bytesOf(ask(graph, second))).toEqual(good);
  expect(second.origins).toEqual([{ key, epoch: 0, source: "cache" }]);
  await second.store.flush();
  rmSync(directory, { recursive: true });
});
