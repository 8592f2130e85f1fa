// The benchmark of estimation: `node bench/inference/run.mjs [observations]`, after a build. Processor seconds, so that other work on
// the machine counts little: NUTS on the leukaemia data, and one SVGD iteration of 100 particles of a two-island coalescent.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bindData, compile, defineModel, fit, jit, np, random, readTable, valueAndGrad, vmap } from "phxlang";

const observations = Number(process.argv[2] ?? 1000);
const read = (name) => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), "utf8");

function processorSeconds(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const leukemia = compile(read("examples/leukemia.phx"), { source: "examples/leukemia.phx" });
const table = readTable(read("data/leukemia-remission.csv"), "leukemia-remission.csv");
const data = bindData(leukemia, "patients", table).observations;
const nuts = processorSeconds(() => fit.nuts(leukemia, { data, key: random.key(1) }));
console.log(
  `NUTS, leukaemia, 4 chains of 1,000 draws after 1,000 of warm-up: ${nuts.toFixed(1)} s (aim: 20)`,
);

/** 50 + 50 lineages as counts on two islands: coalescence within, migration between, until one is left. */
const island = defineModel({
  state: ["here", "there"],
  parameters: {
    first: { lower: 0, default: 1 },
    second: { lower: 0, default: 1 },
    out: { lower: 0, default: 1 },
    back: { lower: 0, default: 1 },
  },
  start: [{ to: [50, 50], probability: 1 }],
  stop: ([here, there]) => here + there === 1,
  transitions: ([here, there], { first, second, out, back }) => [
    ...(here > 1 ? [{ to: [here - 1, there], rate: first.mul((here * (here - 1)) / 2) }] : []),
    ...(there > 1 ? [{ to: [here, there - 1], rate: second.mul((there * (there - 1)) / 2) }] : []),
    ...(here > 0 ? [{ to: [here - 1, there + 1], rate: out.mul(here) }] : []),
    ...(there > 0 ? [{ to: [here + 1, there - 1], rate: back.mul(there) }] : []),
  ],
});
const times = island.sample(random.key(2), [1, 1, 1, 1], observations);
// The tolerance of fits.
const gradients = jit(vmap(valueAndGrad((u) => island.logPdf(np.exp(u), times, { tolerance: 1e-8 }).sum())));
const particles = random.normal(random.key(3), [100, 4]).mul(0.2);
gradients(particles);
const iteration = processorSeconds(() => gradients(particles.add(0.01)));
console.log(
  `SVGD iteration, two islands (${island.graph.stateCount} states), 100 particles, ${observations} times: ${iteration.toFixed(1)} s (aim: 2)`,
);
