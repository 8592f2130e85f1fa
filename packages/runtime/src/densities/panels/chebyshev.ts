// Chebyshev polynomials of one degree: nodes, coefficients from values at the nodes, and the transpose of that.
import { special } from "@phxlang/autodiff";

/** Nodes of a panel: one more than the degree. */
export const nodeCount = 17;

/** Places of the nodes in (−1, 1), ascending: the zeros of the next polynomial. */
export const nodePlaces: Float64Array = Float64Array.from({ length: nodeCount }, (_, k) =>
  special.sinPi((2 * k + 1) / (2 * nodeCount) - 0.5),
);

/** Row j: coefficient j = Σ_k matrix[j][k] value_k. */
const toCoefficients: Float64Array = transform();

function transform(): Float64Array {
  const matrix = new Float64Array(nodeCount * nodeCount);
  for (let k = 0; k < nodeCount; k++) {
    let [before, current] = [1, nodePlaces[k]];
    for (let j = 0; j < nodeCount; j++) {
      const polynomial = j === 0 ? 1 : current;
      matrix[j * nodeCount + k] = ((j === 0 ? 1 : 2) * polynomial) / nodeCount;
      if (j > 0) [before, current] = [current, 2 * nodePlaces[k] * current - before];
    }
  }
  return matrix;
}

/** Coefficients of the polynomial through values[from …], into `coefficients` from the same place on. */
export function fillCoefficients(values: Float64Array, coefficients: Float64Array, from: number): void {
  for (let j = 0; j < nodeCount; j++) {
    let sum = 0;
    for (let k = 0; k < nodeCount; k++) sum += toCoefficients[j * nodeCount + k] * values[from + k];
    coefficients[from + j] = sum;
  }
}

/** The transpose: from weights of coefficients to weights of values. */
export function fillNodeWeights(coefficients: Float64Array, values: Float64Array, from: number): void {
  for (let k = 0; k < nodeCount; k++) {
    let sum = 0;
    for (let j = 0; j < nodeCount; j++) sum += toCoefficients[j * nodeCount + k] * coefficients[from + j];
    values[from + k] = sum;
  }
}

/** The polynomial with coefficients[from …] at x in [−1, 1]. */
export function polynomialAt(coefficients: Float64Array, from: number, x: number): number {
  const twice = 2 * x;
  let first = 0;
  let second = 0;
  for (let j = from + nodeCount - 1; j > from; j--) {
    const next = twice * first - second + coefficients[j];
    second = first;
    first = next;
  }
  return x * first - second + coefficients[from];
}

/** The transpose: adds weight · T_j(x) to coefficients[from + j]. */
export function addPolynomials(coefficients: Float64Array, from: number, x: number, weight: number): void {
  const twice = 2 * x;
  let before = weight;
  let current = weight * x;
  coefficients[from] += weight;
  for (let j = from + 1; j < from + nodeCount; j++) {
    coefficients[j] += current;
    const next = twice * current - before;
    before = current;
    current = next;
  }
}
