// Numbers of twice the precision, with dense linear algebra on them: the truth that results are held against.

/** hi + lo, |lo| at most half a unit in the last place of hi. */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

export const dd = (hi: number, lo = 0): DoubleDouble => ({ hi, lo });

function renormalize(a: number, b: number): DoubleDouble {
  const hi = a + b;
  return { hi, lo: b - (hi - a) };
}

export function add(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const sum = x.hi + y.hi;
  const back = sum - x.hi;
  const error = x.hi - (sum - back) + (y.hi - back);
  return renormalize(sum, error + x.lo + y.lo);
}

export const negate = (x: DoubleDouble): DoubleDouble => ({ hi: -x.hi, lo: -x.lo });
export const subtract = (x: DoubleDouble, y: DoubleDouble): DoubleDouble => add(x, negate(y));

export function multiply(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const product = x.hi * y.hi;
  const [xh, xl] = split(x.hi);
  const [yh, yl] = split(y.hi);
  const error = xh * yh - product + xh * yl + xl * yh + xl * yl;
  return renormalize(product, error + x.hi * y.lo + x.lo * y.hi);
}

function split(x: number): [number, number] {
  const scaled = 134217729 * x;
  const high = scaled - (scaled - x);
  return [high, x - high];
}

export function divide(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const first = x.hi / y.hi;
  const rest = subtract(x, multiply(y, dd(first)));
  const second = rest.hi / y.hi;
  const last = subtract(rest, multiply(y, dd(second)));
  return add(renormalize(first, second), dd(last.hi / y.hi));
}

export type Matrix = readonly (readonly DoubleDouble[])[];

export function solve(matrix: Matrix, right: readonly DoubleDouble[]): DoubleDouble[] {
  const n = matrix.length;
  const a = matrix.map((row, i) => [...row, right[i]]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i][k].hi) > Math.abs(a[pivot][k].hi)) pivot = i;
    [a[k], a[pivot]] = [a[pivot], a[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = divide(a[i][k], a[k][k]);
      for (let j = k; j <= n; j++) a[i][j] = subtract(a[i][j], multiply(factor, a[k][j]));
    }
  }
  const x: DoubleDouble[] = Array.from({ length: n }, () => dd(0));
  for (let i = n - 1; i >= 0; i--) {
    let sum = a[i][n];
    for (let j = i + 1; j < n; j++) sum = subtract(sum, multiply(a[i][j], x[j]));
    x[i] = divide(sum, a[i][i]);
  }
  return x;
}

export function multiplyMatrices(a: Matrix, b: Matrix): DoubleDouble[][] {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, x, k) => add(sum, multiply(x, b[k][j])), dd(0))));
}

/** exp(matrix) by scaling, a Taylor series and squaring. */
export function exponential(matrix: Matrix): DoubleDouble[][] {
  let norm = 0;
  for (const row of matrix)
    norm = Math.max(
      norm,
      row.reduce((sum, { hi }) => sum + Math.abs(hi), 0),
    );
  const squarings = Math.max(0, Math.ceil(Math.log2(Math.max(norm, 1e-300))) + 3);
  const scale = dd(2 ** -squarings);
  const step = matrix.map((row) => row.map((x) => multiply(x, scale)));
  const identity = (): DoubleDouble[][] => step.map((_, i) => step.map((_row, j) => dd(i === j ? 1 : 0)));
  let result = identity();
  let term = identity();
  for (let k = 1; k < 30; k++) {
    term = multiplyMatrices(term, step).map((row) => row.map((x) => divide(x, dd(k))));
    result = result.map((row, i) => row.map((x, j) => add(x, term[i][j])));
  }
  for (let k = 0; k < squarings; k++) result = multiplyMatrices(result, result);
  return result;
}
