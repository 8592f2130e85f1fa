// phx graph: the state graph as DOT text, as a picture, or as data.
import { PhxError } from "@phxlang/autodiff";
import type { CommandDefinition, Invocation } from "../command.ts";
import { endingOf, writePicture } from "../curves/write-picture.ts";
import { renderDot } from "../dot.ts";
import { viewGraph } from "../graph-view.ts";
import type { GraphView } from "../graph-view.ts";
import * as common from "../options/common.ts";
import { flag } from "../options/declaration.ts";
import { renderJson } from "../output/json.ts";
import type { Json } from "../output/json.ts";
import { describeSession, openSession } from "../session.ts";
import type { Session } from "../session.ts";

const dot = flag("--dot", "text in the DOT language of Graphviz (this is what happens without an option)");
const svg = flag("--svg", "a picture");

/** Layouts of larger graphs take minutes and show nothing. */
const mostDrawnEdges = 2000;

export const graph: CommandDefinition = {
  name: "graph",
  words: [{ name: "<file>", description: "the model" }],
  summary: "draw or export the state graph",
  description: "Edges carry the names of their events and their rates at the parameter values given.",
  options: [...common.modelOptions, ...common.valueOptions, dot, svg, common.out],
  examples: [
    { line: "phx graph examples/k_of_n.phx", says: "as DOT text, for Graphviz and other programs" },
    { line: "phx graph examples/k_of_n.phx --svg --out out/k_of_n.svg", says: "as a picture" },
    { line: "phx graph examples/kingman.phx --json", says: "states, edges and rates as data" },
  ],
  run: async (invocation) => {
    const session = openSession(invocation);
    const view = viewGraph(session);
    const out = invocation.value(common.out);
    const format = chooseFormat(invocation, out);
    if (format === "picture") {
      await writePicture(await draw(session, view), session.model.name, out, invocation);
      return 0;
    }
    const text =
      format === "json" ? renderJson(document(session, view)) : renderDot(session.model.name, view);
    if (out === undefined) {
      await invocation.host.out.write(text);
      return 0;
    }
    invocation.host.writeFile(out, text);
    await invocation.note(`wrote ${out}`);
    return 0;
  },
};

type Format = "dot" | "json" | "picture";

function chooseFormat(invocation: Invocation, out: string | undefined): Format {
  const asked: Format[] = [];
  if (invocation.value(dot)) asked.push("dot");
  if (invocation.value(svg)) asked.push("picture");
  if (invocation.value(common.json) && invocation.origin(common.json) === "flag") asked.push("json");
  const ending = out === undefined ? undefined : endingOf(out, ["svg", "png", "html", "dot", "gv", "json"]);
  if (ending !== undefined) {
    asked.push(ending === "json" ? "json" : ending === "dot" || ending === "gv" ? "dot" : "picture");
  }
  if (new Set(asked).size > 1) {
    throw new PhxError({
      code: "PHX995",
      what: "these options ask for different results",
      why: "--dot, --svg and --json, and the ending of --out, each name a format",
      fix: "give one of them",
    });
  }
  return asked[0] ?? (invocation.value(common.json) ? "json" : "dot");
}

async function draw(session: Session, view: GraphView): Promise<string> {
  if (view.edges.length > mostDrawnEdges) {
    throw new PhxError({
      code: "PHX995",
      what: `a picture of ${view.edges.length} edges would show nothing`,
      why: `at most ${mostDrawnEdges} edges are drawn`,
      fix: "make the model smaller with --set, or write DOT and lay it out with a program for large graphs",
    });
  }
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  const drawn = viz.renderString(renderDot(session.model.name, view), { format: "svg" });
  return drawn.slice(drawn.indexOf("<svg"));
}

function document(session: Session, view: GraphView): Json {
  const { graph: states, kind } = session.model;
  return {
    ...describeSession(session),
    kind,
    cells: states.states.cells.map((cell) => cell.name),
    states: view.states.map((state) => ({
      number: state.number,
      state: state.description,
      cells: state.cells,
      stops: state.stops ?? null,
    })),
    start: view.start,
    edges: view.edges.map((edge) => ({
      from: edge.from,
      to: edge.to,
      events: edge.events,
      value: edge.value,
    })),
  };
}
