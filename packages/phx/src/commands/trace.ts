// phx trace: the record of the elimination that all exact results replay.
import type { CommandDefinition } from "../command.ts";
import { compileFile } from "../compile-file.ts";
import * as common from "../options/common.ts";
import { groupedInteger } from "../output/numbers.ts";
import { heading, present } from "../present.ts";
import { rowsText, summarizeTrace } from "../trace-summary.ts";

export const trace: CommandDefinition = {
  name: "trace",
  words: [{ name: "<file>", description: "the model" }],
  summary: "the recorded trace: hash, size, operation counts",
  description:
    "The same structure has the same trace, byte for byte, on every machine; parameter values do not occur in it.",
  options: [...common.modelOptions],
  examples: [
    { line: "phx trace examples/rabbits.phx", says: "what is replayed for every parameter value" },
    { line: "phx trace examples/rabbits.phx --set n=100", says: "how it grows" },
  ],
  run: async (invocation) => {
    const [file] = invocation.words;
    const model = compileFile(invocation, file);
    const { epochs } = model.graph;
    const records = model.traces;
    const origins = invocation.host.traceOrigins().slice(-epochs.length);
    const traces = records.map((record, index) => ({
      epoch: epochs[index].name,
      source: origins.find(({ epoch }) => epoch === index)?.source ?? "recorded",
      ...summarizeTrace(record),
    }));
    await present(invocation, {
      json: () => ({ model: model.name, file, traces }),
      text: (style) =>
        traces
          .map(
            (summary) =>
              heading(
                style,
                summary.epoch === "" ? model.name : `${model.name}, epoch ${summary.epoch}`,
                "",
              ) +
              [
                ["hash", summary.hash],
                ["source", summary.source === "cache" ? "the cache" : "recorded now"],
                ["rows", rowsText(summary)],
                ["slots", groupedInteger(summary.slots)],
                [
                  "blocks",
                  `${groupedInteger(summary.blocks)}, the largest of ${groupedInteger(summary.largestBlock)} rows`,
                ],
                ["entries", `${groupedInteger(summary.entries)} inside the blocks, fill included`],
                ["ordering", summary.ordering],
                ["operations", `${groupedInteger(summary.multiplyAdds)} multiply-adds`],
                ["size", `${groupedInteger(summary.bytes)} bytes`],
              ]
                .map(([name, value]) => `${style("dim", name.padEnd(11))}${value}\n`)
                .join(""),
          )
          .join("\n"),
    });
    return 0;
  },
};
