// Random rates: what a `.phx` file writes, and what it means for a state and parameters.
import type { Value } from "@phxlang/autodiff";
import * as fc from "fast-check";

/** Values of parameters, by number: traced arrays or numbers. */
export type Symbols = readonly Value[];

/** A rate ≥ 0: the text after `@`, and its value in a state. */
export interface RateExpression {
  readonly text: string;
  readonly value: (state: readonly number[], symbols: Symbols) => number | Value;
}

/** Product of a number that depends on the state and of what may depend on parameters. */
const times = (factor: number, value: number | Value): number | Value =>
  typeof value === "number" ? factor * value : value.mul(factor);

/** A factor that reads the state: zero in some states, so that there is no edge there. */
interface StateFactor {
  readonly text: string;
  readonly value: (state: readonly number[]) => number;
}

const choose2 = (k: number): number => (k * (k - 1)) / 2;

/** `cells`: names of the counting cells, which are the first cells of the state; `top` is the largest value of each. */
export function rateExpressions(
  cells: readonly string[],
  top: number,
  parameterNames: readonly string[],
): fc.Arbitrary<RateExpression> {
  const cell = fc.nat({ max: cells.length - 1 });
  const factor: fc.Arbitrary<StateFactor> = fc.oneof(
    fc.constant({ text: "", value: () => 1 }),
    cell.map((c) => ({ text: cells[c], value: (state: readonly number[]) => state[c] })),
    cell.map((c) => ({
      text: `choose(${cells[c]} + 1, 2)`,
      value: (state: readonly number[]) => choose2(state[c] + 1),
    })),
    cell.map((c) => ({ text: `(TOP - ${cells[c]})`, value: (state: readonly number[]) => top - state[c] })),
    fc.tuple(cell, fc.integer({ min: 1, max: 4 })).map(([c, k]) => ({
      text: `(if ${cells[c]} >= ${k} then ${k} else 1)`,
      value: (state: readonly number[]) => (state[c] >= k ? k : 1),
    })),
  );
  const parameter = fc.nat({ max: parameterNames.length - 1 });
  const amount: fc.Arbitrary<RateExpression> = fc.oneof(
    parameter.map((p) => ({ text: parameterNames[p], value: (_: readonly number[], z: Symbols) => z[p] })),
    fc
      .integer({ min: 1, max: 20 })
      .map((tenths) => ({ text: String(tenths / 10), value: () => tenths / 10 })),
    fc.tuple(parameter, parameter).map(([p, q]) => ({
      text: `${parameterNames[p]} * ${parameterNames[q]}`,
      value: (_: readonly number[], z: Symbols) => z[p].mul(z[q]),
    })),
    fc.tuple(parameter, parameter).map(([p, q]) => ({
      text: `(${parameterNames[p]} + 2 * ${parameterNames[q]})`,
      value: (_: readonly number[], z: Symbols) => z[p].add(z[q].mul(2)),
    })),
    fc.tuple(parameter, parameter).map(([p, q]) => ({
      text: `exp(-${parameterNames[p]}) / (1 + ${parameterNames[q]})`,
      value: (_: readonly number[], z: Symbols) => z[p].neg().exp().div(z[q].add(1)),
    })),
  );
  return fc.tuple(factor, amount).map(([scale, rate]) => ({
    text: scale.text === "" ? rate.text : `${scale.text} * ${rate.text}`,
    value: (state, symbols) => times(scale.value(state), rate.value(state, symbols)),
  }));
}
