// toJson: a diagnostic as one flat record for `--json` and for editors.
import type { Diagnostic, Place, Severity } from "@phxlang/autodiff";
import type { Position } from "./lines.ts";
import { linesOf, positionOf } from "./lines.ts";
import type { Texts } from "./render.ts";

export interface JsonPlace {
  readonly source: string;
  /** Half-open offsets in UTF-16 units. */
  readonly span: readonly [number, number];
  /** Lines and columns from one; present where the text is known. */
  readonly start?: Position;
  readonly end?: Position;
  readonly label?: string;
}

export interface JsonFix {
  readonly title: string;
  readonly span: readonly [number, number];
  readonly replacement: string;
}

export interface JsonDiagnostic extends Partial<JsonPlace> {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly JsonPlace[];
  readonly notes: readonly string[];
  readonly hint?: string;
  readonly fixes: readonly JsonFix[];
}

/** The record; with the texts at hand, places also have lines and columns. */
export function toJson(diagnostic: Diagnostic, texts?: Texts): JsonDiagnostic {
  const place = (of: Place): JsonPlace => {
    const known = typeof texts === "string" ? texts : texts?.get(of.source);
    const text = typeof texts === "string" && of.source !== diagnostic.place?.source ? undefined : known;
    const lines = text === undefined ? null : linesOf(text);
    return {
      source: of.source,
      span: [of.span.start, of.span.end],
      ...(lines === null
        ? {}
        : { start: positionOf(lines, of.span.start), end: positionOf(lines, of.span.end) }),
      ...(of.label === undefined ? {} : { label: of.label }),
    };
  };
  return {
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    ...(diagnostic.place === undefined ? {} : place(diagnostic.place)),
    related: (diagnostic.related ?? []).map(place),
    notes: diagnostic.notes ?? [],
    ...(diagnostic.hint === undefined ? {} : { hint: diagnostic.hint }),
    fixes: (diagnostic.fixes ?? []).map((fix) => ({
      title: fix.title,
      span: [fix.span.start, fix.span.end],
      replacement: fix.replacement,
    })),
  };
}
