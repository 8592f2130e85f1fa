// erfinv in WebAssembly: its center and its near tail in one piece, its farther tail in another.
import { special, specialConstants } from "@phxlang/autodiff";
import type { FunctionBuilder } from "../function-builder.ts";
import { keep } from "./doubles.ts";
import type { Doubles, Real } from "./doubles.ts";
import { rational } from "./erf.ts";
import { copySign } from "./exp.ts";
import type { MathFunction } from "./library.ts";
import { logValue } from "./log.ts";

const { erfinvCenter, erfinvTailMiddle, erfinvTailNear } = specialConstants;

/** √(−log(1 − |x|)) − origin */
function fromOrigin(d: Doubles, f: FunctionBuilder, x: Real, origin: number): Real {
  const complement = keep(f, d.sub(1, d.abs(x)));
  return keep(f, d.sub(d.sqrt(d.neg(logValue(d, f, complement))), origin));
}

export const erfinv: MathFunction = {
  name: "erfinv",
  arity: 1,
  reference: special.erfinv,
  pieces: [
    {
      // The root is 3 at 1 − e⁻⁹ = 0.999877, and 6 at 1 − e⁻³⁶ = 1 − 2.3e-16.
      where: (d, x) => d.lt(d.abs(x), 0.999876),
      compute: (d, f, x) => {
        const center = d.mul(x, rational(d, erfinvCenter, keep(f, d.sub(0.5625, d.mul(x, x)))));
        const tail = rational(d, erfinvTailNear, fromOrigin(d, f, x, 1.17));
        return d.select(d.le(d.abs(x), 0.75), center, copySign(d, tail, x));
      },
    },
    {
      where: (d, x) => d.and(d.gt(d.abs(x), 0.999877), d.lt(d.abs(x), 0.9999999999999996)),
      compute: (d, f, x) => copySign(d, rational(d, erfinvTailMiddle, fromOrigin(d, f, x, 3)), x),
    },
  ],
};
