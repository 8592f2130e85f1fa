// The syntax tree of expressions, ranges and binders.
import type { Span } from "@phxlang/autodiff";

/** Deepest nesting of expressions that the parser accepts. */
export const maximumDepth = 200;

/** A name where it is declared or where only a name can stand. */
export interface Identifier {
  readonly kind: "identifier";
  readonly name: string;
  readonly span: Span;
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | ColumnReference
  | BooleanLiteral
  | NameReference
  | IndexedReference
  | MemberReference
  | Call
  | Conditional
  | Chain
  | Comparison
  | Not
  | Negation
  | Power;

interface ExpressionBase {
  /** Without the parentheses that may be written around it. */
  readonly span: Span;
  /** Spans of the parentheses written around it, innermost first; absent where there are none. */
  readonly parentheses?: readonly Span[];
}

export interface NumberLiteral extends ExpressionBase {
  readonly kind: "number";
  readonly value: number;
  /** As written; an integer has neither dot nor exponent. */
  readonly text: string;
}

/** `"drug"`: a text cell of data, or a file name. */
export interface StringLiteral extends ExpressionBase {
  readonly kind: "string";
  readonly value: string;
}

/** A column of the data in backticks, `` `ph.ecog` ``. */
export interface ColumnReference extends ExpressionBase {
  readonly kind: "column";
  readonly name: string;
}

export interface BooleanLiteral extends ExpressionBase {
  readonly kind: "boolean";
  readonly value: boolean;
}

export interface NameReference extends ExpressionBase {
  readonly kind: "name";
  readonly name: string;
}

/** `b[i, j]` */
export interface IndexedReference extends ExpressionBase {
  readonly kind: "index";
  readonly name: Identifier;
  readonly indices: readonly Expression[];
}

/** `cav.mild`: a value of the enum state `cav`. */
export interface MemberReference extends ExpressionBase {
  readonly kind: "member";
  readonly owner: Identifier;
  readonly member: Identifier;
}

/** `choose(b[i], 2)`, or with a binder `sum(b[i] for i in 1..n)`. */
export interface Call extends ExpressionBase {
  readonly kind: "call";
  readonly callee: Identifier;
  readonly args: readonly Expression[];
  readonly binder: Binder | null;
}

/** `if a then x else if b then y else z` is two branches and `z`. */
export interface Conditional extends ExpressionBase {
  readonly kind: "if";
  /** At least one. */
  readonly branches: readonly ConditionalBranch[];
  readonly otherwise: Expression;
}

export interface ConditionalBranch {
  readonly condition: Expression;
  readonly value: Expression;
}

/**
 * Operands joined by operators of one precedence (`or`; `and`; `+ -`; `* /`), to be read from the left:
 * value = (… ((first op₁ x₁) op₂ x₂) …).
 */
export interface Chain extends ExpressionBase {
  readonly kind: "chain";
  readonly first: Expression;
  /** At least one. */
  readonly rest: readonly ChainLink[];
}

export type ChainOperator = "or" | "and" | "+" | "-" | "*" | "/";

export interface ChainLink {
  readonly operator: ChainOperator;
  readonly operatorSpan: Span;
  readonly operand: Expression;
}

export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";

export interface Comparison extends ExpressionBase {
  readonly kind: "compare";
  readonly operator: ComparisonOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}

/** `not a` */
export interface Not extends ExpressionBase {
  readonly kind: "not";
  readonly operand: Expression;
}

/** `-a` */
export interface Negation extends ExpressionBase {
  readonly kind: "negate";
  readonly operand: Expression;
}

/** `a^b` */
export interface Power extends ExpressionBase {
  readonly kind: "power";
  readonly base: Expression;
  readonly exponent: Expression;
}

/** `for i in 1..n, j in i..n when i != j`, or `when q > 0` alone. */
export interface Binder {
  readonly kind: "binder";
  /** Left variable slowest; empty for a `when` alone. */
  readonly loops: readonly LoopVariable[];
  readonly condition: Expression | null;
  readonly span: Span;
}

/** `i in 1..n` */
export interface LoopVariable {
  readonly kind: "loop";
  readonly name: Identifier;
  readonly range: Range;
  readonly span: Span;
}

/** `0..n`, both ends inclusive. */
export interface Range {
  readonly kind: "range";
  readonly low: Expression;
  readonly high: Expression;
  readonly span: Span;
}

/** The span of an expression together with the parentheses around it. */
export function outerSpan(expression: Expression): Span {
  return expression.parentheses?.at(-1) ?? expression.span;
}
