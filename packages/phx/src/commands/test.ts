// phx test: tries on a model what must hold for every model, at random parameters and times.
import { checkModel } from "@phxlang/testing";
import type { LawResult } from "@phxlang/testing";
import type { CommandDefinition } from "../command.ts";
import { compileFile } from "../compile-file.ts";
import * as common from "../options/common.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { readWholeNumber } from "../options/numbers.ts";
import type { Style } from "../output/style.ts";
import { renderTable } from "../output/table.ts";
import { heading, present } from "../present.ts";

const runs: OptionDeclaration<number> = {
  flags: "-n, --runs <count>",
  description: "random inputs for each law; the expensive laws are tried on a fifth of them",
  setting: "runs",
  read: readWholeNumber(1, 1_000_000),
  absent: 20,
};

export const test: CommandDefinition = {
  name: "test",
  words: [{ name: "<file>", description: "the model" }],
  summary: "try the laws that every model must obey, at random parameters and times",
  description:
    "Densities are compared with derivatives of distribution functions, moments with integrals, gradients with differences, " +
    "draws with probabilities, and so on. At the first law that is broken the smallest input found is shown, and the exit status is 1.",
  options: [...common.modelOptions, runs, common.seed],
  examples: [
    { line: "phx test examples/kingman.phx --runs 5", says: "all laws, five inputs each" },
    { line: "phx test examples/gambler.phx --runs 5 --seed 3 --json", says: "other inputs, for a program" },
  ],
  run: async (invocation) => {
    const [file] = invocation.words;
    const model = compileFile(invocation, file);
    const seed = invocation.value(common.seed);
    const results = checkModel(model, { runs: invocation.value(runs), seed });
    await present(invocation, {
      json: () => ({
        model: model.name,
        file,
        seed,
        laws: results.map(({ law, says, runs: count }) => ({ law, says, runs: count })),
      }),
      text: (style) => heading(style, model.name, `${results.length} laws hold`) + table(results, style),
    });
    return 0;
  },
};

function table(results: readonly LawResult[], style: Style): string {
  return renderTable(
    [
      { title: "law", cells: results.map(({ law }) => law) },
      { title: "inputs", cells: results.map((result) => result.runs) },
      { title: "says", cells: results.map(({ says }) => says) },
    ],
    style,
  );
}
