// The benchmark of models: `node bench/models/run.mjs`, after a build. From the text of a model to moments and
// densities with their gradients; medians, beside the figures of the design and a plain loop to scale them by.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { array, grad, valueAndGrad } from "@phxlang/autodiff";
import { recordTrace } from "@phxlang/graph";
import { compile } from "phxlang";
import { plainLoop } from "../plain-loop.mjs";

const examples = new URL("../../examples/", import.meta.url);

/** Figures of the design's prototypes in milliseconds, on a machine whose plain loop takes 1.9 ns. */
const cases = [
  {
    file: "sfs",
    constants: { n: 20 },
    title: "block-counting coalescent n=20",
    pdfTo: 4,
    design: { pdf: 1.73 },
  },
  {
    file: "sfs",
    constants: { n: 30 },
    title: "block-counting coalescent n=30",
    pdfTo: 4,
    design: { moments: 0.069, pdf: 46.9 },
  },
  { file: "rabbits", constants: { n: 100 }, title: "rabbits n=100", pdfTo: 4, design: {} },
  { file: "rabbits", constants: { n: 200 }, title: "rabbits n=200", pdfTo: 4, design: { moments: 0.366 } },
  { file: "mm1k", constants: { K: 1000 }, title: "M/M/1/1000", pdfTo: 1000, design: { moments: 0.017 } },
  { file: "arg", constants: { n: 20 }, title: "two-locus ARG n=20", pdfTo: 4, design: { moments: 0.055 } },
];

const wanted = process.argv.slice(2);
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}; medians in milliseconds`);
console.log(
  `plain loop v[k] += v[i] * v[j], 10⁶ random triples: ${plainLoop().toFixed(2)} ns an operation\n`,
);
const rows = [];
for (const { file, constants, title, pdfTo, design } of cases) {
  if (wanted.length > 0 && !wanted.some((word) => title.includes(word))) continue;
  const path = fileURLToPath(new URL(`${file}.phx`, examples));
  const text = readFileSync(path, "utf8");
  let model;
  const build = once(() => {
    model = compile(text, { constants, source: path });
    return model.trace;
  });
  const theta = Array.from(model.defaults.elements);
  let step = 0;
  const fresh = () => array(theta.map((value) => value * (1 + 1e-9 * step++)));
  const times = Float64Array.from({ length: 100 }, (_, i) => ((i + 1) * pdfTo) / 100);
  const mean = (at) => model.mean(at);
  const density = (at) => model.logPdf(at, times).sum();
  rows.push({
    model: title,
    states: model.graph.stateCount,
    edges: model.graph.edgeCount,
    build: format(build),
    record: format(median(() => recordTrace(model.graph))),
    first: format(once(() => model.moments(fresh(), 2).dataSync())),
    "replay (mean)": format(median(() => mean(fresh()).dataSync())),
    "mean+grad": format(median(() => valueAndGrad(mean)(fresh())[1].dataSync())),
    moments: format(median(() => model.moments(fresh(), 2).dataSync())),
    "design moments": design.moments ?? "",
    "pdf 100": format(median(() => model.pdf(fresh(), times).dataSync())),
    "design pdf": design.pdf ?? "",
    "logPdf grad": format(median(() => grad(density)(fresh()).dataSync())),
  });
}
console.table(rows);

function once(run) {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** Of at least five runs, or as many as fit into half a second. */
function median(run) {
  run();
  const spent = [];
  const start = performance.now();
  while (spent.length < 5 || (spent.length < 200 && performance.now() - start < 500)) spent.push(once(run));
  return spent.sort((a, b) => a - b)[spent.length >> 1];
}

function format(milliseconds) {
  return Number(milliseconds.toPrecision(3));
}
