// Random absorbing chains for properties: cyclic or not, stiff or not, with starts in several parts.
import * as fc from "fast-check";
import type { DoubleDouble, Matrix } from "./double-double.ts";
import { add, dd, multiply, subtract } from "./double-double.ts";
import type { LinearEdge, LinearModel } from "./linear-model.ts";

export interface RandomChain extends LinearModel {
  readonly theta: readonly number[];
}

/** Rates are coefficient · θ_p, coefficients spread over `decades` powers of ten. */
export function randomChains(decades: number, isCyclic: boolean): fc.Arbitrary<RandomChain> {
  const coefficient = fc
    .double({ min: -decades / 2, max: decades / 2, noNaN: true })
    .map((exponent) => 10 ** exponent);
  return fc.integer({ min: 1, max: 5 }).chain((stateCount) =>
    fc
      .record({
        onward: fc.array(fc.tuple(coefficient, fc.integer({ min: 0, max: 1 })), {
          minLength: stateCount,
          maxLength: stateCount,
        }),
        extra: fc.array(
          fc.tuple(
            fc.integer({ min: 0, max: stateCount - 1 }),
            fc.integer({ min: 0, max: stateCount }),
            coefficient,
            fc.integer({ min: 0, max: 1 }),
          ),
          { maxLength: 8 },
        ),
        starts: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: stateCount, maxLength: stateCount }),
        theta: fc.tuple(
          fc.double({ min: 0.3, max: 3, noNaN: true }),
          fc.double({ min: 0.3, max: 3, noNaN: true }),
        ),
      })
      .map(({ onward, extra, starts, theta }) => {
        const edges: LinearEdge[] = [];
        const link = (from: number, to: number, rate: number, parameter: number): void => {
          const target = to === stateCount ? -1 : to;
          edges.push({ from, to: target, base: 0, coefficients: parameter === 0 ? [rate, 0] : [0, rate] });
        };
        for (const [from, [rate, parameter]] of onward.entries()) link(from, from + 1, rate, parameter);
        for (const [from, to, rate, parameter] of extra) {
          if (to !== from && (isCyclic || to > from)) link(from, to, rate, parameter);
        }
        const total = starts.reduce((sum, weight) => sum + weight, 1);
        const alpha = starts.map((weight, i) => (weight + (i === 0 ? 1 : 0)) / total);
        return { stateCount, parameterCount: 2, edges, alpha, theta };
      }),
  );
}

/** −S at θ, with twice the precision. */
export function negativeGenerator(chain: LinearModel, theta: readonly DoubleDouble[]): Matrix {
  const n = chain.stateCount;
  const matrix = Array.from({ length: n }, () => Array.from({ length: n }, () => dd(0)));
  for (const { from, to, base, coefficients } of chain.edges) {
    let rate = dd(base);
    for (const [p, c] of coefficients.entries()) rate = add(rate, multiply(dd(c), theta[p]));
    matrix[from][from] = add(matrix[from][from], rate);
    if (to >= 0) matrix[from][to] = subtract(matrix[from][to], rate);
  }
  return matrix;
}
