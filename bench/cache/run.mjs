// The benchmark of the trace cache: `node bench/cache/run.mjs`, after a build. What recording costs, what a hit costs, and
// how much of a start from the text of a model to its first mean the cache saves. Contestants take turns; medians, and the
// best runs in brackets, in milliseconds. The last line is Kingman's coalescent of 67 lineages.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeTrace, explore, recordTrace, structureKey } from "@phxlang/graph";
import { diskStore, traceCache } from "@phxlang/runtime";
import { compile } from "phxlang";
import * as models from "../graph/models.mjs";

const cases = [
  { name: "rabbits 400", make: () => models.rabbits(400) },
  { name: "SIRS 120", make: () => models.sirs(120) },
  { name: "coalescent 40", make: () => models.blockCounting(40) },
  { name: "island blocks 15", make: () => models.islandBlocks(15) },
  { name: "grid 100", make: () => models.grid(100) },
];
const codec = {
  keyOf: (graph, how) => structureKey(graph, { ...how, createHash: () => createHash("sha256") }),
  encode: (trace) => trace.toBytes(),
  decode: decodeTrace,
};
const root = mkdtempSync(join(tmpdir(), "phx-bench-"));
const fail = ({ message }) => {
  throw new Error(message);
};

console.log(
  `Node ${process.versions.node}, ${process.platform} ${process.arch}; milliseconds: median (best)\n`,
);
const rows = [];
for (const { name, make } of cases) {
  const graph = explore(make(), { keepTransitions: false });
  const how = { lump: true };
  const store = diskStore(join(root, name), fail);
  traceCache(store, codec).traceOf(graph, how, () => recordTrace(graph, how));
  await store.flush();
  const times = { record: [], key: [], hit: [] };
  for (let round = 0; round < 9; round++) {
    times.record.push(spent(() => recordTrace(graph, how)));
    times.key.push(spent(() => codec.keyOf(graph, how)));
    times.hit.push(
      spent(() =>
        traceCache(store, codec).traceOf(graph, how, () => {
          throw new Error("not a hit");
        }),
      ),
    );
  }
  await store.flush();
  rows.push({
    model: name,
    states: graph.stateCount,
    edges: graph.edgeCount,
    record: shown(times.record),
    "hit, key included": shown(times.hit),
    "key alone": shown(times.key),
    "record / hit": (best(times.record) / best(times.hit)).toFixed(1),
  });
}
console.table(rows);

const text = readFileSync(new URL("../../examples/kingman.phx", import.meta.url), "utf8");
const store = diskStore(join(root, "kingman"), fail);
const start = () => {
  const cache = traceCache(store, codec);
  const model = compile(text, { constants: { n: 67 }, traceOf: (...asked) => cache.traceOf(...asked) });
  return model.mean([1.5]).item();
};
const cold = spent(start);
await store.flush();
const warm = Array.from({ length: 20 }, () => spent(start));
await store.flush();
console.log(`coalescent of 67 lineages, text to first mean: cold ${cold.toFixed(1)}, then ${shown(warm)}`);
rmSync(root, { recursive: true });

function spent(work) {
  const before = performance.now();
  work();
  return performance.now() - before;
}

function best(times) {
  return Math.min(...times);
}

function shown(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return `${sorted[sorted.length >> 1].toFixed(1)} (${sorted[0].toFixed(1)})`;
}
