// Names in expressions: constants, parameters, cells, enum values, defs, epochs, loop variables, columns.
import type { Place } from "@phxlang/autodiff";
import type { IndexedReference, MemberReference } from "../syntax/index.ts";
import { isEnum, levels } from "../terms/kinds.ts";
import type { Kind } from "../terms/kinds.ts";
import { describeShape } from "../terms/shape.ts";
import type { Term, TermArray } from "../terms/terms.ts";
import { findInScope, placeIn } from "./context.ts";
import type { ExpressionContext } from "./context.ts";
import { expectInteger } from "./expectations.ts";
import { expandDef } from "./expansion.ts";
import { nounOf, withArticle } from "./symbols.ts";
import type { ModelSymbol } from "./symbols.ts";
import { reportUnknown, suggestion } from "./unknown-names.ts";

/** A name that stands alone. */
export function checkName(name: string, place: Place, context: ExpressionContext): Term {
  const { symbols, terms, report } = context.model;
  const inScope = findInScope(context.scope, name);
  if (inScope !== null) return inScope.read(place);
  const symbol = symbols.find(name);
  if (symbol === undefined || (context.columns && !readableInObserve(symbol))) {
    return context.columns ? terms.column(name, place) : reportUnknown(name, place, context);
  }
  symbol.uses++;
  switch (symbol.type) {
    case "value":
      return terms.number(symbol.position, symbol.kind, place);
    case "epoch":
      return terms.epoch(symbol.index, place);
    case "def": {
      const parameters = symbol.declaration.parameters;
      if (parameters === null) return expandDef(symbol, [], place, context);
      const list = parameters.map((parameter) => parameter.name).join(", ");
      report.error("PHX205", place, `\`${name}\` is a def with arguments (${list}); call it`, {
        related: [{ ...symbol.place, label: "it is declared here" }],
        hint: `\`${name}(${list})\``,
      });
      return terms.wrong(place);
    }
    case "event":
    case "reward":
      report.error("PHX201", place, `\`${name}\` is the name of ${withArticle(symbol)} and has no value`, {
        related: [{ ...symbol.place, label: "it is declared here" }],
        hint: "an expression reads constants, parameters, states, defs and enum values",
      });
      return terms.wrong(place);
    default:
      return readEntry(symbol, name, [], place, context);
  }
}

/** In `observe` a bare name is a column, unless it is something that is known there. */
function readableInObserve(symbol: ModelSymbol): boolean {
  return symbol.type === "const" || symbol.type === "value" || symbol.type === "def";
}

/** `b[i, j]` */
export function checkIndexed(expression: IndexedReference, context: ExpressionContext): Term {
  const { symbols, terms, report } = context.model;
  const place = placeIn(context, expression);
  const name = expression.name.name;
  const indices = expression.indices.map((index) =>
    expectInteger(context.model, context.model.check(index, context)),
  );
  const symbol = findInScope(context.scope, name) === null ? symbols.find(name) : undefined;
  if (symbol === undefined && findInScope(context.scope, name) === null) {
    return reportUnknown(name, placeIn(context, expression.name), context);
  }
  if (symbol === undefined || !isArraySymbol(symbol)) {
    report.error("PHX209", place, `\`${name}\` has 0 indices, ${indices.length} given`, {
      label: "this name stands for a single value",
      hint: `\`${name}\``,
    });
    return terms.wrong(place);
  }
  symbol.uses++;
  return readEntry(symbol, name, indices, place, context);
}

type ArraySymbol = Extract<ModelSymbol, { type: "const" | "parameter" | "covariate" | "state" }>;

export function isArraySymbol(symbol: ModelSymbol): symbol is ArraySymbol {
  return (
    symbol.type === "const" ||
    symbol.type === "parameter" ||
    symbol.type === "covariate" ||
    symbol.type === "state"
  );
}

/** An entry of a constant, parameter, covariate or state; scalars have no indices. */
function readEntry(
  symbol: ArraySymbol,
  name: string,
  indices: readonly Term[],
  place: Place,
  context: ExpressionContext,
): Term {
  const { terms, report } = context.model;
  const storage = storageOf(symbol);
  if (storage === null) return reportUnresolved(symbol, place, context);
  if (symbol.type === "state") symbol.read = true;
  const { array, kind } = storage;
  if (!checkIndexCount(array, name, indices.length, place, context)) return terms.wrong(place);
  const value = array.values;
  if (value !== null && indices.length === 0) return terms.number(value[0], kind, place);
  for (const index of indices) {
    if (index.level !== levels.parameter) continue;
    report.error("PHX306", index.place, "an index may not depend on a parameter", {
      hint: "an index may read constants, loop variables and the state",
    });
    return terms.wrong(place);
  }
  return terms.element(array, indices, kind, place);
}

