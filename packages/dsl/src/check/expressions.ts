// checkExpression: from syntax to terms. Operators are here; names and calls have files of their own.
import { internalError } from "@phxlang/autodiff";
import type { Place } from "@phxlang/autodiff";
import type { Chain, ChainOperator, Comparison, Conditional, Expression, Power } from "../syntax/index.ts";
import { spanning } from "../syntax/spans.ts";
import { commonKind, isEnum, isNumber, kindInWords } from "../terms/kinds.ts";
import type { Kind } from "../terms/kinds.ts";
import type { ScalarOperation } from "../terms/operations.ts";
import type { Term } from "../terms/terms.ts";
import { checkCall } from "./calls.ts";
import { placeIn } from "./context.ts";
import type { ExpressionContext, ModelContext } from "./context.ts";
import { expectBoolean, expectKind, expectNumber, foundInWords } from "./expectations.ts";
import { checkIndexed, checkMember, checkName } from "./references.ts";

/** Nesting of expressions and defs together beyond which a model is refused: the check must not run out of stack. */
const maximumNesting = 400;

/** Reports what is wrong and always returns a term; after an error it is one that fits everywhere. */
export function checkExpression(expression: Expression, outer: ExpressionContext): Term {
  const context = { ...outer, depth: outer.depth + 1 };
  const { terms, report } = context.model;
  const place = placeIn(context, expression);
  if (context.depth > maximumNesting) {
    report.error("PHX215", place, `defs nest deeper than ${maximumNesting} expressions`, {
      hint: "write the value of the innermost defs out",
    });
    return terms.wrong(place);
  }
  switch (expression.kind) {
    case "number":
      return terms.number(expression.value, /^\d+$/.test(expression.text) ? "int" : "real", place);
    case "boolean":
      return terms.boolean(expression.value, place);
    case "string":
      if (context.columns) return terms.text(expression.value, place);
      report.error("PHX308", place, "a text may appear only in `observe`", {
        hint: "states take values of an enum: `state kind in {fast, slow}`",
      });
      return terms.wrong(place);
    case "column":
      if (context.columns) return terms.column(expression.name, place);
      report.error("PHX308", place, "a column may appear only in `observe`", {
        hint: "declare a covariate, and give it the column's value in `observe … with`",
      });
      return terms.wrong(place);
    case "name":
      return checkName(expression.name, place, context);
    case "index":
      return checkIndexed(expression, context);
    case "member":
      return checkMember(expression, context);
    case "call":
      return checkCall(expression, context);
    case "if":
      return checkConditional(expression, context);
    case "chain":
      return checkChain(expression, context);
    case "compare":
      return checkComparison(expression, context);
    case "not":
      return terms.operation("not", [boolean(expression.operand, context)], "bool", place);
    case "negate": {
      const operand = number(expression.operand, context);
      return operand.op === "number"
        ? terms.number(-operand.value, operand.kind, place)
        : terms.operation("neg", [operand], operand.kind, place);
    }
    case "power":
      return checkPower(expression, context);
  }
}

function number(expression: Expression, context: ExpressionContext): Term {
  return expectNumber(context.model, checkExpression(expression, context));
}

function boolean(expression: Expression, context: ExpressionContext): Term {
  return expectBoolean(context.model, checkExpression(expression, context));
}

const chainOperations: Readonly<Record<ChainOperator, ScalarOperation>> = {
  or: "or",
  and: "and",
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
};

function checkChain(expression: Chain, context: ExpressionContext): Term {
  const logical = expression.rest[0].operator === "or" || expression.rest[0].operator === "and";
  const operand = logical ? boolean : number;
  let result = operand(expression.first, context);
  for (const link of expression.rest) {
    const right = operand(link.operand, context);
    const place = placeIn(context, { span: spanning(expression.span, link.operand.span) });
    result = context.model.terms.operation(
      chainOperations[link.operator],
      [result, right],
      logical ? "bool" : arithmeticKind(link.operator === "/" ? "real" : "int", result.kind, right.kind),
      place,
    );
  }
  return result;
}

/** Whole numbers stay whole; what is read from data is known only there. */
function arithmeticKind(ofWholeNumbers: "int" | "real", left: Kind, right: Kind): Kind {
  if (left === "any" || right === "any") return "any";
  return left === "int" && right === "int" ? ofWholeNumbers : "real";
}

