import { readFileSync } from "node:fs";
import { compile, jit, vmap, grad, valueAndGrad, array } from "phxlang";
const list = [
 ["examples/rabbits.phx", {n:200}], ["examples/sfs.phx",{n:30}], ["bench/models/arg_islands.phx",{n:4}], ["examples/mm1k.phx",{K:1000}],
];
const want = process.argv[2];
for (const [file, constants] of list) {
  if (want && !file.includes(want)) continue;
  const model = compile(readFileSync(file,"utf8"), {constants, source: file});
  const d = Array.from(model.defaults.elements);
  const {trace} = model;
  console.log(file, "states", model.graph.stateCount, "edges", model.graph.edgeCount, "rows", trace.rowCount, "ops", trace.operationCount, "slots", trace.slotCount);
  const B = 8;
  let step = 0;
  const batch = () => array(Array.from({length:B},()=>{step++; return d.map(v=>v*(1+1e-6*step))}));
  const f = { mean: t => model.mean(t), moments2: t => model.moments(t,2), grad: t=>grad(model.mean)(t), vg: t => valueAndGrad(model.mean)(t) };
  for (const [name, g] of Object.entries(f)) {
    const run = jit(vmap(g));
    const out = () => { const r = run(batch()); return Array.isArray(r) ? r.map(x=>x.dataSync()) : r.dataSync(); };
    out(); out();
    const times = [];
    const start = performance.now();
    while (times.length < 5 || (times.length<200 && performance.now()-start < 1500)) { const s = performance.now(); out(); times.push(performance.now()-s); }
    times.sort((a,b)=>a-b);
    console.log("  ", name.padEnd(10), "min", (times[0]/B*1000).toFixed(1), "us  median", (times[times.length>>1]/B*1000).toFixed(1), "us per theta");
  }
}
