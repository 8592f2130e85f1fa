// assemble: from a flat row of operands and operators to a tree, by precedence, with an explicit stack.
import type { Span } from "@phxlang/autodiff";
import type { IToken } from "chevrotain";
import type { ChainLink, ChainOperator, Comparison, Expression } from "./ast.ts";
import { outerSpan } from "./ast.ts";
import { spanOf } from "./spans.ts";

/**
 * The grammar reads `prefix* operand (infix prefix* operand)*` as one flat row, which keeps its recursion to
 * parentheses alone; this pass gives the row the structure that the grammar promises. Levels, loosest first:
 * or · and · not · comparison (not chained) · + - · * / · unary minus · ^ (from the right).
 */
const levels: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "^": 8,
};
const notLevel = 3;
const comparisonLevel = 4;
const negationLevel = 7;
const powerLevel = 8;

/** One element of the row; an operator knows whether it stands before its only operand. */
export type RowItem = Expression | { readonly token: IToken; readonly prefix: boolean };

/** A row that the precedence rules do not allow. */
export type RowFault =
  | { readonly kind: "chained comparison"; readonly first: Comparison; readonly second: Comparison }
  | { readonly kind: "misplaced not"; readonly token: IToken; readonly before: IToken };

interface Pending {
  readonly token: IToken;
  readonly level: number;
  readonly prefix: boolean;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** Builds the tree; `onFault` is told of what the rules forbid, and reading goes on as if it were allowed. */
export function assemble(row: readonly RowItem[], onFault: (fault: RowFault) => void): Expression {
  const operands: Expression[] = [];
  const pending: Pending[] = [];

  function reduce(): void {
    const operator = pending.pop()!;
    const right = operands.pop()!;
    if (operator.prefix) {
      const span: Span = { start: operator.token.startOffset, end: outerSpan(right).end };
      operands.push(
        operator.level === notLevel
          ? { kind: "not", operand: right, span }
          : { kind: "negate", operand: right, span },
      );
      return;
    }
    operands.push(join(operands.pop()!, operator.token, operator.level, right, onFault));
  }

  for (const item of row) {
    if (!("token" in item)) {
      operands.push(item);
      continue;
    }
    const { token, prefix } = item;
    if (prefix) {
      const level = token.image === "not" ? notLevel : negationLevel;
      const before = pending.at(-1);
      if (level === notLevel && before !== undefined && before.level > notLevel) {
        onFault({ kind: "misplaced not", token, before: before.token });
      }
      pending.push({ token, level, prefix });
      continue;
    }
    const level = levels[token.image];
    // A power takes what follows first; all other levels read from the left.
    const limit = level === powerLevel ? level + 1 : level;
    while (pending.length > 0 && pending[pending.length - 1].level >= limit) reduce();
    pending.push({ token, level, prefix });
  }
  while (pending.length > 0) reduce();
  return operands[0];
}

function join(
  left: Expression,
  token: IToken,
  level: number,
  right: Expression,
  onFault: (fault: RowFault) => void,
): Expression {
  const span: Span = { start: outerSpan(left).start, end: outerSpan(right).end };
  if (level === powerLevel) return { kind: "power", base: left, exponent: right, span };
  if (level === comparisonLevel) {
    const comparison: Comparison = {
      kind: "compare",
      operator: token.image as Comparison["operator"],
      operatorSpan: spanOf(token),
      left,
      right,
      span,
    };
    if (left.kind === "compare" && left.parentheses === undefined) {
      onFault({ kind: "chained comparison", first: left, second: comparison });
    }
    return comparison;
  }
  const link: ChainLink = {
    operator: token.image as ChainOperator,
    operatorSpan: spanOf(token),
    operand: right,
  };
  if (
    left.kind === "chain" &&
    left.parentheses === undefined &&
    levels[left.rest[left.rest.length - 1].operator] === level
  ) {
    // The chain was made by this very row, nobody else has seen it yet: it may still grow.
    const growing = left as Growing<typeof left>;
    growing.rest.push(link);
    growing.span = span;
    return left;
  }
  return { kind: "chain", first: left, rest: [link], span };
}
