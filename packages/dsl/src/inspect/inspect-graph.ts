// inspectGraph: what a model's state graph shows to be wrong or strange, with the places of the file.
import { PhxError } from "@phxlang/autodiff";
import type { Diagnostic } from "@phxlang/autodiff";
import type { MarkovGraph } from "@phxlang/graph";
import { diagnostic } from "../check/reporter.ts";
import type { DslModel } from "../dsl-model.ts";
import { sizeOf } from "../terms/shape.ts";
import { defaultPoint } from "./interior-points.ts";
import { inspectWeights } from "./weights.ts";

/**
 * Errors 404 and 702 to 704, warnings 709 to 711. The graph must be that of `model.description.callback`, with
 * its transitions.
 */
export function inspectGraph(model: DslModel, graph: MarkovGraph): readonly Diagnostic[] {
  return [
    ...inspectWeights(model, graph),
    ...eventsThatNeverHappen(model, graph),
    ...startThatStops(model, graph),
    ...cellsThatNeverChange(model, graph),
  ];
}

/**
 * The error of an exploration, shown at the place of the file that it is about: at the `stop`s if none is
 * reached, else at the model's name. Errors that have a place keep it.
 */
export function placeError(model: DslModel, error: PhxError): PhxError {
  const { checked } = model;
  const stop = checked.stops[0]?.place ?? checked.place;
  return new PhxError(
    error.diagnostics.map((found) => {
      if (found.place !== undefined) return found;
      const aboutStops = found.code === "PHX705" || found.code === "PHX706";
      return { ...found, place: aboutStops ? stop : checked.place };
    }),
  );
}

function eventsThatNeverHappen(model: DslModel, graph: MarkovGraph): readonly Diagnostic[] {
  return model.checked.events.flatMap((event, index) =>
    graph.eventCounts[index] > 0
      ? []
      : [
          diagnostic(
            "warning",
            "PHX709",
            event.place,
            `event \`${event.name}\` never happens in any reachable state`,
            {
              hint: "correct its guard or its rate, or remove it",
            },
          ),
        ],
  );
}

function startThatStops(model: DslModel, graph: MarkovGraph): readonly Diagnostic[] {
  const { startStates, startWeights, epochs } = graph;
  const stopping = [...startStates.keys()].filter((row) => epochs[0].stop[startStates[row]] >= 0);
  if (stopping.length === 0) return [];
  const z = defaultPoint(model.description);
  const features = z === null ? null : graph.features.evaluate(z);
  let mass = 0;
  for (const row of stopping) {
    for (let j = startWeights.offsets[row]; j < startWeights.offsets[row + 1]; j++) {
      mass +=
        startWeights.coefficients[j] * (features === null ? Number.NaN : features[startWeights.features[j]]);
    }
  }
  if (mass === 0) return [];
  const amount = Number.isNaN(mass) ? "positive probability" : `probability ${Number(mass.toPrecision(6))}`;
  const state = graph.states.describe(startStates[stopping[0]]);
  return [
    diagnostic("warning", "PHX710", model.checked.starts[0].place, `the start already stops with ${amount}`, {
      notes: [`${state} is a stop state: the time has an atom at 0`],
      hint: "start elsewhere, unless this is meant",
    }),
  ];
}

/** States all of whose entries are the same everywhere. */
function cellsThatNeverChange(model: DslModel, graph: MarkovGraph): readonly Diagnostic[] {
  const first = graph.states.read(0);
  const changes = new Uint8Array(first.length);
  const state = new Int32Array(first.length);
  for (let index = 1; index < graph.stateCount; index++) {
    graph.states.read(index, state);
    for (let cell = 0; cell < state.length; cell++) if (state[cell] !== first[cell]) changes[cell] = 1;
  }
  return model.checked.states.flatMap(({ name, place, array, labels, lower }) => {
    const entries = changes.subarray(array.offset, array.offset + sizeOf(array.shape));
    if (entries.some((changed) => changed === 1)) return [];
    const value = first[array.offset];
    const always = array.shape.sizes.length > 0 ? "" : `: it is always ${labels?.[value - lower] ?? value}`;
    return [
      diagnostic("warning", "PHX711", place, `state \`${name}\` never changes${always}`, {
        hint: "make it a `const`, or write the event that changes it",
      }),
    ];
  });
}