function checkPower(expression: Power, context: ExpressionContext): Term {
  const base = number(expression.base, context);
  const exponent = number(expression.exponent, context);
  const whole = exponent.op === "number" && exponent.value >= 0;
  const kind = arithmeticKind(whole ? "int" : "real", base.kind, exponent.kind);
  return context.model.terms.operation("pow", [base, exponent], kind, placeIn(context, expression));
}

function checkConditional(expression: Conditional, context: ExpressionContext): Term {
  const { terms, report } = context.model;
  const place = placeIn(context, expression);
  const conditions = expression.branches.map((branch) => boolean(branch.condition, context));
  const values = expression.branches.map((branch) => checkExpression(branch.value, context));
  let result = checkExpression(expression.otherwise, context);
  for (let i = values.length - 1; i >= 0; i--) {
    const kind = commonKind(values[i].kind, result.kind);
    if (kind === null) {
      const [one, other] = [foundInWords(values[i].kind), foundInWords(result.kind)];
      report.error("PHX309", place, "both branches of `if` must be of one kind", {
        related: [
          { ...values[i].place, label: `this is ${one}` },
          { ...result.place, label: `this is ${other}` },
        ],
        hint: "make both a number, both yes/no, or both values of one enum",
      });
      return terms.wrong(place);
    }
    result = terms.operation("if", [conditions[i], values[i], result], kind, place);
  }
  return result;
}

function checkComparison(expression: Comparison, context: ExpressionContext): Term {
  const { terms } = context.model;
  const place = placeIn(context, expression);
  const left = checkExpression(expression.left, context);
  const right = checkExpression(expression.right, context);
  const compare = (operation: "less" | "lessEqual" | "equal", a: Term, b: Term): Term =>
    terms.operation(operation, [a, b], "bool", place);
  switch (expression.operator) {
    case "==":
    case "!=": {
      if (!sameKind(context.model, left, right)) return terms.wrong(place);
      const equal = compare("equal", left, right);
      return expression.operator === "==" ? equal : terms.operation("not", [equal], "bool", place);
    }
    default: {
      const unordered = [left, right].find((side) => isEnum(side.kind));
      if (unordered !== undefined) return reportUnordered(context.model, [left, right], place);
      const [a, b] = [expectNumber(context.model, left), expectNumber(context.model, right)];
      if (expression.operator === "<") return compare("less", a, b);
      if (expression.operator === "<=") return compare("lessEqual", a, b);
      if (expression.operator === ">") return compare("less", b, a);
      return compare("lessEqual", b, a);
    }
  }
}

/** Whether two sides of `==` can be equal; says which side does not fit otherwise. */
function sameKind(model: ModelContext, left: Term, right: Term): boolean {
  if (isNumber(left.kind) && isNumber(right.kind)) return true;
  // The first side that has a kind of its own decides: an enum before yes/no before numbers.
  const decides = isEnum(left.kind) || (left.kind === "bool" && !isEnum(right.kind)) ? left : right;
  const other = decides === left ? right : left;
  if (decides.kind === "text" || other.kind === "text") {
    if (commonKind(decides.kind, other.kind) !== null || isEnum(decides.kind)) return true;
    const number = decides.kind === "text" ? other : decides;
    model.report.error("PHX303", decides.place, `a text is compared with ${kindInWords(number.kind)}`, {
      hint: "compare a column with a text, or a number with a number",
    });
    return false;
  }
  const fitted = expectKind(model, other, decides.kind);
  return fitted === other;
}

function reportUnordered(model: ModelContext, sides: readonly Term[], place: Place): Term {
  const side = sides.find(({ kind }) => isEnum(kind));
  if (side === undefined || !isEnum(side.kind)) throw internalError("only enum values have no order");
  const read = model.report.text((sides.find(({ op }) => op === "element") ?? side).place);
  const values = side.kind.values.slice(0, 2).map((value) => `${read} == ${value}`);
  model.report.error("PHX307", place, `enum values have no order: \`${model.report.text(place)}\``, {
    label: `\`${side.kind.enumOf}\` has values without order`,
    hint: `list them: \`${values.join(" or ")}\``,
  });
  return model.terms.wrong(place);
}
