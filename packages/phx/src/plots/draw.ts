// Draws figures as SVG with Observable Plot in a document of linkedom; both load on first use.
import { internalError } from "@phxlang/autodiff";
import type * as ObservablePlot from "@observablehq/plot";
import type { Curve, Figure, Histogram, Ticks } from "./figure.ts";

const colours = ["#0b62a4", "#d1495b", "#2e8b57", "#8e5ea2", "#c07f00", "#4a4a4a"];
const barColour = "#cdd6de";
const width = 760;
const height = 420;
const margin = { left: 64, right: 24, top: 34, bottom: 46 };
const fonts = "'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

interface Point {
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly group: string;
}

/** A complete SVG document with a white background of its own, a title, and a legend where there is a choice. */
export async function drawFigure(figure: Figure): Promise<string> {
  const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const groups = [...new Set(figure.curves.map(groupOf))];
  const marks = makeMarks(Plot, figure);
  const drawn: unknown = Plot.plot({
    document,
    width,
    height,
    marginLeft: margin.left,
    marginRight: margin.right,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    className: "phx-figure",
    style: { fontFamily: fonts, fontSize: "12px" },
    x: { label: figure.xLabel, labelAnchor: "center", labelArrow: "none", ...wholeTicks(figure) },
    y: { label: figure.yLabel, labelArrow: "none", grid: true, nice: true, ticks: 7 },
    color: { domain: groups, range: groups.map((_, index) => colours[index % colours.length]) },
    marks,
  });
  const svg = String(drawn);
  if (svg.includes("⚠")) throw internalError(`the plot "${figure.title}" has a warning`);
  return frame(svg, figure, groups);
}

function makeMarks(Plot: typeof ObservablePlot, figure: Figure): ObservablePlot.Markish[] {
  const shaped = (shape: Curve["shape"]): Point[] =>
    pointsOf(figure.curves.filter((curve) => curve.shape === shape));
  const lines = shaped("line");
  const steps = shaped("steps");
  const stems = shaped("stems");
  const ticks = pointsOf(figure.ticks ?? []);
  const marks: ObservablePlot.Markish[] = [];
  if (figure.histogram !== undefined) {
    marks.push(
      Plot.rect(barsOf(figure.histogram), {
        x1: "x1",
        x2: "x2",
        y1: 0,
        y2: "y2",
        fill: barColour,
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
    );
  }
  if (figure.logarithmic !== true) marks.push(Plot.ruleY([0], { stroke: "#999" }));
  const channels = { x: "x", y: "y", stroke: "group", z: "name" } as const;
  if (steps.length > 0)
    marks.push(Plot.line(steps, { ...channels, curve: "step-after", strokeWidth: 1.4, strokeOpacity: 0.75 }));
  if (ticks.length > 0) marks.push(Plot.dot(ticks, { ...channels, symbol: "plus", r: 4, strokeWidth: 1.4 }));
  if (lines.length > 0) marks.push(Plot.line(lines, { ...channels, strokeWidth: 2.2 }));
  if (stems.length > 0) {
    marks.push(Plot.ruleX(stems, { x: "x", y1: 0, y2: "y", stroke: "group", strokeWidth: 1.5 }));
    marks.push(Plot.dot(stems, { x: "x", y: "y", fill: "group", r: 2.5 }));
  }
  return marks;
}

/** Points where the value is finite: a logarithm of 0 leaves a gap. */
function pointsOf(curves: readonly (Curve | Ticks)[]): Point[] {
  return curves.flatMap((curve) =>
    Array.from({ length: curve.x.length }, (_, i) => ({
      x: curve.x[i],
      y: curve.y[i],
      name: curve.name,
      group: groupOf(curve),
    })).filter((point) => Number.isFinite(point.y)),
  );
}

function groupOf(curve: Curve | Ticks): string {
  return curve.group ?? curve.name;
}

/** Where values belong to whole numbers, only whole numbers are marked on the axis. */
function wholeTicks(figure: Figure): { ticks?: number[] } {
  const stems = figure.curves.filter((curve) => curve.shape === "stems");
  if (stems.length === 0) return {};
  const all = stems.flatMap((curve) => Array.from(curve.x));
  const [from, to] = [Math.min(...all), Math.max(...all)];
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500].find((size) => (to - from) / size <= 12) ??
    Math.ceil((to - from) / 10);
  const first = Math.ceil(from / step) * step;
  return {
    ticks: Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, index) => first + index * step),
  };
}

