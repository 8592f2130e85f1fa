// phx fmt: one way to lay out a model.
import { PhxError } from "@phxlang/autodiff";
import { format } from "@phxlang/dsl";
import type { CommandDefinition, ExitStatus, Invocation } from "../command.ts";
import { flag } from "../options/declaration.ts";
import { present } from "../present.ts";

const checkOnly = flag("--check", "change nothing; exit status 1 if a file is not formatted");

export const fmt: CommandDefinition = {
  name: "fmt",
  words: [{ name: "<files...>", description: "models; - formats standard input to standard output" }],
  summary: "format models in place, keeping comments",
  options: [checkOnly],
  examples: [
    { line: "phx fmt --check examples/kingman.phx examples/sir.phx", says: "are they formatted?" },
    { line: "phx fmt - < examples/kingman.phx", says: "format what comes in, print what comes out" },
  ],
  run: async (invocation) => {
    if (invocation.words.length === 1 && invocation.words[0] === "-") return formatStandardInput(invocation);
    const results = invocation.words.map((file) => formatFile(invocation, file));
    await present(invocation, {
      json: () => ({ files: results }),
      text: () =>
        results
          .filter((result) => !result.formatted)
          .map((result) => `${invocation.value(checkOnly) ? "not formatted" : "formatted"}: ${result.file}\n`)
          .join(""),
    });
    return invocation.value(checkOnly) && results.some((result) => !result.formatted) ? 1 : 0;
  },
};

/** `formatted` tells whether the file already was. */
function formatFile(
  invocation: Invocation,
  file: string,
): { readonly file: string; readonly formatted: boolean } {
  const text = invocation.host.readText(file);
  const result = formatText(invocation, text, file);
  const formatted = result === text;
  if (!formatted && !invocation.value(checkOnly)) invocation.host.writeFile(file, result);
  return { file, formatted };
}

/** Throws the diagnostics of a text with syntax errors: such a file is left as it is. */
function formatText(invocation: Invocation, text: string, source: string): string {
  invocation.texts.set(source, text);
  const { text: formatted, diagnostics } = format(text, { source });
  if (formatted === null) throw new PhxError(diagnostics);
  return formatted;
}

async function formatStandardInput(invocation: Invocation): Promise<ExitStatus> {
  const text = await invocation.host.readStandardInput();
  const result = formatText(invocation, text, "standard input");
  if (invocation.value(checkOnly)) return result === text ? 0 : 1;
  await invocation.host.out.write(result);
  return 0;
}
