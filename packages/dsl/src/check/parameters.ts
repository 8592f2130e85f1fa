// Parameters: bounds, defaults and priors in the order of declaration, each reading only earlier parameters.
import type { Place } from "@phxlang/autodiff";
import type { Bound, ListOrExpression, ParamDeclaration } from "../syntax/index.ts";
import { levels } from "../terms/kinds.ts";
import { describeShape, entryName, scalarShape, sizeOf } from "../terms/shape.ts";
import { visitTerms } from "../terms/terms.ts";
import type { Term, TermArray } from "../terms/terms.ts";
import type { ExpressionContext, ModelContext } from "./context.ts";
import type { Sourced } from "./declare.ts";
import { checkDimensions } from "./dimensions.ts";
import { evaluate, evaluateConstant } from "./evaluate.ts";
import { expectNumber } from "./expectations.ts";
import { flatten } from "./lists.ts";
import type { CheckedParameter } from "./model.ts";
import { checkPrior } from "./priors.ts";
import { placeOf } from "./reporter.ts";
import type { ParameterSymbol } from "./symbols.ts";

/** Where a parameter may lie, with the values of the ends at the defaults of earlier parameters (NaN: unknown). */
export interface CheckedBound {
  readonly lower: Term | null;
  readonly upper: Term | null;
  readonly lowerValue: number;
  readonly upperValue: number;
  readonly lowerClosed: boolean;
  readonly upperClosed: boolean;
  readonly simplex: boolean;
  /** As declared: `> 0`, `in 0..1`, `simplex`; empty where there is none. */
  readonly text: string;
  /** Whether the ends are numbers whatever the parameters are. */
  readonly constant: boolean;
}

export class ParameterChecker {
  readonly #model: ModelContext;
  /** Defaults so far; NaN where the file gives none. */
  #values = new Float64Array();
  #context: ExpressionContext;

  constructor(model: ModelContext) {
    this.#model = model;
    this.#context = { model, source: "", scope: null, maximum: levels.parameter, columns: false, depth: 0 };
  }

  /** θ where the file gives it. */
  get defaults(): Float64Array {
    return this.#values;
  }

