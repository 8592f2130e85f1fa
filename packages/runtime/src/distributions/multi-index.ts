// Multi-indices: exponents of several rewards in a product.

/** Exponents of each reward. */
export type MultiIndex = readonly number[];

export function keyOf(index: MultiIndex): string {
  return index.join();
}

/** All multi-indices below `orders`, componentwise, without 0, smaller ones before larger ones. */
export function indicesUpTo(orders: MultiIndex): MultiIndex[] {
  let indices: number[][] = [[]];
  for (const order of orders) {
    indices = indices.flatMap((index) => Array.from({ length: order + 1 }, (_, i) => [...index, i]));
  }
  const total = (index: MultiIndex): number => index.reduce((sum, i) => sum + i, 0);
  return indices.filter((index) => total(index) > 0).sort((a, b) => total(a) - total(b));
}

export function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return Math.round(result);
}

/** Π_j C(a_j, b_j) */
export function binomials(a: MultiIndex, b: MultiIndex): number {
  return a.reduce((product, n, j) => product * binomial(n, b[j]), 1);
}
