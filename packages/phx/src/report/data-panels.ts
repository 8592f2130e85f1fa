// The model over its data: survival against the Kaplan–Meier estimate, the density over a histogram.
import { censoring } from "@phxlang/graph";
import type { Observations, StopObservations } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import { groupRows } from "../curves/groups.ts";
import type { Group } from "../curves/groups.ts";
import { numbersOf } from "../numbers-of.ts";
import { quantileOfDraws } from "../plots/density-estimate.ts";
import { densityHistogram, frequencyHistogram } from "../plots/histogram.ts";
import { kaplanMeier } from "../plots/kaplan-meier.ts";
import type { Palette } from "../plots/palette.ts";
import { seriesColour } from "../plots/palette.ts";
import { drawPanel } from "../plots/panel.ts";
import type { Panel } from "../plots/panel.ts";

export interface DataPanels {
  readonly panels: readonly Panel[];
  /** One for each colour of the panels; empty where there is one group. */
  readonly groups: readonly string[];
  /** What is not drawn, and why. */
  readonly omissions: readonly string[];
}

/** More curves than this in one picture cannot be told apart: all rows are then drawn as one group. */
const mostGroups = 6;
const gridPoints = 121;
/** Evaluations of a curve, over groups and draws. */
const mostCurves = 240;
const size = { width: 760, height: 340 };

