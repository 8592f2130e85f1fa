// The logistic function and logaddexp in WebAssembly, with the operations of the references in their order.
import { special } from "@phxlang/autodiff";
import { keep } from "./doubles.ts";
import type { Doubles, Mask, Real } from "./doubles.ts";
import { expSum } from "./exp.ts";
import type { MathFunction } from "./library.ts";
import { log1pValue } from "./log.ts";

export const logistic: MathFunction = {
  name: "logistic",
  arity: 1,
  reference: special.expit,
  pieces: [
    {
      where: (d, x) => d.le(d.abs(x), 707),
      compute: (d, f, x) => {
        const e = keep(f, expSum(d, f, keep(f, d.neg(d.abs(x))), 0));
        return d.div(d.select(d.ge(x, 0), 1, e), d.add(1, e));
      },
    },
  ],
};

/** −|x − y|, rounded as the reference rounds the difference of the smaller and the larger. */
function difference(d: Doubles, x: Real, y: Real): Real {
  return d.neg(d.abs(d.sub(x, y)));
}

export const logaddexp: MathFunction = {
  name: "logaddexp",
  arity: 2,
  reference: special.logaddexp,
  pieces: [
    {
      where: (d, x, y): Mask => d.and(d.gt(difference(d, x, y), -39), d.lt(difference(d, x, y), -1e-300)),
      compute: (d, f, x, y) => {
        const e = keep(f, expSum(d, f, keep(f, difference(d, x, y)), 0));
        return d.add(d.select(d.gt(x, y), x, y), log1pValue(d, f, e));
      },
    },
  ],
};
