// The benchmark of worker threads: `node bench/workers/run.mjs [rounds]`, after a build. One thread against two, and the
// cost of a call; contestants take turns, and the ratio is of their best rounds. On a busy machine two threads get no
// more of the processors than one: `cores` says how many each contestant got in its best round.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { grad, makeJit, makePmap, np, random, vmap } from "@phxlang/autodiff";
import { openWorkers } from "@phxlang/runtime";
import { compile } from "phxlang";
import { summary } from "../autodiff/measure.mjs";

const rounds = Number(process.argv[2] ?? 20);
const path = fileURLToPath(new URL("../../examples/kingman.phx", import.meta.url));
const model = compile(readFileSync(path, "utf8"), { constants: { n: 20 }, source: path });
const times = np.array(Float64Array.from({ length: 10 }, (_, i) => 0.5 + 0.1 * i));
const logLikelihood = (theta) => model.logPdf(theta, times).sum();
const particles = np.exp(random.normal(random.key(1), [256, 1]).mul(0.2));

console.log(`Node ${process.versions.node}, ${availableParallelism()} cores; vmap(grad) of a log-likelihood`);
const contestants = [1, 2].map((threads) => {
  const f = makeJit(openWorkers({ threads }))(vmap(grad(logLikelihood)));
  return { threads, run: () => f(particles).dataSync(), spent: [], best: Infinity, cores: 0 };
});
for (const { run } of contestants) run();
await warm();
for (const { run } of contestants) run();
for (let round = 0; round < rounds; round++) {
  for (const contestant of contestants) {
    const used = process.cpuUsage();
    const start = performance.now();
    contestant.run();
    const milliseconds = performance.now() - start;
    const { user, system } = process.cpuUsage(used);
    contestant.spent.push(milliseconds);
    if (milliseconds >= contestant.best) continue;
    contestant.best = milliseconds;
    contestant.cores = (user + system) / 1000 / milliseconds;
  }
}
console.table(
  contestants.map(({ threads, spent, best, cores }) => ({
    threads,
    "best, ms": Number(best.toFixed(2)),
    "median, ms": Number(summary(spent).median.toFixed(2)),
    cores: Number(cores.toFixed(2)),
  })),
);
const [one, two] = contestants;
console.log(`256 particles on two threads: ${(one.best / two.best).toFixed(2)} times as fast as on one`);
console.log(`the same of loops that share nothing, on this machine: ${(await loopsSideBySide()).toFixed(2)}`);

const empty = makePmap(openWorkers({ threads: 2 }))((x) => x.add(1));
const pair = np.array([1, 2]);
empty(pair);
await warm();
const calls = [];
for (let i = 0; i < 5000; i++) {
  const start = performance.now();
  empty(pair);
  calls.push(1000 * (performance.now() - start));
}
console.log(`a call for two members that do next to nothing: median ${summary(calls).median.toFixed(1)} µs`);

/** How much faster two threads get through two runs of a plain loop than one: what the machine allows. */
async function loopsSideBySide() {
  const { Worker } = await import("node:worker_threads");
  const own = (count) => {
    let x = 1.1;
    for (let i = 0; i < count; i++) x = x * 0.999999 + 1e-9;
    return x;
  };
  const other = new Worker(
    `const { parentPort } = require("node:worker_threads"); const loop = ${own.toString()};
     parentPort.on("message", (count) => parentPort.postMessage(loop(count)));`,
    { eval: true },
  );
  const count = 3e7;
  const times = { alone: Infinity, together: Infinity };
  for (let round = 0; round < rounds; round++) {
    let start = performance.now();
    own(count);
    times.alone = Math.min(times.alone, performance.now() - start);
    const answer = new Promise((resolve) => other.once("message", resolve));
    start = performance.now();
    other.postMessage(count);
    own(count);
    await answer;
    times.together = Math.min(times.together, performance.now() - start);
  }
  await other.terminate();
  return (2 * times.alone) / times.together;
}

/** Threads come up and compile in the meantime. */
function warm() {
  return new Promise((resolve) => setTimeout(resolve, 1500));
}
