// Graphs in a form that can be compared: states by name, rates as numbers.
import type { LinearForms, MarkovGraph } from "@phxlang/graph";
import { keyOf } from "./enumerator.ts";

export function rowValue(forms: LinearForms, row: number, features: Float64Array): number {
  let value = 0;
  for (let j = forms.offsets[row]; j < forms.offsets[row + 1]; j++) {
    value += forms.coefficients[j] * features[forms.features[j]];
  }
  return value;
}

export function stateKey(
  graph: MarkovGraph,
  index: number,
  rename: (name: string) => string = (name) => name,
): string {
  const values = graph.states.read(index);
  const state: Record<string, number> = {};
  for (const [c, cell] of graph.states.cells.entries()) state[rename(cell.name)] = values[c];
  return keyOf(state);
}

export function stateKeys(graph: MarkovGraph, rename?: (name: string) => string): ReadonlySet<string> {
  return new Set(Array.from({ length: graph.stateCount }, (_, index) => stateKey(graph, index, rename)));
}

/** "from → to" with the rate at z, for each epoch. */
export function edgeRates(
  graph: MarkovGraph,
  z: readonly number[],
  rename?: (name: string) => string,
): readonly ReadonlyMap<string, number>[] {
  const features = graph.features.evaluate(z);
  const keys = Array.from({ length: graph.stateCount }, (_, index) => stateKey(graph, index, rename));
  return graph.epochs.map(({ weights }) => {
    const rates = new Map<string, number>();
    for (let from = 0; from < graph.stateCount; from++) {
      for (let e = graph.rowOffsets[from]; e < graph.rowOffsets[from + 1]; e++) {
        if (weights.offsets[e] === weights.offsets[e + 1]) continue;
        rates.set(`${keys[from]} → ${keys[graph.targets[e]]}`, rowValue(weights, e, features));
      }
    }
    return rates;
  });
}
