// The benchmark of densities by uniformization: `node bench/densities/run.mjs`, after a build. Values at 100 times,
// gradients and batches, through the public API; best processor times of contestants that take turns, beside a
// plain loop to scale them by.
import { array, grad, valueAndGrad, vmap } from "@phxlang/autodiff";
import { compile } from "phxlang";

/** Nanoseconds an operation of the plain loop takes on the machine that the targets are for. */
const reference = 1.9;
const batchSize = 8;
const options = { method: "uniformization" };

/** Block-counting coalescent, whose rates have so many parameters. */
const coalescent = (n, parameters) => `model coalescent
param rate[1..${parameters}] > 0 = 1
state b[1..${n}] in 0..${n}
start: b[1] = ${n}
stop when b[${n}] == 1
def pairs(i, j) = if i == j then choose(b[i], 2) else b[i] * b[j]
event coalesce for i in 1..${n}, j in i..${n} - i:
    b[i] -= 1, b[j] -= 1, b[i + j] += 1 @ pairs(i, j) * rate[min(i, ${parameters})]
`;

/** Lineages on two islands, as counts. */
const islands = (n) => `model islands
param migration > 0 = 1
param coalescence > 0 = 1
state a in 0..${n}
state b in 0..${n}
start: a = ${n}, b = 0
stop when a + b == 1
event coalesce_a: a -= 1 @ choose(a, 2) * coalescence
event coalesce_b: b -= 1 @ choose(b, 2) * coalescence
event leave_a: a -= 1, b += 1 @ migration * a
event leave_b: b -= 1, a += 1 @ migration * b
`;

const cases = [
  { title: "coalescent n=20, 1 parameter", text: coalescent(20, 1), target: 4 },
  { title: "coalescent n=20, 20 parameters", text: coalescent(20, 20), target: 4 },
  { title: "two islands, 50 lineages", text: islands(50), target: 60 },
];

const loopCount = 1_000_000;
const loopArrays = makeLoopArrays();
const wanted = process.argv.slice(2);
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}`);
console.log(`milliseconds × ${reference} / (nanoseconds of the plain loop); gradients beside the value\n`);
const rows = [];
for (const { title, text, target } of cases) {
  if (wanted.length > 0 && !wanted.some((word) => title.includes(word))) continue;
  const model = compile(text, { source: "bench.phx", lumping: false });
  const times = Float64Array.from({ length: 100 }, (_, i) => (i + 1) * 0.04);
  const theta = Array.from(model.defaults.elements);
  let step = 0;
  const near = () => theta.map((value) => value * (1 + 1e-6 * step++));
  const batch = () => array(Array.from({ length: batchSize }, near));
  const density = (at) => model.logPdf(at, times, options).sum();
  const contestants = {
    plain: plainLoop,
    pdf: () => model.pdf(near(), times, options).dataSync(),
    cdf: () => model.cdf(near(), times, options).dataSync(),
    value: () => density(array(near())).dataSync(),
    gradient: () => valueAndGrad(density)(array(near()))[1].dataSync(),
    valueOfBatch: () => vmap(density)(batch()).dataSync(),
    gradientOfBatch: () => vmap(grad(density))(batch()).dataSync(),
  };
  const best = bestTimes(contestants);
  const loop = (best.plain * 1e6) / loopCount;
  const scaled = (milliseconds) => Number(((milliseconds * reference) / loop).toPrecision(3));
  const ratio = (milliseconds) => Number((milliseconds / best.value).toFixed(2));
  rows.push({
    model: title,
    states: model.graph.stateCount - 1,
    "loop ns": Number(loop.toFixed(2)),
    target,
    pdf: scaled(best.pdf),
    cdf: scaled(best.cdf),
    "value + gradient": ratio(best.gradient),
    "of 8: value": ratio(best.valueOfBatch / batchSize),
    "of 8: gradient": ratio(best.gradientOfBatch / batchSize),
  });
}
console.table(rows);

/** The least processor time of each, in milliseconds, over some seconds of turns. */
function bestTimes(contestants) {
  const best = Object.fromEntries(Object.keys(contestants).map((name) => [name, Infinity]));
  const end = performance.now() + 5000;
  for (let turn = 0; turn < 4 || performance.now() < end; turn++) {
    for (const [name, run] of Object.entries(contestants)) {
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      best[name] = Math.min(best[name], (user + system) / 1000);
    }
  }
  return best;
}

/** v[k] += v[i] * v[j] over random triples: the unit of this machine. */
function plainLoop() {
  const { v, triples } = loopArrays;
  for (let p = 0; p < triples.length; p += 3) v[triples[p + 2]] += v[triples[p]] * v[triples[p + 1]];
}

function makeLoopArrays() {
  const slots = 16_384;
  const triples = new Int32Array(3 * loopCount);
  let state = 1;
  for (let i = 0; i < triples.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    triples[i] = state % slots;
  }
  return { v: new Float64Array(slots).fill(1e-9), triples };
}
