// The benchmark of graphs: `node bench/graph/run.mjs [name…]`, after a build. Exploring hand-written callbacks,
// recording with and without lumping, keys and bytes of traces; medians, beside the counts of the design and a plain
// loop to scale the times by. `million` (only when named) explores 10⁶ states.
import { decodeTrace, explore, recordTrace, structureKey } from "@phxlang/graph";
import { plainLoop } from "../plain-loop.mjs";
import * as models from "./models.mjs";

/** `operations`, `classes`: the design's counts of multiply-adds, and of states after lumping. */
const cases = [
  { name: "coalescent 30", make: () => models.blockCounting(30), operations: 0, classes: 29 },
  { name: "coalescent 40", make: () => models.blockCounting(40), operations: 0 },
  { name: "islands 100", make: () => models.islandCounts(100), operations: 5049 },
  { name: "island blocks 12", make: () => models.islandBlocks(12), operations: 14_485 },
  { name: "island blocks 15", make: () => models.islandBlocks(15), operations: 88_000, classes: 133 },
  { name: "rabbits 100", make: () => models.rabbits(100), operations: 5050 },
  { name: "rabbits 200", make: () => models.rabbits(200), operations: 20_100 },
  { name: "rabbits 400", make: () => models.rabbits(400), operations: 80_200 },
  { name: "M/M/1/1000", make: () => models.queue(1000), operations: 999 },
  { name: "SIR 100", make: () => models.sir(100), operations: 0 },
  { name: "SIRS 60", make: () => models.sirs(60), operations: 730_000 },
  { name: "SIRS 120", make: () => models.sirs(120), operations: 7_700_000 },
  { name: "recombination 20", make: () => models.recombination(20), operations: 2869, classes: 1749 },
  { name: "grid 60", make: () => models.grid(60), operations: 1_860_000 },
  { name: "grid 100", make: () => models.grid(100), operations: 10_500_000 },
  { name: "tandem 60", make: () => models.tandem(60), operations: 3_000_000 },
  { name: "random 1000, degree 3", make: () => models.randomDigraph(1000, 3), operations: 3_800_000 },
  { name: "random 1000, degree 5", make: () => models.randomDigraph(1000, 5), operations: 44_000_000 },
  { name: "million rabbits", make: () => models.rabbits(1412), onlyNamed: true, runs: 3 },
];

const wanted = process.argv.slice(2);
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}; medians in milliseconds`);
console.log(
  `plain loop v[k] += v[i] * v[j], 10⁶ random triples: ${plainLoop().toFixed(2)} ns an operation\n`,
);
const rows = [];
for (const { name, make, operations, classes, onlyNamed = false, runs = 7 } of cases) {
  const isNamed = wanted.some((word) => name.includes(word));
  if (onlyNamed ? !isNamed : wanted.length > 0 && !isNamed) continue;
  let graph;
  const exploring = median(runs, () => {
    graph = explore(make(), { keepTransitions: false });
  });
  let trace;
  const recording = median(runs, () => {
    trace = recordTrace(graph);
  });
  let lumped;
  const lumping = median(runs, () => {
    lumped = recordTrace(graph, { lump: true });
  });
  const bytes = trace.toBytes();
  rows.push({
    model: name,
    states: graph.stateCount,
    edges: graph.edgeCount,
    explore: exploring,
    "M edges/s": graph.edgeCount / exploring / 1000,
    record: recording,
    operations: trace.operationCount,
    design: operations ?? "",
    "non-zeros": trace.lowerColumns.length + trace.upperColumns.length,
    "record lumped": lumping,
    classes: lumped.rowCount,
    "design ": classes ?? "",
    key: median(runs, () => structureKey(graph)),
    decode: median(runs, () => decodeTrace(bytes)),
    "trace kB": bytes.length / 1000,
  });
}
printTable(rows);
console.log(`\npeak memory of the process: ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`);

function median(runs, body) {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    body();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[runs >> 1];
}

function printTable(table) {
  if (table.length === 0) return;
  const text = (value) =>
    typeof value === "number" && !Number.isInteger(value) ? value.toFixed(value < 10 ? 2 : 1) : String(value);
  const columns = Object.keys(table[0]);
  const widths = columns.map((name) => Math.max(name.length, ...table.map((row) => text(row[name]).length)));
  const line = (cells) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  console.log(line(columns));
  for (const row of table) console.log(line(columns.map((name) => text(row[name]))));
}
