// render: a diagnostic as people read it, with code frames.
import type { Diagnostic, Place } from "@phxlang/autodiff";
import { printable } from "./cells.ts";
import type { Mark, Paint } from "./frame.ts";
import { frame, lastLine } from "./frame.ts";
import { linesOf, positionOf } from "./lines.ts";

export interface RenderOptions {
  /** Whether to colour with ANSI sequences; default false. */
  readonly color?: boolean;
}

/** The text that places point into: that of the diagnostic's own source, or several texts by source. */
export type Texts = string | ReadonlyMap<string, string>;

/**
 * The diagnostic over several lines, without a line break at the end:
 *
 *     error[PHX201]: `lamda` is not defined
 *        ┌─ queue.phx:12:24
 *        │
 *     12 │ event arrive: q += 1 @ lamda
 *        │                        ^^^^^ no name like this
 *        │
 *        = did you mean `lambda`?
 */
export function render(diagnostic: Diagnostic, texts: Texts, options: RenderOptions = {}): string {
  const paint = paintFor(diagnostic, options.color === true);
  const heading = `${diagnostic.severity}[${diagnostic.code}]`;
  const result = [`${paint.primary(heading)}${paint.strong(`: ${printable(diagnostic.message)}`)}`];
  const groups = bySource(diagnostic);
  const framed = groups.map(({ source, marks }) => {
    const text = textOf(source, diagnostic, texts);
    return { source, marks, lines: text === undefined ? null : linesOf(text) };
  });
  const numbers = framed.map(({ lines, marks }) => (lines === null ? 0 : lastLine(lines, marks)));
  const width = Math.max(1, String(Math.max(0, ...numbers)).length);
  const indent = " ".repeat(width);
  for (const { source, marks, lines } of framed) {
    if (lines === null) {
      const label = marks[0].place.label;
      result.push(`${paint.gutter(`${indent} ┌─`)} ${source}${label === undefined ? "" : `: ${label}`}`);
      continue;
    }
    const { line, column } = positionOf(lines, marks[0].place.span.start);
    result.push(`${paint.gutter(`${indent} ┌─`)} ${source}:${line}:${column}`);
    result.push(...frame(lines, marks, width, paint));
  }
  const remarks = [...(diagnostic.notes ?? []), ...(diagnostic.hint === undefined ? [] : [diagnostic.hint])];
  if (remarks.length > 0 && framed.some(({ lines }) => lines !== null)) {
    result.push(paint.gutter(`${indent} │`));
  }
  for (const remark of remarks) {
    const body = printable(remark).replaceAll("\n", `\n${indent}   `);
    result.push(`${paint.gutter(`${indent} =`)} ${body}`);
  }
  return result.join("\n");
}

/** Several diagnostics with a blank line between. */
export function renderAll(diagnostics: readonly Diagnostic[], texts: Texts, options?: RenderOptions): string {
  return diagnostics.map((diagnostic) => render(diagnostic, texts, options)).join("\n\n");
}

function textOf(source: string, diagnostic: Diagnostic, texts: Texts): string | undefined {
  if (typeof texts !== "string") return texts.get(source);
  return source === diagnostic.place?.source ? texts : undefined;
}

/** Places of the first source first, the primary one leading. */
function bySource(diagnostic: Diagnostic): { source: string; marks: Mark[] }[] {
  const groups = new Map<string, Mark[]>();
  const add = (place: Place, primary: boolean): void => {
    const shown = place.label === undefined ? place : { ...place, label: printable(place.label) };
    groups.set(place.source, [...(groups.get(place.source) ?? []), { place: shown, primary }]);
  };
  if (diagnostic.place !== undefined) add(diagnostic.place, true);
  for (const place of diagnostic.related ?? []) add(place, false);
  return [...groups].map(([source, marks]) => ({ source, marks }));
}

function paintFor(
  diagnostic: Diagnostic,
  color: boolean,
): Paint & { readonly strong: (text: string) => string } {
  if (!color) {
    const same = (text: string): string => text;
    return { gutter: same, primary: same, secondary: same, strong: same };
  }
  const ansi =
    (code: string) =>
    (text: string): string =>
      `\u001b[${code}m${text}\u001b[0m`;
  const blue = ansi("34");
  return {
    gutter: blue,
    primary: ansi(diagnostic.severity === "error" ? "1;31" : "1;33"),
    secondary: blue,
    strong: ansi("1"),
  };
}
