// Logarithms of Poisson weights in Loader's saddle-point form: no cancellation between terms of the size of the mean.
import type { Value } from "@phxlang/autodiff";
import { np } from "@phxlang/autodiff";

/** log k! minus Stirling's formula, for k ≥ 1. */
function stirlingError(k: number): number {
  if (k < 16) {
    let logFactorial = 0;
    for (let i = 2; i <= k; i++) logFactorial += Math.log(i);
    return logFactorial - (k * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI * k));
  }
  const t = 1 / (k * k);
  return (1 / 12 - t * (1 / 360 - t * (1 / 1260 - t / 1680))) / k;
}

/** What does not depend on the mean, for k = 1 … count. */
export function poissonShifts(count: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => stirlingError(i + 1) + 0.5 * Math.log(2 * Math.PI * (i + 1)),
  );
}

/** The same as a value, for any k ≥ 1: the table holds the first ones. */
export function poissonShift(k: Value, table: Float64Array): Value {
  const last = table.length;
  const known = np.take(np.array(table), np.minimum(k, last).sub(1).astype("i32"));
  const t = np.div(1, k.mul(k));
  const series = np.div(np.sub(1 / 12, t.mul(1 / 360)), k).add(
    k
      .mul(2 * Math.PI)
      .log()
      .mul(0.5),
  );
  return np.where(k.lessEqual(last), known, series);
}

/** Terms of the series of x − log(1 + x) for |x| ≤ 0.1. */
const terms = 15;

/** log Pois(k; mean) for k ≥ 1, without derivatives; −∞ for a mean of 0. */
export function logPoisson(k: Value, mean: Value, shift: Value): Value {
  const x = mean.sub(k).div(k);
  let series: Value = np.array((terms % 2 === 0 ? 1 : -1) / terms);
  for (let n = terms - 1; n >= 2; n--) series = series.mul(x).add((n % 2 === 0 ? 1 : -1) / n);
  const near = x.mul(x).mul(series);
  const far = x.sub(mean.div(k).log());
  return np.where(x.abs().less(0.1), near, far).mul(k).add(shift).neg();
}
