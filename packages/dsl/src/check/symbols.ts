// What names stand for: one namespace for the file and everything it uses, and one for stop causes and data.
import type { Place } from "@phxlang/autodiff";
import type { DefDeclaration, ParamDeclaration, StateDeclaration } from "../syntax/index.ts";
import type { EnumKind, Kind } from "../terms/kinds.ts";
import type { TermArray } from "../terms/terms.ts";

interface SymbolBase {
  readonly name: string;
  /** Where it is declared. */
  readonly place: Place;
  /** How often it was used so far, for warnings about what is never used. */
  uses: number;
}

export interface ConstSymbol extends SymbolBase {
  readonly type: "const";
  /** Null until its value is known; stays null after an error in it. */
  value: { readonly kind: Kind; readonly array: TermArray } | null;
}

export interface ParameterSymbol extends SymbolBase {
  readonly type: "parameter";
  readonly declaration: ParamDeclaration;
  /** Null until its declaration has been reached. */
  array: TermArray | null;
}

export interface CovariateSymbol extends SymbolBase {
  readonly type: "covariate";
  array: TermArray | null;
}

export interface StateSymbol extends SymbolBase {
  readonly type: "state";
  readonly declaration: StateDeclaration;
  /** Null until its declaration has been reached. */
  resolved: { readonly kind: Kind; readonly array: TermArray } | null;
  /** Whether an expression reads it. */
  read: boolean;
}

export interface EnumValueSymbol extends SymbolBase {
  readonly type: "value";
  readonly kind: EnumKind;
  readonly position: number;
}

export interface DefSymbol extends SymbolBase {
  readonly type: "def";
  readonly declaration: DefDeclaration;
}

export interface EpochSymbol extends SymbolBase {
  readonly type: "epoch";
  readonly index: number;
}

export interface EventSymbol extends SymbolBase {
  readonly type: "event";
  readonly index: number;
}

export interface RewardSymbol extends SymbolBase {
  readonly type: "reward";
}

export type ModelSymbol =
  | ConstSymbol
  | ParameterSymbol
  | CovariateSymbol
  | StateSymbol
  | EnumValueSymbol
  | DefSymbol
  | EpochSymbol
  | EventSymbol
  | RewardSymbol;

const nouns = {
  const: "constant",
  parameter: "parameter",
  covariate: "covariate",
  state: "state",
  value: "enum value",
  def: "def",
  epoch: "epoch",
  event: "event",
  reward: "reward",
} as const;

/** As messages call it: "the parameter `mu`". */
export function nounOf(symbol: ModelSymbol): string {
  return nouns[symbol.type];
}

/** "an event", "a parameter" */
export function withArticle(symbol: ModelSymbol): string {
  const noun = nounOf(symbol);
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

export class SymbolTable {
  readonly #byName = new Map<string, ModelSymbol>();

  find(name: string): ModelSymbol | undefined {
    return this.#byName.get(name);
  }

  /** Returns the symbol that has the name already, if there is one, and leaves the table as it is. */
  add(symbol: ModelSymbol): ModelSymbol | undefined {
    const first = this.#byName.get(symbol.name);
    if (first === undefined) this.#byName.set(symbol.name, symbol);
    return first;
  }

  /** In the order of declaration. */
  all(): Iterable<ModelSymbol> {
    return this.#byName.values();
  }

  ofType<T extends ModelSymbol["type"]>(type: T): readonly Extract<ModelSymbol, { type: T }>[] {
    return [...this.all()].filter(
      (symbol): symbol is Extract<ModelSymbol, { type: T }> => symbol.type === type,
    );
  }
}
