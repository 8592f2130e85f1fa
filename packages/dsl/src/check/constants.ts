// Constants: their values from the file, and the ones that the caller puts in their place.
import type { ConstDeclaration } from "../syntax/index.ts";
import { didYouMean } from "../names/index.ts";
import { levels } from "../terms/kinds.ts";
import type { Kind } from "../terms/kinds.ts";
import { scalarShape } from "../terms/shape.ts";
import type { Term, TermArray } from "../terms/terms.ts";
import type { ExpressionContext, ModelContext } from "./context.ts";
import { ofKind } from "./declare.ts";
import type { Sourced } from "./declare.ts";
import { evaluateConstant } from "./evaluate.ts";
import { requireLevel } from "./level-rules.ts";
import { flatten } from "./lists.ts";
import { placeOf } from "./reporter.ts";
import type { ConstSymbol } from "./symbols.ts";

/** Values that replace those of the file: `--set n=20`. Lists are nested arrays. */
export type ConstantValue = number | boolean | readonly ConstantValue[];
export type ConstantValues = Readonly<Record<string, ConstantValue>>;

/** Gives every constant its value, in an order in which each one reads only known ones. */
export function resolveConstants(
  model: ModelContext,
  declarations: readonly Sourced[],
  order: readonly ConstSymbol[],
  overrides: ConstantValues,
): void {
  const byPlace = new Map<ConstSymbol, Sourced<ConstDeclaration>>();
  for (const sourced of ofKind(declarations, "const")) {
    const symbol = model.symbols.find(sourced.declaration.name.name);
    if (symbol?.type === "const" && !byPlace.has(symbol)) byPlace.set(symbol, sourced);
  }
  for (const symbol of order) {
    const sourced = byPlace.get(symbol);
    if (sourced === undefined || model.circular.has(symbol)) continue;
    const declared = valueOf(model, sourced);
    const override = Object.hasOwn(overrides, symbol.name) ? overrides[symbol.name] : undefined;
    symbol.value =
      declared === null || override === undefined ? declared : replace(model, symbol, declared, override);
  }
  for (const name of Object.keys(overrides)) {
    const symbol = model.symbols.find(name);
    if (symbol?.type === "const") continue;
    const known = model.symbols.ofType("const").map((one) => one.name);
    model.report.error(
      "PHX201",
      undefined,
      `a value was given for the constant \`${name}\`, which the model does not have`,
      {
        hint:
          didYouMean(name, known) ??
          (known.length === 0 ? "the model has no constants" : `its constants are ${known.join(", ")}`),
      },
    );
  }
}

type Value = NonNullable<ConstSymbol["value"]>;

function valueOf(model: ModelContext, { source, declaration }: Sourced<ConstDeclaration>): Value | null {
  const name = declaration.name.name;
  const context: ExpressionContext = {
    model,
    source,
    scope: null,
    maximum: levels.constant,
    columns: false,
    depth: 0,
  };
  const { sizes, items, uneven } = flatten(declaration.value);
  if (uneven !== null) {
    model.report.error("PHX507", placeOf(source, uneven), "the rows of a list must be equally long", {
      hint: "give every row as many values",
    });
    return null;
  }
  const terms = items.map((item) => model.check(item, context));
  const kind = kindOf(model, terms);
  if (kind === null) return null;
  const values = new Float64Array(terms.length);
  for (const [i, term] of terms.entries()) {
    if (!requireLevel(model, term, levels.constant, `the constant \`${name}\``)) return null;
    values[i] = evaluateConstant(model, term, `the constant \`${name}\``);
    if (Number.isNaN(values[i])) return null;
  }
  return { kind, array: constantArray(name, sizes, values) };
}

function constantArray(name: string, sizes: readonly number[], values: Float64Array): TermArray {
  const shape = sizes.length === 0 ? scalarShape : { from: sizes.map(() => 1), sizes };
  return { storage: "constants", name, noun: "constant", shape, offset: 0, values };
}

/** Numbers or yes/no throughout; null after an error. */
function kindOf(model: ModelContext, terms: readonly Term[]): Kind | null {
  const [first] = terms;
  for (const term of terms) {
    if (term.kind === "any") return null;
    const number = term.kind === "int" || term.kind === "real";
    if (number || term.kind === "bool") {
      if ((first.kind === "bool") === !number) continue;
    }
    model.report.error(
      number ? "PHX302" : "PHX303",
      term.place,
      "a constant is a number, yes/no, or a list of one of them",
      {
        hint: "give values of one kind",
      },
    );
    return null;
  }
  return terms.some((term) => term.kind === "real") ? "real" : first.kind;
}

function replace(
  model: ModelContext,
  symbol: ConstSymbol,
  declared: Value,
  override: ConstantValue,
): Value | null {
  const wanted = symbol.name;
  const { sizes, items } = flattenValues(override);
  const wrong = (code: string, message: string, hint: string): null => {
    const label = "it is declared here";
    model.report.error(code, { ...symbol.place, label }, message, { label, hint });
    return null;
  };
  if (items === null || sizes.length !== declared.array.shape.sizes.length) {
    const what = declared.array.shape.sizes.length === 0 ? "a single value" : "a list";
    return wrong(
      "PHX507",
      `the value given for \`${wanted}\` is not ${what}`,
      `give ${what}, as the file does`,
    );
  }
  for (const item of items) {
    if (
      typeof item === "boolean" ? declared.kind === "bool" : declared.kind !== "bool" && Number.isFinite(item)
    ) {
      continue;
    }
    const code = declared.kind === "bool" ? "PHX302" : "PHX303";
    const kind = declared.kind === "bool" ? "yes/no" : "a number";
    return wrong(code, `expected ${kind} for \`${wanted}\`, found ${String(item)}`, `give ${kind}`);
  }
  // A fraction may replace a whole number; where only a whole number can stand, its use says so.
  const numbers = Float64Array.from(items, Number);
  const kind = declared.kind === "bool" ? "bool" : numbers.every(Number.isInteger) ? "int" : "real";
  return { kind, array: constantArray(wanted, sizes, numbers) };
}

function flattenValues(value: ConstantValue): {
  readonly sizes: readonly number[];
  readonly items: readonly (number | boolean)[] | null;
} {
  const sizes: number[] = [];
  let level: readonly ConstantValue[] = [value];
  for (;;) {
    const lists = level.filter((item): item is readonly ConstantValue[] => typeof item === "object");
    if (lists.length === 0) return { sizes, items: level as readonly (number | boolean)[] };
    const size = lists[0].length;
    if (lists.length < level.length || size === 0 || lists.some((list) => list.length !== size)) {
      return { sizes, items: null };
    }
    sizes.push(size);
    level = lists.flat();
  }
}
