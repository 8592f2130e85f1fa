// scan: a loop that carries a state, maps over slices and stacks what each step returns.
import type { ArrayType } from "../array.ts";
import { PhxError } from "../errors.ts";
import { bind } from "../bind.ts";
import type { Value } from "../trace.ts";
import type { TreeStructure } from "../tree.ts";
import { structureText, unflatten } from "../tree.ts";
import type { TreeFunction } from "../transforms/flat-function.ts";
import { flattenValues } from "../transforms/flat-function.ts";
import type { Accepts, Returns } from "../transforms/types.ts";
import { traceCarryLoop } from "./carry-types.ts";
import { scanPrimitive } from "./scan-primitive.ts";

export interface ScanOptions {
  /** Number of steps; needed only when there is nothing to map over. */
  readonly length?: number;
  /** From the last slice to the first; stacked results keep the places of their slices. */
  readonly reverse?: boolean;
  /**
   * True (default): reverse mode keeps the carry at every √n-th step and computes the steps between again, so that
   * its memory grows with √n. False: it keeps what every step computed, which is faster where that fits.
   */
  readonly checkpoint?: boolean;
}

/**
 * `scan(f, initial, xs, { length, reverse, checkpoint })` → `[carry, ys]`, where f is `(carry, x) → [carry, y]`
 * and x runs over axis 0 of every leaf of xs (null: nothing to map over). The carry keeps its tree, shapes and
 * dtypes (PHX939). All transforms go through, reverse mode included.
 */
export function scan<C, X, Y>(
  f: (carry: C, x: X) => readonly [C, Y],
  initial: Accepts<C>,
  xs: Accepts<X>,
  options: ScanOptions = {},
): [Returns<C>, Returns<Y>] {
  const carry = flattenValues(initial);
  const slices = flattenValues(xs);
  const length = loopLength(slices.values, options.length);
  const sliceTypes = slices.values.map(({ type }): ArrayType => {
    return { dtype: type.dtype, shape: type.shape.slice(1), weak: type.weak === true };
  });
  let outputs: TreeStructure | null = null;
  const body = (inputs: readonly Value[]): readonly Value[] => {
    const state = unflatten(carry.structure, inputs.slice(0, carry.values.length));
    const slice = unflatten(slices.structure, inputs.slice(carry.values.length));
    const result: unknown = (f as unknown as TreeFunction)(state, slice);
    const [nextCarry, y] = pair(result);
    const next = flattenValues(nextCarry);
    if (next.structure.key !== carry.structure.key) {
      throw carryError(
        `scan: the carry starts as the tree ${structureText(carry.structure)} and the body returns ${structureText(next.structure)}`,
      );
    }
    const stacked = flattenValues(y);
    outputs = stacked.structure;
    return [...next.values, ...stacked.values];
  };
  const loop = traceCarryLoop(body, carry.values, sliceTypes, "scan");
  const operands = [...loop.carry, ...slices.values, ...loop.captured];
  const results = bind(scanPrimitive, operands, {
    program: loop.program,
    carryCount: carry.values.length,
    sliceCount: slices.values.length,
    length,
    reverse: options.reverse === true,
    checkpoint: options.checkpoint !== false,
  });
  const count = carry.values.length;
  return [
    unflatten(carry.structure, results.slice(0, count)) as Returns<C>,
    unflatten(outputs as unknown as TreeStructure, results.slice(count)) as Returns<Y>,
  ];
}

function loopLength(slices: readonly Value[], given: number | undefined): number {
  let length = given;
  slices.forEach((slice, i) => {
    if (slice.ndim === 0) {
      throw lengthError(`leaf ${i} of xs is a scalar`, "scan maps over axis 0 of every leaf");
    }
    if (length !== undefined && slice.shape[0] !== length) {
      throw lengthError(
        `scan of ${length} steps over leaf ${i} of length ${slice.shape[0]}`,
        "all lengths must agree",
      );
    }
    length = slice.shape[0];
  });
  if (length === undefined)
    throw lengthError("scan without a length", "xs has no leaves to tell the number of steps");
  if (!Number.isInteger(length) || length < 0) {
    throw lengthError(`scan of ${length} steps`, "the number of steps is a whole number");
  }
  return length;
}

function lengthError(what: string, why: string): PhxError {
  return new PhxError({ code: "PHX939", what, why, fix: "correct xs or give length" });
}

function pair(result: unknown): readonly [unknown, unknown] {
  if (Array.isArray(result) && result.length === 2) return [result[0], result[1]];
  throw carryError("scan: the body must return [carry, y]");
}

function carryError(what: string): PhxError {
  return new PhxError({
    code: "PHX939",
    what,
    why: "the carry goes round the loop and so keeps its tree, shapes and dtypes",
    fix: "make the initial carry and the body's carry agree",
  });
}
