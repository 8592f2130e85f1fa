// phx diagnose: what saved draws say about themselves.
import { diagnose as diagnoseDraws } from "@phxlang/inference";
import type { Diagnosis, SavedDraws } from "@phxlang/inference";
import type { CommandDefinition } from "../command.ts";
import { drawsWord, readDraws } from "../draws/read-draws.ts";
import {
  finite,
  leaveOneOutDocument,
  leaveOneOutLine,
  shownWarnings,
  summaryColumns,
  summaryDocument,
} from "../fits/present-fit.ts";
import { readableNumber } from "../output/numbers.ts";
import type { Style } from "../output/style.ts";
import { renderTable } from "../output/table.ts";
import { heading, present } from "../present.ts";

export const diagnose: CommandDefinition = {
  name: "diagnose",
  words: [drawsWord],
  summary: "what saved draws say about themselves: R-hat, effective sizes, divergences, leave-one-out",
  description:
    "Reads draws of phx, and those of Stan and ArviZ. R-hat and effective sizes are those of Markov chains; particles and independent draws have none.",
  options: [],
  examples: [
    { line: "phx diagnose data/leukemia-draws", says: "table, energies, divergences, leave-one-out" },
    { line: "phx diagnose data/leukemia-draws --json", says: "the same for a program" },
  ],
  run: async (invocation) => {
    const saved = await readDraws(invocation, invocation.words);
    const found = diagnoseDraws(saved);
    const { summary, isMarkov, energyFractions, divergences, leaveOneOut, warnings } = found;
    await present(invocation, {
      json: () => ({
        files: [...invocation.words],
        model: saved.model,
        method: saved.method,
        chains: saved.chains.length,
        draws: saved.draws[0].reduce((sum, chain) => sum + chain.length, 0),
        isMarkov,
        parameters: summary.map(summaryDocument),
        energyFractions: energyFractions.map(finite),
        divergences: [...divergences],
        leaveOneOut: leaveOneOut === null ? null : leaveOneOutDocument(leaveOneOut),
        warnings: warnings.map((warning) => ({ ...warning })),
      }),
      text: (style) => textOf(saved, found, style),
    });
    return 0;
  },
};

function textOf(saved: SavedDraws, found: Diagnosis, style: Style): string {
  const { summary, isMarkov, energyFractions, divergences, leaveOneOut, warnings } = found;
  const { length: chainCount } = saved.chains;
  const drawCount = saved.draws[0][0].length;
  const title = `${saved.model ?? "draws"}${saved.method === null ? "" : ` by ${saved.method}`}`;
  const lines: string[] = [];
  if (divergences.length > 0) {
    const total = divergences.reduce((a, b) => a + b, 0);
    lines.push(`${total} of ${chainCount * drawCount} transitions diverged`);
  }
  if (energyFractions.length > 0) {
    lines.push(`E-BFMI ${energyFractions.map((fraction) => readableNumber(fraction, 3)).join(", ")}`);
  }
  if (leaveOneOut !== null) lines.push(leaveOneOutLine(leaveOneOut));
  const columns = summaryColumns(summary, isMarkov);
  const errors = { title: "MCSE", cells: summary.map(({ mcse }) => mcse ?? Number.NaN) };
  return (
    heading(style, title, `${chainCount} ${chainCount === 1 ? "chain" : "chains"} of ${drawCount} draws`) +
    renderTable(isMarkov ? columns.toSpliced(3, 0, errors) : columns, style) +
    (lines.length === 0 ? "" : `\n${lines.join("\n")}\n`) +
    shownWarnings(warnings, style)
  );
}