/** PHX208 or PHX209 if the number of indices is wrong. */
export function checkIndexCount(
  array: TermArray,
  name: string,
  given: number,
  place: Place,
  context: ExpressionContext,
): boolean {
  const wanted = array.shape.sizes.length;
  if (wanted === given) return true;
  const { report } = context.model;
  const declared = describeShape(name, array.shape);
  if (given === 0) {
    const example = `${name}[${array.shape.from.join(", ")}]`;
    report.error("PHX208", place, `\`${name}\` is an array \`${declared}\`; give an index`, {
      hint: `\`${example}\``,
    });
  } else {
    const indices = wanted === 1 ? "1 index" : `${wanted} indices`;
    report.error("PHX209", place, `\`${name}\` has ${indices}, ${given} given`, {
      label: `it is declared as \`${declared}\``,
      hint: wanted === 0 ? `\`${name}\`` : `give ${indices}`,
    });
  }
  return false;
}

function storageOf(symbol: ArraySymbol): { readonly array: TermArray; readonly kind: Kind } | null {
  switch (symbol.type) {
    case "const":
      return symbol.value;
    case "state":
      return symbol.resolved;
    default:
      return symbol.array === null ? null : { array: symbol.array, kind: "real" };
  }
}

/** A name that is declared, but not where it could be read: too early, or with an error of its own. */
function reportUnresolved(symbol: ArraySymbol, place: Place, context: ExpressionContext): Term {
  const { terms, report, complete } = context.model;
  if (complete) return terms.wrong(place);
  if (symbol.type === "parameter" && context.maximum === levels.parameter) {
    report.error("PHX510", place, `\`${symbol.name}\` is used before it is declared`, {
      related: [{ ...symbol.place, label: "it is declared here" }],
      hint: `move the declaration of \`${symbol.name}\` up`,
    });
  } else if (symbol.type !== "const") {
    const readable = context.maximum === levels.parameter ? "constants and earlier parameters" : "constants";
    report.error("PHX306", place, `the ${nounOf(symbol)} \`${symbol.name}\` cannot be read here`, {
      related: [{ ...symbol.place, label: "it is declared here" }],
      hint: `only ${readable} can`,
    });
  }
  return terms.wrong(place);
}

/** `cav.mild` */
export function checkMember(expression: MemberReference, context: ExpressionContext): Term {
  const { symbols, terms, report } = context.model;
  const place = placeIn(context, expression);
  const owner = symbols.find(expression.owner.name);
  const ownerPlace = placeIn(context, expression.owner);
  if (owner === undefined) return reportUnknown(expression.owner.name, ownerPlace, context);
  const kind = owner.type === "state" ? owner.resolved?.kind : undefined;
  if (owner.type === "state" && kind === undefined) return terms.wrong(place);
  if (kind === undefined || !isEnum(kind)) {
    report.error("PHX304", ownerPlace, `\`${owner.name}\` is ${withArticle(owner)} without named values`, {
      related: [{ ...owner.place, label: "it is declared here" }],
      hint: "only states declared with `in {…}` have values to name",
    });
    return terms.wrong(place);
  }
  const member = expression.member.name;
  const position = kind.values.indexOf(member);
  if (position >= 0) {
    const value = symbols.find(member);
    if (value !== undefined) value.uses++;
    return terms.number(position, kind, place);
  }
  const memberPlace = placeIn(context, expression.member);
  const other = symbols.find(member);
  if (other?.type === "value") {
    report.error(
      "PHX304",
      memberPlace,
      `\`${member}\` belongs to \`${other.kind.enumOf}\`, not to \`${owner.name}\``,
      {
        related: [{ ...other.place, label: "it is declared here" }],
        hint: `\`${owner.name}\` is one of ${kind.values.map((name) => `\`${name}\``).join(", ")}`,
      },
    );
  } else {
    report.error("PHX201", memberPlace, `\`${member}\` is not a value of \`${owner.name}\``, {
      ...suggestion(member, kind.values, memberPlace),
    });
  }
  return terms.wrong(place);
}
