// phx check: is a model well formed, from its syntax to its state graph?
import type { CommandDefinition, Invocation } from "../command.ts";
import { check as checkText } from "../compile.ts";
import { compileOptions } from "../compile-file.ts";
import { diagnosticDocument, reportDiagnostics } from "../errors.ts";
import * as common from "../options/common.ts";
import type { Diagnostic } from "@phxlang/autodiff";
import { present } from "../present.ts";

export const check: CommandDefinition = {
  name: "check",
  words: [{ name: "<files...>", description: "models" }],
  summary: "check models: syntax, names, kinds, and the state graph",
  description:
    "Messages go to standard error, with the place, the reason and a repair; `phx explain CODE` says more.",
  options: [...common.modelOptions],
  examples: [
    { line: "phx check examples/kingman.phx", says: "is it well formed?" },
    { line: "phx check examples/kingman.phx examples/sir.phx --json", says: "for a program" },
  ],
  run: async (invocation) => {
    const results: { file: string; diagnostics: readonly Diagnostic[] }[] = [];
    for (const file of invocation.words) {
      const diagnostics = checkFile(invocation, file);
      await reportDiagnostics(diagnostics, invocation.host, invocation.texts);
      results.push({ file, diagnostics });
    }
    await present(invocation, {
      json: () => ({
        files: results.map(({ file, diagnostics }) => ({
          file,
          ok: !hasErrors(diagnostics),
          diagnostics: diagnostics.map((diagnostic) => diagnosticDocument(diagnostic, invocation.texts)),
        })),
      }),
      text: (style) =>
        results
          .map(
            ({ file, diagnostics }) =>
              `${file}: ${verdict(diagnostics, hasErrors(diagnostics) ? style("red", "✗") : style("green", "✓"))}\n`,
          )
          .join(""),
    });
    return results.some(({ diagnostics }) => hasErrors(diagnostics)) ? 1 : 0;
  },
};

function checkFile(invocation: Invocation, file: string): readonly Diagnostic[] {
  const text = invocation.host.readText(file);
  invocation.texts.set(file, text);
  return checkText(text, compileOptions(invocation, file)).diagnostics;
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

function verdict(diagnostics: readonly Diagnostic[], sign: string): string {
  const count = (severity: Diagnostic["severity"]): number =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const parts = [plural(count("error"), "error"), plural(count("warning"), "warning")].filter(
    (part) => part !== "",
  );
  return `${sign} ${parts.length === 0 ? "no errors" : parts.join(", ")}`;
}

function plural(count: number, word: string): string {
  return count === 0 ? "" : `${count} ${word}${count === 1 ? "" : "s"}`;
}
