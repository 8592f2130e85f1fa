// The No-U-Turn sampler on densities whose moments are known.
import { describe, expect, test } from "vitest";
import { bulkEss } from "../src/diagnostics/ess.ts";
import { rhat } from "../src/diagnostics/rhat.ts";
import type { LogDensity } from "../src/log-density.ts";
import { windowEnds } from "../src/nuts/adaptation.ts";
import { sampleChain } from "../src/nuts/sample.ts";
import { testStream } from "./support/test-stream.ts";

/** N(0, Σ) with Σ = [[1, r s], [r s, s²]]. */
function correlatedNormal(r: number, s: number): LogDensity {
  const determinant = s * s * (1 - r * r);
  return {
    dimension: 2,
    evaluate([x, y]) {
      const a = (s * s * x - r * s * y) / determinant;
      const b = (y - r * s * x) / determinant;
      return { value: -0.5 * (x * a + y * b), gradient: Float64Array.of(-a, -b) };
    },
    information: () => Float64Array.of(s * s, -r * s, -r * s, 1).map((v) => v / determinant),
  };
}

function draw(density: LogDensity, metric: "diagonal" | "dense", seed: number): Float64Array[] {
  const chain = sampleChain(
    density,
    new Float64Array(density.dimension),
    { warmup: 500, draws: 1500, metric },
    testStream(seed),
  );
  const columns = Array.from({ length: density.dimension }, () => new Float64Array(1500));
  let count = 0;
  for (const { isWarmup, position, statistics } of chain) {
    if (isWarmup) continue;
    expect(statistics.diverged).toBe(false);
    columns.forEach((column, k) => (column[count] = position[k]));
    count++;
  }
  expect(count).toBe(1500);
  return columns;
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
    expect(correlation).toBeCloseTo(0.8, 1);
  });
});

test("a density with a cliff is reported as divergent, not accepted beyond it", () => {
  const cliff: LogDensity = {
    dimension: 1,
    evaluate: ([x]) => ({ value: x > 1 ? -Infinity : x, gradient: Float64Array.of(1) }),
    information: () => Float64Array.of(0),
  };
  const chain = sampleChain(cliff, Float64Array.of(0), { warmup: 0, draws: 50 }, testStream(3));
  let divergences = 0;
  for (const { position, statistics } of chain) {
    expect(position[0]).toBeLessThanOrEqual(1);
    if (statistics.diverged) divergences++;
  }
  expect(divergences).toBeGreaterThan(0);
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
