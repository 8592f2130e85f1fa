// phx info: what a model consists of, and what evaluating it costs.
import { graphStatistics } from "@phxlang/graph";
import type { BoundValue, GraphStatistics, ParameterDeclaration, PriorDeclaration } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import type { CommandDefinition } from "../command.ts";
import { compileFile } from "../compile-file.ts";
import * as common from "../options/common.ts";
import type { Json } from "../output/json.ts";
import { groupedInteger, readableNumber } from "../output/numbers.ts";
import type { Style } from "../output/style.ts";
import { renderTable } from "../output/table.ts";
import { heading, present } from "../present.ts";
import { rowsText, summarizeTrace } from "../trace-summary.ts";
import type { TraceSummary } from "../trace-summary.ts";

export const info: CommandDefinition = {
  name: "info",
  words: [{ name: "<file>", description: "the model" }],
  summary: "states, edges, parameters, rewards, and what evaluation costs",
  options: [...common.modelOptions],
  examples: [
    { line: "phx info examples/sir.phx", says: "what the model consists of" },
    { line: "phx info examples/sir.phx --set N=50", says: "how it grows" },
  ],
  run: async (invocation) => {
    const [file] = invocation.words;
    const model = compileFile(invocation, file);
    const traces = model.traces.map(summarizeTrace);
    const facts = graphStatistics(model.graph);
    await present(invocation, {
      json: () => document(file, model, facts, traces),
      text: (style) => text(model, facts, traces, style),
    });
    return 0;
  },
};

function document(file: string, model: Model, facts: GraphStatistics, traces: readonly TraceSummary[]): Json {
  const { graph } = model;
  return {
    model: model.name,
    file,
    kind: model.kind,
    defective: model.defective,
    cells: graph.states.cells.map((cell, index) => ({
      name: cell.name,
      lower: cell.lower,
      upper: cell.upper,
      lowest: facts.cells[index].lowest,
      highest: facts.cells[index].highest,
      ...(cell.labels === undefined ? {} : { labels: cell.labels }),
    })),
    states: facts.states,
    startStates: facts.startStates,
    transientStates: facts.transientStates,
    stopStates: facts.stopStates.map((stop) => ({ ...stop })),
    edges: facts.edges,
    formulas: facts.features,
    components: facts.components,
    largestComponent: facts.largestComponent,
    events: graph.events,
    causes: model.causes,
    epochs: graph.epochs.map((epoch) => epoch.name),
    parameters: model.parameters.map(describeParameter),
    covariates: model.description.covariates.map((covariate) => ({
      name: covariate.name,
      default: covariate.defaultValue,
    })),
    rewards: model.rewards,
    traces: traces.map((trace) => ({ ...trace })),
  };
}

function describeParameter(parameter: ParameterDeclaration): Json {
  return {
    name: parameter.name,
    shape: parameter.shape,
    lower: boundNumber(parameter.lower),
    upper: boundNumber(parameter.upper),
    simplex: parameter.simplex,
    default: parameter.defaults === null ? null : Array.from(parameter.defaults),
    prior: parameter.prior?.law ?? null,
  };
}

/** A bound that reads other parameters has no number of its own: the word "parameter" stands for it. */
function boundNumber(bound: BoundValue | null): number | string | null {
  return bound === null || typeof bound === "number" ? bound : "parameter";
}

function text(model: Model, counts: GraphStatistics, traces: readonly TraceSummary[], style: Style): string {
  const { graph } = model;
  const epochs = graph.epochs.map((epoch) => epoch.name).filter((name) => name !== "");
  const first = traces[traces.length - 1];
  const facts: readonly (readonly [string, string])[] = [
    ["time", model.kind],
    [
      "states",
      `${groupedInteger(graph.stateCount)}  (${counts.startStates} start, ${groupedInteger(counts.states - counts.transientStates)} stop)`,
    ],
    ["edges", `${groupedInteger(counts.edges)}, with ${groupedInteger(counts.features)} distinct formulas`],
    [
      "classes",
      `${groupedInteger(counts.components)} strongly connected, the largest of ${groupedInteger(counts.largestComponent)} ${counts.largestComponent === 1 ? "state" : "states"}`,
    ],
    ...(first.rows < first.transientStates ? [["lumped to", rowsText(first)] as const] : []),
    ["events", graph.events.join(", ")],
    ["stops", model.causes.every((name) => name === "") ? "without names" : model.causes.join(", ")],
    ...(epochs.length > 1 ? [["epochs", epochs.join(", ")] as const] : []),
    ["rewards", model.rewards.join(", ")],
    ...(model.covariates.length > 0 ? [["covariates", model.covariates.join(", ")] as const] : []),
    [
      "cost",
      `${groupedInteger(first.multiplyAdds)} multiply-adds to eliminate, ${groupedInteger(graph.edgeCount)} for each step of a density`,
    ],
  ];
  return (
    heading(style, model.name, "") +
    facts.map(([name, value]) => `${style("dim", name.padEnd(11))}${value}\n`).join("") +
    (model.parameters.length === 0 ? "" : `\n${renderTable(parameterColumns(model), style)}`)
  );
}

function parameterColumns(model: Model): { title: string; cells: string[] }[] {
  return [
    { title: "parameter", cells: model.parameters.map((parameter) => parameter.name + shapeText(parameter)) },
    { title: "bounds", cells: model.parameters.map(boundsText) },
    { title: "default", cells: model.parameters.map((parameter) => defaultsText(parameter)) },
    { title: "prior", cells: model.parameters.map(({ prior }) => priorText(prior)) },
  ];
}

function shapeText(parameter: ParameterDeclaration): string {
  if (parameter.shape.length === 0) return "";
  const ranges = parameter.shape.map(
    (length, axis) => `${parameter.indexFrom[axis]}..${parameter.indexFrom[axis] + length - 1}`,
  );
  return `[${ranges.join(", ")}]`;
}

function boundsText(parameter: ParameterDeclaration): string {
  if (parameter.simplex) return "sums to 1";
  const lower =
    parameter.lower === null
      ? ""
      : `${parameter.lowerClosed ? "≥" : ">"} ${String(boundNumber(parameter.lower))}`;
  const upper =
    parameter.upper === null
      ? ""
      : `${parameter.upperClosed ? "≤" : "<"} ${String(boundNumber(parameter.upper))}`;
  return [lower, upper].filter((part) => part !== "").join(", ");
}

function defaultsText(parameter: ParameterDeclaration): string {
  if (parameter.defaults === null) return "none";
  const shown = Array.from(parameter.defaults.subarray(0, 6), (value) => readableNumber(value));
  return shown.join(", ") + (parameter.size > 6 ? ", …" : "");
}

/** An argument that reads parameters has no number of its own: a dash stands for it. */
function priorText(prior: PriorDeclaration | null): string {
  if (prior === null) return "";
  const shown = prior.args.map((argument) => (typeof argument === "number" ? readableNumber(argument) : "–"));
  return `${prior.law}(${shown.join(", ")})`;
}
