// Errors as values: one class that is thrown, one record that is shown, the same fields in both.

/** A stretch of a text, as half-open character offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place in a named text, with a few words that belong under its underline. */
export interface Place {
  /** File name or another name of the text, as the user gave it. */
  readonly source: string;
  readonly span: Span;
  readonly label?: string;
}

/** A replacement that repairs the text. */
export interface Fix {
  readonly title: string;
  readonly span: Span;
  readonly replacement: string;
}

export type Severity = "error" | "warning";

/** What is said to the user: what happened, where, why, and how to repair it. */
export interface Diagnostic {
  /** `PHX` and three digits; every code is explained by `phx explain CODE`. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in the user's words and with the numbers. */
  readonly message: string;
  readonly place?: Place;
  /** Other places that disagree with the first. */
  readonly related?: readonly Place[];
  /** Why it is wrong, witness states, further facts: one sentence each. */
  readonly notes?: readonly string[];
  /** One concrete repair. */
  readonly hint?: string;
  readonly fixes?: readonly Fix[];
}

/** What a code of the registry means; `phx explain` prints it and the docs list it. */
export interface CodeExplanation {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly explanation: string;
  /** The smallest input that shows it, if a text can show it. */
  readonly example?: string;
  readonly repair: string;
}

/** Fields of an error that is about a value or a call, not about a place in a text. */
export interface ErrorFields {
  readonly code: string;
  readonly what: string;
  readonly why?: string;
  readonly fix?: string;
}

/**
 * The only error that phx throws on purpose. Its message says what happened, why, and what to do.
 * Errors of our own making carry the prefix "internal:" and no code of the user's.
 */
export class PhxError extends Error {
  override readonly name = "PhxError";
  readonly code: string;
  readonly diagnostics: readonly Diagnostic[];

  constructor(fields: ErrorFields | readonly Diagnostic[]) {
    const diagnostics: readonly Diagnostic[] = isFields(fields) ? [fieldsToDiagnostic(fields)] : fields;
    super(diagnostics.map(summarize).join("\n"));
    this.code = diagnostics[0]?.code ?? "PHX900";
    this.diagnostics = diagnostics;
  }
}

function isFields(fields: ErrorFields | readonly Diagnostic[]): fields is ErrorFields {
  return "what" in fields;
}

function fieldsToDiagnostic(fields: ErrorFields): Diagnostic {
  return {
    code: fields.code,
    severity: "error",
    message: fields.what,
    ...(fields.why === undefined ? {} : { notes: [fields.why] }),
    ...(fields.fix === undefined ? {} : { hint: fields.fix }),
  };
}

function summarize(diagnostic: Diagnostic): string {
  const notes = (diagnostic.notes ?? []).map((note) => `\n  because: ${note}`).join("");
  const hint = diagnostic.hint === undefined ? "" : `\n  to repair: ${diagnostic.hint}`;
  return `${diagnostic.code}: ${diagnostic.message}${notes}${hint}`;
}

/** A broken invariant of phx itself; never caused by input alone. */
export function internalError(what: string): Error {
  return new Error(`internal: ${what}`);
}
