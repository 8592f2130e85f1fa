// How deep expressions are nested: measured before parsing (open brackets) and after it (the tree).
import type { Diagnostic } from "@phxlang/autodiff";
import type { IToken } from "chevrotain";
import type { Declaration } from "./ast.ts";
import { maximumDepth } from "./ast.ts";
import { spanOf } from "./spans.ts";
import * as t from "./tokens.ts";

/** The first token at which more brackets and `if`s are open than the parser may recurse into, or null. */
export function tooManyOpen(tokens: readonly IToken[]): IToken | null {
  let open = 0;
  for (const token of tokens) {
    switch (token.tokenType) {
      case t.OpenParenthesis:
      case t.OpenBracket:
      case t.If:
        if (++open > maximumDepth) return token;
        break;
      case t.CloseParenthesis:
      case t.CloseBracket:
      case t.Else:
        if (open > 0) open--;
        break;
      default:
    }
  }
  return null;
}

/** Whether any node of a declaration lies more than `maximumDepth` nodes deep. */
export function isTooDeep(declaration: Declaration): boolean {
  const pending: { readonly value: object; readonly depth: number }[] = [{ value: declaration, depth: 0 }];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const depth = "kind" in item.value ? item.depth + 1 : item.depth;
    if (depth > maximumDepth) return true;
    for (const value of Object.values(item.value) as readonly unknown[]) {
      if (typeof value === "object" && value !== null) pending.push({ value, depth });
    }
  }
  return false;
}

/** The diagnostic for both. */
export function nestedTooDeeply(source: string, token: IToken): Diagnostic {
  return {
    code: "PHX118",
    severity: "error",
    message: `this is nested more than ${maximumDepth} levels deep`,
    place: { source, span: spanOf(token) },
    hint: "name an inner part with `def`, or drop parentheses that are not needed",
  };
}
