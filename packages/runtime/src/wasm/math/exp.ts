// exp and its kin in WebAssembly, with the operations of the references in their order.
import { special, specialConstants } from "@phxlang/autodiff";
import type { FunctionBuilder } from "../function-builder.ts";
import { sumError } from "./double-double.ts";
import { horner, keep } from "./doubles.ts";
import type { Doubles, Mask, Real, RealOrNumber } from "./doubles.ts";
import type { MathFunction } from "./library.ts";

const { expCoefficients, inverseLn2, ln2High, ln2Low, roundingShift } = specialConstants;

/** Where 2ᵏ is a normal number for the k of x. */
function inNormalRange(d: Doubles, x: Real): Mask {
  return d.le(d.abs(x), 707);
}

interface Reduced {
  /** k + roundingShift */
  readonly shifted: Real;
  readonly k: Real;
  /** x + tail = k ln 2 + r + rError */
  readonly r: Real;
  readonly rError: Real;
}

function reduce(d: Doubles, f: FunctionBuilder, x: Real, tail: RealOrNumber): Reduced {
  const shifted = keep(f, d.add(d.mul(x, inverseLn2), roundingShift));
  const k = keep(f, d.sub(shifted, roundingShift));
  const high = keep(f, d.sub(x, d.mul(k, ln2High)));
  const scaledLow = d.mul(k, ln2Low);
  const low = keep(f, tail === 0 ? scaledLow : d.sub(scaledLow, tail));
  const r = keep(f, d.sub(high, low));
  const rError = keep(f, d.sub(d.sub(high, r), low));
  return { shifted, k, r, rError };
}

/** r² Q(r) + (rError + rError r) */
function restOf(d: Doubles, { r, rError }: Reduced): Real {
  const quotient = horner(d, expCoefficients, r);
  return d.add(d.mul(d.mul(r, r), quotient), d.add(rError, d.mul(rError, r)));
}

/** 2ᵏ, where k + roundingShift is given: its low bits are k in two's complement. */
function powerOfTwo(d: Doubles, shifted: Real): Real {
  return d.fromBits(d.shiftLeft(d.bitAdd(d.bits(shifted), 1023n), 52));
}

/** e^(x + tail) where the result is normal. */
export function expSum(d: Doubles, f: FunctionBuilder, x: Real, tail: RealOrNumber): Real {
  const reduced = reduce(d, f, x, tail);
  const { r } = reduced;
  const sum = keep(f, d.add(1, r));
  const rest = d.add(d.add(d.sub(1, sum), r), restOf(d, reduced));
  return d.mul(d.add(sum, rest), powerOfTwo(d, reduced.shifted));
}

export const exp: MathFunction = {
  name: "exp",
  arity: 1,
  reference: special.exp,
  pieces: [{ where: inNormalRange, compute: (d, f, x) => expSum(d, f, x, 0) }],
};

/** e^x − 1 for |x| < 40, x not tiny. */
export function expm1Value(d: Doubles, f: FunctionBuilder, x: Real): Real {
  const reduced = reduce(d, f, x, 0);
  const { r, k, shifted } = reduced;
  const rest = keep(f, restOf(d, reduced));
  const scale = keep(f, powerOfTwo(d, shifted));
  const base = keep(f, d.sub(scale, 1));
  const scaled = keep(f, d.mul(scale, r));
  const sum = keep(f, d.add(base, scaled));
  const error = sumError(d, f, base, scaled, sum);
  const general = d.add(sum, d.add(error, d.mul(scale, rest)));
  return d.select(d.eq(k, 0), d.add(r, rest), general);
}

export const expm1: MathFunction = {
  name: "expm1",
  arity: 1,
  reference: special.expm1,
  pieces: [
    {
      where: (d, x) => d.and(d.lt(d.abs(x), 40), d.ge(d.abs(x), 5.551115123125783e-17)),
      compute: expm1Value,
    },
  ],
};

export const tanh: MathFunction = {
  name: "tanh",
  arity: 1,
  reference: special.tanh,
  pieces: [
    {
      where: (d, x) => d.and(d.ge(d.abs(x), 1e-8), d.lt(d.abs(x), 20)),
      compute: (d, f, x) => {
        const magnitude = keep(f, d.abs(x));
        const small = keep(f, d.lt(magnitude, 1));
        const t = keep(f, expm1Value(d, f, keep(f, d.mul(magnitude, d.select(small, -2, 2)))));
        const plusTwo = keep(f, d.add(t, 2));
        const value = d.select(small, d.div(d.neg(t), plusTwo), d.sub(1, d.div(2, plusTwo)));
        return copySign(d, value, x);
      },
    },
  ],
};

/** A non-negative value with the sign of another. */
export function copySign(d: Doubles, value: Real, sign: Real): Real {
  return d.fromBits(d.bitOr(d.bits(value), d.bitAnd(d.bits(sign), -0x8000_0000_0000_0000n)));
}