/** A curve with the range of 90 % of the draws; for a single θ the range has no width. */
interface Band {
  readonly x: number;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/**
 * Pictures of the rows that observe when the process stops. `thetas` are draws, of which as many are used as a picture needs,
 * or one estimate.
 */
export async function dataPanels(
  palette: Palette,
  model: Model,
  data: readonly Observations[],
  thetas: readonly Float64Array[],
): Promise<DataPanels> {
  const omissions: string[] = [];
  if (data.some(({ kind }) => kind === "path")) omissions.push("panels of states");
  if (data.some(({ kind }) => kind === "reward")) omissions.push("rewards");
  const stops = data.filter((set): set is StopObservations => set.kind === "stop");
  const drawn = stops.filter(isDrawable);
  if (drawn.length < stops.length) {
    omissions.push("times that are known from the left, within an interval, or under truncation");
  }
  if (drawn.length === 0) return { panels: [], groups: [], omissions };
  const separate = groupRows(drawn, model);
  const groups = separate.length > mostGroups ? [] : separate;
  const latest = Math.max(...separate.flatMap(({ times }) => times));
  const times = gridTo(1.05 * latest, model.kind === "discrete");
  const used = evenly(thetas, Math.max(10, Math.floor(mostCurves / separate.length)));
  const bandsOf = (curve: Curve): Band[][] =>
    groups.length > 0
      ? groups.map((group) =>
          bandOf(
            times,
            used.map((theta) => curve(theta, group)),
          ),
        )
      : [
          bandOf(
            times,
            used.map((theta) => averaged(separate, (group) => curve(theta, group))),
          ),
        ];
  const shown = groups.length > 0 ? groups : [together(separate)];
  const survival = bandsOf((theta, group) => numbersOf(model.survival(theta, times, optionsOf(group))));
  const panels = [await survivalPanel(palette, model, shown, survival)];
  if (shown.length === 1 && !shown[0].isCensored.some(Boolean)) {
    const density = bandsOf((theta, group) =>
      numbersOf(
        model.kind === "discrete"
          ? model.pmf(theta, times, optionsOf(group))
          : model.pdf(theta, times, optionsOf(group)),
      ),
    );
    panels.push(await densityOverData(palette, model, shown[0], density[0]));
  }
  return { panels, groups: shown.length > 1 ? shown.map(({ name }) => name) : [], omissions };
}

type Curve = (theta: Float64Array, group: Group) => Float64Array;

function isDrawable({ censoring: kinds, entries, limits }: StopObservations): boolean {
  const isTruncated = (entries?.some((entry) => entry > 0) ?? false) || (limits ?? null) !== null;
  return !isTruncated && kinds.every((how) => how === censoring.exact || how === censoring.right);
}

function optionsOf(group: Group): { readonly with?: Readonly<Record<string, number>> } {
  return Object.keys(group.with).length === 0 ? {} : { with: group.with };
}

function gridTo(end: number, isWhole: boolean): Float64Array {
  const step = isWhole ? Math.max(1, Math.ceil(end / gridPoints)) : end / (gridPoints - 1);
  const length = isWhole ? Math.ceil(end / step) + 1 : gridPoints;
  return Float64Array.from({ length }, (_, i) => i * step);
}

function evenly<T>(values: readonly T[], count: number): readonly T[] {
  const kept = Math.min(count, values.length);
  return Array.from({ length: kept }, (_, i) => values[Math.floor((i * values.length) / kept)]);
}

function averaged(groups: readonly Group[], curve: (group: Group) => Float64Array): Float64Array {
  const total = groups.reduce((sum, { weights }) => sum + weightOf(weights), 0);
  return groups
    .map((group) => curve(group).map((y) => (y * weightOf(group.weights)) / total))
    .reduce((sum, values) => sum.map((y, i) => y + values[i]));
}

function weightOf(weights: readonly number[]): number {
  return weights.reduce((a, b) => a + b, 0);
}

function together(groups: readonly Group[]): Group {
  return {
    name: "all rows",
    with: {},
    times: groups.flatMap(({ times }) => times),
    isCensored: groups.flatMap(({ isCensored }) => isCensored),
    weights: groups.flatMap(({ weights }) => weights),
  };
}

function bandOf(times: Float64Array, curves: readonly Float64Array[]): Band[] {
  return Array.from(times, (x, i) => {
    const sorted = Float64Array.from(curves, (curve) => curve[i]).sort();
    const [low, middle, high] = [0.05, 0.5, 0.95].map((p) => quantileOfDraws(sorted, p));
    return { x, low, middle, high };
  });
}

async function survivalPanel(
  palette: Palette,
  model: Model,
  groups: readonly Group[],
  bands: readonly (readonly Band[])[],
): Promise<Panel> {
  const estimates = groups.map(({ times, isCensored, weights }) =>
    kaplanMeier(
      times,
      (row) => isCensored[row],
      (row) => weights[row],
    ),
  );
  const hasCensored = groups.some(({ isCensored }) => isCensored.some(Boolean));
  return drawPanel(
    palette,
    {
      title: "Survival",
      note: `lines: model; steps: Kaplan–Meier estimate${hasCensored ? "; crosses: censored" : ""}`,
      ...size,
      xLabel: model.kind === "discrete" ? "steps" : "time",
      plot: { y: { domain: [0, 1], grid: true, label: "P(T > t)" } },
    },
    (plot) =>
      groups.flatMap((_, g) => {
        const stroke = seriesColour(palette, g);
        const { times, survival, censoredTimes, censoredSurvival } = estimates[g];
        const steps = times.map((x, i) => ({ x, y: survival[i] }));
        const ticks = censoredTimes.map((x, i) => ({ x, y: censoredSurvival[i] }));
        const curve = model.kind === "discrete" ? "step-after" : "linear";
        return [
          plot.areaY(bands[g], { x: "x", y1: "low", y2: "high", fill: stroke, fillOpacity: 0.16, curve }),
          plot.line(bands[g], { x: "x", y: "middle", stroke, strokeWidth: 2.2, curve }),
          plot.line(steps, { x: "x", y: "y", stroke, strokeWidth: 1.3, curve: "step-after" }),
          plot.dot(ticks, { x: "x", y: "y", symbol: "plus", r: 4, stroke, strokeWidth: 1.4 }),
        ];
      }),
  );
}

async function densityOverData(
  palette: Palette,
  model: Model,
  group: Group,
  band: readonly Band[],
): Promise<Panel> {
  const isDiscrete = model.kind === "discrete";
  const histogram = isDiscrete
    ? frequencyHistogram("data", group.times)
    : densityHistogram("data", group.times);
  const bars = Array.from({ length: histogram.heights.length }, (_, i) => ({
    x1: histogram.edges[i],
    x2: histogram.edges[i + 1],
    y: histogram.heights[i],
  }));
  // A density may be infinite, or far above all bars, at a single time near 0; the picture is about the rest.
  const top = 1.6 * Math.max(...bars.map(({ y }) => y));
  return drawPanel(
    palette,
    {
      title: isDiscrete ? "Probabilities" : "Density",
      note: `${isDiscrete ? "dots" : "line"}: model; bars: data`,
      ...size,
      xLabel: isDiscrete ? "steps" : "time",
      plot: { y: { domain: [0, top], grid: true, label: isDiscrete ? "probability" : "per unit time" } },
    },
    (plot) => [
      plot.rect(bars, { x1: "x1", x2: "x2", y1: 0, y2: "y", fill: palette.faint, inset: 0.5 }),
      // Values of whole numbers are dots; between them there is nothing.
      ...(isDiscrete
        ? [
            plot.ruleX(band, {
              x: "x",
              y1: "low",
              y2: "high",
              stroke: palette.accent,
              strokeOpacity: 0.35,
              strokeWidth: 5,
              clip: true,
            }),
            plot.dot(band, { x: "x", y: "middle", r: 3.5, fill: palette.accent, clip: true }),
          ]
        : [
            plot.areaY(band, {
              x: "x",
              y1: "low",
              y2: "high",
              fill: palette.accent,
              fillOpacity: 0.2,
              clip: true,
            }),
            plot.line(band, { x: "x", y: "middle", stroke: palette.accent, strokeWidth: 2.2, clip: true }),
          ]),
      plot.ruleY([0], { stroke: palette.muted }),
    ],
  );
}
