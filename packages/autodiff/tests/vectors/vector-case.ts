// How a case of the vectors is run: with functions as they are, or each of them under jit.
import { isValue } from "../../src/index.ts";
import type { Jit, Value } from "../../src/index.ts";

/** Wraps a function of arrays: leaves it, or jits it. */
export type Mode = <A extends readonly Value[], R>(f: (...args: A) => R) => (...args: A) => R;

export const eager: Mode = (f) => f;

export const jitted =
  (jit: Jit): Mode =>
  (f) =>
    jit(f as never) as never;

export interface VectorCase {
  /** `jit` is for cases that are about jit itself, in either mode. */
  run(mode: Mode, jit: Jit): unknown;
  /** What stands in the place of the file's expected value, where that is not made of numbers. */
  readonly expected?: unknown;
  /** An absolute tolerance wider than the file's, with its reason beside it. */
  readonly absolute?: number;
  /** The code of the error, for cases that throw. */
  readonly throws?: string;
}

/** Numbers of a tree in order; "nan", "inf" and "-inf" are the file's names for what JSON does not have. */
export function numbersOf(tree: unknown): number[] {
  if (typeof tree === "number") return [tree];
  if (typeof tree === "boolean") return [Number(tree)];
  if (typeof tree === "string") {
    const named: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, "-inf": -Infinity };
    return [named[tree]];
  }
  if (isValue(tree)) return Array.from(tree.dataSync());
  if (Array.isArray(tree)) return tree.flatMap(numbersOf);
  throw new Error(`not a tree of numbers: ${JSON.stringify(tree)}`);
}
