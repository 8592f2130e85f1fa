// Rates and probabilities at one point: never negative, always numbers.
import { PhxError } from "@phxlang/autodiff";
import type { LinearForms } from "./linear-forms.ts";
import type { MarkovGraph } from "./markov-graph.ts";

/**
 * Throws PHX702 for the first edge whose rate (or probability) is negative at z = (θ, covariates), PHX703 for one that
 * is not a finite number; `where` completes the message: "at the default parameters". Probabilities may miss 0 by rounding.
 */
export function checkWeights(graph: MarkovGraph, z: ArrayLike<number>, where: string): void {
  const phi = graph.features.evaluate(z);
  for (const { weights } of graph.epochs) {
    let source = 0;
    for (let e = 0; e < graph.edgeCount; e++) {
      while (graph.rowOffsets[source + 1] <= e) source++;
      const value = valueOf(weights, e, phi);
      if ((value >= 0 && value < Infinity) || (value > -1e-12 && graph.kind === "discrete")) continue;
      const noun = graph.kind === "continuous" ? "rate" : "probability";
      const state = graph.states.describe(source);
      const wrong = Number.isNaN(value) ? "not a number" : value === Infinity ? "infinite" : null;
      throw new PhxError({
        code: wrong === null ? "PHX702" : "PHX703",
        what:
          wrong !== null
            ? `the ${noun} of ${eventOf(graph, e)} is ${wrong} in ${state} ${where}`
            : `${eventOf(graph, e)} has ${noun} ${value} in ${state} ${where}`,
        why: "rates and probabilities are numbers that are never negative",
        fix: "bound the parameter so that it cannot happen, or guard the event",
      });
    }
  }
}

function valueOf({ offsets, features, coefficients }: LinearForms, row: number, phi: Float64Array): number {
  let value = 0;
  for (let j = offsets[row]; j < offsets[row + 1]; j++) value += coefficients[j] * phi[features[j]];
  return value;
}

/** By name where transitions were kept. */
function eventOf(graph: MarkovGraph, edge: number): string {
  if (!graph.hasTransitions) return `the transition to ${graph.states.describe(graph.targets[edge])}`;
  const t = graph.transitions.edges.indexOf(edge);
  return `event \`${graph.events[graph.transitions.events[t]]}\``;
}
