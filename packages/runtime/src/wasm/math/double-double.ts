// Exact sums and products of two doubles in WebAssembly: a rounded result and its error.
import type { FunctionBuilder } from "../function-builder.ts";
import { keep } from "./doubles.ts";
import type { Doubles, Real } from "./doubles.ts";

/** What `a + b` loses in rounding. */
export function sumError(d: Doubles, f: FunctionBuilder, a: Real, b: Real, sum: Real): Real {
  const bRounded = keep(f, d.sub(sum, a));
  return d.add(d.sub(a, d.sub(sum, bRounded)), d.sub(b, bRounded));
}

/** What `a · b` loses in rounding. */
export function productError(d: Doubles, f: FunctionBuilder, a: Real, b: Real | number, product: Real): Real {
  const [aHigh, aLow] = halves(d, f, a);
  const [bHigh, bLow] = halves(d, f, typeof b === "number" ? keep(f, d.constant(b)) : b);
  return d.sub(
    d.mul(aLow, bLow),
    d.sub(d.sub(d.sub(product, d.mul(aHigh, bHigh)), d.mul(aLow, bHigh)), d.mul(aHigh, bLow)),
  );
}

function halves(d: Doubles, f: FunctionBuilder, a: Real): [high: Real, low: Real] {
  const shifted = keep(f, d.mul(134217729, a));
  const high = keep(f, d.sub(shifted, d.sub(shifted, a)));
  return [high, keep(f, d.sub(a, high))];
}
