// phx graph: the state graph as DOT text, as a picture, or as data.
import { PhxError } from "@phxlang/autodiff";
import { toDot, toPlainGraph } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import type { CommandDefinition, Invocation } from "../command.ts";
import { compileFile } from "../compile-file.ts";
import { endingOf, writePicture } from "../curves/write-picture.ts";
import * as common from "../options/common.ts";
import { flag, last } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { renderJson } from "../output/json.ts";
import type { Json } from "../output/json.ts";
import { unknownName } from "../unknown-name.ts";

const dot = flag("--dot", "text in the DOT language of Graphviz (this is what happens without an option)");
const svg = flag("--svg", "a picture");
const epochOption: OptionDeclaration<string | undefined> = {
  flags: "--epoch <name>",
  description: "of this stretch of time (default: the first)",
  read: last,
  absent: undefined,
};

/** Layouts of larger graphs take minutes and show nothing. */
const mostDrawnEdges = 2000;

export const graph: CommandDefinition = {
  name: "graph",
  words: [{ name: "<file>", description: "the model" }],
  summary: "draw or export the state graph",
  description: "Edges carry the names of their events and their rates, as formulas of the parameters.",
  options: [...common.modelOptions, dot, svg, epochOption, common.out],
  examples: [
    { line: "phx graph examples/k_of_n.phx", says: "as DOT text, for Graphviz and other programs" },
    { line: "phx graph examples/k_of_n.phx --svg --out out/k_of_n.svg", says: "as a picture" },
    { line: "phx graph examples/kingman.phx --json", says: "states, edges and formulas as data" },
  ],
  run: async (invocation) => {
    const [file] = invocation.words;
    const out = invocation.value(common.out);
    const format = chooseFormat(invocation, out);
    const model = compileFile(invocation, file);
    const epoch = chooseEpoch(model, invocation.value(epochOption));
    if (format === "picture") {
      await writePicture(await draw(model, epoch), model.name, out, invocation);
      return 0;
    }
    const text = format === "json" ? renderJson(document(file, model, epoch)) : dotOf(model, epoch);
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

function chooseEpoch(model: Model, name: string | undefined): number {
  if (name === undefined) return 0;
  const names = model.graph.epochs.map((epoch) => epoch.name);
  const found = names.indexOf(name);
  if (found >= 0) return found;
  throw unknownName(
    "epoch",
    name,
    names.filter((candidate) => candidate !== ""),
    "--epoch",
  );
}

/** Names of what formulas read: θ, then the covariates. */
function inputNames(model: Model): readonly string[] {
  return [...model.parameterNames, ...model.covariates];
}

function dotOf(model: Model, epoch: number): string {
  return toDot(model.graph, inputNames(model), epoch);
}

async function draw(model: Model, epoch: number): Promise<string> {
  if (model.graph.edgeCount > mostDrawnEdges) {
    throw new PhxError({
      code: "PHX995",
      what: `a picture of ${model.graph.edgeCount} edges would show nothing`,
      why: `at most ${mostDrawnEdges} edges are drawn`,
      fix: "make the model smaller with --set, or write DOT and lay it out with a program for large graphs",
    });
  }
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  const drawn = viz.renderString(dotOf(model, epoch), {
    format: "svg",
    nodeAttributes: { fontname: "sans-serif", fontsize: 11 },
    edgeAttributes: { fontname: "sans-serif", fontsize: 9, color: "#666666" },
  });
  return drawn.slice(drawn.indexOf("<svg"));
}

function document(file: string, model: Model, epoch: number): Json {
  const plain = toPlainGraph(model.graph, inputNames(model), epoch);
  return {
    model: model.name,
    file,
    epoch: model.graph.epochs[epoch].name,
    kind: plain.kind,
    cells: plain.cells.map((cell) => ({ ...cell })),
    states: plain.states.map((state, number) => ({ number, ...state })),
    start: plain.start.map((start) => ({ ...start })),
    edges: plain.edges.map((edge) => ({ ...edge })),
  };
}
