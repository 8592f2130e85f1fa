// Panel: one small picture by Observable Plot, without a frame of its own; the library loads on first use.
import { internalError } from "@phxlang/autodiff";
import type * as ObservablePlot from "@observablehq/plot";
import type { Palette } from "./palette.ts";

export type Plot = typeof ObservablePlot;

export interface Panel {
  readonly title: string;
  /** Below the title, in small letters. */
  readonly note?: string;
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

export interface PanelOptions {
  readonly title: string;
  readonly note?: string;
  readonly width?: number;
  readonly height?: number;
  readonly xLabel?: string | null;
  readonly yLabel?: string | null;
  readonly margins?: { readonly left?: number; readonly right?: number; readonly bottom?: number };
  /** Further options of Plot: scales and facets. */
  readonly plot?: ObservablePlot.PlotOptions;
}

export const panelSize = { width: 360, height: 220 };
const fonts = "'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/** Draws marks. Throws where the library warns: a warning is a mistake in the picture. */
export async function drawPanel(
  palette: Palette,
  options: PanelOptions,
  marks: (plot: Plot) => ObservablePlot.Markish[],
): Promise<Panel> {
  const [plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const { width = panelSize.width, height = panelSize.height, margins = {}, xLabel, yLabel } = options;
  const drawn: unknown = plot.plot({
    document,
    width,
    height,
    marginLeft: margins.left ?? 48,
    marginRight: margins.right ?? 12,
    marginTop: typeof (options.plot?.y?.label ?? yLabel) === "string" ? 24 : 14,
    marginBottom: margins.bottom ?? 34,
    className: "panel",
    ...options.plot,
    style: { fontFamily: fonts, fontSize: "11px", color: palette.muted },
    x: { label: xLabel ?? null, labelAnchor: "center", labelArrow: "none", ticks: 5, ...options.plot?.x },
    y: { label: yLabel ?? null, labelArrow: "none", ticks: 4, ...options.plot?.y },
    marks: marks(plot),
  });
  const text = String(drawn);
  if (text.includes("⚠")) throw internalError(`the plot "${options.title}" has a warning`);
  const svg = text
    .replace(/<style>.*?<\/style>/s, "")
    .replace(
      /^<svg[^>]*>/,
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeText(options.title)}" font-family="${fonts}" font-size="11px" text-anchor="middle" fill="${palette.muted}">`,
    );
  return {
    title: options.title,
    ...(options.note === undefined ? {} : { note: options.note }),
    svg,
    width,
    height,
  };
}

/** Text for HTML and SVG. */
export function escapeText(content: string): string {
  return content
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
