// Calls in expressions: functions, reducers over a `for`, and defs.
import type { Place } from "@phxlang/autodiff";
import type { Call } from "../syntax/index.ts";
import { levels } from "../terms/kinds.ts";
import type { Kind } from "../terms/kinds.ts";
import type { ScalarOperation } from "../terms/operations.ts";
import type { Reducer, Term } from "../terms/terms.ts";
import { checkBinder } from "./binders.ts";
import { findInScope, placeIn } from "./context.ts";
import type { ExpressionContext, ModelContext } from "./context.ts";
import { expectBoolean, expectInteger, expectNumber } from "./expectations.ts";
import { requireLevel } from "./level-rules.ts";
import { expandDef } from "./expansion.ts";
import { reportUnknown, suggestion } from "./unknown-names.ts";
import { nounOf } from "./symbols.ts";

interface FunctionRule {
  readonly operation: ScalarOperation;
  /** As the user calls it. */
  readonly signature: string;
  readonly arity: number;
  /** More arguments are folded from the left. */
  readonly variadic?: boolean;
  readonly argument: "number" | "int";
  /** "same": whole numbers stay whole. */
  readonly result: "real" | "int" | "same";
  /** Has no meaning as an expression of parameters. */
  readonly structural?: boolean;
}

const functions: Readonly<Record<string, FunctionRule>> = {
  exp: { operation: "exp", signature: "exp(x)", arity: 1, argument: "number", result: "real" },
  log: { operation: "log", signature: "log(x)", arity: 1, argument: "number", result: "real" },
  sqrt: { operation: "sqrt", signature: "sqrt(x)", arity: 1, argument: "number", result: "real" },
  abs: { operation: "abs", signature: "abs(x)", arity: 1, argument: "number", result: "same" },
  min: {
    operation: "min",
    signature: "min(a, b)",
    arity: 2,
    variadic: true,
    argument: "number",
    result: "same",
  },
  max: {
    operation: "max",
    signature: "max(a, b)",
    arity: 2,
    variadic: true,
    argument: "number",
    result: "same",
  },
  floor: { operation: "floor", signature: "floor(x)", arity: 1, argument: "number", result: "int" },
  ceil: { operation: "ceil", signature: "ceil(x)", arity: 1, argument: "number", result: "int" },
  div: { operation: "quotient", signature: "div(a, b)", arity: 2, argument: "int", result: "int" },
  mod: { operation: "remainder", signature: "mod(a, b)", arity: 2, argument: "int", result: "int" },
  choose: {
    operation: "choose",
    signature: "choose(n, k)",
    arity: 2,
    argument: "int",
    result: "int",
    structural: true,
  },
  factorial: {
    operation: "factorial",
    signature: "factorial(n)",
    arity: 1,
    argument: "int",
    result: "int",
    structural: true,
  },
};

const reducers: ReadonlySet<string> = new Set<Reducer>([
  "sum",
  "product",
  "count",
  "min",
  "max",
  "any",
  "all",
]);

/** Names that a def may not take, because a call of it could not be told from a call of these. */
export function isBuiltIn(name: string): boolean {
  return Object.hasOwn(functions, name) || reducers.has(name);
}

export function checkCall(call: Call, context: ExpressionContext): Term {
  const name = call.callee.name;
  if (call.binder !== null && reducers.has(name)) return checkReduction(call, name as Reducer, context);
  if (call.binder !== null) return reportStrayBinder(call, context);
  if (Object.hasOwn(functions, name)) return checkFunction(call, functions[name], context);
  if (reducers.has(name)) return reportMissingBinder(call, context);
  return checkDefCall(call, context);
}

function checkFunction(call: Call, rule: FunctionRule, context: ExpressionContext): Term {
  const { model } = context;
  const place = placeIn(context, call);
  const args = call.args.map((arg) => {
    const term = context.model.check(arg, context);
    return rule.argument === "int" ? expectInteger(model, term) : expectNumber(model, term);
  });
  const enough = rule.variadic === true ? args.length >= rule.arity : args.length === rule.arity;
  if (!enough) {
    reportArity(model, call.callee.name, rule.arity, args.length, place, `\`${rule.signature}\``);
    return model.terms.wrong(place);
  }
  if (rule.structural === true) {
    for (const arg of args) requireLevel(model, arg, levels.state, `an argument of \`${call.callee.name}\``);
  }
  let result = args[0];
  if (rule.arity === 1) return model.terms.operation(rule.operation, args, resultKind(rule, args), place);
  for (const arg of args.slice(1)) {
    result = model.terms.operation(rule.operation, [result, arg], resultKind(rule, args), place);
  }
  return result;
}

