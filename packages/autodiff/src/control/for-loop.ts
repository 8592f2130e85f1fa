// foriLoop: a loop over consecutive integers.
import { addTangents, convertTo, countingArray, filled, isBelow } from "../engine-operations.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Value } from "../trace.ts";
import type { TreeFunction } from "../transforms/flat-function.ts";
import { leafValue } from "../transforms/flat-function.ts";
import type { Accepts, Returns } from "../transforms/types.ts";
import { scan } from "./scan.ts";
import { whileLoop } from "./while-loop.ts";

/**
 * `foriLoop(lower, upper, body, initial)`: carry = body(i, carry) for i = lower … upper − 1, i an i32 scalar. With
 * plain numbers (or concrete arrays) as bounds the loop is a scan and has a reverse mode; with traced bounds it is
 * a whileLoop, which has forward mode only.
 */
export function foriLoop<C>(
  lower: number | Value,
  upper: number | Value,
  body: (i: Value, carry: C) => C,
  initial: Accepts<C>,
): Returns<C> {
  const [from, to] = [leafValue(lower), leafValue(upper)];
  if (from instanceof NdArray && to instanceof NdArray) {
    return fixedLoop(wholeNumber(from), wholeNumber(to), body, initial);
  }
  const run = body as unknown as TreeFunction;
  const bound = convertTo(to, "i32");
  const [, result] = whileLoop<[Value, unknown]>(
    ([i]) => isBelow(i, bound),
    ([i, carry]) => [addTangents(i, filled({ dtype: "i32", shape: [] }, 1)), run(i, carry)],
    [convertTo(from, "i32"), initial] as never,
  );
  return result as Returns<C>;
}

function fixedLoop<C>(
  lower: number,
  upper: number,
  body: (i: Value, carry: C) => C,
  initial: Accepts<C>,
): Returns<C> {
  const count = Math.max(0, upper - lower);
  const numbers = countingArray(count);
  const indices = new NdArray(
    (numbers.elements as Int32Array).map((i) => i + lower),
    [count],
    "i32",
  );
  const [carry] = scan<C, Value, null>((state, i) => [body(i, state), null], initial, indices);
  return carry;
}

function wholeNumber(bound: NdArray): number {
  const value = bound.item();
  if (Number.isInteger(value)) return value;
  throw new PhxError({
    code: "PHX939",
    what: `foriLoop with the bound ${value}`,
    why: "the loop counts whole numbers",
    fix: "round the bound",
  });
}
