// digamma in WebAssembly for positive arguments, with the operations of the reference in their order.
import { special, specialConstants } from "@phxlang/autodiff";
import { horner, keep } from "./doubles.ts";
import type { Real } from "./doubles.ts";
import { rational } from "./erf.ts";
import type { MathFunction } from "./library.ts";
import { logValue } from "./log.ts";

const { digammaAsymptotic, digammaNearRoot, digammaRootHigh, digammaRootLow } = specialConstants;

export const digamma: MathFunction = {
  name: "digamma",
  arity: 1,
  reference: special.digamma,
  pieces: [
    {
      where: (d, x) => d.and(d.gt(x, 1e-300), d.lt(x, 10)),
      compute: (d, f, x) => {
        // At most eight steps down to [0, 2], or one up from [0, 1); a lane that has arrived stays.
        let y: Real = x;
        let shift: Real = d.constant(0);
        for (let step = 0; step < 8; step++) {
          const goesOn = keep(f, d.gt(y, 2));
          y = keep(f, d.select(goesOn, d.sub(y, 1), y));
          shift = keep(f, d.select(goesOn, d.add(shift, d.div(1, y)), shift));
        }
        const isBelow = keep(f, d.lt(y, 1));
        shift = keep(f, d.select(isBelow, d.div(-1, y), shift));
        y = keep(f, d.select(isBelow, d.add(y, 1), y));
        const fromRoot = d.sub(d.sub(y, digammaRootHigh), digammaRootLow);
        return d.add(d.mul(fromRoot, rational(d, digammaNearRoot, keep(f, d.sub(y, 1)))), shift);
      },
    },
    {
      where: (d, x) => d.and(d.ge(x, 10), d.le(x, 1e150)),
      compute: (d, f, x) => {
        const z = keep(f, d.div(1, d.mul(x, x)));
        const series = d.mul(z, horner(d, digammaAsymptotic, z));
        return d.sub(d.sub(logValue(d, f, x), d.div(0.5, x)), series);
      },
    },
  ],
};
