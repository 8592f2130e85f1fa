// Static arguments of jit: compared in full, never by a printed form.
import { NdArray } from "../ndarray.ts";
import { isPlainRecord } from "../tree.ts";

/**
 * Whether two static arguments are the same: numbers, strings and booleans by value (NaN equals NaN), plain
 * arrays and objects entry by entry, concrete arrays element by element, everything else (functions, instances
 * of classes) by identity.
 */
export function sameStatic(a: unknown, b: unknown): boolean {
  const pairs: [unknown, unknown][] = [[a, b]];
  while (pairs.length > 0) {
    const [x, y] = pairs.pop() as [unknown, unknown];
    if (Object.is(x, y)) continue;
    if (Array.isArray(x) && Array.isArray(y)) {
      if (x.length !== y.length) return false;
      x.forEach((item: unknown, i) => pairs.push([item, y[i]]));
    } else if (x instanceof NdArray && y instanceof NdArray) {
      if (!sameArray(x, y)) return false;
    } else if (isPlainRecord(x) && isPlainRecord(y)) {
      const names = Object.keys(x);
      if (names.length !== Object.keys(y).length) return false;
      for (const name of names) {
        if (!Object.hasOwn(y, name)) return false;
        pairs.push([x[name], y[name]]);
      }
    } else return false;
  }
  return true;
}

function sameArray(x: NdArray, y: NdArray): boolean {
  if (x.dtype !== y.dtype || x.weak !== y.weak || x.shape.join() !== y.shape.join()) return false;
  return x.elements.every((element, i) => Object.is(element, y.elements[i]));
}
