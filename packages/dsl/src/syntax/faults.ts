// What the grammar lets through and the language forbids (PHX108, 117, 119).
import type { Diagnostic, Span } from "@phxlang/autodiff";
import { outerSpan } from "./ast.ts";
import type { ReadingFault } from "./expression-parser.ts";
import { spanOf } from "./spans.ts";

/** The diagnostic for something that reads well and means nothing. */
export function explainFault(fault: ReadingFault, text: string, source: string): Diagnostic {
  switch (fault.kind) {
    case "chained comparison": {
      const { first, second } = fault;
      const middle = slice(text, outerSpan(first.right));
      const start = slice(text, outerSpan(first));
      const written = `${start} and ${middle} ${second.operator} ${slice(text, outerSpan(second.right))}`;
      return {
        code: "PHX108",
        severity: "error",
        message: `comparisons cannot be chained: \`${slice(text, second.span)}\``,
        place: { source, span: second.span },
        hint: `write \`${written}\``,
        fixes: [{ title: "write two comparisons", span: second.span, replacement: written }],
      };
    }
    case "misplaced not":
      return {
        code: "PHX117",
        severity: "error",
        message: `\`not\` cannot stand after \`${fault.before.image}\``,
        place: { source, span: spanOf(fault.token) },
        hint: "put `not` and what it negates in parentheses: `(not …)`",
      };
    default:
      return {
        code: "PHX119",
        severity: "error",
        message: `this number is too large: \`${fault.token.image}\``,
        place: { source, span: spanOf(fault.token) },
        notes: ["numbers are 64-bit floating point: the largest is about 1.8e308"],
        hint: "leave the bound out if it was meant as infinity",
      };
  }
}

function slice(text: string, span: Span): string {
  return text.slice(span.start, span.end).replaceAll(/\s+/g, " ");
}
