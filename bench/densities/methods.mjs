// The benchmark of density methods: `node bench/densities/methods.mjs`, after a build. Values and gradients through the
// public API at a new θ each time: minima of rounds that take turns, and what they are on the machine of the design.
import { array, valueAndGrad } from "@phxlang/autodiff";
import { defineModel } from "@phxlang/graph";
import { explained, makeModel } from "@phxlang/runtime";
import { designLoop, plainLoop } from "../plain-loop.mjs";

const pairs = (count) => (count * (count - 1)) / 2;
/** Lineages on two islands, as counts, until one is left. */
const islands = (lineages) =>
  makeModel(
    defineModel({
      state: ["a", "b"],
      parameters: { rate: { lower: 0 }, move: { lower: 0 } },
      start: [{ to: [lineages / 2, lineages / 2], probability: 1 }],
      stop: ([a, b]) => a + b === 1,
      transitions: ([a, b], { rate, move }) => [
        ...(a > 1 ? [{ to: [a - 1, b], rate: rate.mul(pairs(a)) }] : []),
        ...(b > 1 ? [{ to: [a, b - 1], rate: rate.mul(pairs(b)) }] : []),
        ...(a > 0 ? [{ to: [a - 1, b + 1], rate: move.mul(a) }] : []),
        ...(b > 0 ? [{ to: [a + 1, b - 1], rate: move.mul(b) }] : []),
      ],
    }),
  );
/** A queue that stops when it is full: two rates far above the rate of stopping. */
const queue = (size) =>
  makeModel(
    defineModel({
      state: ["k"],
      parameters: { rate: { lower: 0 }, move: { lower: 0 } },
      start: [{ to: [0], probability: 1 }],
      stop: ([k]) => k === size,
      transitions: ([k], { rate, move }) => [
        { to: [k + 1], rate },
        ...(k > 0 ? [{ to: [k - 1], rate: move }] : []),
      ],
    }),
  );

const grid = (count, last) => Float64Array.from({ length: count }, (_, i) => (last * (i + 1)) / count);
const decades = (count, last) =>
  Float64Array.from({ length: count }, (_, i) => last * 10 ** (-4 * ((i * 0.6180339887) % 1)));
const krylov = { method: "krylov", tolerance: 1e-9 };
const large = islands(50);
const middle = islands(34);
const cases = [
  ["two islands 50: pdf at 100 times to 1e-9 of the largest", large, "pdf", grid(100, 4), krylov, 4],
  ["two islands 50: cdf at 100 times to 1e-9 of the largest", large, "cdf", grid(100, 4), krylov, 4],
  ["two islands 50: pdf at 100 times to 1e-12", large, "pdf", grid(100, 4), {}, 60],
  ["queue of 30, 3e6 jumps: log pdf at 20 times", queue(30), "logPdf", grid(20, 1e6), {}, ""],
  ["queue of 128, 3e6 jumps: log pdf at 20 times", queue(128), "logPdf", grid(20, 1e6), {}, ""],
  ["two islands 34: log pdf at 10⁶ times", middle, "logPdf", decades(1e6, 4), {}, 300],
];

let step = 0;
const fresh = () => array([1 + 1e-9 * step++, 1.5]);
const rows = [];
for (const [title, model, name, times, options, target] of cases) {
  const value = (at) => model[name](at, times, options).sum();
  const derivative = valueAndGrad(value);
  const found = { value: [], gradient: [], loop: [] };
  const timed = (into, run) => {
    const start = performance.now();
    run();
    into.push(performance.now() - start);
  };
  for (let round = 0; round < (times.length > 1000 ? 4 : 15); round++) {
    found.loop.push(plainLoop(3));
    timed(found.value, () => value(fresh()).dataSync());
    timed(found.gradient, () => derivative(fresh())[1].dataSync());
  }
  const [own, gradient, loop] = [found.value, found.gradient, found.loop].map((all) => Math.min(...all));
  const scale = designLoop / loop;
  const { methods, errorEstimate } = explained(() => model[name](fresh(), times, options));
  rows.push({
    case: title,
    states: model.trace.rowCount,
    ms: own.toFixed(2),
    scaled: (own * scale).toFixed(2),
    target,
    "gradient scaled": (gradient * scale).toFixed(2),
    ratio: (gradient / own).toFixed(1),
    methods: methods.map(({ method, times: served }) => `${method} ${served}`).join(", "),
    error: errorEstimate.toExponential(0),
  });
}
console.log(
  `Node ${process.versions.node}; plain loop ${plainLoop().toFixed(2)} ns, design ${designLoop} ns an operation`,
);
console.table(rows);
