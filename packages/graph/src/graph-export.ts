// Graphs for others to read: plain data for JSON, and the DOT language of Graphviz.
import type { LinearForms } from "./linear-forms.ts";
import type { MarkovGraph } from "./markov-graph.ts";

/** Everything of a graph's first epoch (or another) as plain data; amounts are formulas of the parameters. */
export interface PlainGraph {
  readonly kind: "continuous" | "discrete";
  readonly cells: readonly { readonly name: string; readonly lower: number; readonly upper: number }[];
  readonly states: readonly {
    readonly values: readonly number[];
    readonly label: string;
    /** Cause with which the state stops; null where it goes on. */
    readonly stops: string | null;
  }[];
  readonly start: readonly { readonly state: number; readonly probability: string }[];
  readonly edges: readonly {
    readonly from: number;
    readonly to: number;
    readonly weight: string;
    readonly events: readonly string[];
  }[];
}

/** `inputNames`: the entries of θ, then the covariates. Edges that the epoch does not have are left out. */
export function toPlainGraph(graph: MarkovGraph, inputNames: readonly string[], epoch = 0): PlainGraph {
  const { stop, weights } = graph.epochs[epoch];
  const texts = new FormTexts(graph, inputNames);
  const eventsOf = edgeEvents(graph, epoch);
  const edges: PlainGraph["edges"][number][] = [];
  for (let from = 0; from < graph.stateCount; from++) {
    for (let e = graph.rowOffsets[from]; e < graph.rowOffsets[from + 1]; e++) {
      if (weights.offsets[e] === weights.offsets[e + 1]) continue;
      edges.push({ from, to: graph.targets[e], weight: texts.textOf(weights, e), events: eventsOf[e] ?? [] });
    }
  }
  return {
    kind: graph.kind,
    cells: graph.states.cells.map(({ name, lower, upper }) => ({ name, lower, upper })),
    states: Array.from({ length: graph.stateCount }, (_, i) => ({
      values: Array.from(graph.states.read(i)),
      label: graph.states.describe(i),
      stops: stop[i] < 0 ? null : graph.causes[stop[i]],
    })),
    start: Array.from(graph.startStates, (state, k) => ({
      state,
      probability: texts.textOf(graph.startWeights, k),
    })),
    edges,
  };
}

/** The graph as a drawing: start states have bold frames, stop states double ones; edges show events and formulas. */
export function toDot(graph: MarkovGraph, inputNames: readonly string[], epoch = 0): string {
  const plain = toPlainGraph(graph, inputNames, epoch);
  const starts = new Set(plain.start.map(({ state }) => state));
  const nodes = plain.states.map(({ label, stops }, i) => {
    const attributes = [`label=${quoted(stops === null || stops === "" ? label : `${label}\n${stops}`)}`];
    if (starts.has(i)) attributes.push("penwidth=2");
    if (stops !== null) attributes.push("peripheries=2");
    return `  s${i} [${attributes.join(", ")}];`;
  });
  const edges = plain.edges.map(
    ({ from, to, weight, events }) =>
      `  s${from} -> s${to} [label=${quoted(events.length === 0 ? weight : `${events.join(", ")}\n${weight}`)}];`,
  );
  return [
    "digraph model {",
    "  rankdir=LR;",
    "  node [shape=box, style=rounded];",
    ...nodes,
    ...edges,
    "}",
    "",
  ].join("\n");
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

function edgeEvents(graph: MarkovGraph, epoch: number): (string[] | undefined)[] {
  const names: (string[] | undefined)[] = [];
  if (!graph.hasTransitions) return names;
  const { count, edges, events, weights } = graph.transitions;
  const { offsets } = weights[epoch];
  for (let t = 0; t < count; t++) {
    if (offsets[t] < offsets[t + 1]) (names[edges[t]] ??= []).push(graph.events[events[t]]);
  }
  return names;
}

/** Linear forms as formulas; each feature is put into words once. */
class FormTexts {
  private readonly graph: MarkovGraph;
  private readonly inputNames: readonly string[];
  private readonly features = new Map<number, string>();

  constructor(graph: MarkovGraph, inputNames: readonly string[]) {
    this.graph = graph;
    this.inputNames = inputNames;
  }

  textOf({ offsets, features, coefficients }: LinearForms, row: number): string {
    let text = "";
    for (let j = offsets[row]; j < offsets[row + 1]; j++) {
      const coefficient = coefficients[j];
      const size = Math.abs(coefficient);
      const term =
        features[j] === 0
          ? String(size)
          : size === 1
            ? this.featureText(features[j], false)
            : `${size} * ${this.featureText(features[j], true)}`;
      if (text === "") text = coefficient < 0 ? `-${term}` : term;
      else text += coefficient < 0 ? ` - ${term}` : ` + ${term}`;
    }
    return text === "" ? "0" : text;
  }

  private featureText(feature: number, inProduct: boolean): string {
    let text = this.features.get(feature);
    if (text === undefined) {
      text = this.graph.features.describe(feature, this.inputNames);
      this.features.set(feature, text);
    }
    return inProduct && / [+-] |^-|^if /.test(text) ? `(${text})` : text;
  }
}
