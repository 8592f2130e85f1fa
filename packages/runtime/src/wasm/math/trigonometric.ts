// sin, cos and tan in WebAssembly for angles below 1.6e6, with the operations of the references in their order.
import { special, specialConstants } from "@phxlang/autodiff";
import type { FunctionBuilder } from "../function-builder.ts";
import { horner, keep } from "./doubles.ts";
import type { Bits, Doubles, Mask, Real } from "./doubles.ts";
import { productError, sumError } from "./double-double.ts";
import type { MathFunction } from "./library.ts";

const {
  cosCoefficients,
  moderateAngle,
  piHalf0,
  piHalf1,
  piHalf2,
  piHalf3,
  roundingShift,
  sinCoefficients,
  twoOverPi,
} = specialConstants;

/** The reduction gives back an angle of the first octant unchanged, so that one piece covers both. */
const isModerate = (d: Doubles, x: Real): Mask => d.lt(d.abs(x), moderateAngle);

interface Angle {
  /** The integer k of x = k π/2 + remainder + tail, in the low bits. */
  readonly quadrant: Bits;
  readonly remainder: Real;
  readonly tail: Real;
}

function reduceModerate(d: Doubles, f: FunctionBuilder, x: Real): Angle {
  const shifted = keep(f, d.add(d.mul(x, twoOverPi), roundingShift));
  const k = keep(f, d.sub(shifted, roundingShift));
  const a = keep(f, d.sub(x, d.mul(k, piHalf0)));
  const b1 = keep(f, d.mul(k, piHalf1));
  const b = keep(f, d.sub(a, b1));
  const c1 = keep(f, d.mul(k, piHalf2));
  const c = keep(f, d.sub(b, c1));
  const errors = d.add(sumError(d, f, a, keep(f, d.neg(b1)), b), sumError(d, f, b, keep(f, d.neg(c1)), c));
  const rest = keep(f, d.sub(errors, d.mul(k, piHalf3)));
  const remainder = keep(f, d.add(c, rest));
  const tail = keep(f, d.add(d.sub(c, remainder), rest));
  return { quadrant: keep(f, d.bits(shifted)), remainder, tail };
}

/** sin(x + tail) − x on the first octant. */
function sinRest(d: Doubles, f: FunctionBuilder, x: Real, tail: Real): Real {
  const z = keep(f, d.mul(x, x));
  const product = d.mul(d.mul(z, x), horner(d, sinCoefficients, z));
  return d.add(product, d.sub(tail, d.mul(d.mul(0.5, z), tail)));
}

/** 1 − x²/2 and what cos(x + tail) has beyond it. */
function cosParts(d: Doubles, f: FunctionBuilder, x: Real, tail: Real): { high: Real; rest: Real } {
  const z = keep(f, d.mul(x, x));
  const half = keep(f, d.mul(0.5, z));
  const high = keep(f, d.sub(1, half));
  const series = d.mul(d.mul(z, z), horner(d, cosCoefficients, z));
  const correction = d.sub(series, d.mul(x, tail));
  return { high, rest: d.add(d.sub(d.sub(1, high), half), correction) };
}

function sinKernel(d: Doubles, f: FunctionBuilder, x: Real, tail: Real): Real {
  return d.add(x, sinRest(d, f, x, tail));
}

function cosKernel(d: Doubles, f: FunctionBuilder, x: Real, tail: Real): Real {
  const { high, rest } = cosParts(d, f, x, tail);
  return d.add(high, rest);
}

/** sin of (k + turn) π/2 + remainder + tail. */
function quadrantSin(d: Doubles, f: FunctionBuilder, angle: Angle, turn: bigint): Real {
  const { remainder, tail } = angle;
  const quadrant = turn === 0n ? angle.quadrant : keep(f, d.bitAdd(angle.quadrant, turn));
  const sine = keep(f, sinKernel(d, f, remainder, tail));
  const cosine = keep(f, cosKernel(d, f, remainder, tail));
  const value = d.select(d.nonZero(d.bitAnd(quadrant, 1n)), cosine, sine);
  return d.fromBits(d.bitXor(d.bits(value), d.shiftLeft(d.bitAnd(quadrant, 2n), 62)));
}

export const sin: MathFunction = {
  name: "sin",
  arity: 1,
  reference: special.sin,
  pieces: [
    {
      where: isModerate,
      compute: (d, f, x) => {
        const value = quadrantSin(d, f, reduceModerate(d, f, x), 0n);
        return d.select(d.lt(d.abs(x), 1e-8), x, value);
      },
    },
  ],
};

export const cos: MathFunction = {
  name: "cos",
  arity: 1,
  reference: special.cos,
  pieces: [
    {
      where: isModerate,
      compute: (d, f, x) => quadrantSin(d, f, reduceModerate(d, f, x), 1n),
    },
  ],
};

/** (a + aRest) / (b + bRest) with small rests, rounded once. */
function pairQuotient(
  d: Doubles,
  f: FunctionBuilder,
  [aTop, aRest]: readonly [Real, Real],
  [bTop, bRest]: readonly [Real, Real],
): Real {
  const a = keep(f, d.add(aTop, aRest));
  const aLow = d.add(d.sub(aTop, a), aRest);
  const b = keep(f, d.add(bTop, bRest));
  const bLow = d.add(d.sub(bTop, b), bRest);
  const q = keep(f, d.div(a, b));
  const product = keep(f, d.mul(q, b));
  const left = d.add(d.sub(d.sub(a, product), productError(d, f, q, b, product)), aLow);
  return d.add(q, d.div(d.sub(left, d.mul(q, bLow)), b));
}

export const tan: MathFunction = {
  name: "tan",
  arity: 1,
  reference: special.tan,
  pieces: [
    {
      where: (d, x) => d.and(d.ge(d.abs(x), 1e-8), isModerate(d, x)),
      compute: (d, f, x) => {
        const { quadrant, remainder, tail } = reduceModerate(d, f, x);
        const isOdd = keep(f, d.nonZero(d.bitAnd(quadrant, 1n)));
        const sine = keep(f, sinRest(d, f, remainder, tail));
        const cosine = cosParts(d, f, remainder, tail);
        const rest = keep(f, cosine.rest);
        const numerator = [
          keep(f, d.select(isOdd, cosine.high, remainder)),
          keep(f, d.select(isOdd, rest, sine)),
        ] as const;
        const denominator = [
          keep(f, d.select(isOdd, remainder, cosine.high)),
          keep(f, d.select(isOdd, sine, rest)),
        ] as const;
        const value = keep(f, pairQuotient(d, f, numerator, denominator));
        return d.select(isOdd, d.neg(value), value);
      },
    },
  ],
};
