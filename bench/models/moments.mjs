// The benchmark of moments: `node bench/models/moments.mjs`, after a build; words choose cases. Moments for thetas that
// were never seen before, through the public API, from compiled functions of eight thetas at a time.
import { readFileSync } from "node:fs";
import { array, compile, grad, jit, valueAndGrad, vmap } from "phxlang";
import { designLoop, plainLoopOnce } from "../plain-loop.mjs";

/** Targets in microseconds for a theta, on a machine whose plain loop takes 1.9 ns. Nothing is lumped. */
const cases = [
  { title: "rabbits 200", file: "../../examples/rabbits.phx", constants: { n: 200 }, target: 500 },
  {
    title: "block-counting coalescent 30",
    file: "../../examples/sfs.phx",
    constants: { n: 30 },
    target: 60,
  },
  { title: "recombination, two islands, 4", file: "arg_islands.phx", constants: {}, target: 200 },
  { title: "M/M/1/1000", file: "../../examples/mm1k.phx", constants: { K: 1000 }, target: 6 },
  { title: "coalescent 21 with 20 speeds", file: "coalescent_speeds.phx", constants: {}, target: null },
  // Its 10⁶ states take a while to explore: only when it is named. One theta at a time.
  {
    title: "rabbits 1412",
    file: "../../examples/rabbits.phx",
    constants: { n: 1412 },
    target: 100_000,
    lanes: 1,
    isLarge: true,
  },
];

const wanted = process.argv.slice(2);
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}`);
console.log("Best of interleaved runs, microseconds for a theta; `scaled` to a plain loop of 1.9 ns\n");
const rows = [];
for (const { title, file, constants, target, lanes = 8, isLarge = false } of cases) {
  if (wanted.length === 0 ? isLarge : !wanted.some((word) => title.includes(word))) continue;
  const url = new URL(file, import.meta.url);
  const model = compile(readFileSync(url, "utf8"), { constants, source: file, lumping: false });
  const theta = Array.from(model.defaults.elements);
  let step = 0;
  const fresh = () => array(Array.from({ length: lanes }, () => theta.map((x) => x * (1 + 1e-7 * ++step))));
  const mean = (at) => model.mean(at);
  const functions = {
    mean,
    moments: (at) => model.moments(at, 2),
    gradient: grad(mean),
    both: valueAndGrad(mean),
  };
  const contestants = Object.entries(functions).map(([name, f]) => {
    const run = jit(vmap(f));
    return { name, best: Infinity, call: () => [run(fresh())].flat().map((result) => result.dataSync()) };
  });
  for (const { call } of contestants) call();
  let loop = Infinity;
  const start = performance.now();
  for (let round = 0; round < 8 || performance.now() - start < 3000; round++) {
    for (let again = 0; again < 2; again++) loop = Math.min(loop, plainLoopOnce());
    for (const contestant of contestants) {
      // The first call of a turn finds the caches as the others left them.
      for (let again = 0; again < 5; again++) {
        const before = performance.now();
        contestant.call();
        contestant.best = Math.min(contestant.best, performance.now() - before);
      }
    }
  }
  const [value, moments, gradient, both] = contestants.map(({ best }) => (best * 1000) / lanes);
  const scaled = (value * designLoop) / loop;
  rows.push({
    model: title,
    rows: model.trace.rowCount,
    parameters: theta.length,
    "loop, ns": round(loop),
    mean: round(value),
    scaled: round(scaled),
    target: target ?? "",
    "of target": target === null ? "" : round(scaled / target),
    "two moments": round(moments),
    "gradient / mean": round(gradient / value),
    "mean and gradient / mean": round(both / value),
  });
}
console.table(rows);

function round(x) {
  return Number(x.toPrecision(3));
}