function barsOf(histogram: Histogram): { x1: number; x2: number; y2: number }[] {
  return Array.from({ length: histogram.heights.length }, (_, i) => ({
    x1: histogram.edges[i],
    x2: histogram.edges[i + 1],
    y2: histogram.heights[i],
  }));
}

/** Puts title, subtitle and legend above the drawing, all in one SVG. */
function frame(svg: string, figure: Figure, groups: readonly string[]): string {
  const lines = [
    text(figure.title, margin.left, 30, "font-size:17px;font-weight:600"),
    ...(figure.subtitle === undefined
      ? []
      : [text(figure.subtitle, margin.left, 50, "font-size:12px;fill:#555")]),
  ];
  let top = figure.subtitle === undefined ? 42 : 62;
  const entries = legendEntries(figure, groups);
  if (entries.length > 1) {
    const legend = drawLegend(entries, top + 8);
    lines.push(legend.svg);
    top += 22 * legend.rowCount;
  }
  const inner = svg
    .replace(/<style>.*?<\/style>/s, "")
    .replace(
      /^<svg[^>]*>/,
      `<g transform="translate(0,${top})" fill="#222" text-anchor="middle" font-size="12px">`,
    )
    .replace(/<\/svg>$/, "</g>");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height + top}" width="${width}" height="${height + top}" ` +
    `font-family="${fonts}" role="img" aria-label="${escape(figure.title)}">\n` +
    `<rect width="100%" height="100%" fill="white"/>\n${lines.join("\n")}\n${inner}\n</svg>\n`
  );
}

interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  readonly sign: "line" | "steps" | "bar" | "plus";
}

function legendEntries(figure: Figure, groups: readonly string[]): LegendEntry[] {
  const entries: LegendEntry[] = figure.curves.map((curve) => ({
    name: curve.name,
    colour: colours[groups.indexOf(groupOf(curve)) % colours.length],
    sign: curve.shape === "steps" ? "steps" : "line",
  }));
  if (figure.histogram !== undefined)
    entries.push({ name: figure.histogram.name, colour: barColour, sign: "bar" });
  const firstTicks = figure.ticks?.find((ticks) => ticks.x.length > 0);
  if (firstTicks !== undefined) entries.push({ name: "censored", colour: "#555", sign: "plus" });
  return entries;
}

/** Entries side by side, in as many rows as they need. */
function drawLegend(
  entries: readonly LegendEntry[],
  firstLine: number,
): { readonly svg: string; readonly rowCount: number } {
  let x = margin.left;
  let y = firstLine;
  let rowCount = 1;
  const parts = entries.map((entry) => {
    const length = 24 + 7 * entry.name.length + 22;
    if (x > margin.left && x + length > width) {
      x = margin.left;
      y += 22;
      rowCount++;
    }
    const part = drawSign(entry, x, y) + text(entry.name, x + 24, y, "font-size:12px");
    x += length;
    return part;
  });
  return { svg: parts.join("\n"), rowCount };
}

function drawSign({ sign, colour }: LegendEntry, x: number, y: number): string {
  if (sign === "bar") return `<rect x="${x}" y="${y - 9}" width="18" height="10" fill="${colour}"/>`;
  if (sign === "plus")
    return `<path d="M${x + 9},${y - 8}v8m-4,-4h8" stroke="${colour}" stroke-width="1.4"/>`;
  return `<path d="M${x},${y - 4}h18" stroke="${colour}" stroke-width="${sign === "line" ? 2.4 : 1.4}"/>`;
}

function text(content: string, x: number, y: number, style: string): string {
  return `<text x="${x}" y="${y}" style="${style}">${escape(content)}</text>`;
}

function escape(content: string): string {
  return content
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
