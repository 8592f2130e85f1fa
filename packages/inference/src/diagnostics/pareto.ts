// Pareto-smoothed importance weights.

export interface SmoothedWeights {
  /** Normalised log weights. */
  readonly logWeights: Float64Array;
  /** Shape of the tail: above 0.7 the weights cannot be trusted. */
  readonly shape: number;
  readonly effectiveSize: number;
}

/**
 * Replaces the largest weights by expected order statistics of a generalised Pareto distribution fitted to them
 * (Vehtari, Simpson, Gelman, Yao & Gabry 2024).
 */
export function smoothWeights(logRatios: Float64Array): SmoothedWeights {
  const count = logRatios.length;
  const largest = logRatios.reduce((most, x) => Math.max(most, x), -Infinity);
  const logs = logRatios.map((x) => x - largest);
  const tailLength = Math.min(Math.floor(count / 5), Math.ceil(3 * Math.sqrt(count)));
  let shape = Infinity;
  if (tailLength >= 5) {
    const order = Array.from(logs.keys()).sort((a, b) => logs[a] - logs[b] || a - b);
    const tail = order.slice(count - tailLength);
    const cutoff = logs[order[count - tailLength - 1]];
    const exceedances = Float64Array.from(tail, (i) => Math.exp(logs[i]) - Math.exp(cutoff));
    if (exceedances[tailLength - 1] > 0) {
      const fit = fitGeneralizedPareto(exceedances);
      shape = fit.shape;
      tail.forEach((i, rank) => {
        const p = (rank + 0.5) / tailLength;
        const quantile =
          Math.abs(shape) < 1e-12
            ? -fit.scale * Math.log1p(-p)
            : (fit.scale / shape) * Math.expm1(-shape * Math.log1p(-p));
        logs[i] = Math.min(0, Math.log(quantile + Math.exp(cutoff)));
      });
    } else shape = -Infinity;
  }
  const most = logs.reduce((high, x) => Math.max(high, x), -Infinity);
  const logTotal = most + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - most), 0));
  const logWeights = logs.map((x) => x - logTotal);
  const effectiveSize = 1 / logWeights.reduce((sum, x) => sum + Math.exp(2 * x), 0);
  return { logWeights, shape, effectiveSize };
}

/** Zhang & Stephens (2009) with the weak prior on the shape of Vehtari et al.; `sorted` is ascending and positive. */
export function fitGeneralizedPareto(sorted: Float64Array): {
  readonly shape: number;
  readonly scale: number;
} {
  const n = sorted.length;
  const candidates = 30 + Math.floor(Math.sqrt(n));
  const quartile = sorted[Math.floor(n / 4 + 0.5) - 1];
  const rates = Float64Array.from(
    { length: candidates },
    (_, i) => (1 - Math.sqrt(candidates / (i + 0.5))) / (3 * quartile) + 1 / sorted[n - 1],
  );
  const shapeAt = (rate: number): number => sorted.reduce((sum, x) => sum + Math.log1p(-rate * x), 0) / n;
  const profile = rates.map((rate) => {
    const k = shapeAt(rate);
    return n * (Math.log(-rate / k) - k - 1);
  });
  let rate = 0;
  for (let i = 0; i < candidates; i++) {
    rate += rates[i] / profile.reduce((sum, other) => sum + Math.exp(other - profile[i]), 0);
  }
  const shape = shapeAt(rate);
  return { shape: (n * shape + 5) / (n + 10), scale: -shape / rate };
}
