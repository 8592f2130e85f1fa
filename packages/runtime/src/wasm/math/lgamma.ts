// lgamma in WebAssembly for positive arguments, with the operations of the reference in their order.
import { special, specialConstants } from "@phxlang/autodiff";
import type { FunctionBuilder } from "../function-builder.ts";
import { horner, keep } from "./doubles.ts";
import type { Doubles, Mask, Real } from "./doubles.ts";
import type { MathFunction } from "./library.ts";
import { logPair } from "./log-pair.ts";
import { logValue } from "./log.ts";

const { lgammaMiddle, lgammaNearOne, lgammaNearTwo, stirlingConstant, stirlingCoefficients } =
  specialConstants;

type Coefficients = readonly number[];

/** The value of one of three polynomials in each lane; shorter ones begin with zeros, which change no bit. */
function chosenPolynomial(
  d: Doubles,
  f: FunctionBuilder,
  [isFirst, isSecond]: readonly [Mask, Mask],
  [first, second, third]: readonly [Coefficients, Coefficients, Coefficients],
  x: Real,
): Real {
  const length = Math.max(first.length, second.length, third.length);
  const coefficient = (n: number): Real => {
    const [a, b, c] = [first, second, third].map((list) => list[n] ?? 0);
    return d.select(isFirst, a, d.select(isSecond, b, c));
  };
  let sum = keep(f, coefficient(length - 1));
  for (let n = length - 2; n >= 0; n--) sum = keep(f, d.add(d.mul(sum, x), coefficient(n)));
  return sum;
}

export const lgamma: MathFunction = {
  name: "lgamma",
  arity: 1,
  reference: special.lgamma,
  pieces: [
    {
      where: (d, x) => d.and(d.gt(x, 1e-18), d.lt(x, 8)),
      compute: (d, f, x) => {
        // Above 3 at most five steps down to [0, 1): Γ(x) = (x − 1)(x − 2) … Γ(2 + t).
        const isLarge = keep(f, d.gt(x, 3));
        let t = keep(f, d.select(isLarge, d.sub(x, 2), 0));
        let product: Real = d.constant(1);
        for (let step = 0; step < 5; step++) {
          const goesOn = keep(f, d.ge(t, 1));
          t = keep(f, d.select(goesOn, d.sub(t, 1), t));
          product = keep(f, d.select(goesOn, d.mul(product, d.add(t, 2)), product));
        }
        // Below 0.7, log Γ(x) = log Γ(1 + x) − log x.
        const isSmall = keep(f, d.lt(x, 0.7));
        const isNearOne = keep(f, d.or(d.le(x, 0.3), d.and(d.ge(x, 0.7), d.le(x, 1.3))));
        const isMiddle = keep(f, d.and(d.lt(x, 1.7), d.or(isSmall, d.gt(x, 1.3))));
        const nearOne = d.select(isSmall, x, d.sub(x, 1));
        const middle = d.select(isSmall, d.sub(x, 0.5), d.sub(x, 1.5));
        const nearTwo = d.select(isLarge, t, d.sub(x, 2));
        const argument = keep(f, d.select(isNearOne, nearOne, d.select(isMiddle, middle, nearTwo)));
        const masks = [isNearOne, isMiddle] as const;
        const pieces = [lgammaNearOne, lgammaMiddle, lgammaNearTwo] as const;
        const choose = (part: "numerator" | "denominator"): Real => {
          const [first, second, third] = pieces.map((piece) => piece[part]);
          return chosenPolynomial(d, f, masks, [first, second, third], argument);
        };
        const [one, half, two] = pieces.map(({ value }) => value);
        const base = d.select(isNearOne, one, d.select(isMiddle, half, two));
        const rational = keep(f, d.add(base, d.div(choose("numerator"), choose("denominator"))));
        const isProduct = d.or(isNearOne, d.ge(x, 1.7));
        const main = d.select(isProduct, d.mul(argument, rational), rational);
        // Between 0.7 and 3 the product is 1 and its logarithm 0.
        const logarithm = keep(f, logValue(d, f, keep(f, d.select(isSmall, x, product))));
        return d.add(main, d.select(isSmall, d.neg(logarithm), logarithm));
      },
    },
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
  ],
};
