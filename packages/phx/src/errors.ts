// How an error ends a command: a message on standard error, a document with --json, an exit status.
import { PhxError } from "@phxlang/autodiff";
import type { Diagnostic } from "@phxlang/autodiff";
import { renderAll, toJson } from "@phxlang/dsl";
import type { ExitStatus } from "./command.ts";
import { exitStatus } from "./exit-status.ts";
import type { Host } from "./host.ts";
import { plain } from "./output/style.ts";
import { renderJson } from "./output/json.ts";
import type { Json } from "./output/json.ts";

/** Texts that places of diagnostics point into, by source. */
export type Texts = ReadonlyMap<string, string>;

export async function reportError(
  error: unknown,
  host: Host,
  texts: Texts,
  asJson: boolean,
): Promise<ExitStatus> {
  if (!(error instanceof PhxError)) return reportDefect(error, host);
  await reportDiagnostics(error.diagnostics, host, texts);
  if (asJson) await host.out.write(renderJson(diagnosticsDocument(error.diagnostics, texts)));
  return exitStatus(error.code);
}

/** On standard error, with code frames. */
export async function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  host: Host,
  texts: Texts,
): Promise<void> {
  if (diagnostics.length === 0) return;
  await host.err.write(`${renderAll(diagnostics, texts, { color: host.err.style !== plain })}\n`);
}

export function diagnosticsDocument(diagnostics: readonly Diagnostic[], texts: Texts): Json {
  return { diagnostics: diagnostics.map((diagnostic) => diagnosticDocument(diagnostic, texts)) };
}

/** One diagnostic as plain data; docs/cli.md describes it. */
export function diagnosticDocument(diagnostic: Diagnostic, texts: Texts): Json {
  const plainData: Json = JSON.parse(JSON.stringify(toJson(diagnostic, texts)));
  return plainData;
}

/** A defect of phx itself, or an engine that ran out of memory or stack. */
async function reportDefect(error: unknown, host: Host): Promise<ExitStatus> {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await host.err.write(
    `${host.err.style("red", "phx failed")}, and it is not your fault:\n${message}\nPlease report this with the command and the file that led to it.\n`,
  );
  return 3;
}