function resultKind(rule: FunctionRule, args: readonly Term[]): Kind {
  if (args.some((arg) => arg.kind === "any")) return "any";
  if (rule.result !== "same") return rule.result;
  return args.every((arg) => arg.kind === "int") ? "int" : "real";
}

function reportArity(
  model: ModelContext,
  name: string,
  wanted: number,
  given: number,
  place: Place,
  signature: string,
): void {
  const values = wanted === 1 ? "1 value" : `${wanted} values`;
  model.report.error("PHX204", place, `\`${name}\` takes ${values}, ${given} given`, { hint: signature });
}

function checkReduction(call: Call, reducer: Reducer, context: ExpressionContext): Term {
  const { model } = context;
  const place = placeIn(context, call);
  const maximum = context.columns ? levels.column : levels.state;
  const { binding, scope } = checkBinder(call.binder, context, `the range of \`${reducer}\``, maximum);
  const inner = { ...context, scope };
  const args = call.args.map((arg) => model.check(arg, inner));
  if (args.length !== 1) {
    reportArity(model, reducer, 1, args.length, place, `\`${reducer}(b[i] for i in 1..n)\``);
    return model.terms.wrong(place);
  }
  if (reducer === "any" || reducer === "all") {
    return model.terms.reduction(reducer, binding, expectBoolean(model, args[0]), "bool", place);
  }
  if (reducer === "count") {
    const body = expectBoolean(model, args[0]);
    return model.terms.reduction(reducer, binding, body, "int", place);
  }
  const body = expectNumber(model, args[0]);
  return model.terms.reduction(reducer, binding, body, body.kind, place);
}

function reportStrayBinder(call: Call, context: ExpressionContext): Term {
  const place = placeIn(context, call);
  const name = call.callee.name;
  context.model.report.error("PHX204", place, `\`${name}\` takes no \`for\``, {
    hint: "`sum product count min max any all` take one: `sum(b[i] for i in 1..n)`",
    ...suggestion(name, reducers, placeIn(context, call.callee)),
  });
  return context.model.terms.wrong(place);
}

function reportMissingBinder(call: Call, context: ExpressionContext): Term {
  const place = placeIn(context, call);
  const name = call.callee.name;
  context.model.report.error("PHX204", place, `\`${name}\` needs a \`for\``, {
    hint: `\`${name}(b[i] for i in 1..n)\``,
  });
  return context.model.terms.wrong(place);
}

function checkDefCall(call: Call, context: ExpressionContext): Term {
  const { model } = context;
  const name = call.callee.name;
  const place = placeIn(context, call);
  const calleePlace = placeIn(context, call.callee);
  const args = call.args.map((arg) => context.model.check(arg, context));
  const symbol = findInScope(context.scope, name) === null ? model.symbols.find(name) : undefined;
  if (symbol === undefined && findInScope(context.scope, name) === null) {
    const callable = model.symbols.ofType("def").map((def) => def.name);
    const match = suggestion(name, [...Object.keys(functions), ...reducers, ...callable], calleePlace);
    if (match.hint === undefined) return reportUnknown(name, calleePlace, context);
    model.report.error("PHX201", calleePlace, `\`${name}\` is not defined`, {
      label: "no def or function has this name",
      ...match,
    });
    return model.terms.wrong(place);
  }
  if (symbol === undefined || symbol.type !== "def") {
    const noun = symbol === undefined ? "loop variable or argument" : nounOf(symbol);
    model.report.error("PHX206", calleePlace, `\`${name}\` is not a def`, {
      label: `it is a ${noun}`,
      hint: symbol?.type === "parameter" ? `to multiply, write \`${name} * (…)\`` : "remove the parentheses",
    });
    return model.terms.wrong(place);
  }
  symbol.uses++;
  const parameters = symbol.declaration.parameters ?? [];
  if (parameters.length !== args.length) {
    const list = parameters.map((parameter) => parameter.name).join(", ");
    const signature = parameters.length === 0 ? `\`${name}\` without parentheses` : `\`${name}(${list})\``;
    reportArity(model, name, parameters.length, args.length, place, signature);
    return model.terms.wrong(place);
  }
  return expandDef(symbol, args, place, context);
}
