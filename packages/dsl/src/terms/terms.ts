// Terms: checked expressions. Names are resolved, defs expanded, every node has a kind, a level and a place.
import type { Place } from "@phxlang/autodiff";
import { levels, maximumLevel } from "./kinds.ts";
import type { Kind, Level } from "./kinds.ts";
import type { ScalarOperation } from "./operations.ts";
import type { Shape } from "./shape.ts";

/**
 * A directed acyclic graph: def arguments and defs without arguments are shared. Operands have smaller ids than
 * the terms that use them, so that passes are loops in the order of ids.
 */
export type Term =
  | NumberTerm
  | TextTerm
  | ColumnTerm
  | VariableTerm
  | EpochTerm
  | ElementTerm
  | OperationTerm
  | ReductionTerm
  | ExpansionTerm;

interface TermBase {
  readonly id: number;
  readonly kind: Kind;
  readonly level: Level;
  readonly place: Place;
}

/** A number, yes/no (1, 0) or an enum value (its position from 0). */
export interface NumberTerm extends TermBase {
  readonly op: "number";
  readonly value: number;
}

export interface TextTerm extends TermBase {
  readonly op: "text";
  readonly text: string;
}

/** A column of the data of an `observe`. */
export interface ColumnTerm extends TermBase {
  readonly op: "column";
  readonly name: string;
}

/** The variable of a `for`, `each`, reducer or array reward. */
export interface LoopVariable {
  readonly id: number;
  readonly name: string;
}

export interface VariableTerm extends TermBase {
  readonly op: "variable";
  readonly variable: LoopVariable;
}

/** True during an epoch. */
export interface EpochTerm extends TermBase {
  readonly op: "epoch";
  readonly epoch: number;
}

/** What an ElementTerm reads: entries are numbered row-major from `offset`. */
export interface TermArray {
  /**
   * "cells": cells of the state. "inputs": entries of z = (θ, covariates). "constants": entries of `values`.
   */
  readonly storage: "cells" | "inputs" | "constants";
  readonly name: string;
  /** As messages call it: "parameter", "state", "covariate", "constant". */
  readonly noun: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly values: Float64Array | null;
}

/** An entry of an array, or a single cell, parameter or covariate (no indices). */
export interface ElementTerm extends TermBase {
  readonly op: "element";
  readonly array: TermArray;
  readonly indices: readonly Term[];
}

export interface OperationTerm extends TermBase {
  readonly op: "operation";
  readonly operation: ScalarOperation;
  readonly operands: readonly Term[];
}

export type Reducer = "sum" | "product" | "count" | "min" | "max" | "any" | "all";

/** Loops, left variable slowest, with a condition. */
export interface Binding {
  readonly loops: readonly Loop[];
  readonly condition: Term | null;
}

export interface Loop {
  readonly variable: LoopVariable;
  readonly low: Term;
  readonly high: Term;
}

/** `sum(body for …)`; a count has the body 1. */
export interface ReductionTerm extends TermBase {
  readonly op: "reduction";
  readonly reducer: Reducer;
  readonly binding: Binding;
  readonly body: Term;
}

/** The body of a def where the def is used; `place` is the use. */
export interface ExpansionTerm extends TermBase {
  readonly op: "expansion";
  readonly name: string;
  readonly body: Term;
}

/** All terms that a term reads directly. */
export function operandsOf(term: Term): readonly Term[] {
  switch (term.op) {
    case "element":
      return term.indices;
    case "operation":
      return term.operands;
    case "expansion":
      return [term.body];
    case "reduction":
      return [...termsOfBinding(term.binding), term.body];
    default:
      return [];
  }
}

export function termsOfBinding(binding: Binding): readonly Term[] {
  const ranges = binding.loops.flatMap((loop) => [loop.low, loop.high]);
  return binding.condition === null ? ranges : [...ranges, binding.condition];
}

/** The highest level among terms. */
export function levelOf(terms: readonly Term[]): Level {
  return terms.reduce<Level>((level, term) => maximumLevel(level, term.level), levels.constant);
}

/** Visits every term that is reachable from the roots once, operands after their users' first visit. */
export function visitTerms(roots: readonly Term[], visit: (term: Term) => void): void {
  const seen = new Set<Term>(roots);
  const stack = [...seen];
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    visit(term);
    for (const operand of operandsOf(term)) {
      if (seen.has(operand)) continue;
      seen.add(operand);
      stack.push(operand);
    }
  }
}
