// The state graph with numbers: what `phx graph` prints and draws.
import type { LinearForms } from "@phxlang/graph";
import type { Session } from "./session.ts";

export interface GraphView {
  readonly states: readonly StateView[];
  readonly start: readonly { readonly state: number; readonly probability: number }[];
  readonly edges: readonly EdgeView[];
}

export interface StateView {
  readonly number: number;
  /** As people read it: `(S = 49, I = 1)`. */
  readonly description: string;
  readonly cells: readonly number[];
  /** Cause with which the state stops, in the first epoch; undefined for a state that goes on. */
  readonly stops: string | undefined;
}

export interface EdgeView {
  readonly from: number;
  readonly to: number;
  readonly events: readonly string[];
  /** Rate, or probability of a step, in the first epoch. */
  readonly value: number;
}

export function viewGraph(session: Session): GraphView {
  const { graph, causes, states } = session.model;
  const [epoch] = graph.epochs;
  const features = evaluateFeatures(session);
  const values = evaluateForms(epoch.weights, features);
  const probabilities = evaluateForms(graph.startWeights, features);
  const events = eventsOfEdges(session);
  const edges: EdgeView[] = [];
  for (let from = 0; from < graph.stateCount; from++) {
    for (let edge = graph.rowOffsets[from]; edge < graph.rowOffsets[from + 1]; edge++) {
      edges.push({ from, to: graph.targets[edge], events: events[edge], value: values[edge] });
    }
  }
  return {
    states: states.map((description, number) => ({
      number,
      description,
      cells: Array.from(graph.states.read(number)),
      stops: epoch.stop[number] < 0 ? undefined : causes[epoch.stop[number]],
    })),
    start: Array.from(graph.startStates, (state, row) => ({ state, probability: probabilities[row] })),
    edges,
  };
}

/** φ(θ, covariates). */
function evaluateFeatures(session: Session): Float64Array {
  const { model, theta } = session;
  const covariates = model.description.covariates.map(
    (covariate) => session.covariates.get(covariate.name) ?? covariate.defaultValue,
  );
  return model.graph.features.evaluate([...theta, ...covariates]);
}

function evaluateForms(forms: LinearForms, features: Float64Array): Float64Array {
  const values = new Float64Array(forms.rowCount);
  for (let row = 0; row < forms.rowCount; row++) {
    for (let term = forms.offsets[row]; term < forms.offsets[row + 1]; term++) {
      values[row] += forms.coefficients[term] * features[forms.features[term]];
    }
  }
  return values;
}

function eventsOfEdges(session: Session): readonly (readonly string[])[] {
  const { transitions, events, edgeCount } = session.model.graph;
  const found: string[][] = Array.from({ length: edgeCount }, () => []);
  for (let transition = 0; transition < transitions.count; transition++) {
    const names = found[transitions.edges[transition]];
    const name = events[transitions.events[transition]];
    if (!names.includes(name)) names.push(name);
  }
  return found;
}
