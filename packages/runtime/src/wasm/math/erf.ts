// erf and erfc in WebAssembly: one piece per stretch of the references.
import { special, specialConstants } from "@phxlang/autodiff";
import type { FunctionBuilder } from "../function-builder.ts";
import { productError } from "./double-double.ts";
import { horner, keep } from "./doubles.ts";
import type { Doubles, Real } from "./doubles.ts";
import { copySign, expSum } from "./exp.ts";
import type { MathFunction, Piece } from "./library.ts";

const { erfcxFar, erfcxMiddle, erfcxTail, erfNearOne, erfSmall } = specialConstants;

/** P(x) / Q(x). */
export function quotient(d: Doubles, piece: specialConstants.RationalPiece, x: Real): Real {
  return d.div(horner(d, piece.numerator, x), horner(d, piece.denominator, x));
}

/** value + P(x) / Q(x). */
export function rational(d: Doubles, piece: specialConstants.RationalPiece, x: Real): Real {
  return d.add(piece.value, quotient(d, piece, x));
}

/** x P(x²) of the series near 0. */
function smallRest(d: Doubles, f: FunctionBuilder, x: Real): Real {
  const square = keep(f, d.mul(x, x));
  return d.mul(x, horner(d, erfSmall, square));
}

function expNegativeSquare(d: Doubles, f: FunctionBuilder, x: Real): Real {
  const high = keep(f, d.fromBits(d.bitAnd(d.bits(x), -0x800_0000n)));
  const main = keep(f, d.neg(d.mul(high, high)));
  const tail = keep(f, d.mul(d.neg(d.sub(x, high)), d.add(x, high)));
  return expSum(d, f, main, tail);
}

/** erfc(x) with a formula for x e^(x²) erfc(x); the quotient by x with its error. */
function tailOf(scaled: (d: Doubles, f: FunctionBuilder, x: Real) => Real): Piece["compute"] {
  return (d, f, x) => {
    const tail = keep(f, scaled(d, f, x));
    const ratio = keep(f, d.div(tail, x));
    const product = keep(f, d.mul(ratio, x));
    const rest = keep(f, d.div(d.sub(d.sub(tail, product), productError(d, f, ratio, x, product)), x));
    const decay = keep(f, expNegativeSquare(d, f, x));
    return d.add(d.mul(decay, ratio), d.mul(decay, rest));
  };
}

const middle = tailOf((d, f, x) => rational(d, erfcxMiddle, keep(f, d.sub(x, 1.25))));
const far = tailOf((d, f, x) => rational(d, erfcxFar, keep(f, d.sub(x, 2))));
const farthest = tailOf((d, f, x) => rational(d, erfcxTail, keep(f, d.div(1, d.mul(x, x)))));

/** A piece of erf for |x| in [from, to), from its formula for positive x. */
function oddPiece(from: number, to: number, compute: Piece["compute"]): Piece {
  return {
    where: (d, x) => d.and(d.ge(d.abs(x), from), d.lt(d.abs(x), to)),
    compute: (d, f, x) => copySign(d, compute(d, f, keep(f, d.abs(x))), x),
  };
}

const oneMinus =
  (compute: Piece["compute"]): Piece["compute"] =>
  (d, f, x) =>
    d.sub(1, compute(d, f, x));

export const erf: MathFunction = {
  name: "erf",
  arity: 1,
  reference: special.erf,
  pieces: [
    {
      where: (d, x) => d.lt(d.abs(x), 0.84375),
      compute: (d, f, x) => d.add(x, smallRest(d, f, x)),
    },
    oddPiece(0.84375, 1.25, (d, f, x) => rational(d, erfNearOne, keep(f, d.sub(x, 1)))),
    oddPiece(1.25, 2, oneMinus(middle)),
    oddPiece(2, 4, oneMinus(far)),
    oddPiece(4, 6, oneMinus(farthest)),
  ],
};

function between(from: number, to: number, compute: Piece["compute"]): Piece {
  return { where: (d, x) => d.and(d.ge(x, from), d.lt(x, to)), compute };
}

export const erfc: MathFunction = {
  name: "erfc",
  arity: 1,
  reference: special.erfc,
  pieces: [
    between(-0.84, 0.25, (d, f, x) => d.sub(1, d.add(x, smallRest(d, f, x)))),
    between(0.25, 0.84375, (d, f, x) => d.add(0.5, d.sub(d.sub(0.5, x), smallRest(d, f, x)))),
    between(0.84375, 1.25, (d, f, x) =>
      d.sub(1 - erfNearOne.value, quotient(d, erfNearOne, keep(f, d.sub(x, 1)))),
    ),
    between(1.25, 2, middle),
    between(2, 4, far),
    between(4, 26, farthest),
  ],
};
