// @ts-nocheck
import { test } from "vitest";
import { krylovValues, shiftOf } from "../src/densities/krylov/krylov.ts";
import { uniformization } from "../src/densities/uniformization.ts";
import { kernels } from "../src/kernels/index.ts";
import { birthDeathRates, densityProblem, ringRates } from "./support/time-problems.ts";
import { islandCounts, sirs } from "../../../bench/graph/models.mjs";
import { makeModel } from "../src/index.ts";
import { describeCallback } from "../src/index.ts";
function island(n) { // two islands counts
  const id = new Map(); const rates = []; const list = [];
  const get = (a, b) => { const k = a + "," + b; if (!id.has(k)) { id.set(k, list.length); list.push([a, b]); } return id.get(k); };
  get(n / 2, n / 2);
  for (let i = 0; i < list.length; i++) { const [a, b] = list[i];
    if (a >= 2) rates.push([i, a + b === 2 ? -1 : get(a - 1, b), a * (a - 1) / 2]);
    if (b >= 2) rates.push([i, a + b === 2 ? -1 : get(a, b - 1), b * (b - 1) / 2]);
    if (a >= 1) rates.push([i, get(a - 1, b + 1), a * 1.5]);
    if (b >= 1) rates.push([i, get(a + 1, b - 1), b * 1.5]);
  }
  return [list.length, rates];
}
test("k", () => {
  const grid = (T, N = 100) => Float64Array.from({ length: N }, (_, i) => T * (i + 1) / N);
  for (const [name, n, rates, times] of [
    ["island50", ...island(50), grid(4)], ["island20", ...island(20), grid(4)],
    ["ring100", 100, ringRates(100, 0.1), grid(4000)], ["erlang100", 100, birthDeathRates(100, 1, 0, 1), grid(300)],
    ["erlang1000", 1000, birthDeathRates(1000, 1, 0, 1), grid(3000)],
    ["island50b", ...island(50), grid(0.4)], ["island50c", ...island(50), grid(40)], ["bd500", 500, birthDeathRates(500, 1, 0.9, 1), grid(20000)], ["bd100 sym", 100, birthDeathRates(100, 1, 1, 1), grid(20000)], ["mm1 b", 100, birthDeathRates(100, 1, 1.05, 1), grid(1e4)], ["mm1 100", 100, birthDeathRates(100, 1, 1.2, 1), grid(1e4)],
  ]) {
    const problem = densityProblem(n, rates, times);
    const u = uniformization.values(problem, false).logValues.map(Math.exp);
    const fmax = Math.max(...u);
    let line = name + " n " + n;
    const q = Math.max(...rates.reduce((o, [i, , r]) => { o[i] = (o[i] ?? 0) + r; return o; }, []));
    const norm = Math.hypot(...problem.right);
    line += ` fmax ${fmax.toExponential(1)} q/shift ${(q / shiftOf(times)).toExponential(1)}`;
    for (const m of [60, 70, 80]) {
      const t0 = performance.now();
      const k = krylovValues(problem, 1e-12, [m]);
      const dt = performance.now() - t0;
      let err = 0; k.values.forEach((v, i) => { err = Math.max(err, Math.abs(v - u[i])); });
      const b = Math.max(...k.bounds);
      line += ` | m${m} err ${(err / fmax).toExponential(1)} err/u|s| ${(err / norm * 2 ** 53).toExponential(1)} bound ${(b / fmax).toExponential(1)} ms ${dt.toFixed(1)} lev ${k.curve.table.levels.length}`;
    }
    console.log(line);
  }
  const problem = densityProblem(...island(50), grid(4));
  let best = Infinity; for (let r = 0; r < 10; r++) { const t = performance.now(); krylovValues(problem, 1e-12, [40]); best = Math.min(best, performance.now() - t); }
  console.log("best island50 m40 ms", best);
});
