// The No-U-Turn sampler on densities whose moments are known.
import { describe, expect, test } from "vitest";
import { bulkEss } from "../src/diagnostics/ess.ts";
import { rhat } from "../src/diagnostics/rhat.ts";
import { random } from "@phxlang/autodiff";
import { finishAlone } from "../src/evaluating.ts";
import type { LogDensity } from "../src/log-density.ts";
import { windowEnds } from "../src/nuts/adaptation.ts";
import { beginChain, runChain } from "../src/nuts/chain.ts";
import type { ChainState, IterationStatistics, NutsOptions } from "../src/nuts/chain.ts";
import { densityOf } from "./support/densities.ts";
import { testStream } from "./support/test-stream.ts";

/** N(0, Σ) with Σ = [[1, r s], [r s, s²]]. */
function correlatedNormal(r: number, s: number): LogDensity {
  const determinant = s * s * (1 - r * r);
  return densityOf(
    2,
    ([x, y]) => {
      const a = (s * s * x - r * s * y) / determinant;
      const b = (y - r * s * x) / determinant;
      return { value: -0.5 * (x * a + y * b), gradient: Float64Array.of(-a, -b) };
    },
    () => Float64Array.of(s * s, -r * s, -r * s, 1).map((v) => v / determinant),
  );
}

/** A whole chain from a point: its states and what its iterations tell. */
function chainOf(density: LogDensity, start: Float64Array, options: NutsOptions, seed: number) {
  const key = random.key(seed);
  const inverseMass = new Float64Array(density.dimension).fill(1);
  const states: ChainState[] = [];
  const statistics: IterationStatistics[] = [];
  const begin = finishAlone(density, beginChain(start, inverseMass, key, options.metric));
  const record = (state: ChainState, told: IterationStatistics): void => {
    states.push(state);
    statistics.push(told);
  };
  finishAlone(density, runChain(begin, options, key, record));
  return { states, statistics };
}

function draw(density: LogDensity, metric: "diagonal" | "dense", seed: number): Float64Array[] {
  const options = { warmup: 500, draws: 1500, metric };
  const { states, statistics } = chainOf(density, new Float64Array(density.dimension), options, seed);
  expect(statistics.slice(500).every(({ diverging }) => diverging === 0)).toBe(true);
  const drawn = states.slice(500);
  expect(drawn.length).toBe(1500);
  return Array.from({ length: density.dimension }, (_, k) =>
    Float64Array.from(drawn, ({ position }) => position[k]),
  );
}

describe("a correlated normal", () => {
  test.each(["diagonal", "dense"] as const)("has its moments back with a %s metric", (metric) => {
    const density = correlatedNormal(0.8, 30);
    const chains = [1, 2, 3, 4].map((seed) => draw(density, metric, seed));
    const xs = chains.map(([x]) => x);
    const ys = chains.map(([, y]) => y);
    for (const [column, sd] of [
      [xs, 1],
      [ys, 30],
    ] as const) {
      const size = bulkEss(column);
      expect(rhat(column)).toBeLessThan(1.01);
      expect(size).toBeGreaterThan(1000);
      const pooled = column.flatMap((chain) => Array.from(chain));
      const mean = pooled.reduce((a, b) => a + b, 0) / pooled.length;
      const variance = pooled.reduce((a, b) => a + (b - mean) ** 2, 0) / pooled.length;
      // Five standard errors: a false alarm in about a million runs, and the seeds are fixed.
      expect(Math.abs(mean)).toBeLessThan((5 * sd) / Math.sqrt(size));
      expect(Math.abs(variance / sd ** 2 - 1)).toBeLessThan(5 * Math.sqrt(4 / size));
    }
    const product = xs.flatMap((chain, c) => Array.from(chain, (x, i) => x * ys[c][i]));
    const correlation = product.reduce((a, b) => a + b, 0) / product.length / 30;
    // The product has standard deviation √(1 + r²): five standard errors again.
    const size = Math.min(bulkEss(xs), bulkEss(ys));
    expect(Math.abs(correlation - 0.8)).toBeLessThan((5 * Math.sqrt(1.64)) / Math.sqrt(size));
  });
});

test("a density with a cliff is reported as divergent, not accepted beyond it", () => {
  const cliff = densityOf(
    1,
    ([x]) => ({ value: x > 1 ? -Infinity : x, gradient: Float64Array.of(1) }),
    () => Float64Array.of(0),
  );
  const { states, statistics } = chainOf(cliff, Float64Array.of(0), { warmup: 0, draws: 50 }, 3);
  expect(states.every(({ position }) => position[0] <= 1)).toBe(true);
  expect(statistics.some(({ diverging }) => diverging === 1)).toBe(true);
});

test("a chain that goes on from any of its states has the same bits", () => {
  const density = correlatedNormal(0.5, 3);
  const options: NutsOptions = { warmup: 60, draws: 20, metric: "dense" };
  const whole = chainOf(density, Float64Array.of(1, -2), options, 11);
  for (const at of [5, 44, 59, 70]) {
    const rest: ChainState[] = [];
    const key = random.key(11);
    finishAlone(
      density,
      runChain(whole.states[at], options, key, (state) => rest.push(state)),
    );
    expect(rest).toEqual(whole.states.slice(at + 1));
  }
});

test("warm-up windows double and end before the last stretch", () => {
  expect(windowEnds(1000)).toEqual([100, 150, 250, 450, 950]);
  expect(windowEnds(10)).toEqual([]);
  expect(windowEnds(100)).toEqual([90]);
});

test("R-hat and effective sizes of autoregressive chains are what theory says", () => {
  const stream = testStream(9);
  const chains = Array.from({ length: 4 }, () => {
    const chain = new Float64Array(5000);
    let x = 0;
    for (let i = 0; i < chain.length; i++) {
      x = 0.6 * x + 0.8 * stream.normal();
      chain[i] = x;
    }
    return chain;
  });
  const expected = (20_000 * (1 - 0.6)) / (1 + 0.6);
  expect(bulkEss(chains) / expected).toBeGreaterThan(0.85);
  expect(bulkEss(chains) / expected).toBeLessThan(1.15);
  expect(rhat(chains)).toBeLessThan(1.01);
  const shifted = chains.map((chain, c) => chain.map((x) => x + (c === 0 ? 2 : 0)));
  expect(rhat(shifted)).toBeGreaterThan(1.2);
});
