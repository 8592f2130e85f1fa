// Poisson weights in Loader's saddle-point form: relative errors of a few units in the last place at any mean.

/** log(n!) − log(√(2πn) (n/e)ⁿ) for n = 0 … 15. */
const smallStirlingErrors = Float64Array.of(
  0,
  0.08106146679532725822,
  0.041340695955409294094,
  0.0276779256849983391488,
  0.0207906721037650931,
  0.0166446911898211921632,
  0.0138761288230707479987,
  0.0118967099458917700951,
  0.0104112652619720964972,
  0.00925546218271273291772,
  0.00833056343336287125647,
  0.0075736754879518407949,
  0.00694284010720952986566,
  0.00640899418800420706844,
  0.00595137011275884773564,
  0.00555473355196280137104,
);

/** Error of Stirling's formula for log n!, n a whole number: log n! = n log n − n + ½ log(2πn) + δ(n). */
export function stirlingError(n: number): number {
  if (n < smallStirlingErrors.length) return smallStirlingErrors[n];
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** The deviance k log(k/λ) + λ − k ≥ 0, without cancellation near k = λ. */
export function deviance(k: number, mean: number): number {
  const difference = k - mean;
  if (Math.abs(difference) >= 0.1 * (k + mean)) return k * Math.log(k / mean) + mean - k;
  const v = difference / (k + mean);
  let sum = difference * v;
  let term = 2 * k * v;
  const square = v * v;
  for (let j = 1; j < 1000; j++) {
    term *= square;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** log of the Poisson probability of k (a whole number ≥ 0) at mean ≥ 0. */
export function logPoisson(k: number, mean: number): number {
  if (mean === 0) return k === 0 ? 0 : -Infinity;
  if (k === 0) return -mean;
  return -stirlingError(k) - deviance(k, mean) - 0.5 * Math.log(2 * Math.PI * k);
}
