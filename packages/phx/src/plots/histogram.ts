// Histograms on the density scale: bars whose areas sum to 1.
import type { Histogram } from "./figure.ts";

/**
 * Bars of equal, round width from 0. The width follows Freedman and Diaconis (1981): 2 · (interquartile range) / n^(1/3),
 * rounded to 1, 2 or 5 times a power of ten.
 */
export function densityHistogram(name: string, values: ArrayLike<number>): Histogram {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  const largest = sorted[count - 1];
  const spread = quartile(sorted, 0.75) - quartile(sorted, 0.25);
  const wanted = spread > 0 ? (2 * spread) / Math.cbrt(count) : largest > 0 ? largest / 10 : 1;
  const width = roundWidth(wanted);
  const barCount = Math.floor(largest / width) + 1;
  const edges = Array.from({ length: barCount + 1 }, (_, index) => index * width);
  const heights = Array.from({ length: barCount }, () => 0);
  for (const value of sorted)
    heights[Math.min(barCount - 1, Math.floor(value / width))] += 1 / (count * width);
  return { name, edges, heights };
}

function quartile(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/** The nearest of 1, 2 and 5 times a power of ten, on the logarithmic scale. */
function roundWidth(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const mantissa = wanted / power;
  return (
    power * (mantissa < Math.SQRT2 ? 1 : mantissa < Math.sqrt(10) ? 2 : mantissa < Math.sqrt(50) ? 5 : 10)
  );
}

/** Bars of width 1 around whole numbers, as high as their share of the values. */
export function frequencyHistogram(name: string, values: ArrayLike<number>): Histogram {
  let largest = 0;
  for (let index = 0; index < values.length; index++) largest = Math.max(largest, values[index]);
  const edges = Array.from({ length: largest + 2 }, (_, index) => index - 0.5);
  const heights = Array.from({ length: largest + 1 }, () => 0);
  for (let index = 0; index < values.length; index++) heights[values[index]] += 1 / values.length;
  return { name, edges, heights };
}
