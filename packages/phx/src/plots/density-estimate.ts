// A smooth density of draws.

export interface DensityEstimate {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Points along the range of the draws. */
const gridSize = 160;

/**
 * Gaussian kernel estimate with Silverman's bandwidth 0.9 min(sd, IQR / 1.34) n^(−1/5), reflected at the smallest and largest
 * draw, so that parameters with bounds leave no mass beyond them. Null where all draws are equal.
 */
export function densityEstimate(draws: Float64Array): DensityEstimate | null {
  const sorted = draws.slice().sort();
  const count = sorted.length;
  const [low, high] = [sorted[0], sorted[count - 1]];
  const mean = sorted.reduce((a, b) => a + b, 0) / count;
  const sd = Math.sqrt(sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1));
  const spread = (sorted[Math.floor(0.75 * (count - 1))] - sorted[Math.floor(0.25 * (count - 1))]) / 1.34;
  const width = 0.9 * (spread > 0 ? Math.min(sd, spread) : sd) * count ** -0.2;
  if (!(width > 0) || !Number.isFinite(high - low)) return null;
  const x = Float64Array.from({ length: gridSize }, (_, i) => low + ((high - low) * i) / (gridSize - 1));
  const reach = 5 * width;
  const sumAt = (at: number): number => {
    let sum = 0;
    for (let i = firstAbove(sorted, at - reach); i < count && sorted[i] <= at + reach; i++) {
      sum += Math.exp(-0.5 * ((at - sorted[i]) / width) ** 2);
    }
    return sum;
  };
  const scale = 1 / (count * width * Math.sqrt(2 * Math.PI));
  const y = x.map((at) => scale * (sumAt(at) + sumAt(2 * low - at) + sumAt(2 * high - at)));
  return { x, y };
}

function firstAbove(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Linear interpolation between order statistics. */
export function quantileOfDraws(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
