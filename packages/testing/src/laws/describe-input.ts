// describeInput: where a law was tried, as text that a reader can run again.
import type { Model } from "@phxlang/runtime";
import type { ThetaArray } from "../arbitraries/parameters.ts";
import { numbersOf, sumOf } from "../numbers-of.ts";
import { matrixSource } from "../arbitraries/phase-types.ts";

/** Larger models are told by name and θ alone. */
const mostPrintedStates = 12;

/**
 * θ by name as `--theta` takes it, the times, and for a small model without epochs a `.phx` file in which the rates
 * are those at θ. `times` may throw where the model refuses θ; they are then left out.
 */
export function describeInput(model: Model, theta: ThetaArray, times: () => readonly number[]): string {
  const named = model.parameterNames.map((name, i) => `${name}=${theta[i]}`);
  const lines = named.length === 0 ? [] : [`--theta ${named.join(",")}`];
  try {
    lines.push(`--times ${times().join(",")}`, ...asPhx(model, theta));
  } catch {
    lines.push("(the model refuses this θ)");
  }
  return lines.map((line) => `  ${line}`).join("\n");
}

function asPhx(model: Model, theta: ThetaArray): string[] {
  if (model.traces.length > 1 || model.trace.rowCount > mostPrintedStates) return [];
  const { alpha, matrix, exits } = model.toMatrices(theta);
  const n = alpha.size;
  const rows = rowsOf(numbersOf(matrix), n, n);
  const causes = n === 0 ? 0 : exits.size / n;
  const out = rowsOf(numbersOf(exits), n, causes).map((row) => sumOf(row));
  return ["as numbers:", ...matrixSource(model.kind, numbersOf(alpha), rows, out).split("\n")];
}

function rowsOf(elements: ArrayLike<number>, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_unused, j) => elements[i * columns + j]),
  );
}
