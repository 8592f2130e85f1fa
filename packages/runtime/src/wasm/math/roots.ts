// cbrt and hypot in WebAssembly, with the operations of the references in their order.
import { special } from "@phxlang/autodiff";
import type { FunctionBuilder } from "../function-builder.ts";
import { productError } from "./double-double.ts";
import { keep } from "./doubles.ts";
import type { Doubles, Real } from "./doubles.ts";
import { copySign } from "./exp.ts";
import type { MathFunction } from "./library.ts";

/** 2⁵²: in its low bits a small integer stands as it is. */
const twoTo52 = 4503599627370496;

/** A third of the exponent and fraction bits, offset for the bias: the cube root within 5 %. */
function firstRoot(d: Doubles, f: FunctionBuilder, x: Real): Real {
  const shift = d.bits(d.constant(twoTo52));
  const word = d.sub(d.fromBits(d.bitOr(d.shiftRight(d.bits(x), 32), shift)), twoTo52);
  const third = d.add(d.floor(d.div(word, 3)), 715094163);
  return keep(f, d.fromBits(d.shiftLeft(d.bits(d.add(third, twoTo52)), 32)));
}

function halley(d: Doubles, f: FunctionBuilder, x: Real, y: Real): Real {
  const cube = keep(f, d.mul(d.mul(y, y), y));
  return keep(f, d.mul(y, d.div(d.add(cube, d.mul(2, x)), d.add(d.mul(2, cube), x))));
}

export const cbrt: MathFunction = {
  name: "cbrt",
  arity: 1,
  reference: special.cbrt,
  pieces: [
    {
      where: (d, x) => d.and(d.ge(d.abs(x), 2.2250738585072014e-308), d.le(d.abs(x), 1e300)),
      compute: (d, f, x) => {
        const magnitude = keep(f, d.abs(x));
        let y = firstRoot(d, f, magnitude);
        for (let step = 0; step < 3; step++) y = halley(d, f, magnitude, y);
        const square = keep(f, d.mul(y, y));
        const squareLow = productError(d, f, y, y, square);
        const cube = keep(f, d.mul(square, y));
        const cubeLow = d.add(productError(d, f, square, y, cube), d.mul(squareLow, y));
        const residual = d.sub(d.sub(magnitude, cube), cubeLow);
        return copySign(d, d.add(y, d.div(residual, d.mul(3, square))), x);
      },
    },
  ],
};

export const hypot: MathFunction = {
  name: "hypot",
  arity: 2,
  reference: special.hypot,
  pieces: [
    {
      // No square overflows or underflows, and both sides count.
      where: (d, x, y) => {
        const sides = [d.abs(x), d.abs(y)];
        const inRange = sides.map((side) => d.and(d.ge(side, 1e-140), d.le(side, 1e150)));
        const ratio = (): Real => d.div(d.abs(x), d.abs(y));
        const comparable = d.and(d.lt(ratio(), 1e18), d.gt(ratio(), 1e-18));
        return d.and(d.and(inRange[0], inRange[1]), comparable);
      },
      compute: (d, f, x, y) => {
        const first = keep(f, d.abs(x));
        const second = keep(f, d.abs(y));
        const ordered = keep(f, d.ge(first, second));
        const a = keep(f, d.select(ordered, first, second));
        const b = keep(f, d.select(ordered, second, first));
        const square = keep(f, d.mul(a, a));
        const other = keep(f, d.mul(b, b));
        const root = keep(f, d.sqrt(d.add(square, other)));
        const rootSquare = keep(f, d.mul(root, root));
        const errors = d.sub(
          d.add(productError(d, f, a, a, square), productError(d, f, b, b, other)),
          productError(d, f, root, root, rootSquare),
        );
        const residual = d.add(d.add(d.sub(square, rootSquare), other), errors);
        return d.add(root, d.div(residual, d.mul(2, root)));
      },
    },
  ],
};
