// What the checking of expressions needs to know about the model and about the place of the expression.
import type { Place, Span } from "@phxlang/autodiff";
import type { Expression } from "../syntax/index.ts";
import type { Level } from "../terms/kinds.ts";
import type { IterationBudget } from "../terms/specialiser.ts";
import type { TermFactory } from "../terms/term-factory.ts";
import type { Term } from "../terms/terms.ts";
import { placeOf } from "./reporter.ts";
import type { Reporter } from "./reporter.ts";
import type { DefSymbol, ModelSymbol, SymbolTable } from "./symbols.ts";

/** One for each check of a model. */
export interface ModelContext {
  readonly symbols: SymbolTable;
  readonly report: Reporter;
  readonly terms: TermFactory;
  /** What loops of constants may still run. */
  readonly budget: IterationBudget;
  /** Whether all declarations of values have been reached: what has none then has an error of its own. */
  complete: boolean;
  /** Checks an expression: the files about names, calls and binders come back to it through here. */
  check(expression: Expression, context: ExpressionContext): Term;
  /** Constants and defs that read each other in a circle: reported already, without value. */
  readonly circular: ReadonlySet<ModelSymbol>;
  /** Expansions of defs with arguments, by the identities of their arguments. */
  readonly expansions: Map<DefSymbol, Map<string, Term>>;
}

/** A loop variable or def argument; inner scopes are in front of outer ones. */
export interface Scope {
  readonly name: string;
  /** The term it stands for at a place where it is read. */
  readonly read: (place: Place) => Term;
  readonly outer: Scope | null;
}

/** The surroundings of one expression. */
export interface ExpressionContext {
  readonly model: ModelContext;
  /** Name of the text in which the expression stands. */
  readonly source: string;
  readonly scope: Scope | null;
  /** Names above this level are not suggested. */
  readonly maximum: Level;
  /** Inside `observe`: unknown names are columns, and texts are allowed. */
  readonly columns: boolean;
  /** Nesting of expressions and defs so far. */
  readonly depth: number;
}

export function placeIn(context: ExpressionContext, node: { readonly span: Span }): Place {
  return placeOf(context.source, node);
}

export function findInScope(scope: Scope | null, name: string): Scope | null {
  for (let at = scope; at !== null; at = at.outer) if (at.name === name) return at;
  return null;
}
