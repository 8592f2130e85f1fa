// Pictures of draws: densities, traces, ranks and pairs.
import { pooledRanks } from "@phxlang/inference";
import type { Chains } from "@phxlang/inference";
import { densityEstimate, quantileOfDraws } from "./density-estimate.ts";
import type { Palette } from "./palette.ts";
import { seriesColour } from "./palette.ts";
import { drawPanel } from "./panel.ts";
import type { Panel } from "./panel.ts";

/** Points of a chain in a trace, and of all chains in a scatter plot: more would only make the file larger. */
const mostTracePoints = 400;
const mostPairPoints = 500;
const rankBins = 20;

/** The density of a parameter: 90 % of it filled, a line at its median. */
export async function densityPanel(palette: Palette, name: string, chains: Chains): Promise<Panel> {
  const sorted = Float64Array.from(chains.flatMap((chain) => Array.from(chain))).sort();
  const [low, median, high] = [0.05, 0.5, 0.95].map((p) => quantileOfDraws(sorted, p));
  const estimate = densityEstimate(sorted);
  const points = estimate === null ? [] : Array.from(estimate.x, (x, i) => ({ x, y: estimate.y[i] }));
  const note = `median ${short(median)}, 90 % in ${short(low)} … ${short(high)}`;
  return drawPanel(
    palette,
    { title: name, note, margins: { left: 14 }, plot: { y: { axis: null, zero: true } } },
    (plot) => [
      plot.areaY(
        points.filter(({ x }) => x >= low && x <= high),
        { x: "x", y: "y", fill: palette.accent, fillOpacity: 0.22 },
      ),
      plot.line(points, { x: "x", y: "y", stroke: palette.accent, strokeWidth: 1.8 }),
      plot.ruleX([median], { stroke: palette.ink, strokeWidth: 1.2, strokeDasharray: "3,3" }),
      plot.ruleY([0], { stroke: palette.faint }),
    ],
  );
}

/** Draws in their order, a line for each chain. */
export async function tracePanel(palette: Palette, name: string, chains: Chains): Promise<Panel> {
  const step = Math.max(1, Math.ceil(chains[0].length / mostTracePoints));
  const lines = chains.map((chain) =>
    Array.from({ length: Math.ceil(chain.length / step) }, (_, i) => ({
      x: i * step + 1,
      y: chain[i * step],
    })),
  );
  return drawPanel(
    palette,
    {
      title: name,
      xLabel: "draw",
      ...(step === 1 ? {} : { note: `every ${step}${step === 2 ? "nd" : step === 3 ? "rd" : "th"} draw` }),
    },
    (plot) =>
      lines.map((points, c) =>
        plot.line(points, {
          x: "x",
          y: "y",
          stroke: seriesColour(palette, c),
          strokeWidth: 0.7,
          strokeOpacity: 0.75,
        }),
      ),
  );
}

/** How the ranks of a chain among all draws are spread: bars of equal height where chains agree (Vehtari et al. 2021). */
export async function rankPanel(palette: Palette, name: string, chains: Chains): Promise<Panel> {
  const total = chains.reduce((sum, chain) => sum + chain.length, 0);
  const expected = total / chains.length / rankBins;
  const bars = pooledRanks(chains).flatMap((ranks, c) => {
    const counts = Array.from({ length: rankBins }, () => 0);
    for (const rank of ranks) counts[Math.min(rankBins - 1, Math.floor(((rank - 0.5) / total) * rankBins))]++;
    return counts.map((count, b) => ({
      chain: `chain ${c + 1}`,
      x1: (b * total) / rankBins,
      x2: ((b + 1) * total) / rankBins,
      count,
      fill: seriesColour(palette, c),
    }));
  });
  return drawPanel(
    palette,
    {
      title: name,
      xLabel: "rank among all draws",
      margins: { left: 14, right: 52 },
      height: Math.max(150, 40 + 42 * chains.length),
      plot: { y: { axis: null }, fy: { label: null, padding: 0.15, axis: "right" } },
    },
    (plot) => [
      plot.rect(bars, {
        x1: "x1",
        x2: "x2",
        y1: 0,
        y2: "count",
        fy: "chain",
        fill: (bar: { readonly fill: string }) => bar.fill,
        fillOpacity: 0.75,
        inset: 0.5,
      }),
      plot.ruleY([expected], { stroke: palette.ink, strokeDasharray: "3,3", strokeWidth: 1 }),
    ],
  );
}

/** Two parameters against each other; transitions that diverged stand out. */
export async function pairPanel(
  palette: Palette,
  names: readonly [string, string],
  chains: readonly [Chains, Chains],
  diverging: Chains,
): Promise<Panel> {
  const all = chains[0].flatMap((chain, c) =>
    Array.from(chain, (x, i) => ({ x, y: chains[1][c][i], hasDiverged: diverging[c]?.[i] === 1 })),
  );
  const step = Math.max(1, all.length / mostPairPoints);
  const shown = Array.from({ length: Math.floor(all.length / step) }, (_, i) => all[Math.floor(i * step)]);
  return drawPanel(
    palette,
    {
      title: `${names[0]} and ${names[1]}`,
      width: 260,
      height: 220,
      xLabel: names[0],
      yLabel: names[1],
      plot: { x: { ticks: 4 } },
    },
    (plot) => [
      plot.dot(shown, { x: "x", y: "y", r: 1.6, fill: palette.accent, fillOpacity: 0.4 }),
      plot.dot(
        all.filter(({ hasDiverged }) => hasDiverged),
        { x: "x", y: "y", r: 2.6, fill: palette.alarm },
      ),
    ],
  );
}

/** Four significant digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(4))).replace("-", "−");
}
