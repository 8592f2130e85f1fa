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
  let [first, second] = [0, 0];
  for (let j = nodeCount - 1; j > 0; j--)
    [first, second] = [2 * x * first - second + coefficients[from + j], first];
  return x * first - second + coefficients[from];
}

/** The transpose: adds weight · T_j(x) to coefficients[from + j]. */
export function addPolynomials(coefficients: Float64Array, from: number, x: number, weight: number): void {
  coefficients[from] += weight;
  let [before, current] = [weight, weight * x];
  for (let j = 1; j < nodeCount; j++) {
    coefficients[from + j] += current;
    [before, current] = [current, 2 * x * current - before];
  }
}
