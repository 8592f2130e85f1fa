// Ranks of true values among draws, with the range in which bars of a right method lie.
import type { Palette } from "./palette.ts";
import { drawPanel } from "./panel.ts";
import type { Panel } from "./panel.ts";

/** Normal quantile of a range that holds 99 % of the bars, each by itself. */
const deviation99 = 2.5758293035489;

export async function calibrationPanel(
  palette: Palette,
  name: string,
  histogram: Int32Array,
  rankedDraws: number,
  pValue: number,
): Promise<Panel> {
  const total = histogram.reduce((a, b) => a + b, 0);
  const share = 1 / histogram.length;
  const expected = total * share;
  const reach = deviation99 * Math.sqrt(total * share * (1 - share));
  const width = (rankedDraws + 1) / histogram.length;
  const bars = Array.from(histogram, (count, b) => ({ x1: b * width, x2: (b + 1) * width, count }));
  const band = [{ low: Math.max(0, expected - reach), high: expected + reach }];
  return drawPanel(
    palette,
    {
      title: name,
      note: `p = ${Number(pValue.toPrecision(2))}; shaded: 99 % of bars, if the method is right`,
      xLabel: `rank among ${rankedDraws} draws`,
    },
    (plot) => [
      plot.rect(band, { x1: 0, x2: rankedDraws + 1, y1: "low", y2: "high", fill: palette.faint }),
      plot.rect(bars, {
        x1: "x1",
        x2: "x2",
        y1: 0,
        y2: "count",
        fill: palette.accent,
        fillOpacity: 0.7,
        inset: 0.5,
      }),
      plot.ruleY([expected], { stroke: palette.ink, strokeDasharray: "3,3" }),
      plot.ruleY([0], { stroke: palette.muted }),
    ],
  );
}
