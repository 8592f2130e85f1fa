// Angles modulo π/2: the quadrant and the remainder as a rounded number and its error.
import { productError, sumError } from "./double-double.ts";
import { highWord, lowWord, powerOfTwo, roundingShift } from "./words.ts";

export const quarterTurn = 0.7853981633974483;

/** π/2 in parts of 33, 33, 33 and 53 bits: k times a part is exact for |k| < 2²⁰. */
export const piHalf0 = 1.5707963267341256;
export const piHalf1 = 6.077100506303966e-11;
export const piHalf2 = 2.0222662487111665e-21;
export const piHalf3 = 8.4784276603689e-32;
export const twoOverPi = 0.6366197723675814;
/** π/2 as the sum of two doubles. */
const piHalfHigh = 1.5707963267948966;
const piHalfLow = 6.123233995736766e-17;
/** Below this, Cody and Waite's reduction by the four parts is exact enough. */
export const moderate = 1647099;

/** x = (quadrant + 4 n) π/2 + remainder + tail with |remainder| ≤ π/4 (1 + 1e-9) and |tail| ≤ ½ ulp(remainder). */
export interface ReducedAngle {
  quadrant: number;
  remainder: number;
  tail: number;
}

/** Reduces a finite x into `out`. */
export function reduceAngle(x: number, out: ReducedAngle): void {
  if (x <= quarterTurn && x >= -quarterTurn) {
    out.quadrant = 0;
    out.remainder = x;
    out.tail = 0;
  } else if (x < moderate && x > -moderate) {
    const k = x * twoOverPi + roundingShift - roundingShift;
    const a = x - k * piHalf0;
    const b1 = k * piHalf1;
    const b = a - b1;
    const c1 = k * piHalf2;
    const c = b - c1;
    const tail = sumError(a, -b1, b) + sumError(b, -c1, c) - k * piHalf3;
    const remainder = c + tail;
    out.quadrant = k & 3;
    out.remainder = remainder;
    out.tail = c - remainder + tail;
  } else reduceLargeAngle(x, out);
}

/** 2/π = twoOverPiBits · 2⁻¹²¹⁶, truncated. */
const twoOverPiBits = BigInt(
  "0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d192" +
    "1cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde0598" +
    "0fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d" +
    "0856033046fc7b6bab",
);

/**
 * Payne and Hanek in exact integers: x = m 2ᵉ, and of m · (2/π) · 2ᵉ only the two lowest integer bits and 160 bits
 * of fraction matter, hence only a window of the bits of 2/π.
 */
function reduceLargeAngle(x: number, out: ReducedAngle): void {
  const high = highWord(x);
  const exponent = ((high >> 20) & 0x7ff) - 1075;
  const mantissa = (BigInt((high & 0xfffff) | 0x100000) << 32n) | BigInt(lowWord(x) >>> 0);
  // Bits of 2/π of weight above 2^(2 − e) only add multiples of 4 quadrants; bits below 2^(−e − 56 − 160) are lost.
  const fractionBits = 216;
  const shift = 1216 - exponent - fractionBits;
  const window = (twoOverPiBits >> BigInt(shift)) & ((1n << BigInt(fractionBits + 2)) - 1n);
  const product = mantissa * window;
  const unit = 1n << BigInt(fractionBits);
  let quadrant = Number((product >> BigInt(fractionBits)) & 3n);
  let fraction = product & (unit - 1n);
  if (fraction >= unit >> 1n) {
    quadrant += 1;
    fraction -= unit;
  }
  // fraction as two doubles: the leading 53 bits, and what is left.
  const magnitude = fraction < 0n ? -fraction : fraction;
  const length = bitLength(magnitude);
  const drop = BigInt(Math.max(0, length - 53));
  const leading = (magnitude >> drop) << drop;
  const sign = fraction < 0n ? -1 : 1;
  const fHigh = sign * (Number(leading) * powerOfTwo(-fractionBits));
  const fLow = sign * (Number(magnitude - leading) * powerOfTwo(-fractionBits));
  const main = fHigh * piHalfHigh;
  const rest = productError(fHigh, piHalfHigh, main) + (fHigh * piHalfLow + fLow * piHalfHigh);
  const remainder = main + rest;
  const turned = x < 0;
  out.quadrant = (turned ? -quadrant : quadrant) & 3;
  out.remainder = turned ? -remainder : remainder;
  const tail = main - remainder + rest;
  out.tail = turned ? -tail : tail;
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}
