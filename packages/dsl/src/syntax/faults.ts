// What the grammar lets through and the language forbids (PHX108, 117, 119).
import type { Diagnostic, Span } from "@phxlang/autodiff";
import { outerSpan } from "./ast.ts";
import type { ReadingFault } from "./expression-parser.ts";
import { quoted, spanOf } from "./spans.ts";

/** The diagnostic for something that reads well and means nothing. */
export function explainFault(fault: ReadingFault, text: string, source: string): Diagnostic {
  switch (fault.kind) {
    case "chained comparison": {
      const { first, second } = fault;
      const slice = (span: Span): string => text.slice(span.start, span.end);
      const middle = slice(outerSpan(first.right));
      const written = `${slice(outerSpan(first))} and ${middle} ${second.operator} ${slice(outerSpan(second.right))}`;
      const said: Diagnostic = {
        code: "PHX108",
        severity: "error",
        message: `comparisons cannot be chained: ${quoted(slice(second.span))}`,
        place: { source, span: second.span },
        hint: `write ${quoted(written)}`,
      };
      // A comment between the operands would swallow what is put after it.
      if (written.includes("#")) return { ...said, hint: "write two comparisons and join them with `and`" };
      return {
        ...said,
        fixes: [{ title: "write two comparisons", span: second.span, replacement: written }],
      };
    }
    case "misplaced not":
      return {
        code: "PHX117",
        severity: "error",
        message: `\`not\` cannot stand after ${quoted(fault.before.image)}`,
        place: { source, span: spanOf(fault.token) },
        hint: "put `not` and what it negates in parentheses: `(not …)`",
      };
    default:
      return {
        code: "PHX119",
        severity: "error",
        message: `this number is too large: ${quoted(fault.token.image)}`,
        place: { source, span: spanOf(fault.token) },
        notes: ["numbers are 64-bit floating point: the largest is about 1.8e308"],
        hint: "leave the bound out if it was meant as infinity",
      };
  }
}
