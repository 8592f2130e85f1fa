// Integrals of densities: Gauss–Legendre nodes on pieces that grow with the distance from zero.

/** Nodes in (−1, 1) and weights of the rule with eight nodes (Abramowitz & Stegun 25.4). */
const nodes = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const weights = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];

export interface Quadrature {
  readonly times: readonly number[];
  readonly weights: readonly number[];
}

/**
 * A rule for ∫₀^end f(t) dt, where f may jump at `breaks`. From each break (and from 0) on, the first piece is tiny, and
 * each of the next ones reaches twice as far: a density that changes within microseconds and within years is seen by
 * both kinds of pieces.
 */
export function geometricQuadrature(end: number, breaks: readonly number[] = [], pieces = 48): Quadrature {
  const times: number[] = [];
  const found: number[] = [];
  const starts = [0, ...breaks.filter((time) => time > 0 && time < end)];
  starts.forEach((start, stretch) => {
    const length = (starts[stretch + 1] ?? end) - start;
    let from = start;
    for (let piece = pieces; piece >= 0; piece--) {
      const to = start + length * 2 ** -piece;
      // Two halves of each piece: a piece spans a factor of two, over which densities can still wind.
      for (const [a, b] of [
        [from, (from + to) / 2],
        [(from + to) / 2, to],
      ]) {
        const half = (b - a) / 2;
        nodes.forEach((node, i) => {
          times.push(a + half * (1 - node), a + half * (1 + node));
          found.push(half * weights[i], half * weights[i]);
        });
      }
      from = to;
    }
  });
  return { times, weights: found };
}

/** Σ weights · values, each value times `factor` of its time. */
export function integrate(
  { times, weights: own }: Quadrature,
  values: ArrayLike<number>,
  factor: (time: number) => number = () => 1,
): number {
  let sum = 0;
  for (let i = 0; i < times.length; i++) sum += own[i] * values[i] * factor(times[i]);
  return sum;
}
