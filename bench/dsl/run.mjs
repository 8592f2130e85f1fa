// From the text of a model to its graph: `node bench/dsl/run.mjs [name…]`, after a build. Milliseconds, and in brackets
// what they are worth where the plain loop takes 1.9 ns: the loop runs before and after each measurement, so that a
// busy machine slows both. Every case is a process of its own; `cold` is its first run, from the text to the mean.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { explore, recordTrace } from "@phxlang/graph";
import { compile } from "@phxlang/dsl";
import { compile as compileModel } from "phxlang";
import { designLoop, plainLoop } from "../plain-loop.mjs";

/** `cold`, `explore`: the targets, in milliseconds. */
const cases = [
  { name: "rabbits 100", file: "rabbits", constants: { n: 100 } },
  { name: "rabbits 200", file: "rabbits", constants: { n: 200 }, cold: 300 },
  { name: "rabbits 1412", file: "rabbits", constants: { n: 1412 }, explore: 500, isGraphAlone: true },
  { name: "coalescent 20", file: "sfs", constants: { n: 20 } },
  { name: "coalescent 30", file: "sfs", constants: { n: 30 }, cold: 300 },
  { name: "M/M/1/1000", file: "mm1k", constants: { K: 1000 } },
  { name: "recombination 20", file: "arg", constants: { n: 20 } },
  { name: "island spectrum 4+4", file: "jsfs", constants: { n1: 4, n2: 4 } },
  { name: "polling 12", file: "polling", constants: { N: 12 }, isGraphAlone: true },
  { name: "SIR 500", file: "sir", constants: { N: 500 } },
];

const [first, ...others] = process.argv.slice(2);
if (first === "--case") console.log(JSON.stringify(measure(cases[Number(others[0])])));
else printAll([first, ...others].filter((word) => word !== undefined));

function printAll(wanted) {
  console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}; milliseconds (scaled)`);
  console.log(
    `plain loop v[k] += v[i] * v[j], 10⁶ random triples: ${plainLoop().toFixed(2)} ns an operation\n`,
  );
  const rows = cases.flatMap((one, index) => {
    if (wanted.length > 0 && !wanted.some((word) => one.name.includes(word))) return [];
    const script = fileURLToPath(import.meta.url);
    const text = execFileSync(process.execPath, [script, "--case", String(index)], { encoding: "utf8" });
    return [{ model: one.name, ...JSON.parse(text) }];
  });
  console.table(rows);
}

function measure({ file, constants, cold, explore: target, isGraphAlone = false }) {
  const source = `${file}.phx`;
  const path = fileURLToPath(new URL(`../../examples/${source}`, import.meta.url));
  const text = readFileSync(path, "utf8");
  const row = {};
  const memory = process.memoryUsage().rss;
  // Too large to eliminate, or explored alone for the peak of memory.
  const [coldTime, coldScaled] = isGraphAlone
    ? [NaN, NaN]
    : timed(() => {
        const model = compileModel(text, { source, constants });
        return model.mean(model.defaults).dataSync();
      });
  const check = [];
  const exploring = [];
  const recording = [];
  let graph;
  for (let run = 0; run < (isGraphAlone ? 5 : 9); run++) {
    let model;
    check.push(timed(() => (model = compile(text, { source, constants }))));
    exploring.push(timed(() => (graph = explore(model.description.callback, { keepTransitions: false }))));
    if (run === 0) {
      row.states = graph.stateCount;
      row.edges = graph.edgeCount;
      const grown = process.resourceUsage().maxRSS * 1024 - memory;
      if (isGraphAlone) row["bytes/edge"] = Math.round(grown / graph.edgeCount);
      else row.cold = `${coldTime.toFixed(0)} (${coldScaled.toFixed(0)})`;
      if (cold !== undefined) row["cold target"] = cold;
    }
    if (!isGraphAlone) recording.push(timed(() => recordTrace(graph)));
  }
  row.check = shown(check);
  row.explore = shown(exploring);
  if (target !== undefined) row["explore target"] = target;
  row["M edges/s"] = Number((graph.edgeCount / median(exploring)[1] / 1000).toFixed(1));
  if (!isGraphAlone) row.record = shown(recording);
  return row;
}

/** [time, time where the plain loop takes 1.9 ns]. */
function timed(body) {
  const before = plainLoop(8);
  const start = performance.now();
  body();
  const time = performance.now() - start;
  return [time, (time * 2 * designLoop) / (before + plainLoop(8))];
}

function median(pairs) {
  return pairs.toSorted(([, x], [, y]) => x - y)[pairs.length >> 1];
}

function shown(pairs) {
  const digits = (time) => (time < 10 ? time.toFixed(1) : time.toFixed(0));
  const [time, scaled] = median(pairs);
  return `${digits(time)} (${digits(scaled)})`;
}
