// log and its kin in WebAssembly, with the operations of the references in their order.
import { special, specialConstants } from "@phxlang/autodiff";
import type { FunctionBuilder } from "../function-builder.ts";
import { horner, keep } from "./doubles.ts";
import type { Doubles, Mask, Real, RealOrNumber } from "./doubles.ts";
import type { MathFunction } from "./library.ts";

const { ln2High, ln2Low, logCoefficients } = specialConstants;

/** Bits of √½ with the low word of its fraction cleared. */
const sqrtHalfBits = 0x3fe6a09e_00000000n;
const exponentMask = -0x0010_0000_0000_0000n;
/** 2⁵²: or-ing a small integer into its bits adds the integer. */
const twoTo52 = 4503599627370496;

export function isNormal(d: Doubles, x: Real): Mask {
  return d.and(d.ge(x, 2.2250738585072014e-308), d.le(x, Number.MAX_VALUE));
}

/** x = 2ᵏ (1 + fraction) with √½ ≤ 1 + fraction < √2, for a positive normal x. */
export function splitExponent(d: Doubles, f: FunctionBuilder, x: Real): { k: Real; fraction: Real } {
  const bits = keep(f, d.bits(x));
  const shifted = keep(f, d.bitSub(bits, sqrtHalfBits));
  const fraction = keep(f, d.sub(d.fromBits(d.bitSub(bits, d.bitAnd(shifted, exponentMask))), 1));
  // k + 1024 is positive; in the low bits of 2⁵² it becomes a double without a conversion.
  const biased = d.shiftRight(d.bitAdd(shifted, 1024n << 52n), 52);
  const k = keep(f, d.sub(d.fromBits(d.bitOr(biased, d.bits(d.constant(twoTo52)))), twoTo52 + 1024));
  return { k, fraction };
}

/** k ln 2 + log(1 + fraction) + tail. */
function logReduced(
  d: Doubles,
  f: FunctionBuilder,
  k: RealOrNumber,
  fraction: Real,
  tail: RealOrNumber,
): Real {
  const s = keep(f, d.div(fraction, d.add(2, fraction)));
  const z = keep(f, d.mul(s, s));
  const halfSquare = keep(f, d.mul(d.mul(0.5, fraction), fraction));
  const correction = d.mul(s, d.add(halfSquare, d.mul(z, horner(d, logCoefficients, z))));
  const low = d.mul(k, ln2Low);
  const rest = d.add(correction, tail === 0 ? low : d.add(low, tail));
  return d.sub(d.mul(k, ln2High), d.sub(d.sub(halfSquare, rest), fraction));
}

/** log x of a positive normal x. */
export function logValue(d: Doubles, f: FunctionBuilder, x: Real): Real {
  const { k, fraction } = splitExponent(d, f, x);
  return logReduced(d, f, k, fraction, 0);
}

export const log: MathFunction = {
  name: "log",
  arity: 1,
  reference: special.log,
  pieces: [{ where: isNormal, compute: logValue }],
};

/** Where log(1 + x) has no special value and is not x itself. */
export function isLog1pOrdinary(d: Doubles, x: Real): Mask {
  return d.and(d.and(d.gt(x, -1), d.le(x, 9007199254740992)), d.ge(d.abs(x), 1e-17));
}

/** log(1 + x) of an ordinary x. */
export function log1pValue(d: Doubles, f: FunctionBuilder, x: Real): Real {
  return logOfSum(d, f, x, keep(f, d.add(1, x)), roundingOfOnePlus(d, f, x));
}

/** log x where `isLog`, and log(1 + x) elsewhere, of a positive x. */
export function logOrLog1p(d: Doubles, f: FunctionBuilder, x: Real, isLog: Mask): Real {
  const sum = keep(f, d.select(isLog, x, d.add(1, x)));
  const error = d.select(isLog, 0, roundingOfOnePlus(d, f, x));
  return logOfSum(d, f, keep(f, d.select(isLog, Infinity, x)), sum, error);
}

/** 1 + x − fl(1 + x) */
function roundingOfOnePlus(d: Doubles, f: FunctionBuilder, x: Real): Real {
  const u = keep(f, d.add(1, x));
  return d.select(d.ge(x, 1), d.sub(1, d.sub(u, x)), d.sub(x, d.sub(u, 1)));
}

/** log(sum + error); from `x` alone where 1 + x needs no exponent. */
function logOfSum(d: Doubles, f: FunctionBuilder, x: Real, sum: Real, error: Real): Real {
  const isNear = keep(f, d.and(d.gt(x, -0.29289321881345254), d.lt(x, 0.41421356237309503)));
  const { k, fraction } = splitExponent(d, f, sum);
  const tail = keep(f, d.select(isNear, 0, d.div(error, sum)));
  return logReduced(d, f, keep(f, d.select(isNear, 0, k)), keep(f, d.select(isNear, x, fraction)), tail);
}

export const log1p: MathFunction = {
  name: "log1p",
  arity: 1,
  reference: special.log1p,
  pieces: [{ where: isLog1pOrdinary, compute: log1pValue }],
};
