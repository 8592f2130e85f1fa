// lgamma in WebAssembly for 0.7 ≤ x: one piece per stretch of the reference.
import { special, specialConstants } from "@phxlang/autodiff";
import { horner, keep } from "./doubles.ts";
import type { Doubles, Real } from "./doubles.ts";
import { rational } from "./erf.ts";
import type { MathFunction, Piece } from "./library.ts";
import { logPair } from "./log-pair.ts";
import { logValue } from "./log.ts";

const { lgammaMiddle, lgammaNearOne, lgammaNearTwo, stirlingConstant, stirlingCoefficients } =
  specialConstants;

function inside(from: number, to: number, compute: Piece["compute"]): Piece {
  return { where: (d: Doubles, x: Real) => d.and(d.gt(x, from), d.le(x, to)), compute };
}

export const lgamma: MathFunction = {
  name: "lgamma",
  arity: 1,
  reference: special.lgamma,
  pieces: [
    {
      where: (d, x) => d.and(d.ge(x, 8), d.lt(x, 1e9)),
      compute: (d, f, x) => {
        const inverseSquare = keep(f, d.div(1, d.mul(x, x)));
        const stirling = keep(f, d.div(horner(d, stirlingCoefficients, inverseSquare), x));
        const { high, low } = logPair(d, f, x);
        const shifted = keep(f, d.sub(x, 0.5));
        return d.add(
          d.mul(shifted, d.sub(high, 1)),
          d.add(d.mul(shifted, low), d.add(stirlingConstant, stirling)),
        );
      },
    },
    {
      where: (d, x) => d.and(d.gt(x, 3), d.lt(x, 8)),
      compute: (d, f, x) => {
        // At most five steps down to [0, 1); a lane that has arrived multiplies by one.
        const product = f.let(d.constant(1));
        const t = f.let(d.sub(x, 2));
        for (let step = 0; step < 5; step++) {
          const goesOn = keep(f, d.ge(t, 1));
          f.set(t, d.select(goesOn, d.sub(t, 1), t));
          f.set(product, d.mul(product, d.select(goesOn, d.add(t, 2), 1)));
        }
        return d.add(d.mul(t, rational(d, lgammaNearTwo, t)), logValue(d, f, product));
      },
    },
    inside(1.7, 3, (d, f, x) => {
      const t = keep(f, d.sub(x, 2));
      return d.add(d.mul(t, rational(d, lgammaNearTwo, t)), 0);
    }),
    inside(0.7, 1.3, (d, f, x) => {
      const t = keep(f, d.sub(x, 1));
      return d.add(d.mul(t, rational(d, lgammaNearOne, t)), 0);
    }),
    {
      where: (d, x) => d.and(d.gt(x, 1.3), d.lt(x, 1.7)),
      compute: (d, f, x) => rational(d, lgammaMiddle, keep(f, d.sub(x, 1.5))),
    },
  ],
};
