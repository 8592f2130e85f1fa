// What a model's state graph shows to be wrong or strange, with the places of the file.
import { PhxError } from "@phxlang/autodiff";
import type { Diagnostic, Place } from "@phxlang/autodiff";
import { graphRemarks } from "@phxlang/graph";
import type { MarkovGraph } from "@phxlang/graph";
import type { EventRule } from "../check/model.ts";
import { diagnostic } from "../check/reporter.ts";
import type { DslModel } from "../dsl-model.ts";
import { unidentifiablePairs } from "./identifiable.ts";
import { entryName, sizeOf } from "../terms/shape.ts";

/** Warnings 709 to 711 and 802 about the graph of `model.description`. */
export function inspectGraph(model: DslModel, graph: MarkovGraph): readonly Diagnostic[] {
  const { idleEvents, stoppedStarts, unchangedCells } = graphRemarks(graph);
  const { events, states } = model.checked;
  const idle = new Set(idleEvents);
  const unchanged = new Set(unchangedCells);
  return [
    ...events.filter(({ name }) => idle.has(name)).map(neverHappens),
    ...(stoppedStarts.length === 0 ? [] : startStops(model, graph, stoppedStarts)),
    ...states.flatMap(({ name, place, array }) => {
      const entries = Array.from({ length: sizeOf(array.shape) }, (_, i) => entryName(name, array.shape, i));
      return entries.every((entry) => unchanged.has(entry)) ? [neverChanges(name, place)] : [];
    }),
    ...unidentifiablePairs(model, graph),
  ];
}

function neverHappens({ name, place }: EventRule): Diagnostic {
  return diagnostic("warning", "PHX709", place, `event \`${name}\` never happens in any reachable state`, {
    hint: "correct its guard or its rate, or remove it",
  });
}

function neverChanges(name: string, place: Place): Diagnostic {
  return diagnostic("warning", "PHX711", place, `state \`${name}\` never changes`, {
    hint: "make it a `const`, or write the event that changes it",
  });
}

function startStops(model: DslModel, graph: MarkovGraph, stopped: Int32Array): readonly Diagnostic[] {
  const probability = startProbability(model, graph, stopped);
  if (probability === 0) return [];
  const amount =
    probability === null ? "positive probability" : `probability ${Number(probability.toPrecision(6))}`;
  const state = graph.states.describe(stopped[0]);
  return [
    diagnostic("warning", "PHX710", model.checked.starts[0].place, `the start already stops with ${amount}`, {
      notes: [`${state} is a stop state: the time has an atom at 0`],
      hint: "start elsewhere, unless this is meant",
    }),
  ];
}

/** Of the given start states, at the defaults of the file; null where they are not all given. */
function startProbability({ description }: DslModel, graph: MarkovGraph, states: Int32Array): number | null {
  const defaults = description.parameters.map((parameter) => parameter.defaults);
  if (defaults.includes(null)) return null;
  const covariates = description.covariates.map((covariate) => covariate.defaultValue);
  const features = graph.features.evaluate([
    ...defaults.flatMap((values) => [...(values ?? [])]),
    ...covariates,
  ]);
  const { startStates, startWeights } = graph;
  let probability = 0;
  for (const [row, state] of startStates.entries()) {
    if (!states.includes(state)) continue;
    for (let j = startWeights.offsets[row]; j < startWeights.offsets[row + 1]; j++) {
      probability += startWeights.coefficients[j] * features[startWeights.features[j]];
    }
  }
  return probability;
}

/** An error of the exploration of a model, shown at the place of the file that it is about. */
export function placeError(model: DslModel, error: PhxError): PhxError {
  return new PhxError(
    error.diagnostics.map((found) =>
      found.place === undefined ? { ...found, place: placeOf(model, found) } : found,
    ),
  );
}

/** Graphs know events by name and no places: the message says which event it is about. */
function placeOf({ checked }: DslModel, { code, message }: Diagnostic): Place {
  const [start] = checked.starts;
  if (code === "PHX404") return start.weight?.place ?? start.place;
  if (code === "PHX705" || code === "PHX706") return checked.stops[0]?.place ?? checked.place;
  if (code !== "PHX702" && code !== "PHX703" && code !== "PHX704") return checked.place;
  // Probabilities of a state are listed: "(lose 0.6, win 0.45)".
  const event = checked.events.find(
    ({ name }) => message.includes(`event \`${name}\``) || new RegExp(`[(,] ?${name} \\d`).test(message),
  );
  return event?.ratePlace ?? checked.place;
}
