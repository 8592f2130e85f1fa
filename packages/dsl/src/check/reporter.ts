// Reporter: collects diagnostics, says each thing once, and shows twenty errors and twenty warnings at most.
import type { Diagnostic, Fix, Place, Span } from "@phxlang/autodiff";

export const maximumErrors = 20;
/** Each is shown with its line, which may be as long as the file: thousands of them would take quadratic time. */
const maximumWarnings = 20;

/** What a report adds to its code, place and message. */
export interface Details {
  /** A few words under the underline. */
  readonly label?: string | undefined;
  readonly related?: readonly Place[] | undefined;
  readonly notes?: readonly string[] | undefined;
  readonly hint?: string | undefined;
  readonly fixes?: readonly Fix[] | undefined;
}

/** Texts by name: the model's own and those it uses. */
export type Sources = ReadonlyMap<string, string>;

export class Reporter {
  readonly #found: Diagnostic[] = [];
  readonly #said = new Set<string>();
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  error(code: string, place: Place | undefined, message: string, details: Details = {}): void {
    this.add(diagnostic("error", code, place, message, details));
  }

  warning(code: string, place: Place | undefined, message: string, details: Details = {}): void {
    this.add(diagnostic("warning", code, place, message, details));
  }

  /** The same code at the same place is said once: a def is checked at each of its uses. */
  add(found: Diagnostic): void {
    const { code, place } = found;
    const key = place === undefined ? `${code} ${found.message}` : placeKey(code, place);
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#found.push(found);
  }

  get hasErrors(): boolean {
    return this.#found.some((found) => found.severity === "error");
  }

  /** In the order of the text, those of used files last; at most twenty errors and twenty warnings. */
  diagnostics(): readonly Diagnostic[] {
    const order = [...this.#sources.keys()];
    const rank = (found: Diagnostic): number => order.indexOf(found.place?.source ?? order[0]);
    const sorted = this.#found.toSorted(
      (a, b) => rank(a) - rank(b) || (a.place?.span.start ?? -1) - (b.place?.span.start ?? -1),
    );
    let [errors, warnings] = [0, 0];
    return sorted.filter((found) =>
      found.severity === "warning" ? ++warnings <= maximumWarnings : ++errors <= maximumErrors,
    );
  }

  /** One-based line of a place, for messages that point at another declaration. */
  line(place: Place): number {
    const text = this.#sources.get(place.source) ?? "";
    let line = 1;
    for (let at = text.indexOf("\n"); at >= 0 && at < place.span.start; at = text.indexOf("\n", at + 1))
      line++;
    return line;
  }

  /** The text at a place, as the user wrote it. */
  text(place: Place): string {
    return (this.#sources.get(place.source) ?? "").slice(place.span.start, place.span.end);
  }
}

function placeKey(code: string, place: Place): string {
  return `${code} ${place.source} ${place.span.start} ${place.span.end}`;
}

/** A diagnostic as a value: the label goes under the first place. */
export function diagnostic(
  severity: "error" | "warning",
  code: string,
  place: Place | undefined,
  message: string,
  details: Details = {},
): Diagnostic {
  const { label, related, notes, hint, fixes } = details;
  return {
    code,
    severity,
    message,
    ...(place === undefined ? {} : { place: label === undefined ? place : labelled(place, label) }),
    ...(related === undefined ? {} : { related }),
    ...(notes === undefined ? {} : { notes }),
    ...(hint === undefined ? {} : { hint }),
    ...(fixes === undefined ? {} : { fixes }),
  };
}

/** The same place with words under its underline. */
export function labelled(place: Place, label: string): Place {
  return { source: place.source, span: place.span, label };
}

export function placeOf(source: string, node: { readonly span: Span }): Place {
  return { source, span: node.span };
}
