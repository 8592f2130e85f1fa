// Between functions of trees, which users write, and functions of flat values, which traces run.
import { asValue, invalidLeafError, isValue } from "../as-value.ts";
import { internalError, PhxError } from "../errors.ts";
import type { Leaf, TreeStructure } from "../tree.ts";
import { flatten, unflatten } from "../tree.ts";
import type { Value } from "../trace.ts";

/** A user's function as transforms handle it. */
export type TreeFunction = (...args: readonly unknown[]) => unknown;

/** Leaves of a tree as values; PHX925 names a leaf that is no array. */
export function flattenValues(tree: unknown): {
  readonly values: Value[];
  readonly structure: TreeStructure;
} {
  const { leaves, structure } = flatten(tree);
  return { values: leaves.map(leafValue), structure };
}

/** A leaf as a value. */
export function leafValue(leaf: unknown): Value {
  if (leaf instanceof Promise) {
    throw new PhxError({
      code: "PHX925",
      what: "a traced function returned a Promise",
      why: "a transform runs its function once, from start to end, and cannot wait",
      fix: "do asynchronous work before the transform and pass its result as an argument",
    });
  }
  if (typeof leaf === "number" || typeof leaf === "boolean" || ArrayBuffer.isView(leaf) || isValue(leaf)) {
    return asValue(leaf as Leaf);
  }
  throw invalidLeafError(leaf);
}

/**
 * A function of trees seen as a function of flat values. After a call, `outputStructure` and, with `hasAux`, the
 * auxiliary tree are known: the arrays in it come as further flat outputs, so that each trace can take its own
 * wrapping off them.
 */
export class FlatFunction {
  readonly #f: TreeFunction;
  readonly #inputs: TreeStructure;
  readonly #hasAux: boolean;
  #outputs: TreeStructure | null = null;
  #aux: { readonly structure: TreeStructure; readonly leaves: readonly unknown[] } | null = null;

  constructor(f: TreeFunction, inputs: TreeStructure, hasAux = false) {
    this.#f = f;
    this.#inputs = inputs;
    this.#hasAux = hasAux;
  }

  readonly call = (inputs: readonly Value[]): readonly Value[] => {
    const args = unflatten(this.#inputs, inputs) as readonly unknown[];
    const result = this.#f(...args);
    const { main, aux } = this.#hasAux ? splitAux(result) : { main: result, aux: undefined };
    const { values, structure } = flattenValues(main);
    this.#outputs = structure;
    if (!this.#hasAux) return values;
    this.#aux = flatten(aux);
    return [...values, ...this.#aux.leaves.filter(isValue)];
  };

  get outputStructure(): TreeStructure {
    if (this.#outputs === null)
      throw internalError("the structure of a result was asked for before the call");
    return this.#outputs;
  }

  /** How many of the flat outputs are results; the rest is auxiliary. */
  get outputCount(): number {
    return this.outputStructure.leafCount;
  }

  outputTree(outputs: readonly Value[]): unknown {
    return unflatten(this.outputStructure, outputs.slice(0, this.outputCount));
  }

  /** The auxiliary tree, its arrays taken from the flat outputs. */
  auxTree(outputs: readonly Value[]): unknown {
    if (this.#aux === null) throw internalError("there is no auxiliary result");
    let next = this.outputCount;
    const leaves = this.#aux.leaves.map((leaf) => (isValue(leaf) ? outputs[next++] : leaf));
    return unflatten(this.#aux.structure, leaves);
  }
}

function splitAux(result: unknown): { readonly main: unknown; readonly aux: unknown } {
  if (!Array.isArray(result) || result.length !== 2) {
    throw new PhxError({
      code: "PHX932",
      what: "with hasAux the function must return a two-element array [result, auxiliary]",
      why: `it returned ${Array.isArray(result) ? `an array of ${result.length}` : "something else"}`,
      fix: "return [result, auxiliary], or leave hasAux out",
    });
  }
  const [main, aux] = result as readonly unknown[];
  return { main, aux };
}