  check({ source, declaration }: Sourced<ParamDeclaration>): CheckedParameter | null {
    const model = this.#model;
    this.#context = { ...this.#context, source };
    const name = declaration.name.name;
    const place = placeOf(source, declaration.name);
    const shape = checkDimensions(declaration.dimensions, name, this.#context);
    const bound = this.#bound(declaration, place);
    const array: TermArray = {
      storage: "inputs",
      name,
      noun: "parameter",
      shape: shape ?? scalarShape,
      offset: this.#values.length,
      values: null,
    };
    const defaults = this.#defaults(declaration, array, bound);
    const prior =
      declaration.prior === null
        ? null
        : checkPrior(declaration.prior, { name, array, bound }, this.#context, (term) =>
            this.#finite(term, `the prior of \`${name}\``),
          );
    const grown = new Float64Array(this.#values.length + sizeOf(array.shape)).fill(Number.NaN);
    grown.set(this.#values);
    if (defaults !== null) grown.set(defaults, array.offset);
    this.#values = grown;
    const symbol = model.symbols.find(name);
    if (isOwnSymbol(symbol, declaration)) symbol.array = shape === null ? null : array;
    if (shape === null) return null;
    const { lower, upper, lowerClosed, upperClosed, simplex } = bound;
    return { name, place, array, lower, upper, lowerClosed, upperClosed, simplex, defaults, prior };
  }

  /** A number that reads constants and earlier parameters, and its value at their defaults. */
  number(expression: Parameters<ModelContext["check"]>[0], what: string): { term: Term; value: number } {
    const model = this.#model;
    const term = expectNumber(model, model.check(expression, this.#context));
    if (!requireInputs(model, term, what)) return { term: model.terms.wrong(term.place), value: Number.NaN };
    const value = evaluate(model, term, this.#values);
    return value === null ? { term: model.terms.wrong(term.place), value: Number.NaN } : { term, value };
  }

  /** As `number`; PHX703 where constants decide that it has no finite value. */
  #finite(expression: Parameters<ModelContext["check"]>[0], what: string): { term: Term; value: number } {
    const found = this.number(expression, what);
    const { term, value } = found;
    if (term.level !== levels.constant || term.kind === "any" || Number.isFinite(value)) return found;
    return { term: this.#model.terms.wrong(term.place), value: evaluateConstant(this.#model, term, what) };
  }

  #bound(declaration: ParamDeclaration, place: Place): CheckedBound {
    const { bound } = declaration;
    const none: CheckedBound = {
      lower: null,
      upper: null,
      lowerValue: -Infinity,
      upperValue: Infinity,
      lowerClosed: false,
      upperClosed: false,
      simplex: false,
      text: "",
      constant: true,
    };
    if (bound === null) return none;
    const text = this.#model.report.text(placeOf(this.#context.source, bound));
    const what = `the bound of \`${declaration.name.name}\``;
    if (bound.kind === "simplex") {
      if (declaration.dimensions.length === 0) {
        this.#scalarSimplex(declaration.name.name, place, bound);
        return none;
      }
      return {
        ...none,
        lowerValue: 0,
        upperValue: 1,
        lowerClosed: true,
        upperClosed: true,
        simplex: true,
        text,
      };
    }
    if (bound.kind === "oneSided") {
      const { term, value } = this.#finite(bound.limit, what);
      const closed = bound.operator.endsWith("=");
      const constant = term.level === levels.constant;
      return bound.operator.startsWith(">")
        ? { ...none, lower: term, lowerValue: value, lowerClosed: closed, text, constant }
        : { ...none, upper: term, upperValue: value, upperClosed: closed, text, constant };
    }
    const low = this.#finite(bound.range.low, what);
    const high = this.#finite(bound.range.high, what);
    const empty = low.value >= high.value;
    if (empty) this.#emptyBound(bound, low.value, high.value);
    return {
      lower: low.term,
      upper: high.term,
      lowerValue: empty ? Number.NaN : low.value,
      upperValue: empty ? Number.NaN : high.value,
      lowerClosed: true,
      upperClosed: true,
      simplex: false,
      text,
      constant: low.term.level === levels.constant && high.term.level === levels.constant,
    };
  }

  #scalarSimplex(name: string, place: Place, bound: Bound): void {
    this.#model.report.error("PHX411", placeOf(this.#context.source, bound), "`simplex` needs an array", {
      related: [{ ...place, label: "this is a single value" }],
      hint: `\`param ${name}[1..3] simplex\``,
    });
  }

  #emptyBound(bound: Bound, low: number, high: number): void {
    const { report } = this.#model;
    const place = placeOf(this.#context.source, bound);
    report.error("PHX504", place, `the bound is empty: \`${report.text(place)}\``, {
      label: `from ${low} to ${high} there is nothing to choose`,
      hint: low === high ? "a value that is known is a `const`" : `\`in ${high}..${low}\``,
    });
  }

  #defaults(declaration: ParamDeclaration, array: TermArray, bound: CheckedBound): Float64Array | null {
    const { defaultValue } = declaration;
    if (defaultValue === null) return null;
    const { report } = this.#model;
    const { source } = this.#context;
    const { sizes, items, uneven } = flatten(defaultValue);
    const place = placeOf(source, defaultValue);
    const name = declaration.name.name;
    const size = sizeOf(array.shape);
    const fits = uneven === null && (sizes.length === 0 || sizes.join() === array.shape.sizes.join());
    if (!fits) {
      const wanted =
        array.shape.sizes.length === 0 ? "a single value" : `${array.shape.sizes.join(" × ")} values`;
      const given = sizes.length > 1 ? `${sizes.join(" × ")} values` : count(items.length);
      const message =
        uneven === null
          ? `${given} for \`${describeShape(name, array.shape)}\``
          : "the rows of a list must be equally long";
      report.error("PHX507", uneven === null ? place : placeOf(source, uneven), message, {
        hint: `give ${wanted}`,
      });
      return null;
    }
    const read = items.map((item) => this.number(item, `the default of \`${name}\``));
    // A single value stands for every entry.
    const numbers = Float64Array.from({ length: size }, (_, i) => read[sizes.length === 0 ? 0 : i].value);
    for (const [i, value] of numbers.entries()) {
      const item = read[sizes.length === 0 ? 0 : i].term;
      if (item.kind === "any") return null;
      if (Number.isNaN(value)) return this.#withoutValue(name, item);
      if (!this.#inside(entryName(name, array.shape, i), value, bound, item.place)) return null;
    }
    if (bound.simplex && sizes.length === 0) {
      report.error("PHX507", place, `1 value for \`${describeShape(name, array.shape)}\``, {
        hint: "list the entries; they sum to 1",
      });
      return null;
    }
    return bound.simplex ? this.#simplexDefaults(name, numbers, defaultValue) : numbers;
  }

  #withoutValue(name: string, item: Term): null {
    const missing = this.#missingParameter(item);
    if (missing === null) {
      this.#model.report.error("PHX501", item.place, `the default of \`${name}\` is not a number`, {
        hint: "look for a division by zero, or a logarithm or root of a negative number",
      });
    } else {
      this.#model.report.error(
        "PHX511",
        item.place,
        `parameter \`${missing}\` has neither a default nor a value`,
        {
          label: `the default of \`${name}\` needs it`,
          hint: `give \`${missing}\` a default: \`param ${missing} = …\``,
        },
      );
    }
    return null;
  }

  #missingParameter(item: Term): string | null {
    let missing: string | null = null;
    visitTerms([item], (term) => {
      if (term.op !== "element" || term.array.storage !== "inputs") return;
      const { array } = term;
      const entries = this.#values.subarray(array.offset, array.offset + sizeOf(array.shape));
      if (entries.some(Number.isNaN)) missing = array.name;
    });
    return missing;
  }

  #inside(entry: string, value: number, bound: CheckedBound, place: Place): boolean {
    const above = bound.lowerClosed ? value >= bound.lowerValue : value > bound.lowerValue;
    const below = bound.upperClosed ? value <= bound.upperValue : value < bound.upperValue;
    const unknown = Number.isNaN(bound.lowerValue) || Number.isNaN(bound.upperValue);
    if ((above && below && Number.isFinite(value)) || unknown) return true;
    const where = bound.simplex ? "0..1 (`simplex`)" : `\`${entry} ${bound.text}\``;
    const numbers = bound.constant ? "" : `, which is ${rangeInWords(bound)} at the defaults`;
    this.#model.report.error("PHX501", place, `default ${value} is outside ${where}${numbers}`, {
      hint: "choose a default inside the bound, or widen the bound",
    });
    return false;
  }

  #simplexDefaults(name: string, values: Float64Array, syntax: ListOrExpression): Float64Array | null {
    const sum = values.reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) <= 1e-9) return values;
    const place = placeOf(this.#context.source, syntax);
    this.#model.report.error(
      "PHX508",
      place,
      `\`${name}\` must sum to 1, sums to ${Number(sum.toPrecision(12))}`,
      {
        hint: `change the entries by ${Number((1 - sum).toPrecision(6))} in total`,
      },
    );
    return null;
  }
}

function count(values: number): string {
  return values === 1 ? "1 value" : `${values} values`;
}

function rangeInWords({ lowerValue, upperValue }: CheckedBound): string {
  if (upperValue === Infinity) return `above ${lowerValue}`;
  return lowerValue === -Infinity ? `below ${upperValue}` : `${lowerValue}..${upperValue}`;
}

function isOwnSymbol(symbol: unknown, declaration: ParamDeclaration): symbol is ParameterSymbol {
  return (
    typeof symbol === "object" &&
    symbol !== null &&
    "declaration" in symbol &&
    symbol.declaration === declaration
  );
}

/** PHX306 where a term reads more than constants and parameters. */
export function requireInputs(model: ModelContext, root: Term, what: string): boolean {
  let offender: Term | null = null;
  visitTerms([root], (term) => {
    const covariate = term.op === "element" && term.array.noun === "covariate";
    const state = term.op === "epoch" || (term.op === "element" && term.array.storage === "cells");
    if (covariate || state) offender ??= term;
  });
  if (offender === null) return true;
  const { place } = offender as Term;
  model.report.error("PHX306", place, `${what} may not depend on \`${model.report.text(place)}\``, {
    hint: "it may read constants and parameters that are declared earlier",
  });
  return false;
}
