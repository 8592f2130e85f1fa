// JetVector: a vector of jets with arithmetic on single entries, for elimination carried out on jets.
import type { Jet } from "./subsets.ts";

/** Component A of entry i is parts[A][i]; every component is there. */
export interface JetVector {
  readonly order: number;
  readonly parts: readonly Float64Array[];
}

export function jetVector(order: number, length: number): JetVector {
  return { order, parts: Array.from({ length: 1 << order }, () => new Float64Array(length)) };
}

/** A jet with zeros where it has no component; copies. */
export function denseJet(jet: Jet, order: number, length: number): JetVector {
  const vector = jetVector(order, length);
  for (const [component, part] of jet.entries()) if (part !== null) vector.parts[component].set(part);
  return vector;
}

/** target[i] += sign · x[j] · y[k] */
export function addProduct(
  target: JetVector,
  i: number,
  x: JetVector,
  j: number,
  y: JetVector,
  k: number,
  sign = 1,
): void {
  for (let a = target.parts.length - 1; a >= 0; a--) {
    let sum = 0;
    for (let b = a; ; b = (b - 1) & a) {
      sum += x.parts[b][j] * y.parts[a ^ b][k];
      if (b === 0) break;
    }
    target.parts[a][i] += sign * sum;
  }
}

/** target[i] += sign · x[j] */
export function addEntry(target: JetVector, i: number, x: JetVector, j: number, sign = 1): void {
  for (let a = 0; a < target.parts.length; a++) target.parts[a][i] += sign * x.parts[a][j];
}

/** target[i] = x[j] */
export function setEntry(target: JetVector, i: number, x: JetVector, j: number): void {
  for (let a = 0; a < target.parts.length; a++) target.parts[a][i] = x.parts[a][j];
}

/** target[i] = 0 */
export function clearEntry(target: JetVector, i: number): void {
  for (const part of target.parts) part[i] = 0;
}

/** target[i] = x[j] / y[k]; target may be x with i = j. */
export function setQuotient(
  target: JetVector,
  i: number,
  x: JetVector,
  j: number,
  y: JetVector,
  k: number,
): void {
  const divisor = y.parts[0][k];
  for (let a = 0; a < target.parts.length; a++) {
    let sum = x.parts[a][j];
    for (let c = a; c !== 0; c = (c - 1) & a) sum -= y.parts[c][k] * target.parts[a ^ c][i];
    target.parts[a][i] = sum / divisor;
  }
}
