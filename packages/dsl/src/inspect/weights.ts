// Rates and probabilities in every state: none negative, none without a value, probabilities that sum to 1.
import type { Diagnostic } from "@phxlang/autodiff";
import type { LinearForms, MarkovGraph } from "@phxlang/graph";
import { diagnostic } from "../check/reporter.ts";
import type { DslModel } from "../dsl-model.ts";
import { defaultPoint, interiorPoints } from "./interior-points.ts";

const tolerance = 1e-9;
const pointCount = 8;

/** A point of z with the features there. */
interface Point {
  readonly z: Float64Array;
  readonly features: Float64Array;
  readonly isDefault: boolean;
}

/** PHX702, PHX703 at the defaults; PHX704 and PHX404 for all parameter values. One diagnostic of each. */
export function inspectWeights(model: DslModel, graph: MarkovGraph): readonly Diagnostic[] {
  const { description } = model;
  const { features } = description.callback;
  const standard = defaultPoint(description);
  const points: Point[] = [];
  if (standard !== null) points.push({ z: standard, features: features.evaluate(standard), isDefault: true });
  const found = standard === null ? null : badRate(model, graph, points[0].features);
  for (const z of interiorPoints(description, pointCount)) {
    points.push({ z, features: features.evaluate(z), isDefault: false });
  }
  const start = startSum(model, graph, points);
  const sum = graph.kind === "discrete" && found === null ? probabilitySum(model, graph, points) : null;
  return [found, start, sum].filter((one) => one !== null);
}

function valueOf(forms: LinearForms, row: number, features: Float64Array): number {
  let value = 0;
  for (let j = forms.offsets[row]; j < forms.offsets[row + 1]; j++) {
    value += forms.coefficients[j] * features[forms.features[j]];
  }
  return value;
}

function badRate(model: DslModel, graph: MarkovGraph, features: Float64Array): Diagnostic | null {
  const { transitions, states } = graph;
  for (const weights of transitions.weights) {
    for (let t = 0; t < transitions.count; t++) {
      const value = valueOf(weights, t, features);
      if (value >= 0 && value < Infinity) continue;
      const event = model.checked.events[transitions.events[t]];
      const state = states.describe(transitions.sources[t]);
      if (value < 0) {
        const message = `event \`${event.name}\` has ${noun(graph)} ${value} in ${state} at the default parameters`;
        return diagnostic("error", "PHX702", event.ratePlace, message, {
          hint: "guard the event, correct its formula, or choose other defaults",
        });
      }
      const words = Number.isNaN(value) ? "not a number" : "infinite";
      const message = `the ${noun(graph)} of event \`${event.name}\` is ${words} in ${state} at the default parameters`;
      return diagnostic("error", "PHX703", event.ratePlace, message, {
        hint: "look for a division by zero, or a logarithm or root of a negative number",
      });
    }
  }
  return null;
}

function noun(graph: MarkovGraph): string {
  return graph.kind === "discrete" ? "probability" : "rate";
}

/** Sums of the rows [from, to) of forms, by feature: whether they are 1 whatever the parameters are. */
function sumsToOne(forms: LinearForms, from: number, to: number): boolean {
  const sums = new Map<number, number>();
  for (let j = forms.offsets[from]; j < forms.offsets[to]; j++) {
    const feature = forms.features[j];
    sums.set(feature, (sums.get(feature) ?? 0) + forms.coefficients[j]);
  }
  return (
    [...sums].every(([feature, sum]) => Math.abs(sum - (feature === 0 ? 1 : 0)) <= tolerance) && sums.has(0)
  );
}

/** A point at which the rows do not sum to 1, with the sum. */
function failingPoint(
  forms: LinearForms,
  from: number,
  to: number,
  points: readonly Point[],
): { readonly point: Point; readonly sum: number } | null {
  for (const point of points) {
    let sum = 0;
    for (let row = from; row < to; row++) sum += valueOf(forms, row, point.features);
    if (!(Math.abs(sum - 1) <= tolerance)) return { point, sum };
  }
  return null;
}

function startSum(model: DslModel, graph: MarkovGraph, points: readonly Point[]): Diagnostic | null {
  const { startWeights } = graph;
  if (sumsToOne(startWeights, 0, startWeights.rowCount)) return null;
  const failing = failingPoint(startWeights, 0, startWeights.rowCount, points);
  if (failing === null) return null;
  const missing = rounded(1 - failing.sum);
  const [start] = model.checked.starts;
  return diagnostic(
    "error",
    "PHX404",
    start.weight?.place ?? start.place,
    `start weights sum to ${rounded(failing.sum)}${where(model, failing.point)}`,
    {
      hint:
        missing > 0
          ? `add the missing ${missing}, or use \`1 - p\``
          : "make them sum to 1: the last one is `1 - p`",
    },
  );
}

function probabilitySum(model: DslModel, graph: MarkovGraph, points: readonly Point[]): Diagnostic | null {
  for (const { weights, stop, reached } of graph.epochs) {
    for (let state = 0; state < graph.stateCount; state++) {
      if (stop[state] >= 0 || (reached !== null && reached[state] === 0)) continue;
      const from = graph.rowOffsets[state];
      const to = graph.rowOffsets[state + 1];
      if (sumsToOne(weights, from, to)) continue;
      const failing = failingPoint(weights, from, to, points);
      if (failing !== null) return reportSum(model, graph, state, failing);
    }
  }
  return null;
}

function reportSum(
  model: DslModel,
  graph: MarkovGraph,
  state: number,
  { point, sum }: { readonly point: Point; readonly sum: number },
): Diagnostic {
  const { transitions } = graph;
  const parts: string[] = [];
  let place = model.checked.place;
  for (let t = 0; t < transitions.count; t++) {
    if (transitions.sources[t] !== state) continue;
    const event = model.checked.events[transitions.events[t]];
    parts.push(`${event.name} ${rounded(valueOf(transitions.weights[0], t, point.features))}`);
    place = event.ratePlace;
  }
  const list = parts.length === 0 ? "no event happens" : parts.join(", ");
  const message = `probabilities in ${graph.states.describe(state)} sum to ${rounded(sum)} (${list})${where(model, point)}`;
  return diagnostic("error", "PHX704", place, message, {
    notes: ["in discrete time something happens at every step: the probabilities of a state sum to 1"],
    hint: "use `@ rest` for the remainder, or add an event that changes nothing",
  });
}

function where(model: DslModel, point: Point): string {
  if (point.isDefault) return "";
  const values = model.description.parameters.flatMap(({ name, offset, size }) =>
    size === 1 ? [`${name} = ${rounded(point.z[offset])}`] : [],
  );
  return values.length === 0 ? "" : ` at ${values.slice(0, 4).join(", ")}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
