// declare: the files of a model, in the order of use, and every name they declare.
import type { Place } from "@phxlang/autodiff";
import { didYouMean } from "../names/index.ts";
import type { Declaration, Identifier } from "../syntax/index.ts";
import type { EnumKind } from "../terms/kinds.ts";
import { isBuiltIn } from "./calls.ts";
import { placeOf } from "./reporter.ts";
import type { Reporter } from "./reporter.ts";
import { SymbolTable } from "./symbols.ts";
import type { ModelSymbol } from "./symbols.ts";

/** A declaration and the text in which it stands. */
export interface Sourced<T extends Declaration = Declaration> {
  readonly source: string;
  readonly declaration: T;
}

/** Declarations of one keyword. */
export function ofKind<K extends Declaration["kind"]>(
  declarations: readonly Sourced[],
  kind: K,
): readonly Sourced<Extract<Declaration, { kind: K }>>[] {
  return declarations.filter(
    (one): one is Sourced<Extract<Declaration, { kind: K }>> => one.declaration.kind === kind,
  );
}

/** Puts every declared name into one table; PHX202 and PHX212 for those that cannot be there. */
export function declare(declarations: readonly Sourced[], report: Reporter): SymbolTable {
  const symbols = new SymbolTable();
  const add = (symbol: ModelSymbol): void => addSymbol(symbols, symbol, report);
  let epochs = 0;
  let events = 0;
  for (const { source, declaration } of declarations) {
    const base = (name: Identifier): { name: string; place: Place; uses: number } => ({
      name: name.name,
      place: placeOf(source, name),
      uses: 0,
    });
    switch (declaration.kind) {
      case "const":
        add({ type: "const", ...base(declaration.name), value: null });
        break;
      case "param":
        add({ type: "parameter", ...base(declaration.name), declaration, array: null });
        break;
      case "covariate":
        add({ type: "covariate", ...base(declaration.name), array: null });
        break;
      case "state": {
        add({ type: "state", ...base(declaration.name), declaration, resolved: null, read: false });
        if (declaration.domain.kind !== "enum") break;
        const { values } = declaration.domain;
        const kind: EnumKind = { enumOf: declaration.name.name, values: values.map((value) => value.name) };
        for (const [position, value] of values.entries())
          add({ type: "value", ...base(value), kind, position });
        break;
      }
      case "def":
        add({ type: "def", ...base(declaration.name), declaration });
        break;
      case "epoch":
        add({ type: "epoch", ...base(declaration.name), index: epochs++ });
        break;
      case "event":
        add({ type: "event", ...base(declaration.name), index: events++ });
        break;
      case "reward":
        add({ type: "reward", ...base(declaration.name) });
        break;
      default:
    }
  }
  return symbols;
}

function addSymbol(symbols: SymbolTable, symbol: ModelSymbol, report: Reporter): void {
  const { name, place } = symbol;
  if (name === "time" || (symbol.type === "def" && isBuiltIn(name))) {
    report.error("PHX212", place, `\`${name}\` is built in`, {
      label: name === "time" ? "the reward `time` is 1 per unit time in every model" : "this is a function",
      hint: `call it \`${name}_\``,
    });
    return;
  }
  const first = symbols.add(symbol);
  if (first !== undefined) reportTwice(name, place, first.place, report);
}

/** PHX202 with both places. */
export function reportTwice(name: string, second: Place, first: Place, report: Reporter): void {
  report.error("PHX202", second, `\`${name}\` is declared twice`, {
    related: [{ ...first, label: "it is declared here first" }],
    hint: "one name has one meaning: rename one of the two",
  });
}

/** Names that have a space of their own: stop causes and data. */
export class NamedOnce<T> {
  readonly #first = new Map<string, { readonly place: Place; readonly value: T }>();

  add(name: string, place: Place, value: T, report: Reporter): void {
    const first = this.#first.get(name);
    if (first === undefined) this.#first.set(name, { place, value });
    else reportTwice(name, place, first.place, report);
  }

  find(name: string): T | undefined {
    return this.#first.get(name)?.value;
  }

  hint(name: string): string | undefined {
    return didYouMean(name, this.#first.keys());
  }
}
