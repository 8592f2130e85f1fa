// What the formatter must know of the tree: which parentheses are redundant, and where lines may break.
import type { AstFile, Declaration, Expression, ListOrExpression } from "../syntax/ast.ts";
import { outerSpan } from "../syntax/ast.ts";

/** Levels at which a line may break, the first to be tried being the lowest; see `layout`. */
export const level = {
  afterColon: 1,
  beforeClause: 2,
  afterComma: 3,
  beforeElse: 4,
  or: 5,
  and: 6,
  sum: 7,
  compare: 8,
  product: 9,
} as const;

/** Marks on tokens, by their offset in the text. */
export interface Annotations {
  /** Parentheses that change nothing and go. */
  readonly redundant: ReadonlySet<number>;
  /** Ends of names that are called: the parenthesis after them is tight. */
  readonly calleeEnds: ReadonlySet<number>;
  /** Starts of expressions before whose preceding word (`when`, `@`, `each` …) a line may break. */
  readonly clauseStarts: ReadonlySet<number>;
  /** Starts of expressions that may begin a line of their own. */
  readonly bodyStarts: ReadonlySet<number>;
  /** Levels of binary operators, by the operator's offset. */
  readonly operators: ReadonlyMap<number, number>;
}

/** Collects the marks in one walk over the tree. */
export function annotate(file: AstFile): Annotations {
  const redundant = new Set<number>();
  const calleeEnds = new Set<number>();
  const clauseStarts = new Set<number>();
  const bodyStarts = new Set<number>();
  const operators = new Map<number, number>();

  /** `whole`: the expression stands alone, so that parentheses around it say nothing. */
  function drop(expression: Expression, whole: boolean): void {
    // A conditional keeps one pair: where it ends is hard to see without.
    const kept = whole && expression.kind !== "if" ? 0 : 1;
    for (const pair of expression.parentheses?.slice(kept) ?? []) {
      redundant.add(pair.start);
      redundant.add(pair.end - 1);
    }
  }

  function visit(node: unknown, whole: boolean): void {
    if (Array.isArray(node)) {
      for (const item of node) visit(item, whole);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    if ("kind" in node) mark(node as { readonly kind: string }, whole);
    for (const [key, value] of Object.entries(node)) {
      if (key !== "span" && key !== "parentheses") visit(value, !operandKeys.has(key));
    }
  }

  function mark(node: { readonly kind: string }, whole: boolean): void {
    const expression = node as Expression;
    switch (expression.kind) {
      case "chain":
        for (const link of expression.rest) {
          operators.set(link.operatorSpan.start, chainLevels[link.operator]);
        }
        break;
      case "compare":
        operators.set(expression.operatorSpan.start, level.compare);
        break;
      case "call":
        calleeEnds.add(expression.callee.span.end);
        break;
      default:
    }
    if (expressionKinds.has(node.kind) && "span" in node) drop(expression, whole);
  }

  for (const declaration of file.declarations) {
    visit(declaration, true);
    markDeclaration(declaration, calleeEnds, clauseStarts, bodyStarts);
  }
  return { redundant, calleeEnds, clauseStarts, bodyStarts, operators };
}

const chainLevels = {
  or: level.or,
  and: level.and,
  "+": level.sum,
  "-": level.sum,
  "*": level.product,
  "/": level.product,
} as const;

/** Fields that hold operands of an operator or ends of a range: parentheses there are kept. */
const operandKeys: ReadonlySet<string> = new Set([
  "first",
  "rest",
  "operand",
  "left",
  "right",
  "base",
  "exponent",
  "low",
  "high",
  "limit",
]);

const expressionKinds: ReadonlySet<string> = new Set([
  "number",
  "string",
  "column",
  "boolean",
  "name",
  "index",
  "member",
  "call",
  "if",
  "chain",
  "compare",
  "not",
  "negate",
  "power",
]);

function markDeclaration(
  declaration: Declaration,
  calleeEnds: Set<number>,
  clauseStarts: Set<number>,
  bodyStarts: Set<number>,
): void {
  const body = (value: ListOrExpression): void => {
    if (value.kind !== "list") bodyStarts.add(outerSpan(value).start);
  };
  const clause = (value: Expression | null): void => {
    if (value !== null) clauseStarts.add(outerSpan(value).start);
  };
  switch (declaration.kind) {
    case "const":
    case "covariate":
    case "reward":
      body(declaration.value);
      break;
    case "def":
      if (declaration.parameters !== null) calleeEnds.add(declaration.name.span.end);
      body(declaration.body);
      break;
    case "param":
      if (declaration.prior !== null) {
        calleeEnds.add(declaration.prior.law.span.end);
        clauseStarts.add(declaration.prior.span.start);
      }
      if (declaration.defaultValue !== null) body(declaration.defaultValue);
      break;
    case "start":
    case "event":
      clause(declaration.binder?.condition ?? null);
      if (declaration.kind === "start") clause(declaration.weight);
      else if (declaration.rate.kind === "rest") clauseStarts.add(declaration.rate.span.start);
      else clause(declaration.rate);
      if (declaration.changes.each !== null) {
        clauseStarts.add(declaration.changes.each.loops[0].span.start);
      }
      break;
    case "enter":
      if (declaration.changes.each !== null) {
        clauseStarts.add(declaration.changes.each.loops[0].span.start);
      }
      break;
    case "observe":
      clause(declaration.condition);
      break;
    default:
  }
}
