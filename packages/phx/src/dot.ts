// The state graph in the DOT language of Graphviz.
import type { GraphView } from "./graph-view.ts";
import { readableNumber } from "./output/numbers.ts";

/** Start states have bold frames, stop states double ones; edges show events and values. */
export function renderDot(name: string, view: GraphView): string {
  const starts = new Map(view.start.map((entry) => [entry.state, entry.probability]));
  const nodes = view.states.map((state) => {
    const attributes = [`label=${quoted(state.description)}`];
    const probability = starts.get(state.number);
    if (probability !== undefined) {
      attributes.push("penwidth=2");
      if (probability !== 1) attributes.push(`xlabel=${quoted(readableNumber(probability, 4))}`);
    }
    if (state.stops !== undefined) attributes.push("peripheries=2", 'fillcolor="#eeeeee"');
    return `  s${state.number} [${attributes.join(", ")}];`;
  });
  const edges = view.edges.map(
    (edge) =>
      `  s${edge.from} -> s${edge.to} [label=${quoted(`${edge.events.join(", ")}\n${readableNumber(edge.value, 4)}`)}];`,
  );
  return [
    `digraph ${quoted(name)} {`,
    "  rankdir=LR;",
    '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif", fontsize=11];',
    '  edge [fontname="sans-serif", fontsize=9, color="#666666"];',
    ...nodes,
    ...edges,
    "}\n",
  ].join("\n");
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
