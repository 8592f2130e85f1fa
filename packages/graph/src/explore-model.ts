// exploreModel: the graph of a description, with everything checked that needs its parameters.
import { checkProbabilities } from "./check-probabilities.ts";
import { checkWeights } from "./check-weights.ts";
import type { ModelDescription } from "./description.ts";
import { explore } from "./explore.ts";
import type { ExploreOptions } from "./explore.ts";
import { interiorPoints } from "./interior-points.ts";
import type { MarkovGraph } from "./markov-graph.ts";

/**
 * As `explore`, and: start probabilities and, in discrete time, those of every state sum to 1 (PHX404, PHX704: tried
 * at eight points within the bounds where a sum is not constant); no rate is negative or undefined at the defaults,
 * if every parameter has one (PHX702, PHX703).
 */
export function exploreModel(description: ModelDescription, options: ExploreOptions = {}): MarkovGraph {
  const graph = explore(description.callback, options);
  const defaults = defaultPoint(description);
  // The defaults come first: an error that shows there is told with numbers that the user knows.
  checkProbabilities(graph, [...(defaults === null ? [] : [defaults]), ...interiorPoints(description)]);
  if (defaults !== null) checkWeights(graph, defaults, "at the default parameters");
  return graph;
}

function defaultPoint({ parameters, covariates }: ModelDescription): Float64Array | null {
  const values: number[] = [];
  for (const parameter of parameters) {
    if (parameter.defaults === null) return null;
    values.push(...parameter.defaults);
  }
  return Float64Array.from([...values, ...covariates.map(({ defaultValue }) => defaultValue)]);
}
